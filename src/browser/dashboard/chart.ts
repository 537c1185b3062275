// Views and visitors as bars, one behind the other, with a tooltip; and the same as a table for those who do not see it.
import uPlot from 'uplot';
import { make, setText } from './dom.js';
import { duration, number } from './format.js';
import type { ChartPoint } from './points.js';

const HEIGHT = 220;
const LABEL_WIDTH = 44;

export interface Chart {
  /** `caption` is the table's. */
  show(points: readonly ChartPoint[], caption: string): void;
}

/** Needs its containers in the document. */
export function createChart(container: HTMLElement, table: HTMLTableElement): Chart {
  const tooltip = make('div', { class: 'tooltip', hidden: '' });
  let points: readonly ChartPoint[] = [];
  let shown = '';
  let plot: uPlot | undefined;

  const data = (): uPlot.AlignedData => [
    points.map((_, index) => index),
    points.map(({ views }) => views),
    points.map(({ visitors }) => visitors ?? null),
  ];

  const showTooltip = (chart: uPlot): void => {
    const { idx, left } = chart.cursor;
    const point = idx === null || idx === undefined || left === undefined || left < 0 ? undefined : points[idx];
    tooltip.hidden = point === undefined;
    if (point === undefined) return;
    const numbers = point.isToCome === true ? [make('span', {}, 'still to come')] : numbersOf(point);
    tooltip.replaceChildren(make('strong', {}, point.name), ...numbers);
    const middle = chart.valToPos(idx as number, 'x') + chart.over.offsetLeft;
    const half = tooltip.offsetWidth / 2;
    tooltip.style.left = `${Math.min(Math.max(middle, half), container.clientWidth - half)}px`;
  };

  const draw = (): void => {
    plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const bars = (fill: string): uPlot.Series => ({
      fill,
      width: 0,
      points: { show: false },
      paths: (uPlot.paths.bars as uPlot.Series.BarsPathBuilderFactory)({ size: [0.72, 44], radius: 0.12 }),
    });
    const axis = { stroke: colour('muted'), font: '12px system-ui, sans-serif', ticks: { show: false } };
    plot = new uPlot(
      {
        width: container.clientWidth,
        height: HEIGHT,
        padding: [12, 4, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: () => [-0.5, Math.max(points.length, 1) - 0.5] },
          y: { range: (_chart, _least, most) => [0, Math.max(4, (most ?? 0) * 1.08)] },
        },
        series: [{}, bars(colour('views')), bars(colour('visitors'))],
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 28,
            splits: (chart) => {
              const labelled = points.map((_, index) => index).filter((index) => points[index]?.label !== '');
              const step = Math.max(1, Math.ceil((labelled.length * LABEL_WIDTH) / Math.max(1, chart.width)));
              return labelled.filter((_, index) => index % step === 0);
            },
            values: (_chart, splits) => splits.map((index) => points[index]?.label ?? ''),
          },
          {
            ...axis,
            grid: { stroke: colour('line'), width: 1 },
            size: 48,
            values: (_chart, splits) => splits.map((value) => (Number.isInteger(value) ? compact.format(value) : '')),
          },
        ],
        hooks: { setCursor: [showTooltip] },
      },
      data(),
      container,
    );
    container.append(tooltip);
  };

  new ResizeObserver(() => {
    if (plot !== undefined && plot.width !== container.clientWidth)
      plot.setSize({ width: container.clientWidth, height: HEIGHT });
  }).observe(container);
  // the colours are drawn into a canvas, which does not follow the style sheet
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);

  return {
    show(next, caption) {
      const text = JSON.stringify([next, caption]);
      if (text === shown) return;
      shown = text;
      points = next;
      if (plot === undefined) draw();
      else plot.setData(data());
      fillTable(
        table,
        points.filter(({ isToCome }) => isToCome !== true),
        caption,
      );
    },
  };
}

const compact = new Intl.NumberFormat('en', { notation: 'compact' });

function numbersOf({ views, visitors, readSeconds }: ChartPoint): HTMLElement[] {
  const of = (count: number, name: string) =>
    make('span', { class: `${name}s` }, `${number(count)} ${name}${count === 1 ? '' : 's'}`);
  return [
    of(views, 'view'),
    ...(visitors === undefined ? [] : [of(visitors, 'visitor')]),
    ...(readSeconds === undefined ? [] : [make('span', {}, `read for ${duration(readSeconds)} on average`)]),
  ];
}

function fillTable(table: HTMLTableElement, points: readonly ChartPoint[], caption: string): void {
  const title = table.caption ?? table.createCaption();
  setText(title, caption);
  const hasVisitors = points.some(({ visitors }) => visitors !== undefined);
  const hasReading = points.some(({ readSeconds }) => readSeconds !== undefined);
  const names = ['When', 'Views', ...(hasVisitors ? ['Visitors'] : []), ...(hasReading ? ['Reading time'] : [])];
  const head = make('tr', {}, ...names.map((name) => make('th', { scope: 'col' }, name)));
  const rows = points.map(({ name, views, visitors, readSeconds }) => {
    const cells = [
      number(views),
      ...(hasVisitors ? [visitors === undefined ? '–' : number(visitors)] : []),
      ...(hasReading ? [duration(readSeconds ?? null)] : []),
    ];
    return make('tr', {}, make('th', { scope: 'row' }, name), ...cells.map((cell) => make('td', {}, cell)));
  });
  table.replaceChildren(title, make('thead', {}, head), make('tbody', {}, ...rows));
}
