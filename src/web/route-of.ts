// Which route of the table a request meets, without the framework: most requests of strangers get no further.
import { ROUTES, type Route } from './security.js';

const routes = Object.keys(ROUTES) as Route[];
const exact = new Map<string, Route>(routes.map((route) => [route, route]));
/** Express takes any case, and a slash at the end. */
const patterns = routes.map((route) => {
  const pattern = route.replaceAll('.', String.raw`\.`).replaceAll(/:\w+/g, '[^/]+');
  return [new RegExp(`^${pattern}/?$`, 'i'), route] as const;
});

/** `path` has no query. A HEAD is a GET whose answer has no body. */
export function routeOf(method: string, path: string): Route | undefined {
  const asked = `${method === 'HEAD' ? 'GET' : method} ${path}`;
  return exact.get(asked) ?? patterns.find(([pattern]) => pattern.test(asked))?.[1];
}
