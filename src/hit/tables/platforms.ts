// The platforms and kinds of device that are distinguished. The names are those of ua-parser-js 1.0 and Sec-CH-UA-Platform.
import { keysOf, namesOf, type TitledRow, titleIn } from './titled.js';

const LINUXES =
  'linux,ubuntu,kubuntu,xubuntu,lubuntu,debian,suse,opensuse,gentoo,arch,slackware,fedora,mandriva,centos,pclinuxos,' +
  'red hat,redhat,zenwalk,linpus,raspbian,deepin,manjaro,elementary os,sabayon,linspire,mint,mageia,vectorlinux,joli,gnu';

const PLATFORM_ROWS: readonly TitledRow[] = [
  ['macintosh', 'macOS', 'mac os,mac os x,macos'],
  ['windows', 'Windows', 'windows,windows iot'],
  ['linux', 'Linux', LINUXES],
  ['chromeos', 'ChromeOS', 'chromium os,chrome os,chromeos'],
  ['iphone', 'iPhone', 'ios'],
  ['ipad', 'iPad', 'ipados'],
  ['ipod', 'iPod', 'ipod'],
  ['android', 'Android', 'android,android-x86'],
  ['harmonyos', 'HarmonyOS', 'harmonyos,openharmony'],
  ['kaios', 'KaiOS', 'kaios'],
  ['blackberry', 'BlackBerry', 'blackberry,rim tablet os'],
  ['windows-phone', 'Windows Phone', 'windows phone,windows phone os,windows mobile'],
  ['symbian', 'Symbian', 'symbian,series40'],
  ['firefox-os', 'Firefox OS', 'firefox os'],
  ['sailfish', 'Sailfish OS', 'sailfish,meego,maemo'],
  ['ubuntu-touch', 'Ubuntu Touch', 'ubuntu touch'],
  ['tizen', 'Tizen', 'tizen,bada'],
  ['webos', 'webOS', 'webos,palm'],
  ['tvos', 'tvOS', 'tvos'],
  ['roku', 'Roku', 'roku'],
  ['chromecast', 'Chromecast', 'chromecast'],
  ['playstation', 'PlayStation', 'playstation'],
  ['xbox', 'Xbox', 'xbox'],
  ['nintendo', 'Nintendo', 'nintendo'],
  ['watchos', 'watchOS', 'watchos'],
  ['fuchsia', 'Fuchsia', 'fuchsia'],
  ['freebsd', 'FreeBSD', 'freebsd,pc-bsd,ghostbsd,dragonfly'],
  ['openbsd', 'OpenBSD', 'openbsd'],
  ['netbsd', 'NetBSD', 'netbsd'],
  ['solaris', 'Solaris', 'solaris,opensolaris'],
  ['haiku', 'Haiku', 'haiku,beos'],
  ['other', 'Other', 'other'],
];

/** Every value of `Technology.platform`. */
export const PLATFORMS: readonly string[] = keysOf(PLATFORM_ROWS);
export const platformTitle: (key: string) => string = titleIn(PLATFORM_ROWS);
/** Our key for each name in lower case. `ios` is an iPhone unless the user agent names another model. */
export const PLATFORM_NAMES: ReadonlyMap<string, string> = namesOf(PLATFORM_ROWS);

/**
 * The system that each platform is based on. Client hints may contain that system instead of the platform: a television
 * sends `Linux`, an Xbox `Windows`.
 */
export const PLATFORM_BASES: ReadonlyMap<string, string> = new Map([
  ['tizen', 'linux'],
  ['webos', 'linux'],
  ['roku', 'linux'],
  ['chromecast', 'linux'],
  ['playstation', 'linux'],
  ['nintendo', 'linux'],
  ['kaios', 'linux'],
  ['xbox', 'windows'],
  ['harmonyos', 'android'],
]);

const DEVICE_ROWS: readonly TitledRow[] = [
  ['desktop', 'Desktop', 'desktop'],
  ['mobile', 'Phone', 'mobile'],
  ['tablet', 'Tablet', 'tablet'],
  ['tv', 'Television', 'smarttv'],
  ['console', 'Game console', 'console'],
  ['watch', 'Watch', 'watch'],
  ['other', 'Other', 'wearable,embedded'],
];

/** Every value of `Technology.device`. */
export const DEVICES: readonly string[] = keysOf(DEVICE_ROWS);
export const deviceTitle: (key: string) => string = titleIn(DEVICE_ROWS);
/** Our key for each type of ua-parser-js, which has no type for desktops. */
export const DEVICE_NAMES: ReadonlyMap<string, string> = namesOf(DEVICE_ROWS);

/** The device of a platform if nothing else is known. `other` for platforms that are not listed. */
export const USUAL_DEVICES: ReadonlyMap<string, string> = new Map([
  ...['macintosh', 'windows', 'linux', 'chromeos', 'freebsd', 'openbsd', 'netbsd', 'solaris', 'haiku'].map(
    (platform) => [platform, 'desktop'] as const,
  ),
  ...[
    'iphone',
    'ipod',
    'android',
    'harmonyos',
    'kaios',
    'blackberry',
    'windows-phone',
    'symbian',
    'firefox-os',
    'sailfish',
    'ubuntu-touch',
  ].map((platform) => [platform, 'mobile'] as const),
  ...['tizen', 'webos', 'tvos', 'roku', 'chromecast'].map((platform) => [platform, 'tv'] as const),
  ...['playstation', 'xbox', 'nintendo'].map((platform) => [platform, 'console'] as const),
  ['ipad', 'tablet'],
  ['watchos', 'watch'],
]);
