// Visits by day and hour: their number, their bounces, their views and their duration.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import type { SumKey } from '../../src/counters/keys.js';
import type { Hit } from '../../src/hit/hit.js';
import { dayIn, days, hourIn, hours, readDay, readDaysTogether, readHour } from '../days.js';
import { declareKeys, sum } from '../keys.js';
import { daysListed, hoursListed, monthsListed } from '../listed.js';
import { report } from '../report.js';
import { RECORDED_VIEWS } from '../unique-visitors.js';

const levelKeys = {
  /** Visits by browsers with a record. Such a browser numbers the pages of a visit. */
  recorded: sum('b'),
  /** Those of them that continued to a second view, counted at the time of the first view. */
  continued: sum('c'),
  /** The time from one view to the next, counted at the time of the earlier view. */
  seconds: sum('l'),
  views: RECORDED_VIEWS,
  /** Views that came from another site by browsers without a record. Nothing else is known of their visits. */
  unrecorded: sum('w'),
};

/** The same keys for the document, its days and its hours. */
const keys = declareKeys({ ...levelKeys, days: days({ ...levelKeys, hours: hours(levelKeys) }) });

const numbers = {
  visits: z.int().min(0).describe('Visits that began here: `recorded`, and views without a record that came from another site.'),
  recorded: z
    .int()
    .min(0)
    .describe('Visits by browsers with a record, and imported visits. Everything below is about these, and exact.'),
  bounces: z.int().min(0).describe('Recorded visits with a single view so far. A visit that goes on is removed where it began.'),
  views: z.int().min(0).describe('Views in recorded visits, each where it happened.'),
  seconds: z
    .int()
    .min(0)
    .describe('Time from one view to the next of a visit, counted where the earlier view was. A bounce has 0 seconds.'),
};
const averages = {
  bounceRate: z.number().nullable().describe('`bounces` ÷ `recorded`; `null` if no visit is recorded.'),
  viewsPerVisit: z.number().nullable().describe('`views` ÷ `recorded`.'),
  secondsPerVisit: z.number().nullable().describe('`seconds` ÷ `recorded`.'),
};

export const answer = z.object({
  total: z.object({ ...numbers, ...averages }),
  rows: z.array(
    z.object({
      key: z.string().describe('The local day, `2026-11-20`.'),
      ...numbers,
      ...averages,
      hours: z.array(z.object({ key: z.string().describe('The local hour, `02` or `02+`.'), ...numbers })),
    }),
  ),
  months: z
    .array(z.object({ key: z.string().describe('The local month, `2026-11`.'), ...numbers, ...averages }))
    .optional()
    .describe('Only with `by=day` or `by=month`.'),
});
export type Answer = z.infer<typeof answer>;

export const visits = report({
  name: 'visits',
  summary: 'visits, bounces and durations by day and hour',
  about: `A view without a record begins a visit if it came from another site. A direct view might be the next one of the
same visit, so it begins none. Later views without a record, and visitors whose DNT or GPC is respected as
\`views-only\`, are in no visit.

A visit over midnight is one visit, on the day on which it began. Its views and seconds are in the days in which
they happened, so a day's \`viewsPerVisit\` includes some views of the evening before. An event or a ping
neither ends a visit nor keeps it open. Two tabs of a browser are one visit. How long the last page of a visit
was read is not in \`seconds\`: see *engagement*.

Imported days have visits where the export says enough about them ([import.md](import.md)). They count as
recorded, in no hour. Imported logs have the visits that came from another site.`,
  keys,

  count(hit, into) {
    if (hit.kind !== 'view') return;
    const visit = visitBegunBy(hit);
    if (visit === undefined && !hit.visitor.record) return;
    const day = dayIn(into, hit.at.day);
    for (const level of [into, day, hourIn(day, hit.at.hour)]) {
      if (visit !== undefined) level.sum(visit);
      if (hit.visitor.record) level.sum(keys.views);
    }
  },

  observe(observation, times, into) {
    if (observation.kind !== 'step' && observation.kind !== 'pauses') return;
    const pauses = observation.kind === 'step' ? 1 : observation.pauses;
    const day = dayIn(into, observation.day);
    for (const level of [into, day, hourIn(day, observation.hour)]) {
      level.sum(keys.seconds, observation.seconds * times);
      if (observation.afterEntry) level.sum(keys.continued, pauses * times);
    }
  },

  imported(row, into) {
    if (row.kind !== 'visits') return;
    for (const level of [into, dayIn(into, row.day)]) {
      level.sum(keys.recorded, row.visits);
      level.sum(keys.continued, Math.max(0, row.visits - row.bounces));
      level.sum(keys.views, row.views);
      level.sum(keys.seconds, row.seconds);
    }
  },

  report(document, view) {
    return {
      total: withAverages(document),
      rows: daysListed(view).map((key) => {
        const day = readDay(document, key);
        const inHours = hoursListed(view, key).map((hour) => ({ key: hour, ...numbersOf(readHour(day, hour)) }));
        return { key, ...withAverages(day), hours: inHours };
      }),
      ...monthsListed(view, (key, ofMonth) => ({ key, ...withAverages(readDaysTogether(document, ofMonth)) })),
    };
  },

  answer,
});

/** The key under which the visit is counted that this view begins; undefined if it begins none. */
function visitBegunBy({ visitor, referrer }: Hit): SumKey | undefined {
  if (visitor.record) return visitor.entry ? keys.recorded : undefined;
  return visitor.viewsOnly || referrer.host === '' ? undefined : keys.unrecorded;
}

/** What `numbersOf` needs of a level: also of several days, whose counters add up. */
type Level = Pick<Counters, 'get'>;

function numbersOf(level: Level) {
  const recorded = level.get(keys.recorded);
  return {
    visits: recorded + level.get(keys.unrecorded),
    recorded,
    bounces: Math.max(0, recorded - level.get(keys.continued)),
    views: level.get(keys.views),
    seconds: level.get(keys.seconds),
  };
}

function withAverages(level: Level) {
  const sums = numbersOf(level);
  const { recorded, bounces, views, seconds } = sums;
  const each = (sum: number) => (recorded === 0 ? null : Math.round((1000 * sum) / recorded) / 1000);
  return { ...sums, bounceRate: each(bounces), viewsPerVisit: each(views), secondsPerVisit: each(seconds) };
}
