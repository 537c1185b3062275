// The names of rows, and where they lead. Text from outside may be written from right to left: `bdi` keeps it from
// turning around the text beside it.
import { addressOf } from './address.js';
import { useSite } from './state.js';
import { LISTS } from './texts.js';

export function Named({ row: { key, title } }: { row: { readonly key: string; readonly title?: string | undefined } }) {
  return <bdi>{title === undefined || title === '' ? key : title}</bdi>;
}

/** Only web addresses become links, and only those that lead to the host that is shown. */
export function WebLink({ href, shown }: { href: string; shown: string }) {
  const label = <Isolated shown={shown} />;
  const safe = safeAddress(href);
  if (safe === undefined) return label;
  return (
    <a href={safe} rel="noreferrer noopener" target="_blank">
      {label}
    </a>
  );
}

/** A page of the site: the name opens its panel, and an arrow beside it leads to the page itself. */
export function PageLabel({ path, title = '' }: { path: string; title?: string }) {
  const { address, settings } = useSite();
  const name = path === '' ? <em>{LISTS.unknownPage}</em> : <Isolated shown={path} title={title} />;
  return (
    <span class="page">
      {settings.shows('pages') ? <a href={addressOf({ ...address.value, page: path })}>{name}</a> : name}
      <Outward path={path} />
    </span>
  );
}

/** Nothing where the page has no address that can be known. */
export function Outward({ path }: { path: string }) {
  const { host } = useSite().settings;
  if (host === '' || !path.startsWith('/') || path.startsWith('//')) return null;
  const href = safeAddress(`https://${host}${path}`);
  if (href === undefined) return null;
  const what = LISTS.openPage(path);
  return (
    <a href={href} class="out" rel="noreferrer noopener" target="_blank" title={what} aria-label={what}>
      ↗
    </a>
  );
}

/** The whole name is in the tooltip, since it may be cut off. */
function Isolated({ shown, title = '' }: { shown: string; title?: string }) {
  return <bdi title={title === '' ? shown : `${shown}\n${title}`}>{shown}</bdi>;
}

function safeAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, username, password, href } = new URL(address);
  return /^https?:$/.test(protocol) && username === '' && password === '' ? href : undefined;
}
