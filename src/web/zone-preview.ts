// What an owner reads before a change of the site's time zone: what it does, and when it does least.
import { z } from 'zod';
import type { Site } from '../hit/site.js';
import type { Sentence } from '../language/sentence.js';
import { averageHours, daysOfSameTime, quietestTimeText, sameTimeText } from '../operations/settings/quietest-time.js';
import { type Reports, ReportsUnavailable } from '../reporting/port.js';
import { resolvePeriod } from '../time/period.js';
import { DAY_MS } from '../time/units.js';
import { type ZoneChange, zoneChange, zoneChangeText } from '../time/zone-change.js';
import type { AppParts } from './parts.js';

/** What is read of the traffic report. */
const traffic = z.object({
  rows: z.array(
    z.object({ views: z.number(), hours: z.array(z.object({ key: z.string().regex(/^[0-2]\d\+?$/), views: z.number() })) }),
  ),
});

export interface PreviewParts extends Pick<AppParts, 'nowMs' | 'countedUntilMs' | 'logError'> {
  readonly reports: Pick<Reports, 'report'>;
}

/** The effect of a change to the zone `to` at this moment, and sentences about it. Never rejects. */
export async function zonePreview(
  parts: PreviewParts,
  site: Site,
  to: string,
): Promise<{ readonly change: ZoneChange; readonly text: readonly Sentence[] }> {
  const change = zoneChange(site.timezone, to, parts.nowMs());
  const advice = await zoneAdvice(parts, site, { to, minutes: change.minutes });
  return { change, text: [...zoneChangeText(site.timezone, to, change), ...advice] };
}

/** About the site's quietest hours, by its views of the last four weeks, and about days on which nothing changes. */
async function zoneAdvice(
  parts: PreviewParts,
  site: Site,
  { to, minutes }: { readonly to: string; readonly minutes: number },
): Promise<readonly Sentence[]> {
  if (minutes === 0) return [];
  const { timezone } = site;
  const same = daysOfSameTime(timezone, to, parts.nowMs());
  const advice = same === undefined ? [] : [sameTimeText(same)];
  const hours = await averageHoursOf(parts, site).catch((error: unknown) => {
    if (!(error instanceof ReportsUnavailable)) parts.logError?.(error);
    return undefined;
  });
  if (hours === undefined) return advice;
  return [quietestTimeText(hours, { timezone, hour: hourOfDay(timezone, parts.nowMs()), minutes }), ...advice];
}

async function averageHoursOf({ reports, nowMs, countedUntilMs }: PreviewParts, { id, timezone }: Site) {
  // without today, whose other hours are still to come
  const days = resolvePeriod('28d', undefined, timezone, nowMs() - DAY_MS);
  const text = await reports.report({
    ...{ report: 'traffic', site: id, timezone, ...days },
    ...{ limit: 1, search: '', page: '', asOfMs: countedUntilMs() },
  });
  const read = traffic.safeParse(JSON.parse(text));
  return read.success ? averageHours(read.data.rows) : undefined;
}

function hourOfDay(timezone: string, nowMs: number): number {
  const time = new Intl.DateTimeFormat('en', { timeZone: timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [hour = 0, minute = 0] = time.format(nowMs).split(':').map(Number);
  return hour + minute / 60;
}
