// A population of browsers: agents, pages, ages, ordinals, sketch points. The same seed gives the same requests.

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
];
const LANGUAGES = ['de-DE,de;q=0.9,en;q=0.8', 'en-US,en;q=0.9', 'fr-FR,fr;q=0.9', 'pt-BR,pt;q=0.9', 'ja'];
const REFERRERS = [
  '',
  '',
  '',
  'https://www.google.com/',
  'https://duckduckgo.com/',
  'https://chatgpt.com/',
  'https://news.ycombinator.com/item?id=41',
  'https://www.reddit.com/r/webdev/comments/1/x/',
  'https://t.co/abc',
  'https://another.example/blog/post-7',
];
const SCREENS = [
  [1920, 1903, 969],
  [1440, 1440, 789],
  [390, 390, 664],
  [412, 412, 785],
  [1366, 1349, 657],
];

/** The settings of a site that counts each hit from any host. */
export const SITE_SETTINGS = {
  hosts: [],
  excludedAddresses: [],
  excludedPaths: [],
  excludedReferrers: [],
  queryParameters: [],
  storage: 'record',
  signals: 'ignored',
};

/** Numbers from 0 to 1 with a seed: Tommy Ettinger's mulberry32. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const siteId = (n) => `site-${String(n).padStart(2, '0')}`;

/**
 * Visits have three views on average; half of them are their browser's first. Popular pages are more often the
 * previous page.
 */
function recordFields(next, pages) {
  const known = [`f=${Math.floor(next() * 300)}`, `n=${2 + Math.floor(next() * 20)}`];
  if (next() < 2 / 3) {
    const before = encodeURIComponent(`/articles/${Math.floor(pages ** next()) - 1}/a-title-of-some-words`);
    return [...known, `g=${2 + Math.floor(next() * 6)}`, `a=${Math.floor(next() ** 2 * 1800)}`, `q=${before}`];
  }
  return next() < 0.5 ? ['f=0', 'n=1', 'g=1'] : [...known, 'g=1', `a=${1800 + Math.floor(next() ** 3 * 60 * 86_400)}`];
}

/** One browser's headers, and the sizes of its screen and window. The first ones are the most common. */
export function pickDevice(next) {
  const [agent, language, screen] = [AGENTS, LANGUAGES, SCREENS].map((list) => list[Math.floor(next() ** 1.5 * list.length)]);
  return { headers: { 'User-Agent': agent, 'Accept-Language': language }, screen };
}

/** One view: query and headers. Evenly viewed pages are the worst case for a capped map. */
export function view(next, { sites = 50, pages = 2000, path } = {}) {
  const pick = (list) => list[Math.floor(next() * list.length)];
  const site = siteId(Math.floor(next() * sites));
  const page = path ?? `/articles/${Math.floor(next() * pages)}/a-title-of-some-words`;
  const [sw, ww, wh] = pick(SCREENS);
  const fields = [
    `s=${site}`,
    `u=${encodeURIComponent(`https://${site}.example${page}`)}`,
    `t=${encodeURIComponent(`A title of some words | ${page.slice(0, 40)}`)}`,
    `sw=${sw}&ww=${ww}&wh=${wh}`,
  ];
  const referrer = pick(REFERRERS);
  if (referrer) fields.push(`r=${encodeURIComponent(referrer)}`);
  fields.push(...recordFields(next, pages));
  if (next() < 0.3) {
    let rank = 1;
    while (rank < 32 && next() < 0.5) rank++;
    fields.push(`h=${Math.floor(next() * 4096)}.${rank}`);
  }
  return {
    site,
    query: fields.join('&'),
    headers: { 'User-Agent': pick(AGENTS), 'Accept-Language': pick(LANGUAGES), Accept: 'image/avif,image/webp,*/*;q=0.8' },
  };
}

/** A view as the beacon has read it from its request: the input of parsing. */
export function beaconRequest({ query, headers }, receivedAtMs) {
  return {
    query,
    userAgent: headers['User-Agent'],
    acceptLanguage: headers['Accept-Language'],
    referer: '',
    brands: '',
    mobile: '',
    platform: '',
    purpose: '',
    signal: false,
    address: '192.0.2.1',
    receivedAtMs,
  };
}

/** For parsing: no limits. */
export const allows = () => true;

/** Counts the result of parsing a request. */
export function foldParsed(fold, parsed) {
  if ('refused' in parsed) {
    fold.refusal(parsed.refused);
    return;
  }
  const { hit, observations, point } = parsed;
  if (hit.kind !== 'ping') fold.hit(hit);
  for (const observation of observations) fold.observation(observation, 1);
  if (point) fold.point(point);
}

/** Complete requests, as a load generator sends them. */
export function requests(count, options = {}) {
  const next = random(options.seed ?? 1);
  return Array.from({ length: count }, () => {
    const { query, headers } = view(next, options);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return `GET /a.gif?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  });
}
