// What the audit log shows: the card on the settings page of a site, and the pages with all changes.
import { asTime } from '../../language/formats.js';
import type { AuditPage } from '../../operations/audit/audit.js';
import { germanSentenceOf } from '../../operations/audit/german-sentence.js';
import { type Phrase, sentenceOf } from '../../operations/audit/sentence.js';
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
      ? html`<a href="${base}/people">← ${{ en: 'People', de: 'Personen' }}</a>`
      : html`<a href="${base}/sites/${site.id}/settings">← ${{
          en: html`Settings of <bdi>${site.title}</bdi>`,
          de: html`Einstellungen von <bdi>${site.title}</bdi>`,
        }}</a>`;
  const about =
    site === undefined
      ? {
          en: 'Who changed what on this service: sites, tokens, members and accounts.',
          de: 'Wer was in diesem Dienst geändert hat: Websites, Token, Mitglieder und Konten.',
        }
      : {
          en: 'Who changed what on this site: settings, tokens and members.',
          de: 'Wer was an dieser Website geändert hat: Einstellungen, Token und Mitglieder.',
        };
  return page({
    base,
    title:
      site === undefined
        ? { en: 'Changes – Hitherto', de: 'Änderungen – Hitherto' }
        : { en: `Changes of ${site.title} – Hitherto`, de: `Änderungen an ${site.title} – Hitherto` },
    header: nav,
    main: html`<main class="narrow">
<p>${back}</p>
<h1>${{ en: 'Changes', de: 'Änderungen' }}</h1>
<p class="hint">${about} ${{ en: 'Changes are kept for two years.', de: 'Änderungen bleiben zwei Jahre gespeichert.' }}</p>
<section class="card">${changesList(base, changes, hasSite)}</section>
<p class="pages">${isLater && html`<a href="${address}">${{ en: 'Newest changes', de: 'Neueste Änderungen' }}</a>`}
${
  changes?.next !== undefined &&
  html`<a href="${address}?before=${changes.next}">${{
    en: html`Older changes →`,
    de: html`Ältere Änderungen →`,
  }}</a>`
}</p>
</main>`,
  });
}

/** The newest changes of a site. */
export function changesCard(changes: AuditPage | undefined, base: string, site: string): Html {
  return html`<section class="card"><h2>${{ en: 'Changes', de: 'Änderungen' }}</h2>
${changesList(base, changes)}
${
  changes?.next !== undefined &&
  html`<p><a href="${base}/sites/${site}/changes">${{
    en: html`All changes`,
    de: html`Alle Änderungen`,
  }}</a></p>`
}</section>`;
}

function changesList(base: string, changes: AuditPage | undefined, hasSite?: (id: string) => boolean): Html {
  if (changes === undefined)
    return html`<p class="empty">${{
      en: 'The store does not answer at the moment. Try again in a minute.',
      de: 'Der Speicher antwortet gerade nicht. Versuchen Sie es in einer Minute noch einmal.',
    }}</p>`;
  if (changes.entries.length === 0)
    return html`<p class="empty">${{
      en: html`Nothing has been changed yet.`,
      de: html`Noch wurde nichts geändert.`,
    }}</p>`;
  return html`<ul class="changes">
${changes.entries.map((entry) => changeItem(base, entry, hasSite))}</ul>`;
}

function changeItem(base: string, entry: AuditEntry, hasSite?: (id: string) => boolean): Html {
  const { atMs, site } = entry;
  const written = (phrases: readonly Phrase[]) =>
    html`${phrases.map((phrase) => (typeof phrase === 'string' ? phrase : html`<bdi>${phrase.name}</bdi>`))}`;
  const sentence = { en: written(sentenceOf(entry)), de: written(germanSentenceOf(entry)) };
  const time = new Date(atMs).toISOString();
  const link =
    site !== undefined &&
    (hasSite?.(site) ? html` · <a href="${base}/sites/${site}/changes">${site}</a>` : hasSite && ` · ${site}`);
  return html`<li>${sentence}<br>
<span class="hint"><time datetime="${time}">${asTime(atMs)}</time>${link}</span></li>
`;
}
