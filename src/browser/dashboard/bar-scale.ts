// Where the bars of a chart stand, and which labels there is room for.
import type { ChartPoint } from './points.js';

/** The height of the bars' area. Values are at most as high as this. */
export const PLOT_HEIGHT_PX = 180;
/** The width of the numbers at the left. */
export const AXIS_WIDTH_PX = 52;
const LABEL_WIDTH_PX = 44;
const CHARACTER_WIDTH_PX = 7;
/** The least distance of two lines of the grid. */
const LINE_DISTANCE_PX = 30;
/** The part of its place that a bar fills, and how wide it is at most. */
const BAR_PART = 0.72;
const BAR_WIDTH_MAX_PX = 44;
const ROOM_ABOVE = 1.08;
/** So that a few views do not fill the chart. */
const TOP_MIN = 4;

/** The value at the upper edge: above the highest one. A rate's is a little more than 100 %. `isWhole`: of what is counted. */
export function topOf(points: readonly ChartPoint[], isWhole: boolean): number {
  const most = Math.max(0, ...points.flatMap(({ values: [value], before }) => [value ?? 0, before ?? 0]));
  return !isWhole && most > 0 && most <= 1 ? ROOM_ABOVE : Math.max(TOP_MIN, most * ROOM_ABOVE);
}

/** The values of the lines of the grid: multiples of 1, 2, 2.5 or 5 times a power of ten. */
export function gridOf(top: number): number[] {
  const least = (top * LINE_DISTANCE_PX) / PLOT_HEIGHT_PX;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 2.5, 5].find((factor) => factor * power >= least) ?? 10);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The width of a bar as a part of the width of all bars' area. */
export function barPart(count: number, widthPx: number): number {
  return Math.min(BAR_PART / Math.max(1, count), BAR_WIDTH_MAX_PX / Math.max(1, widthPx));
}

/** The indices of the points whose labels are shown: as many as there is room for. `widthPx`: of the bars' area. */
export function labelled(points: readonly ChartPoint[], widthPx: number): number[] {
  const all = points.map((_, index) => index).filter((index) => points[index]?.label !== '');
  const longest = Math.max(0, ...points.map(({ label }) => label.length));
  const labelPx = Math.max(LABEL_WIDTH_PX, longest * CHARACTER_WIDTH_PX + 12);
  const slotPx = Math.max(1, widthPx) / Math.max(1, points.length);
  const gap = (all.at(-1) ?? 0) - (all[0] ?? 0);
  const step = Math.max(1, Math.ceil((labelPx * Math.max(1, all.length - 1)) / Math.max(1, gap * slotPx)));
  // a label is in the middle of its bar, and would be cut off at the right edge
  const last = points.length - (labelPx / 2 - 8) / slotPx;
  return all.filter((point, index) => index % step === 0 && point + 0.5 <= last);
}
