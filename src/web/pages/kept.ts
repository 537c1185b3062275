// What of a site is kept, since when, and what leaves next: said before it happens.
import { byReport, type Collection, grainsOf } from '../../../collections/collection.js';
import type { Site } from '../../hit/site.js';
import { createCalendar } from '../../time/calendar.js';
import { addDays } from '../../time/dates.js';
import { expiresOn, type Grain, keptSince, monthsKept } from '../../upkeep/keep.js';
import { type Html, html } from './html.js';

const GRAINS: readonly Grain[] = ['day', 'month', 'year'];

export function keptCard(
  site: Site,
  collections: readonly Pick<Collection, 'name' | 'part' | 'beside' | 'keep'>[],
  nowMs: number,
): Html {
  const today = createCalendar(site.timezone).localTime(nowMs).day;
  const rows = [...byReport(collections)].map(
    ([name, collection]) => html`<tr><th scope="row">${name}</th>
${GRAINS.map((grain) => html`<td>${keptText(collection, site, grain, today)}</td>`)}</tr>
`,
  );
  return html`<details class="card kept"><summary>What is kept</summary>
<div class="table"><table>
<tr><th scope="col">Report</th><th scope="col">Days</th><th scope="col">Months</th><th scope="col">Years</th></tr>
${rows}</table></div>
<p class="hint">Where days have left, reports are of whole months; where months have, of whole years. Logs that were imported late stay for as long from then; other imported history from before the site was made leaves earlier.
To change it: <code>hitherto site set ${site.id} --keep-days … --keep-months … --keep-years …</code></p>
</details>`;
}

function keptText(collection: Pick<Collection, 'keep'>, site: Site, grain: Grain, today: string): string {
  if (!grainsOf(collection).includes(grain)) return 'none';
  const months = monthsKept(collection, site, grain);
  const oldest = keptSince(grain, months, today);
  if (oldest === undefined) return 'always';
  const first = createCalendar(site.timezone).localTime(site.createdAtMs).day.slice(0, oldest.length);
  const leavesAfter = (period: string) => addDays(expiresOn(period, '', months) as string, -1);
  return first > oldest
    ? `${months} months: the first leaves after ${leavesAfter(first)}`
    : `${months} months: since ${oldest}, which leaves after ${leavesAfter(oldest)}`;
}
