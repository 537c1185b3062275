// The browsers of the population: what each kind sends, and how it must be counted.
export interface Kind {
  readonly userAgent: string;
  readonly brands: string;
  readonly mobile: string;
  readonly platformHint: string;
  readonly touchPoints: number;
  /** Some remove what scripts store after this many days. */
  readonly cookieDaysMax?: number;
  readonly browser: string;
  readonly version: string;
  readonly platform: string;
  readonly device: string;
}

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko)';

export const KINDS: readonly Kind[] = [
  {
    userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Chrome/142.0.0.0 Safari/537.36`,
    brands: '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"',
    mobile: '?0',
    platformHint: '"Windows"',
    touchPoints: 0,
    browser: 'chrome',
    version: '142-0',
    platform: 'windows',
    device: 'desktop',
  },
  {
    userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`,
    brands: '"Microsoft Edge";v="141", "Not?A_Brand";v="8", "Chromium";v="141"',
    mobile: '?0',
    platformHint: '"Windows"',
    touchPoints: 10,
    browser: 'edge',
    version: '141-0',
    platform: 'windows',
    device: 'desktop',
  },
  {
    userAgent: `Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Chrome/142.0.0.0 Mobile Safari/537.36`,
    brands: '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"',
    mobile: '?1',
    platformHint: '"Android"',
    touchPoints: 5,
    browser: 'chrome',
    version: '142-0',
    platform: 'android',
    device: 'mobile',
  },
  {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
    brands: '',
    mobile: '',
    platformHint: '',
    touchPoints: 0,
    browser: 'firefox',
    version: '144-0',
    platform: 'linux',
    device: 'desktop',
  },
  {
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
    brands: '',
    mobile: '',
    platformHint: '',
    touchPoints: 5,
    cookieDaysMax: 7,
    browser: 'safari',
    version: '26-1',
    platform: 'iphone',
    device: 'mobile',
  },
  {
    // an iPad, which claims to be a Mac
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    brands: '',
    mobile: '',
    platformHint: '',
    touchPoints: 5,
    cookieDaysMax: 7,
    browser: 'safari',
    version: '26-0',
    platform: 'ipad',
    device: 'tablet',
  },
];

export const BOT: Kind = {
  userAgent: 'Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/)',
  brands: '',
  mobile: '',
  platformHint: '',
  touchPoints: 0,
  browser: '',
  version: '',
  platform: '',
  device: '',
};

export const LANGUAGES: ReadonlyArray<readonly [header: string, language: string]> = [
  ['de-DE,de;q=0.9,en;q=0.8', 'de'],
  ['en-US,en;q=0.5', 'en'],
  ['hi-IN,en;q=0.7', 'hi'],
  ['tlh', 'other'],
];

interface Screen {
  readonly width: number;
  readonly windowWidth: number;
  readonly windowHeight: number;
  /** The classes in which they are counted. */
  readonly counted: readonly [screenWidth: string, windowWidth: string, windowHeight: string];
}

export const SCREENS: readonly Screen[] = [
  { width: 1920, windowWidth: 1903, windowHeight: 969, counted: ['1600', '1600', '900'] },
  { width: 1440, windowWidth: 1279, windowHeight: 768, counted: ['1440', '1024', '768'] },
  { width: 2560, windowWidth: 1280, windowHeight: 1300, counted: ['2000', '1280', '1024'] },
  { width: 390, windowWidth: 390, windowHeight: 664, counted: ['320', '320', '600'] },
  { width: 280, windowWidth: 280, windowHeight: 479, counted: ['other', 'other', 'other'] },
];
