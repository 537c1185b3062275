// Views and visitors as bars, one behind the other, with a tooltip; and the same as a table for screen readers.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { duration, number } from './format.js';
import type { ChartPoint } from './points.js';
import { CHART, UNKNOWN } from './texts.js';

const HEIGHT_PX = 220;
const LABEL_WIDTH_PX = 44;
const CHARACTER_WIDTH_PX = 7;
/** Of the numbers at the left. */
const AXIS_WIDTH_PX = 48;

interface Hovered {
  readonly index: number;
  /** The middle of the bar, in pixels from the left edge of the chart. */
  readonly middle: number;
}

export function Chart({ points, id }: { points: readonly ChartPoint[]; id?: string }) {
  const area = useRef<HTMLDivElement>(null);
  const plot = useRef<BarPlot | undefined>(undefined);
  const [hovered, setHovered] = useState<Hovered | undefined>(undefined);

  useLayoutEffect(() => {
    const made = createBarPlot(area.current as HTMLDivElement, setHovered);
    plot.current = made;
    return made.destroy;
  }, []);
  // points are made again at each refresh, but are seldom other ones
  useEffect(() => plot.current?.show(points), [JSON.stringify(points)]);

  const point = hovered && points[hovered.index];
  return (
    <div id={id} class="chart" aria-hidden="true">
      <div ref={area} />
      {point && <Tooltip point={point} middle={hovered.middle} />}
    </div>
  );
}

/** Above its bar, but never beyond the edges of the chart. */
function Tooltip({ point, middle }: { point: ChartPoint; middle: number }) {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const tooltip = root.current as HTMLDivElement;
    const width = (tooltip.parentElement as HTMLElement).clientWidth;
    const half = tooltip.offsetWidth / 2;
    tooltip.style.left = `${Math.min(Math.max(middle, half), width - half)}px`;
  });
  const { name, views, visitors, readSeconds, isToCome = false } = point;
  return (
    <div ref={root} class="tooltip">
      <strong>{name}</strong>
      {isToCome && <span>{CHART.toCome}</span>}
      {!isToCome && <span class="views">{CHART.viewCount(views, number(views))}</span>}
      {!isToCome && visitors !== undefined && <span class="visitors">{CHART.visitorCount(visitors, number(visitors))}</span>}
      {!isToCome && readSeconds !== undefined && <span>{CHART.readFor(duration(readSeconds))}</span>}
    </div>
  );
}

interface TableProps {
  readonly points: readonly ChartPoint[];
  readonly caption: string;
  readonly id?: string;
}

/** What the chart shows, without what is yet to come. */
export function ChartTable({ points, caption, id }: TableProps) {
  const rows = points.filter(({ isToCome }) => isToCome !== true);
  const hasVisitors = rows.some(({ visitors }) => visitors !== undefined);
  const hasReading = rows.some(({ readSeconds }) => readSeconds !== undefined);
  return (
    <div class="visually-hidden">
      <table id={id}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{CHART.when}</th>
            <th scope="col">{CHART.views}</th>
            {hasVisitors && <th scope="col">{CHART.visitors}</th>}
            {hasReading && <th scope="col">{CHART.readingTime}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, views, visitors, readSeconds }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{number(views)}</td>
              {hasVisitors && <td>{visitors === undefined ? UNKNOWN : number(visitors)}</td>}
              {hasReading && <td>{duration(readSeconds ?? null)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface BarPlot {
  show(points: readonly ChartPoint[]): void;
  destroy(): void;
}

/** A uPlot in a container that is in the document. It follows the container's width and the colours of the page. */
function createBarPlot(container: HTMLElement, hover: (hovered: Hovered | undefined) => void): BarPlot {
  let points: readonly ChartPoint[] = [];
  let plot: uPlot | undefined;

  const data = (): uPlot.AlignedData => [
    points.map((_, index) => index),
    points.map(({ views }) => views),
    points.map(({ visitors }) => visitors ?? null),
  ];
  const hoverOver = (chart: uPlot): void => {
    const { idx, left } = chart.cursor;
    const isOver = idx !== null && idx !== undefined && left !== undefined && left >= 0 && points[idx] !== undefined;
    hover(isOver ? { index: idx, middle: chart.valToPos(idx, 'x') + chart.over.offsetLeft } : undefined);
  };
  const draw = (): void => {
    plot?.destroy();
    const options = optionsOf(() => points);
    plot = new uPlot({ ...options, width: container.clientWidth, hooks: { setCursor: [hoverOver] } }, data(), container);
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
    show(next) {
      points = next;
      if (plot === undefined) draw();
      else plot.setData(data());
    },
    destroy() {
      resizing.disconnect();
      scheme.removeEventListener('change', draw);
      plot?.destroy();
    },
  };
}

function optionsOf(pointsNow: () => readonly ChartPoint[]): Omit<uPlot.Options, 'width'> {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const bars = (fill: string): uPlot.Series => ({
    fill,
    width: 0,
    points: { show: false },
    paths: (uPlot.paths.bars as uPlot.Series.BarsPathBuilderFactory)({ size: [0.72, 44], radius: 0.12 }),
  });
  const axis = { stroke: colour('muted'), font: '12px system-ui, sans-serif', ticks: { show: false } };
  return {
    height: HEIGHT_PX,
    padding: [12, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [-0.5, Math.max(pointsNow().length, 1) - 0.5] },
      y: { range: (_chart, _least, most) => [0, Math.max(4, (most ?? 0) * 1.08)] },
    },
    series: [{}, bars(colour('views')), bars(colour('visitors'))],
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
        values: (_chart, splits) => splits.map((value) => (Number.isInteger(value) ? compact.format(value) : '')),
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

const compact = new Intl.NumberFormat('en', { notation: 'compact' });
