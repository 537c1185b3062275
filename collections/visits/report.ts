// Visits by day and hour: how many, how many of them ended with their first view, how long they went on.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import type { Hit } from '../../src/hit/hit.js';
import { DAYS, dayNode, HOURS, VIEWS_WITH_RECORD } from '../people.js';
import { report } from '../report.js';

// Beside those of traffic, visitors and refusals:
/** By browsers with a record, which number the pages of a visit. */
const VISITS = 'b';
/** Of these, those that went on to a second view: counted where the first one was. */
const CONTINUED = 'c';
/** Between one view and the next, in seconds: counted where the one was. */
const SECONDS = 'l';
/** Of browsers without a record nothing is known but whether a view came from another site. */
const UNRECORDED = 'w';

const numbers = {
  visits: z
    .int()
    .min(0)
    .describe(
      'Begun here. A visit ends with half an hour without a view; without a record, each view that came from another site is one.',
    ),
  recorded: z
    .int()
    .min(0)
    .describe('Of these, visits by browsers with a record, and imported ones: the following are about them.'),
  bounces: z.int().min(0).describe('Visits of one view, as far as they have come.'),
  views: z.int().min(0).describe('Views in visits.'),
  seconds: z.int().min(0).describe('From the first to the last view of each visit, all together.'),
};
const averages = {
  bounceRate: z.number().nullable().describe('`bounces` / `recorded`; null where there are none.'),
  viewsPerVisit: z.number().nullable().describe('`views` / `recorded`.'),
  secondsPerVisit: z.number().nullable().describe('`seconds` / `recorded`; a bounce takes 0 seconds.'),
};

export const answer = z.object({
  total: z.object({ ...numbers, ...averages }),
  rows: z.array(
    z.object({
      key: z.string().describe('The local day, 2026-11-20.'),
      ...numbers,
      ...averages,
      hours: z.array(z.object({ key: z.string().describe('The local hour, 02 or 02+.'), ...numbers })),
    }),
  ),
});
export type Answer = z.infer<typeof answer>;

export const visits = report({
  name: 'visits',

  count(hit, into) {
    if (hit.kind !== 'view') return;
    const counter = whatBegins(hit);
    if (counter === undefined && !hit.visitor.record) return;
    const day = dayNode(into, hit.at.day);
    for (const level of [into, day, day.at(HOURS).at(hit.at.hour)]) {
      if (counter !== undefined) level.sum(counter);
      if (hit.visitor.record) level.sum(VIEWS_WITH_RECORD);
    }
  },

  observe(observation, times, into) {
    if (observation.kind !== 'step' && observation.kind !== 'pauses') return;
    const pauses = observation.kind === 'step' ? 1 : observation.pauses;
    const day = dayNode(into, observation.day);
    for (const level of [into, day, day.at(HOURS).at(observation.hour)]) {
      level.sum(SECONDS, observation.seconds * times);
      if (observation.afterEntry) level.sum(CONTINUED, pauses * times);
    }
  },

  imported(row, into) {
    if (row.kind !== 'visits') return;
    for (const level of [into, dayNode(into, row.day)]) {
      level.sum(VISITS, row.visits);
      level.sum(CONTINUED, Math.max(0, row.visits - row.bounces));
      level.sum(VIEWS_WITH_RECORD, row.views);
      level.sum(SECONDS, row.seconds);
    }
  },

  report(document, view) {
    return {
      total: withAverages(document),
      rows: view.days.map((key) => {
        const day = document.below(DAYS).below(key);
        const hours = view.hoursOf(key).map((hour) => ({ key: hour, ...numbersOf(day.below(HOURS).below(hour)) }));
        return { key, ...withAverages(day), hours };
      }),
    };
  },

  answer,
});

function whatBegins({ visitor, referrer }: Hit): string | undefined {
  if (visitor.record) return visitor.entry ? VISITS : undefined;
  return visitor.viewsOnly || referrer.host === '' ? undefined : UNRECORDED;
}

function numbersOf(level: Counters) {
  const recorded = level.get(VISITS);
  return {
    visits: recorded + level.get(UNRECORDED),
    recorded,
    bounces: Math.max(0, recorded - level.get(CONTINUED)),
    views: level.get(VIEWS_WITH_RECORD),
    seconds: level.get(SECONDS),
  };
}

function withAverages(level: Counters) {
  const sums = numbersOf(level);
  const { recorded, bounces, views, seconds } = sums;
  const each = (sum: number) => (recorded === 0 ? null : Math.round((1000 * sum) / recorded) / 1000);
  return { ...sums, bounceRate: each(bounces), viewsPerVisit: each(views), secondsPerVisit: each(seconds) };
}
