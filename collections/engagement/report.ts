// How long pages were really read, and how far down: the page visible, and a sign of life in the half minute before.
// A ping tells what is new of its view, and counts at the hour and day of that view.
import { z } from 'zod';
import { DETAIL, RANKING, row as rowOf } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import { DEPTH_CLASSES, READING_CLASSES, type Reading } from '../../src/hit/observation.js';
import { ENGAGED_SECONDS_MAX } from '../../src/hit/reading.js';
import { DAYS, dayNode } from '../people.js';
import { report } from '../report.js';
import { cappedRows, paged, rowSchema, totalRowsSchema } from '../rows.js';

const PAGES = 'p';
const HOURS = 'h';
/** Views of which a ping has come: those whose reading is known. Also what pages are ranked by. */
const KNOWN = RANKING;
const SECONDS = 's';
/** Each view's deepest point, in per cent of the page, all together. */
const DEPTH = 'y';
/** With 30: views that were read for at least 30 seconds. With 50: views that came half of the way down. */
const READ = `${DETAIL}b`;
const REACHED = `${DETAIL}q`;

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
  caps: { [PAGES]: 1000 },
  rowsOf: { [PAGES]: (path) => ({ page: [path] }) },

  observe(reading, times, into) {
    if (reading.kind !== 'reading') return;
    for (const level of [into, rowOf(into, PAGES, reading.path)]) {
      countTime(reading, times, level);
      countClasses(reading, times, level);
    }
    const day = dayNode(into, reading.day);
    countTime(reading, times, day);
    countTime(reading, times, day.at(HOURS).at(reading.hour));
  },

  report(document, view) {
    const { rows, totalRows } = paged({ rows: cappedRows(document.below(PAGES), view, { extra: readingOf }) }, view);
    return {
      total: readingOf(document),
      rows: rows.map(({ views, visitors, visitorsError, ...row }) => row),
      totalRows,
      days: view.days.map((key) => {
        const day = document.below(DAYS).below(key);
        return { key, ...timeOf(day) };
      }),
    };
  },

  answer,
});

function countTime({ first, seconds }: Reading, times: number, level: Counters): void {
  if (first) level.sum(KNOWN, times);
  if (seconds > 0) level.sum(SECONDS, seconds * times);
}

/** Each view is counted once in every class that it has come to, by whichever of its pings. */
function countClasses(reading: Reading, times: number, level: Counters): void {
  for (const bound of READING_CLASSES) {
    if (bound > reading.secondsClass) break;
    if (bound > reading.secondsClassBefore) level.sum(READ + bound, times);
  }
  if (reading.depth > 0) level.sum(DEPTH, reading.depth * times);
  for (const bound of DEPTH_CLASSES) {
    if (bound > reading.depthClassBefore && bound <= reading.depthClass) level.sum(REACHED + bound, times);
  }
}

function readingOf(level: Counters) {
  return { ...timeOf(level), medianSeconds: medianOf(level), averageDepth: averageDepth(level), reached: reachedIn(level) };
}

// Anyone may send later pings of views that never were. They make no view known, and what is known cannot be more
// than it can have.

function timeOf(level: Counters) {
  const known = level.get(KNOWN);
  const seconds = engagedSeconds(known, level.get(SECONDS));
  return { known, seconds, averageSeconds: average(seconds, known) };
}

/** Of all these views together. */
export function engagedSeconds(known: number, told: number): number {
  return Math.min(told, known * ENGAGED_SECONDS_MAX);
}

function averageDepth(level: Counters): number | null {
  const known = level.get(KNOWN);
  return average(Math.min(level.get(DEPTH), known * 100), known);
}

/** Whoever came so far down came to all that is above. */
function reachedIn(level: Counters): Array<{ depth: number; views: number }> {
  let views = level.get(KNOWN);
  return DEPTH_CLASSES.map((depth) => {
    views = Math.min(views, level.get(REACHED + depth));
    return { depth, views };
  });
}

function average(sum: number, known: number): number | null {
  return known === 0 ? null : Math.round((10 * sum) / known) / 10;
}

/** As if the views of a class were spread evenly in it. */
function medianOf(level: Counters): { estimate: number; least: number; below: number | null } | null {
  const known = level.get(KNOWN);
  if (known === 0) return null;
  const half = known / 2;
  let [least, views] = [0, known];
  for (const bound of READING_CLASSES) {
    const longer = Math.min(views, level.get(READ + bound));
    if (longer <= half) {
      const share = (views - half) / (views - longer);
      return { estimate: Math.round(10 * (least + share * (bound - least))) / 10, least, below: bound };
    }
    [least, views] = [bound, longer];
  }
  return { estimate: least, least, below: null };
}
