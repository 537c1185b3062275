import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Agent, BROWSERS, browserTitle, DEVICES, deviceTitle, PLATFORMS, parseTechnology, platformTitle } from './agent.js';

const NO_HINTS = { brands: '', mobile: '', platform: '', touch: false };
const read = (userAgent: string, hints: Partial<Agent> = {}) => parseTechnology({ userAgent, ...NO_HINTS, ...hints });
const words = (userAgent: string, hints: Partial<Agent> = {}) => Object.values(read(userAgent, hints).technology).join(' ');

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X)';
const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const CHROME = `${WINDOWS} ${BLINK} Chrome/130.0.0.0 Safari/537.36`;
const SAFARI = `${MAC} ${WEBKIT} Version/17.6 Safari/605.1.15`;
const ANDROID_PHONE = `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Chrome/130.0.0.0 Mobile Safari/537.36`;
const ANDROID_WIDE = `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Chrome/130.0.0.0 Safari/537.36`;

/** Browser, version, platform and device; then the user agent. */
const PEOPLE = [
  // current desktops
  ['chrome 130-0 windows desktop', CHROME],
  ['edge 130-0 windows desktop', `${CHROME} Edg/130.0.2849.46`],
  ['firefox 132-0 windows desktop', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0'],
  ['opera 114-0 windows desktop', `${WINDOWS} ${BLINK} Chrome/128.0.0.0 Safari/537.36 OPR/114.0.0.0`],
  ['vivaldi 6-8 windows desktop', `${WINDOWS} ${BLINK} Chrome/126.0.6478.226 Safari/537.36 Vivaldi/6.8.3381.57`],
  ['yandex 24-10 windows desktop', `${WINDOWS} ${BLINK} Chrome/128.0.0.0 YaBrowser/24.10.0.0 Safari/537.36`],
  ['safari 17-6 macintosh desktop', SAFARI],
  ['firefox 132-0 macintosh desktop', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0'],
  ['firefox 131-0 linux desktop', 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0'],
  ['chrome 130-0 linux desktop', `Mozilla/5.0 (X11; Linux x86_64) ${BLINK} Chrome/130.0.0.0 Safari/537.36`],
  ['chrome 129-0 chromeos desktop', `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${BLINK} Chrome/129.0.0.0 Safari/537.36`],
  ['firefox 128-0 freebsd desktop', 'Mozilla/5.0 (X11; FreeBSD amd64; rv:128.0) Gecko/20100101 Firefox/128.0'],
  ['lynx 2-8 linux desktop', 'Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.1'],
  // current phones and tablets
  ['safari 17-6 iphone mobile', `${IPHONE} ${WEBKIT} Version/17.6 Mobile/15E148 Safari/604.1`],
  ['chrome 130-0 iphone mobile', `${IPHONE} ${WEBKIT} CriOS/130.0.6723.37 Mobile/15E148 Safari/604.1`],
  ['firefox 131-0 iphone mobile', `${IPHONE} ${WEBKIT} FxiOS/131.0 Mobile/15E148 Safari/605.1.15`],
  ['edge 130-0 iphone mobile', `${IPHONE} ${WEBKIT} Version/17.5 EdgiOS/130.0.2849.52 Mobile/15E148 Safari/605.1.15`],
  ['google-app 337-0 iphone mobile', `${IPHONE} ${WEBKIT} GSA/337.0.685 Mobile/15E148 Safari/604.1`],
  ['webview  iphone mobile', `${IPHONE} ${WEBKIT} Mobile/15E148`],
  ['instagram 352-1 iphone mobile', `${IPHONE} ${WEBKIT} Mobile/21G93 Instagram 352.1.0.29.100 (iPhone14,5; iOS 17_6_1; en_US)`],
  [
    'facebook 485-1 iphone mobile',
    `${IPHONE} ${WEBKIT} Mobile/21G93 [FBAN/FBIOS;FBAV/485.1.0.45.110;FBBV/658190166;FBDV/iPhone14,5]`,
  ],
  ['wechat 8-0 iphone mobile', `${IPHONE} ${WEBKIT} Mobile/15E148 MicroMessenger/8.0.50(0x1800323d) NetType/WIFI Language/zh_CN`],
  [
    'naver 12-6 iphone mobile',
    `${IPHONE} ${WEBKIT} Version/17.6 Mobile/15E148 Safari/604.1 NAVER(inapp; search; 2000; 12.6.2; 14PRO)`,
  ],
  ['safari 12-1 ipad tablet', `Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) ${WEBKIT} Version/12.1 Mobile/15E148 Safari/604.1`],
  ['chrome 130-0 ipad tablet', `${MAC} ${WEBKIT} CriOS/130 Version/11.1.1 Safari/605.1.15`],
  ['chrome 130-0 android mobile', ANDROID_PHONE],
  ['chrome 130-0 android tablet', ANDROID_WIDE],
  ['firefox 131-0 android mobile', 'Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0'],
  ['firefox 131-0 android tablet', 'Mozilla/5.0 (Android 13; Tablet; rv:131.0) Gecko/131.0 Firefox/131.0'],
  [
    'samsung-internet 26-0 android mobile',
    `Mozilla/5.0 (Linux; Android 14; SM-S928B) ${BLINK} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36`,
  ],
  [
    'duckduckgo 5-0 android mobile',
    `Mozilla/5.0 (Linux; Android 14) ${BLINK} Version/4.0 Chrome/130.0.0.0 Mobile DuckDuckGo/5 Safari/537.36`,
  ],
  [
    'webview 130-0 android mobile',
    `Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP2A.240805.005; wv) ${BLINK} Version/4.0 Chrome/130.0.6723.58 Mobile Safari/537.36`,
  ],
  [
    'facebook 485-0 android mobile',
    `Mozilla/5.0 (Linux; Android 14; SM-A546B Build/UP1A.231005.007; wv) ${BLINK} ` +
      'Version/4.0 Chrome/129.0.6668.100 Mobile Safari/537.36 ' +
      '[FB_IAB/FB4A;FBAV/485.0.0.70.77;]',
  ],
  [
    'uc-browser 13-9 android mobile',
    `Mozilla/5.0 (Linux; U; Android 13; en-US; 22101320G) ${BLINK} Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.9.2.1326 Mobile Safari/537.36`,
  ],
  [
    'miui 14-12 android mobile',
    `Mozilla/5.0 (Linux; U; Android 13; en-us; Redmi Note 12 Build/TKQ1) ${BLINK} ` +
      'Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 ' +
      'XiaoMi/MiuiBrowser/14.12.0-gn',
  ],
  [
    'huawei 15-0 harmonyos mobile',
    `Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00) ${BLINK} Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36`,
  ],
  [
    'chrome 114-0 harmonyos mobile',
    `Mozilla/5.0 (Phone; OpenHarmony 5.0) ${BLINK} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile`,
  ],
  [
    'silk 128-4 android tablet',
    `Mozilla/5.0 (Linux; Android 11; KFTRWI) ${BLINK} Silk/128.4.4 like Chrome/128.0.6613.187 Safari/537.36`,
  ],
  ['opera-mini 36-2 android mobile', 'Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16'],
  ['firefox 48-0 kaios mobile', 'Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5.2'],
  // consoles, televisions, watches and headsets
  ['safari 15-4 playstation console', `Mozilla/5.0 (PlayStation; PlayStation 5/6.00) ${WEBKIT} Version/15.4 Safari/605.1.15`],
  [
    'edge 44-0 xbox console',
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) ${BLINK} Chrome/130.0.0.0 Safari/537.36 Edge/44.18363.8131`,
  ],
  [
    'other  nintendo console',
    'Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.2.21.3 NintendoBrowser/5.1.0.22474',
  ],
  [
    'samsung-internet 5-0 tizen tv',
    `Mozilla/5.0 (SMART-TV; Linux; Tizen 6.5) ${BLINK} SamsungBrowser/5.0 Chrome/85.0.4183.93 TV Safari/537.36`,
  ],
  ['chrome 94-0 webos tv', `Mozilla/5.0 (Web0S; Linux/SmartTV) ${BLINK} Chrome/94.0.4606.128 Safari/537.36 WebAppManager`],
  [
    'silk 120-1 android tv',
    `Mozilla/5.0 (Linux; Android 9; AFTKA) ${BLINK} Silk/120.1.1 like Chrome/120.0.6099.230 Safari/537.36`,
  ],
  ['other  roku tv', 'Roku/DVP-12.5 (12.5.0 build 4178-46)'],
  [
    'samsung-internet 23-0 android watch',
    `Mozilla/5.0 (Linux; Android 13; SM-R960) ${BLINK} SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36`,
  ],
  [
    'oculus 35-2 android other',
    `Mozilla/5.0 (Linux; Android 12; Quest 3) ${BLINK} OculusBrowser/35.2.0.0.0 Chrome/128.0.6613.120 Mobile VR Safari/537.36`,
  ],
  // browsers of about 2012
  ['ie 8-0 windows desktop', 'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)'],
  ['ie 6-0 windows desktop', 'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)'],
  ['ie 11-0 windows desktop', 'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko'],
  [
    'ie 10-0 windows-phone mobile',
    'Mozilla/5.0 (compatible; MSIE 10.0; Windows Phone 8.0; Trident/6.0; IEMobile/10.0; ARM; Touch; NOKIA; Lumia 920)',
  ],
  ['edge 18-0 windows desktop', `${WINDOWS} ${BLINK} Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763`],
  ['opera 12-02 windows desktop', 'Opera/9.80 (Windows NT 6.1; U; en) Presto/2.10.289 Version/12.02'],
  ['firefox 3-6 windows desktop', 'Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.9.2.28) Gecko/20120306 Firefox/3.6.28'],
  [
    'safari 5-0 macintosh desktop',
    'Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10_6_8; en-us) AppleWebKit/533.21.1 (KHTML, like Gecko) Version/5.0.5 Safari/533.21.1',
  ],
  [
    'safari 1-2 macintosh desktop',
    'Mozilla/5.0 (Macintosh; U; PPC Mac OS X; en) AppleWebKit/125.2 (KHTML, like Gecko) Safari/125.8',
  ],
  [
    'safari 5-0 ipod mobile',
    'Mozilla/5.0 (iPod; U; CPU iPhone OS 4_3_3 like Mac OS X; en-us) AppleWebKit/533.17.9 (KHTML, like Gecko) Version/5.0.2 Mobile/8J2 Safari/6533.18.5',
  ],
  ['blackberry  blackberry mobile', 'BlackBerry9700/5.0.0.862 Profile/MIDP-2.1 Configuration/CLDC-1.1 VendorID/331'],
  [
    'blackberry 7-1 blackberry mobile',
    'Mozilla/5.0 (BlackBerry; U; BlackBerry 9900; en) AppleWebKit/534.11+ (KHTML, like Gecko) Version/7.1.0.346 Mobile Safari/534.11+',
  ],
  [
    'blackberry 10-0 blackberry mobile',
    'Mozilla/5.0 (BB10; Touch) AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.0.9.2372 Mobile Safari/537.10+',
  ],
  [
    'blackberry 7-2 blackberry tablet',
    'Mozilla/5.0 (PlayBook; U; RIM Tablet OS 2.1.0; en-US) AppleWebKit/536.2+ (KHTML, like Gecko) Version/7.2.1.0 Safari/536.2+',
  ],
  [
    'android-browser 4-0 android mobile',
    'Mozilla/5.0 (Linux; U; Android 2.3.6; en-us; Nexus S Build/GRK39F) AppleWebKit/533.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/533.1',
  ],
  [
    'other  symbian mobile',
    'Mozilla/5.0 (SymbianOS/9.4; Series60/5.0 NokiaN97-1/20.0.019) AppleWebKit/525 (KHTML, like Gecko) BrowserNG/7.1.18124',
  ],
] as const;

const BOTS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  `${ANDROID_PHONE} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`,
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
  'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)',
  'DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)',
  `Mozilla/5.0 ${BLINK}; compatible; GPTBot/1.2; +https://openai.com/gptbot)`,
  `Mozilla/5.0 ${BLINK}; compatible; ChatGPT-User/1.0; +https://openai.com/bot`,
  `Mozilla/5.0 ${BLINK}; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)`,
  `Mozilla/5.0 ${BLINK}; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)`,
  'CCBot/2.0 (https://commoncrawl.org/faq/)',
  `Mozilla/5.0 (Linux; Android 5.0) ${BLINK} (compatible; Bytespider; spider-feedback@bytedance.com)`,
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Twitterbot/1.0',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'TelegramBot (like TwitterBot)',
  'WhatsApp/2.23.20.0',
  `Mozilla/5.0 (X11; Linux x86_64) ${BLINK} HeadlessChrome/130.0.0.0 Safari/537.36`,
  'Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
  'curl/8.5.0',
  'Wget/1.21.4',
  'python-requests/2.32.3',
  'Go-http-client/2.0',
  'node',
  'okhttp/4.12.0',
  'Mozilla/5.0',
  '',
  '  \t ',
];

describe('the technology of a user agent', () => {
  it.each(PEOPLE)('is %s: %s', (expected, userAgent) => {
    expect(words(userAgent)).toBe(expected);
  });

  it.each(PEOPLE)('is a person’s: %s, %s', (_, userAgent) => {
    expect(read(userAgent).bot).toBe(false);
  });

  it.each(BOTS)('is a bot’s: %j', (userAgent) => {
    expect(read(userAgent).bot).toBe(true);
  });

  it.each([
    ['99999.0', ''],
    ['130', '130-0'],
    ['130.99999', '130-0'],
    ['１３０.0', ''],
    ['x', ''],
  ])('has a version of two short numbers or none: Chrome/%s has %j', (sent, version) => {
    expect(read(`${WINDOWS} ${BLINK} Chrome/${sent} Safari/537.36`).technology.version).toBe(version);
  });
});

describe('client hints', () => {
  const brands = (name: string, version: string) => `"Chromium";v="130", "${name}";v="${version}", "Not?A_Brand";v="99"`;

  it.each([
    ['chrome 131-0 windows desktop', CHROME, brands('Google Chrome', '131'), '?0', '"Windows"'],
    ['edge 130-0 windows desktop', CHROME, brands('Microsoft Edge', '130'), '?0', '"Windows"'],
    ['brave 130-0 macintosh desktop', `${MAC} ${BLINK} Chrome/130.0.0.0 Safari/537.36`, brands('Brave', '130'), '?0', '"macOS"'],
    ['yandex 24-10 windows desktop', CHROME, brands('YaBrowser', '24.10'), '?0', '"Windows"'],
    ['samsung-internet 27-0 android mobile', ANDROID_PHONE, brands('Samsung Internet', '27.0'), '?1', '"Android"'],
    ['chromium 130-0 linux desktop', CHROME, '"Chromium";v="130", "Not?A_Brand";v="99"', '?0', '"Linux"'],
    ['chrome 130-0 chromeos desktop', CHROME, brands('Google Chrome', '130'), '?0', '"Chrome OS"'],
  ])('take precedence over the user agent: %s', (expected, userAgent, sent, mobile, platform) => {
    expect(words(userAgent, { brands: sent, mobile, platform })).toBe(expected);
  });

  it.each([' Not A;Brand', 'Not/A)Brand', 'Not_A Brand', '\\\\Not\\"A;Brand', '(Not(A:Brand', 'Not?A_Brand'])(
    'recognise no browser by the made-up brand %j',
    (grease) => {
      expect(words(CHROME, { brands: `"${grease}";v="99", "Google Chrome";v="131", "Chromium";v="131"` })).toBe(
        'chrome 131-0 windows desktop',
      );
      expect(words(CHROME, { brands: `"${grease}";v="99"` })).toBe('chrome 130-0 windows desktop');
    },
  );

  it('of a web view do not replace the app that the user agent names', () => {
    const facebook = `${ANDROID_PHONE.replace('K)', 'K; wv)')} [FB_IAB/FB4A;FBAV/485.0.0.70.77;]`;
    const hints = { brands: brands('Android WebView', '131'), mobile: '?1', platform: '"Android"' };
    expect(words(facebook, hints)).toBe('facebook 485-0 android mobile');
    expect(words(ANDROID_PHONE.replace('K)', 'K; wv)'), hints)).toBe('webview 131-0 android mobile');
  });

  it('distinguish a tablet from a phone', () => {
    expect(words(ANDROID_WIDE, { mobile: '?1', platform: '"Android"' })).toBe('chrome 130-0 android mobile');
    expect(words(ANDROID_PHONE, { mobile: '?0', platform: '"Android"' })).toBe('chrome 130-0 android tablet');
    expect(
      words(`Mozilla/5.0 (X11; Linux x86_64) ${BLINK} Chrome/130.0.0.0 Safari/537.36`, { mobile: '?0', platform: '"Android"' }),
    ).toBe('chrome 130-0 android tablet');
  });

  it('do not turn a television into a desktop, nor an Xbox into a PC', () => {
    const television = `Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) ${BLINK} Chrome/120.0.0.0 TV Safari/537.36`;
    expect(words(television, { mobile: '?0', platform: '"Linux"' })).toBe('chrome 120-0 tizen tv');
    const xbox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One)';
    expect(words(`${xbox} ${BLINK} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`, { mobile: '?0', platform: '"Windows"' })).toBe(
      'edge 130-0 xbox console',
    );
  });

  it.each(['"Unknown"', '""', 'nonsense', '"'])('without information change nothing: %j', (platform) => {
    expect(words(CHROME, { brands: 'nonsense', mobile: 'yes', platform })).toBe('chrome 130-0 windows desktop');
  });

  it('reveal a headless browser that hides this in its user agent', () => {
    expect(read(CHROME, { brands: brands('HeadlessChrome', '130') }).bot).toBe(true);
  });
});

describe('a touch screen', () => {
  it('distinguishes an iPad that requests desktop pages from a Mac', () => {
    expect(words(SAFARI, { touch: true })).toBe('safari 17-6 ipad tablet');
    expect(words(SAFARI)).toBe('safari 17-6 macintosh desktop');
  });

  it('changes nothing on other platforms, nor if a hint names a Mac', () => {
    expect(words(CHROME, { touch: true })).toBe('chrome 130-0 windows desktop');
    expect(words(ANDROID_PHONE, { touch: true })).toBe('chrome 130-0 android mobile');
    expect(words(SAFARI, { touch: true, platform: '"macOS"' })).toBe('safari 17-6 macintosh desktop');
  });
});

describe('the cached technology of an agent', () => {
  it('is returned again as the same object', () => {
    expect(read(CHROME)).toBe(read(CHROME));
    expect(read(CHROME, { mobile: '?0' })).toBe(read(CHROME, { mobile: '?0' }));
  });

  it('depends only on the first 512 characters', () => {
    const long = CHROME.padEnd(512, ' ');
    expect(read(`${long} Edg/130.0`)).toBe(read(`${long} Firefox/1.0`));
    expect(words(`${long} Edg/130.0`)).toBe('chrome 130-0 windows desktop');
  });
});

describe('the technology of an arbitrary agent', () => {
  const piece = fc.oneof(
    fc.constantFrom(...PEOPLE.flatMap(([, userAgent]) => userAgent.split(' ')), ...BOTS, ' ', ';', '(', ')', '/', '\n'),
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  );
  const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(' '));
  const hint = fc.oneof(
    text,
    fc.constantFrom('', '?0', '?1', '"Android"', '"iOS"', '"Linux"', '"Google Chrome";v="1"', '"Other";v="1.2.3"'),
  );

  it('comes from the closed lists', () => {
    fc.assert(
      fc.property(text, hint, hint, hint, fc.boolean(), (userAgent, brands, mobile, platform, touch) => {
        const { technology, bot } = parseTechnology({ userAgent, brands, mobile, platform, touch });
        expect(BROWSERS).toContain(technology.browser);
        expect(PLATFORMS).toContain(technology.platform);
        expect(DEVICES).toContain(technology.device);
        expect(technology.version).toMatch(/^(?:[0-9]{1,4}-[0-9]{1,4})?$/);
        expect(typeof bot).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });

  it('takes only milliseconds, even for text that is crafted against the parsers’ expressions', () => {
    const start = performance.now();
    for (let i = 0; i < 100; i++) {
      read(`${i}${'naver('.repeat(100)}`);
      read(`NAVER(inapp;${i}${'1.1.'.repeat(150)}`);
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('the closed lists', () => {
  it.each([
    [BROWSERS, browserTitle],
    [PLATFORMS, platformTitle],
    [DEVICES, deviceTitle],
  ])('have unique keys in lower case, each with a title: %j', (keys, titleOf) => {
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => !/^[a-z0-9-]+$/.test(key))).toEqual([]);
    expect(keys.filter((key) => titleOf(key) === key)).toEqual([]);
  });

  it('use an unknown key as its title', () => {
    expect(browserTitle('__proto__')).toBe('__proto__');
  });
});
