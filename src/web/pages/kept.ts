// The card that says how long a site's data is kept, since when, and which period is removed next.
import { grainsOf, type KindOutline, kindsByReport } from '../../../collections/document-kind.js';
import type { Site } from '../../hit/site.js';
import { createCalendar } from '../../time/calendar.js';
import { addDays } from '../../time/dates.js';
import { expiresOn, type Grain, keptSince, monthsKept } from '../../upkeep/keep.js';
import { type Html, html } from './html.js';

const GRAINS: readonly Grain[] = ['day', 'month', 'year'];

/** `change`: where these settings are changed. */
export function keptCard(site: Site, kinds: readonly KindOutline[], nowMs: number, change: Html): Html {
  const today = createCalendar(site.timezone).localTime(nowMs).day;
  const rows = [...kindsByReport(kinds)].map(
    ([name, kind]) => html`<tr><th scope="row">${name}</th>
${GRAINS.map((grain) => html`<td>${keptText(kind, site, grain, today)}</td>`)}</tr>
`,
  );
  return html`<details class="card kept"><summary>What is kept</summary>
<div class="table" tabindex="0" role="group" aria-label="What is kept"><table>
<tr><th scope="col">Report</th><th scope="col">Days</th><th scope="col">Months</th><th scope="col">Years</th></tr>
${rows}</table></div>
<p class="hint">Once its days are removed, a month is reported as a whole; once its months are removed, a year is.
Late imports of logs are kept for as long, counted from the import. Other imported data from before the site was created is
removed earlier. ${change}</p>
</details>`;
}

function keptText(collection: Pick<KindOutline, 'keep'>, site: Site, grain: Grain, today: string): string {
  if (!grainsOf(collection).includes(grain)) return 'none';
  const months = monthsKept(collection, site, grain);
  const oldest = keptSince(grain, months, today);
  if (oldest === undefined) return 'always';
  const first = createCalendar(site.timezone).localTime(site.createdAtMs).day.slice(0, oldest.length);
  const lastDay = (period: string) => addDays(expiresOn(period, '', months) as string, -1);
  return first > oldest
    ? `${months} months; ${first} is removed after ${lastDay(first)}`
    : `${months} months, since ${oldest}, which is removed after ${lastDay(oldest)}`;
}
