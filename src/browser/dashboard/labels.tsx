// The names of rows, and where they lead. Text from outside may be written from right to left: `bdi` keeps it from
// turning around the text beside it.
import { useListPage } from './list-page.js';
import type { RowAction } from './list-view.js';
import { LISTS } from './texts.js';

export function Named({ row: { key, title } }: { row: { readonly key: string; readonly title?: string | undefined } }) {
  return <bdi>{title === undefined || title === '' ? key : title}</bdi>;
}

/** A page of the site. */
export function PageName({ path, title = '' }: { path: string; title?: string | undefined }) {
  return path === '' ? <em>{LISTS.unknownPage}</em> : <Isolated shown={path} title={title} />;
}

/** Rows of pages: each opens what was counted of its page, and has a link to the page itself. */
export const AS_PAGES = {
  label: ({ key, title }: { readonly key: string; readonly title?: string | undefined }) => <PageName path={key} title={title} />,
  onRow: ({ key }: { readonly key: string }): RowAction => ({ page: key }),
  outside: ({ key }: { readonly key: string }): string => key,
};

/** Where a page of the site can be read; undefined where its address is not known. */
export function addressOfPage(path: string, host: string): string | undefined {
  return host === '' || !path.startsWith('/') || path.startsWith('//') ? undefined : safeAddress(`https://${host}${path}`);
}

/** Nothing where the page has no address that can be known. */
export function Outward({ path }: { path: string }) {
  const href = addressOfPage(path, useListPage().settings.host);
  if (href === undefined) return null;
  const what = LISTS.openPage(path);
  return (
    <a href={href} class="out" rel="noreferrer noopener" target="_blank" title={what} aria-label={what}>
      ↗
    </a>
  );
}

/** The whole name is in the tooltip, since it may be cut off. */
export function Isolated({ shown, title = '' }: { shown: string; title?: string }) {
  return <bdi title={title === '' ? shown : `${shown}\n${title}`}>{shown}</bdi>;
}

/** Only addresses of the web become links, and only those that lead to the host that is shown. */
export function safeAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, username, password, href } = new URL(address);
  return /^https?:$/.test(protocol) && username === '' && password === '' ? href : undefined;
}
