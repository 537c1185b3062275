// The invented sites of the demo. Of pages, sources and languages, the first ones are the most common.

/** A year earlier they had this share of the readers of today. */
export const YEAR_BEFORE = 0.45;

const SEARCH = ['', 'https://www.google.com/', 'https://duckduckgo.com/', 'https://www.bing.com/'];

/**
 * `readersPerDay`: new ones, today. `weekend`: the share of them on Saturdays and Sundays. `busyDays`: days ago, and how
 * many times as many readers. `pages`: path, title, and how many seconds it takes to read.
 */
export const SITES = [
  {
    id: 'demo',
    title: 'Field notes',
    timezone: 'Europe/Berlin',
    host: 'notes.example',
    readersPerDay: 375,
    weekend: 0.7,
    busyDays: { 9: 3, 64: 5, 201: 4 },
    languages: ['en-US,en;q=0.9', 'de-DE,de;q=0.9,en;q=0.8', 'fr-FR,fr;q=0.9', 'pt-BR,pt;q=0.9', 'ja'],
    sources: [
      ...SEARCH.slice(0, 2),
      'https://news.ycombinator.com/item?id=41',
      'https://duckduckgo.com/',
      'https://www.reddit.com/r/webdev/comments/1/x/',
      'https://chatgpt.com/',
      'https://another.example/blog/post-7',
      'https://t.co/abc',
    ],
    pages: [
      ['/', 'Field notes', 20],
      ['/posts/counting-without-watching', 'Counting without watching', 190],
      ['/posts/a-year-in-one-document', 'A year in one document', 140],
      ['/posts/what-an-hour-is', 'What an hour is, and when there are two', 230],
      ['/posts/caps-with-a-bound', 'Caps with a bound', 160],
      ['/posts/the-smallest-gif', 'The smallest GIF', 70],
      ['/about', 'About these notes', 45],
      ['/archive', 'Archive', 25],
      ['/posts/kill-minus-nine', 'Kill minus nine', 120],
      ['/posts/lists-that-do-not-lie', 'Lists that do not lie', 150],
      ['/feed', 'Feed', 10],
      ['/posts/a-pixel-and-a-referer', 'A pixel and a Referer', 110],
    ],
  },
  {
    id: 'paper-and-tea',
    title: 'Paper and Tea',
    timezone: 'America/New_York',
    host: 'paper-and-tea.example',
    readersPerDay: 225,
    weekend: 1.3,
    busyDays: { 3: 2.5, 25: 2, 120: 3 },
    languages: ['en-US,en;q=0.9', 'es-US,es;q=0.9', 'en-GB,en;q=0.9', 'fr-CA,fr;q=0.9'],
    sources: [
      ...SEARCH,
      'https://www.pinterest.com/pin/1/',
      'https://www.instagram.com/',
      'https://another.example/gifts',
      'https://chatgpt.com/',
    ],
    pages: [
      ['/', 'Paper and Tea', 15],
      ['/shop/notebooks', 'Notebooks', 40],
      ['/shop/teas', 'Teas', 45],
      ['/shop/teas/first-flush', 'First flush Darjeeling', 60],
      ['/shop/notebooks/dotted', 'Dotted notebook', 50],
      ['/cart', 'Your cart', 35],
      ['/checkout', 'Checkout', 90],
      ['/journal/how-to-brew', 'How to brew', 150],
      ['/shipping', 'Shipping', 30],
      ['/contact', 'Contact', 25],
    ],
  },
  {
    id: 'trail-maps',
    title: 'Trail Maps',
    timezone: 'Australia/Sydney',
    host: 'maps.example',
    readersPerDay: 150,
    weekend: 1.8,
    busyDays: { 40: 2.2, 250: 2 },
    languages: ['en-AU,en;q=0.9', 'en-NZ,en;q=0.9', 'en-GB,en;q=0.9', 'zh-CN,zh;q=0.9', 'de-DE,de;q=0.9'],
    sources: [
      ...SEARCH,
      'https://www.facebook.com/',
      'https://www.reddit.com/r/hiking/comments/2/y/',
      'https://another.example/clubs',
    ],
    pages: [
      ['/', 'Trail Maps', 20],
      ['/tracks/coast', 'The coast track', 120],
      ['/tracks/blue-mountains', 'Blue Mountains in two days', 180],
      ['/weather', 'Weather on the trails', 30],
      ['/tracks/overland', 'The overland track', 200],
      ['/packing-list', 'Packing list', 80],
      ['/huts', 'Huts and camp sites', 70],
      ['/about', 'Who draws these maps', 40],
    ],
  },
  {
    id: 'harbour-gazette',
    title: 'Harbour Gazette',
    timezone: 'Asia/Kolkata',
    host: 'gazette.example',
    readersPerDay: 200,
    weekend: 0.8,
    busyDays: { 6: 1.8, 15: 2.5, 90: 2, 300: 2 },
    languages: ['en-IN,en;q=0.9', 'hi-IN,hi;q=0.9,en;q=0.8', 'mr-IN,mr;q=0.9', 'en-GB,en;q=0.9'],
    sources: [
      ...SEARCH.slice(0, 2),
      'https://news.google.com/',
      'https://t.co/xyz',
      'https://www.linkedin.com/',
      'https://chatgpt.com/',
    ],
    pages: [
      ['/', 'Harbour Gazette', 30],
      ['/city/new-ferry', 'A new ferry to the islands', 110],
      ['/markets', 'Markets today', 60],
      ['/city/monsoon', 'The monsoon arrives early', 130],
      ['/sport', 'Sport', 50],
      ['/opinion/slow-trains', 'In praise of slow trains', 170],
      ['/culture/film-week', 'Film week', 90],
      ['/city/bridge', 'The old bridge reopens', 100],
      ['/weather', 'Weather', 20],
    ],
  },
];
