// One number as bars, and what it was in the other range as a line: a uPlot.
import uPlot from 'uplot';
import { axisText } from './format.js';
import type { ChartPoint } from './points.js';

const HEIGHT_PX = 220;
const LABEL_WIDTH_PX = 44;
const CHARACTER_WIDTH_PX = 7;
/** The width of the numbers at the left. */
const AXIS_WIDTH_PX = 52;
/** The size of the flags of notes. */
const FLAG_PX = 9;
/** A shorter movement is a click. */
const DRAG_MIN_PX = 8;

export interface Hovered {
  readonly index: number;
  /** The middle of the bar, in pixels from the left edge of the chart. */
  readonly middle: number;
}

export interface PlotEvents {
  hover(hovered: Hovered | undefined): void;
  open(index: number): void;
  /** Both inclusive. */
  select(first: number, last: number): void;
}

export interface BarPlot {
  /** `text`: of the numbers at the axis. */
  show(points: readonly ChartPoint[], text: (value: number) => string): void;
  /** Moves the tooltip to a point. */
  point(index: number): void;
  /** Shows some points as selected; none: nothing is. */
  mark(first?: number, last?: number): void;
  destroy(): void;
}

/** It follows the container's width and the colours of the page. The container must be in the document. */
export function createBarPlot(container: HTMLElement, events: PlotEvents): BarPlot {
  let points: readonly ChartPoint[] = [];
  let text = axisText;
  let plot: uPlot | undefined;
  let pressedAt = 0;

  const data = (): uPlot.AlignedData => [
    points.map((_, index) => index),
    points.map(({ values }) => values[0] ?? null),
    points.map(({ before }) => before ?? null),
  ];
  const middleOf = (chart: uPlot, index: number): number => chart.valToPos(index, 'x') + chart.over.offsetLeft;
  const hoverOver = (chart: uPlot): void => {
    const { idx, left } = chart.cursor;
    const isOver = idx !== null && idx !== undefined && left !== undefined && left >= 0 && points[idx] !== undefined;
    events.hover(isOver ? { index: idx, middle: middleOf(chart, idx) } : undefined);
  };
  const clear = (chart: uPlot): void => chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  const selected = (chart: uPlot): void => {
    const { left, width } = chart.select;
    if (width < DRAG_MIN_PX) return;
    const [first, last] = [left, left + width].map((px) => Math.round(chart.posToVal(px, 'x')));
    clear(chart);
    events.select(Math.max(0, first as number), Math.min(points.length - 1, last as number));
  };
  const listenTo = (chart: uPlot): void => {
    chart.over.addEventListener('mousedown', ({ clientX }) => {
      pressedAt = clientX;
    });
    chart.over.addEventListener('click', ({ clientX }) => {
      const { idx } = chart.cursor;
      if (Math.abs(clientX - pressedAt) < DRAG_MIN_PX && typeof idx === 'number') events.open(idx);
    });
  };
  const draw = (): void => {
    plot?.destroy();
    const options = optionsOf(
      () => points,
      (value) => text(value),
    );
    const hooks = {
      setCursor: [hoverOver],
      setSelect: [selected],
      ready: [listenTo],
      draw: [(chart: uPlot) => markNotes(chart, points)],
    };
    plot = new uPlot({ ...options, width: container.clientWidth, hooks }, data(), container);
  };

  const resizing = new ResizeObserver(() => {
    if (plot === undefined || plot.width === container.clientWidth) return;
    plot.setSize({ width: container.clientWidth, height: HEIGHT_PX });
  });
  resizing.observe(container);
  // the colours are drawn into a canvas, which does not follow the style sheet
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', draw);

  return {
    show(next, textOf) {
      [points, text] = [next, textOf];
      if (plot === undefined) draw();
      else plot.setData(data());
    },
    point(index) {
      if (plot !== undefined) events.hover({ index, middle: middleOf(plot, index) });
    },
    mark(first, last) {
      if (plot === undefined) return;
      if (first === undefined || last === undefined) {
        clear(plot);
        return;
      }
      const left = plot.valToPos(Math.min(first, last) - 0.5, 'x');
      const width = plot.valToPos(Math.max(first, last) + 0.5, 'x') - left;
      plot.setSelect({ left, top: 0, width, height: plot.over.clientHeight }, false);
    },
    destroy() {
      resizing.disconnect();
      scheme.removeEventListener('change', draw);
      plot?.destroy();
    },
  };
}

/** A flag at the top of each bar with a note, and a line below it. */
function markNotes(chart: uPlot, points: readonly ChartPoint[]): void {
  const { ctx, bbox } = chart;
  const size = FLAG_PX * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--wrong');
  for (const [i, { notes }] of points.entries()) {
    if (notes === undefined) continue;
    const x = chart.valToPos(i, 'x', true);
    ctx.beginPath();
    ctx.setLineDash([size / 3, size / 3]);
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x, bbox.top - size);
    ctx.lineTo(x + size, bbox.top - size / 2);
    ctx.lineTo(x, bbox.top);
    ctx.fill();
  }
  ctx.restore();
}

function optionsOf(pointsNow: () => readonly ChartPoint[], text: (value: number) => string): Omit<uPlot.Options, 'width'> {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const bars: uPlot.Series = {
    fill: colour('chart'),
    width: 0,
    points: { show: false },
    paths: (uPlot.paths.bars as uPlot.Series.BarsPathBuilderFactory)({ size: [0.72, 44], radius: 0.12 }),
  };
  const before: uPlot.Series = { stroke: colour('text'), width: 1.5, dash: [4, 4], points: { show: false }, spanGaps: false };
  const axis = { stroke: colour('muted'), font: `12px ${getComputedStyle(document.body).fontFamily}`, ticks: { show: false } };
  return {
    height: HEIGHT_PX,
    padding: [12, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: DRAG_MIN_PX } },
    scales: {
      x: { time: false, range: () => [-0.5, Math.max(pointsNow().length, 1) - 0.5] },
      y: { range: (_chart, _least, most) => [0, (most ?? 0) > 0 && (most ?? 0) <= 1 ? 1.08 : Math.max(4, (most ?? 0) * 1.08)] },
    },
    series: [{}, bars, before],
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        splits: (chart) => labelled(pointsNow(), chart.width),
        values: (_chart, splits) => splits.map((index) => pointsNow()[index]?.label ?? ''),
      },
      {
        ...axis,
        grid: { stroke: colour('line'), width: 1 },
        size: AXIS_WIDTH_PX,
        values: (_chart, splits) => splits.map(text),
      },
    ],
  };
}

/** The indices of the points whose labels are shown: as many as there is room for. */
function labelled(points: readonly ChartPoint[], widthPx: number): number[] {
  const all = points.map((_, index) => index).filter((index) => points[index]?.label !== '');
  const longest = Math.max(0, ...points.map(({ label }) => label.length));
  const labelPx = Math.max(LABEL_WIDTH_PX, longest * CHARACTER_WIDTH_PX + 12);
  const slotPx = Math.max(1, widthPx - AXIS_WIDTH_PX) / Math.max(1, points.length);
  const gap = (all.at(-1) ?? 0) - (all[0] ?? 0);
  const step = Math.max(1, Math.ceil((labelPx * Math.max(1, all.length - 1)) / Math.max(1, gap * slotPx)));
  // a label is in the middle of its bar, and would be cut off at the right edge
  const last = points.length - (labelPx / 2 - 8) / slotPx;
  return all.filter((point, index) => index % step === 0 && point + 0.5 <= last);
}
