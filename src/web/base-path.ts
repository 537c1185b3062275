// Serving below a path of a shared host, such as https://example.com/stats. The proxy in front may strip that path or
// pass it on: both work. Every address in an answer includes it.

/** Returns for example `/stats`; empty at the root of a host. */
export function basePathOf(publicUrl: string): string {
  return URL.canParse(publicUrl) ? new URL(publicUrl).pathname.replace(/\/+$/, '') : '';
}

/** Returns the target of a request without the base path. */
export function withoutBasePath(target: string, basePath: string): string {
  if (basePath === '' || !target.startsWith(basePath)) return target;
  const rest = target.slice(basePath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : target;
}
