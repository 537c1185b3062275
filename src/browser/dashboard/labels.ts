// What a row is called, and where its name leads.
import { make } from './dom.js';

/** What came from outside may be written from right to left: `bdi` keeps that from turning what stands around it. */
export function text(shown: string): HTMLElement {
  return make('bdi', {}, shown);
}

export function named({ key, title }: { readonly key: string; readonly title?: string }): Node {
  return text(title === undefined || title === '' ? key : title);
}

/** Only web addresses become links, and only those that lead to the host that is shown. */
export function link(address: string, shown: string, title: string): Node {
  const label = isolated(shown, title);
  const href = safeAddress(address);
  return href === undefined ? label : make('a', { href, rel: 'noreferrer noopener', target: '_blank' }, label);
}

/** Pages of the site: a name leads to what is counted of the page, and an arrow beside it to the page itself. */
export interface PageLabels {
  label(path: string, title?: string): Node;
}

/** `host` is the site's own, if it has one that is not a pattern. `panelOf` gives the address of a page's panel. */
export function createPageLabels(host: string, panelOf: (path: string) => string): PageLabels {
  return {
    label(path, title = '') {
      const shown = path === '' ? make('em', {}, 'Unknown page') : isolated(path, title);
      const name = make('a', { href: panelOf(path), 'data-key': path }, shown);
      return make('span', { class: 'page' }, name, ...outward(path, host));
    },
  };
}

/** Nothing where the page has no address that can be told. */
export function outward(path: string, host: string): Node[] {
  if (host === '' || !path.startsWith('/') || path.startsWith('//')) return [];
  const href = safeAddress(`https://${host}${path}`);
  if (href === undefined) return [];
  const what = `Open ${path} in a new tab`;
  return [make('a', { href, class: 'out', rel: 'noreferrer noopener', target: '_blank', title: what, 'aria-label': what }, '↗')];
}

function isolated(shown: string, title: string): HTMLElement {
  return make('bdi', { title: title === '' ? shown : `${shown}\n${title}` }, shown);
}

function safeAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, username, password, href } = new URL(address);
  return /^https?:$/.test(protocol) && username === '' && password === '' ? href : undefined;
}
