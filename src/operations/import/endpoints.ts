// Recognises addresses that programs request and nobody reads as a page: feeds, APIs, internal calls of a CMS. The
// tracker's script does not run there, so a log must not count them either.

/** Matched with the whole path, in lower case, without a slash at the end. */
const PATHS = new Set(
  [
    '/graphql /rss.php /feed.php /atom.php /oembed',
    '/healthz /livez /readyz /server-status /nginx_status /stub_status /autodiscover/autodiscover /remote.php',
  ].flatMap((line) => line.split(' ')),
);

/** Matched with the start of the path. Paths with a dot are for programs (`/.well-known/`) or for nobody (`/.git/`). */
const PREFIXES = [
  '/.',
  '/cdn-cgi/',
  '/graphql/',
  '/socket.io/',
  '/remote.php/',
  '/_next/data/',
  '/__/',
  '/feeds/',
  '/api/',
  '/rest/',
];
/** The documentation of an API consists of pages. */
const PAGE = /^\/(?:api|rest)\/$|\.html?$/;

/** WordPress may be installed in any folder. */
const WORDPRESS = new RegExp(
  [
    String.raw`\/(?:xmlrpc|wp-cron|wp-trackback)\.php$`,
    String.raw`\/wp-admin\/(?:admin-ajax|admin-post|async-upload|load-scripts|load-styles)\.php$`,
    String.raw`\/wp-json(?:\/|$)`,
  ].join('|'),
);

/** Matches the last part of the path, or the last two as in `/feed/atom/`. */
const FEED = /(?:^|\/)(?:feed|feeds|rss|rss2|atom|rdf)(?:\/(?:rss|rss2|atom|rdf|json))?\/?$/;
const FEED_IN_QUERY = /[?&](?:feed=|rest_route=|(?:format|output|alt|type|view)=(?:feed|rss|rss2|atom|rdf|json|xml|raw)(?:&|$))/;

/** `target` is the requested path with its query. */
export function isEndpoint(target: string): boolean {
  const question = target.indexOf('?');
  const path = (question < 0 ? target : target.slice(0, question)).toLowerCase().replaceAll(/\/{2,}/g, '/');
  if (question >= 0 && FEED_IN_QUERY.test(target.slice(question))) return true;
  if (path.endsWith('/') ? PATHS.has(path.slice(0, -1)) : PATHS.has(path)) return true;
  const prefix = PREFIXES.find((text) => path.startsWith(text));
  if (prefix !== undefined) return !((prefix === '/api/' || prefix === '/rest/') && PAGE.test(path));
  return WORDPRESS.test(path) || FEED.test(path);
}
