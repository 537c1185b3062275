// How long and how far down pages were read. A ping reports what is new about its view, and is counted in the hour and day of
// that view.
import { z } from 'zod';
import { VIEWS } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import { DEPTH_CLASSES, READING_CLASSES, type Reading } from '../../src/hit/observation.js';
import { ENGAGED_SECONDS_MAX } from '../../src/hit/reading.js';
import { dayIn, days, hourIn, hours, readDay, readDaysTogether, readHour } from '../days.js';
import { cappedMap, classes, declareKeys, sum } from '../keys.js';
import { daysListed, monthsListed } from '../listed.js';
import { report } from '../report.js';
import { cappedRows, paged, rowIn, rowSchema, totalRowsSchema } from '../rows.js';

const timeKeys = {
  /** Views with at least one ping, so that their reading is known. Pages are ranked by them. */
  known: VIEWS,
  seconds: sum('s'),
};

/** The same keys for the document and for each page. */
const levelKeys = {
  ...timeKeys,
  /** The sum of the deepest points of all views, in percent of the page. */
  depth: sum('y'),
  /** Views by the seconds for which they were read. */
  readFor: classes('b', READING_CLASSES),
  /** Views by their deepest points, in percent of the page. */
  reached: classes('q', DEPTH_CLASSES),
};

const keys = declareKeys({
  ...levelKeys,
  pages: cappedMap('p', { rowsMax: 1000, row: levelKeys, subjectsOf: (path) => ({ page: [path] }) }),
  days: days({ ...timeKeys, hours: hours(timeKeys) }),
});

const reading = {
  known: z.int().min(0).describe('Views with at least one ping. All averages are over these.'),
  seconds: z.int().min(0).describe('Engaged seconds of all known views together.'),
  averageSeconds: z.number().nullable().describe('`seconds` ÷ `known`, to a tenth; `null` if no view is known.'),
  medianSeconds: z
    .object({
      estimate: z.number().describe('The estimate, as if the views of the class were spread evenly over it.'),
      least: z.number().describe('The lower bound of the class that contains the median. It is exact.'),
      below: z.number().nullable().describe('The upper bound of that class; `null`: there is none.'),
    })
    .nullable()
    .describe(
      `Half of the known views were read for longer. Known by classes, which begin at 0, ${READING_CLASSES.join(', ')} seconds.`,
    ),
  averageDepth: z
    .number()
    .nullable()
    .describe(
      'The average of the deepest points that were seen, in percent of the page. For a page that fits the window it is 100.',
    ),
  reached: z
    .array(
      z.object({
        depth: z.int().describe('In percent of the page.'),
        views: z.int().min(0).describe('Known views that reached at least this depth.'),
      }),
    )
    .describe('The depths that the known views reached.'),
};

export const answer = z.object({
  total: z.object(reading),
  rows: z.array(
    rowSchema.pick({ key: true, error: true }).extend({
      key: z.string().describe('The path.'),
      ...reading,
    }),
  ),
  totalRows: totalRowsSchema('rows'),
  days: z.array(
    z.object({
      key: z.string().describe('The local day, `2026-11-20`.'),
      known: reading.known,
      seconds: reading.seconds,
      averageSeconds: reading.averageSeconds,
      hours: z
        .array(
          z.object({
            key: z.string().describe('The local hour, `02` or `02+`.'),
            known: reading.known,
            seconds: reading.seconds,
            averageSeconds: reading.averageSeconds,
          }),
        )
        .optional()
        .describe('Only with `by=hour`.'),
    }),
  ),
  months: z
    .array(
      z.object({
        key: z.string().describe('The local month, `2026-11`.'),
        known: reading.known,
        seconds: reading.seconds,
        averageSeconds: reading.averageSeconds,
      }),
    )
    .optional()
    .describe('Only with `by=day` or `by=month`.'),
});
export type Answer = z.infer<typeof answer>;

export const engagement = report({
  name: 'engagement',
  summary: 'how long and how far down pages were read: in all, by page and by day',
  about: `A second counts while the page is visible and there was a sign of life (scrolling, a key, the pointer) in the
half minute before. Loading or showing a page is such a sign too, so a page that nobody touches counts up to 30
seconds. The script sends a ping when the page is hidden or left, perhaps several for one view. A view is
counted once, on the day of the view.

Sums and averages are exact for what was sent: at most half an hour in each ping after the first one of a view.
The \`error\` of a row is about \`known\`. The median of an even number of views is the lower of the two in the
middle. Depth is that of the lower edge of the window.

Views without a ping are not counted: the browser has no JavaScript, or ended before it could send one. Pings
more than 24 hours after their view are not counted either (\`stale-ping\`). A page that was opened in a tab and
never looked at is known, with 0 seconds. Visitors whose DNT or GPC is respected are counted, except with \`views-only\`.

Anyone can send numbers. Pings of views that never happened cannot make a number larger than the known views can
have: an hour (3,600 seconds) and 100 % each, and no more views at one depth than at the depth above it. Nor can
they count for a time before the site was created.`,
  keys,

  observe(reading, times, into) {
    if (reading.kind !== 'reading') return;
    for (const level of [into, rowIn(into, keys.pages, reading.path)]) {
      countTime(reading, times, level);
      countClasses(reading, times, level);
    }
    const day = dayIn(into, reading.day);
    countTime(reading, times, day);
    countTime(reading, times, hourIn(day, reading.hour));
  },

  report(document, view) {
    const { rows, totalRows } = paged({ rows: cappedRows(document, keys.pages, view, { extra: readingOf }) }, view);
    return {
      total: readingOf(document),
      rows: rows.map(({ views, visitors, visitorsError, ...row }) => row),
      totalRows,
      days: daysListed(view).map((key) => {
        const day = readDay(document, key);
        if (view.by !== 'hour') return { key, ...timeOf(day) };
        return { key, ...timeOf(day), hours: view.hoursOf(key).map((hour) => ({ key: hour, ...timeOf(readHour(day, hour)) })) };
      }),
      ...monthsListed(view, (key, ofMonth) => ({ key, ...timeOf(readDaysTogether(document, ofMonth)) })),
    };
  },

  answer,
});

function countTime({ first, seconds }: Reading, times: number, level: Counters): void {
  if (first) level.sum(timeKeys.known, times);
  if (seconds > 0) level.sum(timeKeys.seconds, seconds * times);
}

/** A view is counted once in every class that it has reached, with the first ping that reports it. */
function countClasses(reading: Reading, times: number, level: Counters): void {
  for (const { bound, key } of levelKeys.readFor.list) {
    if (bound > reading.secondsClass) break;
    if (bound > reading.secondsClassBefore) level.sum(key, times);
  }
  if (reading.depth > 0) level.sum(levelKeys.depth, reading.depth * times);
  for (const { bound, key } of levelKeys.reached.list) {
    if (bound > reading.depthClass) break;
    if (bound > reading.depthClassBefore) level.sum(key, times);
  }
}

function readingOf(level: Counters) {
  return { ...timeOf(level), medianSeconds: medianOf(level), averageDepth: averageDepth(level), reached: reachedIn(level) };
}

// Anyone may forge later pings of views that never happened. Such pings do not increase `known`, and all seconds together are
// limited to the maximum for each known view.

function timeOf(level: Pick<Counters, 'get'>) {
  const known = level.get(timeKeys.known);
  const seconds = engagedSeconds(known, level.get(timeKeys.seconds));
  return { known, seconds, averageSeconds: average(seconds, known) };
}

/** The engaged seconds of all known views together, limited to what that many views can have. */
export function engagedSeconds(known: number, reported: number): number {
  return Math.min(reported, known * ENGAGED_SECONDS_MAX);
}

function averageDepth(level: Counters): number | null {
  const known = level.get(levelKeys.known);
  return average(Math.min(level.get(levelKeys.depth), known * 100), known);
}

/** A view that reached a depth has reached all depths above it. */
function reachedIn(level: Counters): Array<{ depth: number; views: number }> {
  let views = level.get(levelKeys.known);
  return levelKeys.reached.list.map(({ bound, key }) => {
    views = Math.min(views, level.get(key));
    return { depth: bound, views };
  });
}

function average(sum: number, known: number): number | null {
  return known === 0 ? null : Math.round((10 * sum) / known) / 10;
}

/** Estimates the median as if the views of its class were spread evenly over the class. */
function medianOf(level: Counters): { estimate: number; least: number; below: number | null } | null {
  const known = level.get(levelKeys.known);
  if (known === 0) return null;
  const half = known / 2;
  let [least, views] = [0, known];
  for (const { bound, key } of levelKeys.readFor.list) {
    const longer = Math.min(views, level.get(key));
    if (longer <= half) {
      const share = (views - half) / (views - longer);
      return { estimate: Math.round(10 * (least + share * (bound - least))) / 10, least, below: bound };
    }
    [least, views] = [bound, longer];
  }
  return { estimate: least, least, below: null };
}
