// The page before a site is deleted.
import type { Site } from '../../hit/site.js';
import { asDay, inNumbers } from '../../language/formats.js';
import type { DeletionPreview } from '../../operations/delete/as-json.js';
import type { FieldProblem } from '../../people/person.js';
import { AS_TYPED, field } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { page } from './layout.js';

export interface DeleteSiteParts {
  readonly base: string;
  readonly nav: Html;
  readonly site: Site;
  readonly preview: DeletionPreview;
  readonly problem?: FieldProblem;
}

export function deleteSitePage({ base, nav, site, preview, problem }: DeleteSiteParts): Html {
  const { id, title } = site;
  return page({
    base,
    title: { en: `Delete ${title} – Hitherto`, de: `${title} löschen – Hitherto` },
    header: nav,
    main: html`<main class="narrow">
${{ en: html`<h1>Delete <bdi>${title}</bdi>?</h1>`, de: html`<h1><bdi>${title}</bdi> löschen?</h1>` }}
<p>${{
      en: 'Everything that was counted is deleted, and the id can never be used again. This cannot be undone.',
      de:
        'Alles, was gezählt wurde, wird gelöscht, und die Kennung kann nie wieder verwendet werden. Das lässt sich ' +
        'nicht rückgängig machen.',
    }}</p>
${goes(preview)}
${REMAINS}
<form class="card form" method="post" action="${base}/sites/${id}/delete">
  ${field(
    {
      name: 'id',
      label: { en: html`Type <code>${id}</code> to confirm`, de: html`Geben Sie zur Bestätigung <code>${id}</code> ein` },
      attributes: html`required ${AS_TYPED}`,
    },
    problem === undefined ? [] : [problem],
  )}
  <button class="danger">${{ en: 'Delete the site', de: 'Website löschen' }}</button>
  <a href="${base}/sites/${id}/settings">${{ en: 'Keep it', de: 'Behalten' }}</a>
</form>
</main>`,
  });
}

function goes(preview: DeletionPreview): Html {
  const { views, firstDay, lastDay, documents, bytes, segments, tokens, people, shareLinks, archives } = preview;
  const size = inNumbers(Math.ceil(bytes / 1024));
  const rows: readonly (false | readonly [Insertable, Insertable])[] = [
    [{ en: 'Page views', de: 'Seitenaufrufe' }, inNumbers(views)],
    firstDay !== '' && [
      { en: 'Days', de: 'Tage' },
      firstDay === lastDay
        ? asDay(firstDay)
        : { en: html`${asDay(firstDay)} to ${asDay(lastDay)}`, de: html`${asDay(firstDay)} bis ${asDay(lastDay)}` },
    ],
    [{ en: 'Documents', de: 'Dokumente' }, html`${inNumbers(documents)} (${size} KB)`],
    [
      { en: 'Journal', de: 'Journal' },
      segments === null
        ? { en: 'each node rewrites its own', de: 'jeder Knoten schreibt sein eigenes neu' }
        : {
            en: html`${inNumbers(segments)} ${segments === 1 ? 'segment or pack' : 'segments or packs'} to rewrite`,
            de: html`Segmente oder Pakete, die neu geschrieben werden: ${inNumbers(segments)}`,
          },
    ],
    tokens > 0 && [{ en: 'Tokens for this site alone', de: 'Token nur für diese Website' }, inNumbers(tokens)],
    people > 0 && [
      {
        en: 'People who lose access to it (their accounts remain)',
        de: 'Personen, die den Zugang verlieren (ihre Konten bleiben)',
      },
      inNumbers(people),
    ],
    shareLinks > 0 && [{ en: 'Share links', de: 'Freigabelinks' }, inNumbers(shareLinks)],
    [{ en: 'Archives', de: 'Archive' }, archives.length === 0 ? { en: 'none', de: 'keine' } : archives.join(', ')],
  ];
  return html`<section class="card counted"><h2>${{ en: 'What is deleted', de: 'Was gelöscht wird' }}</h2>
<dl>${rows.map((row) => row && html`<dt>${row[0]}</dt><dd>${row[1]}</dd>`)}</dl></section>`;
}

const REMAINS = html`<section class="card"><h2>${{ en: 'What remains', de: 'Was bleibt' }}</h2>
<ul>${[
  {
    en: 'Backups and other copies that were made earlier.',
    de: 'Sicherungen und andere Kopien, die früher angelegt wurden.',
  },
  {
    en: 'The record of this deletion, which prevents the data from being counted again.',
    de: 'Der Vermerk über diese Löschung. Er verhindert, dass die Daten noch einmal gezählt werden.',
  },
  {
    en: 'For two years, who changed the site and who deleted it.',
    de: 'Zwei Jahre lang, wer die Website geändert und wer sie gelöscht hat.',
  },
].map((text) => html`<li>${text}</li>`)}</ul></section>`;
