// How long pages were really read, and how far down: the page visible, and a sign of life in the half minute before.
// A ping tells what is new of its view, and counts at the hour and day of that view.
import { z } from 'zod';
import { VIEWS } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import { DEPTH_CLASSES, READING_CLASSES, type Reading } from '../../src/hit/observation.js';
import { ENGAGED_SECONDS_MAX } from '../../src/hit/reading.js';
import { dayIn, days, hourIn, hours, readDay } from '../days.js';
import { cappedMap, classes, declareKeys, sum } from '../keys.js';
import { report } from '../report.js';
import { cappedRows, paged, rowIn, rowSchema, totalRowsSchema } from '../rows.js';

const timeKeys = {
  /** Views of which a ping has come, so that their reading is known. Pages are ranked by them. */
  known: VIEWS,
  seconds: sum('s'),
};

/** The same keys for the document and for each page. */
const levelKeys = {
  ...timeKeys,
  /** The sum of the deepest points of all views, in per cent of the page. */
  depth: sum('y'),
  /** Views by the seconds for which they were read. */
  readFor: classes('b', READING_CLASSES),
  /** Views by their deepest points, in per cent of the page. */
  reached: classes('q', DEPTH_CLASSES),
};

const keys = declareKeys({
  ...levelKeys,
  pages: cappedMap('p', { rowsMax: 1000, row: levelKeys, subjectsOf: (path) => ({ page: [path] }) }),
  days: days({ ...timeKeys, hours: hours(timeKeys) }),
});

const reading = {
  known: z.int().min(0).describe('Views of which something is known: the script told of them when they were hidden or left.'),
  seconds: z.int().min(0).describe('Engaged seconds of all of these together.'),
  averageSeconds: z.number().nullable(),
  medianSeconds: z
    .object({
      estimate: z.number(),
      least: z.number().describe('The median is at least this …'),
      below: z.number().nullable().describe('… and less than this; null: no limit.'),
    })
    .nullable()
    .describe('Half of the known views were read for longer. Known by classes; the estimate is between the bounds of one.'),
  averageDepth: z.number().nullable().describe('The deepest point that was seen of a page, in per cent of it, on average.'),
  reached: z
    .array(z.object({ depth: z.int(), views: z.int().min(0) }))
    .describe('How many of the known views came at least so far down, in per cent of the page.'),
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
    z.object({ key: z.string(), known: reading.known, seconds: reading.seconds, averageSeconds: reading.averageSeconds }),
  ),
});
export type Answer = z.infer<typeof answer>;

export const engagement = report({
  name: 'engagement',
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
      days: view.days.map((key) => ({ key, ...timeOf(readDay(document, key)) })),
    };
  },

  answer,
});

function countTime({ first, seconds }: Reading, times: number, level: Counters): void {
  if (first) level.sum(timeKeys.known, times);
  if (seconds > 0) level.sum(timeKeys.seconds, seconds * times);
}

/** A view counts once in every class that it has reached, with the ping that tells so first. */
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

// Anyone may send later pings of views that never were. They make no view known, and what is known cannot be more
// than it can have.

function timeOf(level: Counters) {
  const known = level.get(timeKeys.known);
  const seconds = engagedSeconds(known, level.get(timeKeys.seconds));
  return { known, seconds, averageSeconds: average(seconds, known) };
}

/** Of all these views together. */
export function engagedSeconds(known: number, told: number): number {
  return Math.min(told, known * ENGAGED_SECONDS_MAX);
}

function averageDepth(level: Counters): number | null {
  const known = level.get(levelKeys.known);
  return average(Math.min(level.get(levelKeys.depth), known * 100), known);
}

/** Whoever came so far down came to all that is above. */
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

/** As if the views of a class were spread evenly in it. */
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
