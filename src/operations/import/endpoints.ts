// Addresses that programs ask for and nobody reads as a page: feeds, interfaces, what a CMS calls itself by. No
// script runs there either.

/** By the whole path, lower case, without a slash at the end. */
const PATHS = new Set(
  [
    '/graphql /rss.php /feed.php /atom.php /oembed',
    '/healthz /livez /readyz /server-status /nginx_status /stub_status /autodiscover/autodiscover /remote.php',
  ].flatMap((line) => line.split(' ')),
);

/** By the beginning of the path. What begins with a dot is meant for programs (`/.well-known/`) or for nobody (`/.git/`). */
const BEGINNINGS = [
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
/** The documentation of an interface has pages. */
const PAGE = /^\/(?:api|rest)\/$|\.html?$/;

/** WordPress may be in any folder. */
const WORDPRESS =
  /\/(?:xmlrpc|wp-cron|wp-trackback)\.php$|\/wp-admin\/(?:admin-ajax|admin-post|async-upload|load-scripts|load-styles)\.php$|\/wp-json(?:\/|$)/;

/** Of feeds, the last part of the path, or the one before it as in `/feed/atom/`. */
const FEED = /(?:^|\/)(?:feed|feeds|rss|rss2|atom|rdf)(?:\/(?:rss|rss2|atom|rdf|json))?\/?$/;
const FEED_IN_QUERY = /[?&](?:feed=|rest_route=|(?:format|output|alt|type|view)=(?:feed|rss|rss2|atom|rdf|json|xml|raw)(?:&|$))/;

/** `target` is a path with its query, as it was asked for. */
export function isEndpoint(target: string): boolean {
  const question = target.indexOf('?');
  const path = (question < 0 ? target : target.slice(0, question)).toLowerCase().replaceAll(/\/{2,}/g, '/');
  if (question >= 0 && FEED_IN_QUERY.test(target.slice(question))) return true;
  if (path.endsWith('/') ? PATHS.has(path.slice(0, -1)) : PATHS.has(path)) return true;
  const beginning = BEGINNINGS.find((text) => path.startsWith(text));
  if (beginning !== undefined) return !((beginning === '/api/' || beginning === '/rest/') && PAGE.test(path));
  return WORDPRESS.test(path) || FEED.test(path);
}
