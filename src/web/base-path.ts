// The service below a path of a host that it shares: https://example.com/stats. The proxy in front may take that path
// off what it passes on, or not: both are understood, and every address that is given out has it.

/** Such as `/stats`; empty at the root of a host. */
export function basePathOf(publicUrl: string): string {
  return URL.canParse(publicUrl) ? new URL(publicUrl).pathname.replace(/\/+$/, '') : '';
}

/** The target of a request as if it had come at the root. */
export function withoutBasePath(target: string, basePath: string): string {
  if (basePath === '' || !target.startsWith(basePath)) return target;
  const rest = target.slice(basePath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : target;
}
