// Finds the route of a request without Express, since most requests without a token go no further.
import { ROUTES, type Route } from './routes.js';

const routes = Object.keys(ROUTES) as Route[];
const exact = new Map<string, Route>(routes.map((route) => [route, route]));
/** Express ignores case and a trailing slash. */
const patterns = routes.map((route) => {
  const pattern = route.replaceAll('.', String.raw`\.`).replaceAll(/:\w+/g, '[^/]+');
  return [new RegExp(`^${pattern}/?$`, 'i'), route] as const;
});

/** `path` has no query. HEAD counts as GET. */
export function routeOf(method: string, path: string): Route | undefined {
  const asked = `${method === 'HEAD' ? 'GET' : method} ${path}`;
  return exact.get(asked) ?? patterns.find(([pattern]) => pattern.test(asked))?.[1];
}
