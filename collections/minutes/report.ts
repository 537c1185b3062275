// Views and visitors by five minutes, for a while; and who is here now.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import type { LocalTime } from '../../src/time/calendar.js';
import { DAYS, dayNode } from '../people.js';
import { type ReportView, report } from '../report.js';

const VIEWS = 'v';
/** Browsers whose first view of these five minutes it was. */
const FIRSTS = 'u';
/** Of these, those that had no view in the five minutes before either. */
const NEWLY_HERE = 'n';

const MINUTES: readonly string[] = Array.from({ length: 12 }, (_, i) => String(i * 5).padStart(2, '0'));

export const answer = z.object({
  online: z
    .object({
      visitors: z
        .int()
        .min(0)
        .describe('Browsers with a record that have viewed a page in these five minutes or the five before.'),
      views: z.int().min(0).describe('Views in the same time.'),
    })
    .nullable()
    .describe('At `asOf`; null where the range does not hold that moment and the five minutes before. `period=now` always does.'),
  rows: z.array(
    z.object({
      key: z.string().describe('The local day, 2026-11-20.'),
      minutes: z
        .array(
          z.object({
            key: z
              .string()
              .describe('The local time at which the five minutes begin, 02:35; 02+:35 in the second pass of an hour.'),
            views: z.int().min(0),
            visitors: z.int().min(0).describe('Browsers whose record says that this was their first view of these five minutes.'),
          }),
        )
        .describe('Every five minutes that the day had, counted or not.'),
    }),
  ),
});
export type Answer = z.infer<typeof answer>;

export const minutes = report({
  name: 'minutes',

  count({ kind, at }, into) {
    if (kind === 'view') nodeOf(into, at).sum(VIEWS);
  },

  observe(observation, times, into) {
    if (observation.kind !== 'presence') return;
    const { firstOfFiveMinutes, newlyHere } = observation;
    if (firstOfFiveMinutes) nodeOf(into, observation).sum(FIRSTS, times);
    if (newlyHere) nodeOf(into, observation).sum(NEWLY_HERE, times);
  },

  report(document, view) {
    return {
      online: onlineOf(document, view),
      rows: view.days.map((key) => {
        const day = document.below(DAYS).below(key);
        const rowOf = (hour: string, minute: string) => {
          const node = day.below(hour).below(minute);
          return { key: `${hour}:${minute}`, views: node.get(VIEWS), visitors: node.get(FIRSTS) };
        };
        return { key, minutes: view.hoursOf(key).flatMap((hour) => MINUTES.map((minute) => rowOf(hour, minute))) };
      }),
    };
  },

  answer,
});

function nodeOf(into: Counters, { day, hour, minute }: LocalTime): Counters {
  return dayNode(into, day).at(hour).at(minute);
}

function onlineOf(document: Counters, { now, justBefore, days }: ReportView): { visitors: number; views: number } | null {
  if (!days.includes(now.day) || !days.includes(justBefore.day)) return null;
  const [current, before] = [now, justBefore].map(({ day, hour, minute }) =>
    document.below(DAYS).below(day).below(hour).below(minute),
  ) as [Counters, Counters];
  return {
    visitors: before.get(FIRSTS) + current.get(NEWLY_HERE),
    views: before.get(VIEWS) + current.get(VIEWS),
  };
}
