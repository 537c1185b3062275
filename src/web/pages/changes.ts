// What the audit log shows: the card on the settings page of a site, and the pages with all changes.
import type { AuditPage } from '../../operations/audit/audit.js';
import { sentenceOf } from '../../operations/audit/sentence.js';
import type { AuditEntry } from '../../store/audit-log.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';

export interface ChangesParts {
  readonly base: string;
  readonly nav: Html;
  /** Undefined for the changes of the whole installation. */
  readonly site?: { readonly id: string; readonly title: string };
  /** Undefined: the store does not answer. */
  readonly changes: AuditPage | undefined;
  /** Sites that exist have a page of their own. Only for the changes of the whole installation. */
  readonly hasSite?: (id: string) => boolean;
  /** Whether this is not the first page. */
  readonly isLater: boolean;
}

export function changesPage({ base, nav, site, hasSite, changes, isLater }: ChangesParts): Html {
  const address = site === undefined ? `${base}/audit` : `${base}/sites/${site.id}/changes`;
  const back =
    site === undefined
      ? html`<a href="${base}/people">← People</a>`
      : html`<a href="${base}/sites/${site.id}/settings">← Settings of <bdi>${site.title}</bdi></a>`;
  const about =
    site === undefined
      ? 'Who changed what on this service: sites, tokens, members and accounts.'
      : 'Who changed what on this site: settings, tokens and members.';
  return page({
    base,
    title: site === undefined ? 'Changes – Hitherto' : `Changes of ${site.title} – Hitherto`,
    header: nav,
    main: html`<main class="narrow">
<p>${back}</p>
<h1>Changes</h1>
<p class="hint">${about} Changes are kept for two years.</p>
<section class="card">${changesList(base, changes, hasSite)}</section>
<p class="pages">${isLater && html`<a href="${address}">Newest changes</a>`}
${changes?.next !== undefined && html`<a href="${address}?before=${changes.next}">Older changes →</a>`}</p>
</main>`,
  });
}

/** The newest changes of a site. */
export function changesCard(changes: AuditPage | undefined, base: string, site: string): Html {
  return html`<section class="card"><h2>Changes</h2>
${changesList(base, changes)}
${changes?.next !== undefined && html`<p><a href="${base}/sites/${site}/changes">All changes</a></p>`}</section>`;
}

function changesList(base: string, changes: AuditPage | undefined, hasSite?: (id: string) => boolean): Html {
  if (changes === undefined) return html`<p class="empty">The store does not answer at the moment. Try again in a minute.</p>`;
  if (changes.entries.length === 0) return html`<p class="empty">Nothing has been changed yet.</p>`;
  return html`<ul class="changes">
${changes.entries.map((entry) => changeItem(base, entry, hasSite))}</ul>`;
}

function changeItem(base: string, entry: AuditEntry, hasSite?: (id: string) => boolean): Html {
  const { atMs, site } = entry;
  const sentence = sentenceOf(entry).map((phrase) => (typeof phrase === 'string' ? phrase : html`<bdi>${phrase.name}</bdi>`));
  const time = new Date(atMs).toISOString();
  const link =
    site !== undefined &&
    (hasSite?.(site) ? html` · <a href="${base}/sites/${site}/changes">${site}</a>` : hasSite && ` · ${site}`);
  return html`<li>${sentence}<br>
<span class="hint"><time datetime="${time}">${time.slice(0, 16).replace('T', ' ')} UTC</time>${link}</span></li>
`;
}
