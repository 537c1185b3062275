// The card that says how long a site's data is kept, and what the oldest of it is.
import { grainsOf, type KindOutline, kindsByReport } from '../../../collections/document-kind.js';
import type { Site } from '../../hit/site.js';
import { asDay, asPeriod } from '../../language/formats.js';
import { createCalendar } from '../../time/calendar.js';
import { addDays } from '../../time/dates.js';
import { expiresOn, type Grain, keptSince, monthsKept } from '../../upkeep/keep.js';
import { type Html, html, type Insertable } from './html.js';
import { reportText } from './report-names.js';

const GRAINS: readonly Grain[] = ['day', 'month', 'year'];

const COLUMNS = [
  { en: 'Report', de: 'Bericht' },
  { en: 'Days', de: 'Tage' },
  { en: 'Months', de: 'Monate' },
  { en: 'Years', de: 'Jahre' },
];

/** `change`: where these settings are changed. */
export function keptCard(site: Site, kinds: readonly KindOutline[], nowMs: number, change: Insertable): Html {
  const today = createCalendar(site.timezone).localTime(nowMs).day;
  const rows = keptAlike(site, kinds).map(
    ({
      kind,
      names,
    }) => html`<tr><th scope="row">${names.map((name, i) => html`${i > 0 && html`<br>`}${reportText(name, name)}`)}</th>
${GRAINS.map((grain) => html`<td>${keptText(kind, site, grain, today)}</td>`)}</tr>
`,
  );
  return html`<details class="card kept"><summary>${{ en: 'What is kept', de: 'Was gespeichert bleibt' }}</summary>
<div class="table" tabindex="0" role="group" aria-label="${{ en: 'What is kept', de: 'Was gespeichert bleibt' }}"><table>
<tr>${COLUMNS.map((column) => html`<th scope="col">${column}</th>`)}</tr>
${rows}</table></div>
<p class="hint">${{
    en: 'Once its days are removed, a month is reported as a whole; once its months are removed, a year is.',
    de: 'Sind seine Tage entfernt, wird ein Monat als Ganzes gezeigt; sind seine Monate entfernt, ein Jahr.',
  }} ${change}</p>
</details>`;
}

/** The names of reports that are kept for the same time, and the kind of one of them. */
function keptAlike(site: Site, kinds: readonly KindOutline[]): Array<{ readonly kind: KindOutline; readonly names: string[] }> {
  const groups = new Map<string, { readonly kind: KindOutline; readonly names: string[] }>();
  for (const [name, kind] of kindsByReport(kinds)) {
    const key = GRAINS.map((grain) => grainsOf(kind).includes(grain) && monthsKept(kind, site, grain)).join();
    const group = groups.get(key) ?? { kind, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function keptText(collection: Pick<KindOutline, 'keep'>, site: Site, grain: Grain, today: string): Insertable {
  if (!grainsOf(collection).includes(grain)) return { en: 'none', de: 'keine' };
  const months = monthsKept(collection, site, grain);
  const oldest = keptSince(grain, months, today);
  if (oldest === undefined) return { en: 'always', de: 'immer' };
  const first = createCalendar(site.timezone).localTime(site.createdAtMs).day.slice(0, oldest.length);
  const lastDay = (period: string) => addDays(expiresOn(period, '', months) as string, -1);
  return first > oldest
    ? {
        en: html`${months} months; ${asPeriod(first)} is removed after ${asDay(lastDay(first))}`,
        de: html`${months} Monate; ${asPeriod(first)} wird nach dem ${asDay(lastDay(first))} entfernt`,
      }
    : {
        en: html`${months} months; the oldest is now ${asPeriod(oldest)}`,
        de: html`${months} Monate; der älteste Zeitraum ist jetzt ${asPeriod(oldest)}`,
      };
}
