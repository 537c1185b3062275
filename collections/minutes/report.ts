// Views and visitors of every five minutes, kept for two months, and the number of visitors who are here now.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import { type Part, part } from '../../src/counters/part.js';
import type { LocalTime } from '../../src/time/calendar.js';
import { dayIn, days, partOfDays, readDay } from '../days.js';
import { declareKeys, family, sum } from '../keys.js';
import { type ReportView, report } from '../report.js';

/** The keys of five minutes. */
const minuteKeys = {
  views: sum('v'),
  /** Browsers whose first view of these five minutes this was. */
  firsts: sum('u'),
  /** Those of them without a view in the five minutes before. */
  newlyHere: sum('n'),
};

/** Each day has a level for each hour, and an hour has a level for each five minutes: `02`, then `35`. */
const keys = declareKeys({ days: days({ hours: family('*') }) });

const MINUTES: readonly string[] = Array.from({ length: 12 }, (_, i) => String(i * 5).padStart(2, '0'));

export const answer = z.object({
  online: z
    .object({
      visitors: z
        .int()
        .min(0)
        .describe('Browsers with a record that viewed a page in these five minutes or the five before, each once.'),
      views: z.int().min(0).describe('Views in the same time, by browsers with and without a record.'),
    })
    .nullable()
    .describe('Who is here now, at `asOf`. `null` if the range does not contain that time; `period=now` always does.'),
  rows: z.array(
    z.object({
      key: z.string().describe('The local day, `2026-11-20`.'),
      minutes: z
        .array(
          z.object({
            key: z
              .string()
              .describe('The local time at which the five minutes begin, `02:35`; `02+:35` in the second pass of an hour.'),
            views: z.int().min(0).describe('Page views.'),
            visitors: z.int().min(0).describe('Browsers with a record whose first view of these five minutes this was.'),
          }),
        )
        .describe('All five minutes that the day had.'),
    }),
  ),
});
export type Answer = z.infer<typeof answer>;

export const minutes = report({
  name: 'minutes',
  summary: 'views and visitors of every five minutes, and who is here now',
  about: `Views and visitors are exact and kept for two months. A range has at most 100 days. Who is here now means:
within the last 5 to 10 minutes. Visitors without a record are not in \`online.visitors\`; their views are in
\`online.views\`.`,
  keys,
  isAboutNow: true,

  count({ kind, at }, into) {
    if (kind === 'view') minuteIn(into, at).sum(minuteKeys.views);
  },

  observe(observation, times, into) {
    if (observation.kind !== 'presence') return;
    const { firstOfFiveMinutes, newlyHere } = observation;
    if (firstOfFiveMinutes) minuteIn(into, observation).sum(minuteKeys.firsts, times);
    if (newlyHere) minuteIn(into, observation).sum(minuteKeys.newlyHere, times);
  },

  report(document, view) {
    return {
      online: onlineOf(document, view),
      rows: view.days.map((key) => {
        const day = readDay(document, key);
        const rowOf = (hour: string, minute: string) => {
          const counters = day.below(hour).below(minute);
          const [views, visitors] = [counters.get(minuteKeys.views), counters.get(minuteKeys.firsts)];
          return { key: `${hour}:${minute}`, views, visitors };
        };
        return { key, minutes: view.hoursOf(key).flatMap((hour) => MINUTES.map((minute) => rowOf(hour, minute))) };
      }),
    };
  },

  answer,
});

function minuteIn(into: Counters, { day, hour, minute }: LocalTime): Counters {
  return dayIn(into, day).at(hour).at(minute);
}

function readMinute(document: Counters, { day, hour, minute }: LocalTime): Counters {
  return readDay(document, day).below(hour).below(minute);
}

function onlineOf(document: Counters, { now, justBefore, days }: ReportView): Online | null {
  if (!days.includes(now.day) || !days.includes(justBefore.day)) return null;
  return onlineAt(document, now, justBefore);
}

export interface Online {
  readonly visitors: number;
  readonly views: number;
}

/** The part of a day's document that `onlineAt` reads. */
export function partOfOnline(...times: readonly LocalTime[]): Part {
  const hoursOf = (day: string) => new Map(times.filter((at) => at.day === day).map(({ hour }) => [hour, partOfHour(day, hour)]));
  const partOfHour = (day: string, hour: string) =>
    part(...times.filter((at) => at.day === day && at.hour === hour).map(({ minute }) => minute));
  return partOfDays(times.map(({ day }) => [day, hoursOf(day)]));
}

/** Who is here now. `document`: merged of the days of both times. `justBefore`: five minutes before `now`. */
export function onlineAt(document: Counters, now: LocalTime, justBefore: LocalTime): Online {
  const [current, before] = [readMinute(document, now), readMinute(document, justBefore)];
  return {
    visitors: before.get(minuteKeys.firsts) + current.get(minuteKeys.newlyHere),
    views: before.get(minuteKeys.views) + current.get(minuteKeys.views),
  };
}
