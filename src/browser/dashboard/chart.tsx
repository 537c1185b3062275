// A chart of one number, with a tooltip and keys; and the same as a table for screen readers.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { BarPlot, type Marked, middleOf, type PlotEvents } from './bar-plot.js';
import { AXIS_WIDTH_PX } from './bar-scale.js';
import { partChanged } from './change.js';
import { change } from './format.js';
import type { ChartPoint } from './points.js';
import { CHART } from './texts.js';

/** One of the values of each point. The first is drawn. */
export interface Series {
  readonly name: string;
  /** In the tooltip and the table. */
  text(value: number | null): string;
  /** At the axis. */
  axis(value: number): string;
  /** There are no parts of one, such as of a view. */
  readonly isWhole: boolean;
}

interface Props {
  readonly points: readonly ChartPoint[];
  readonly series: readonly [Series, ...Series[]];
  readonly id?: string;
  /** Absent: bars cannot be opened. */
  readonly open?: (point: ChartPoint) => void;
  readonly zoom?: (first: ChartPoint, last: ChartPoint) => void;
}

/** Until it is known, as on the server: that of a phone, so that labels never overlap. */
const WIDTH_AT_FIRST_PX = 260;

export function Chart({ points, series, id, open, zoom }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(WIDTH_AT_FIRST_PX);
  const [hovered, hover] = useState<number | undefined>(undefined);
  const [marked, mark] = useState<Marked | undefined>(undefined);
  const select = (first: number, last: number): void => {
    const [from, to] = [points[Math.min(first, last)], points[Math.max(first, last)]];
    if (from === undefined || to === undefined) return;
    if (from === to) open?.(from);
    else zoom?.(from, to);
  };
  const anchor = useRef<number | undefined>(undefined);
  const onKey = useKeys({ anchor, count: points.length, hovered, hover, mark, select });

  useLayoutEffect(() => {
    const { current } = area;
    if (current === null) return;
    const measure = (): void => setWidth((current.lastElementChild as Element).clientWidth);
    measure();
    const resizing = new ResizeObserver(measure);
    resizing.observe(current);
    return () => resizing.disconnect();
  }, []);

  const point = hovered === undefined ? undefined : points[hovered];
  return (
    <div id={id} class={open === undefined ? 'chart' : 'chart opens'}>
      {/* biome-ignore lint/a11y/useSemanticElements: it is no fieldset */}
      <div
        ref={area}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move along the bars
        tabIndex={0}
        aria-label={CHART.keys}
        onKeyDown={onKey}
        onBlur={() => {
          hover(undefined);
          mark(undefined);
          anchor.current = undefined;
        }}
      >
        <BarPlot
          {...{ points, text: series[0].axis, isWhole: series[0].isWhole, widthPx: width }}
          {...{ hovered: point && hovered, marked, hover, mark, select }}
        />
      </div>
      <div role="status">
        {point && (
          <Tooltip point={point} series={series} middle={AXIS_WIDTH_PX + middleOf(hovered ?? 0, points.length) * width} />
        )}
      </div>
    </div>
  );
}

interface Keys extends PlotEvents {
  /** Where the selection by keys began. */
  readonly anchor: { current: number | undefined };
  readonly count: number;
  readonly hovered: number | undefined;
}

/** Arrows move along the bars, with Shift they select several, and Enter opens a bar or zooms to the selected ones. */
function useKeys({ anchor, count, hovered, hover, mark, select }: Keys): (event: KeyboardEvent) => void {
  const moves: Readonly<Record<string, (at: number) => number>> = {
    ArrowLeft: (at) => at - 1,
    ArrowRight: (at) => at + 1,
    Home: () => 0,
    End: () => count - 1,
  };
  return (event) => {
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey) return;
    if (key === 'Enter' && hovered !== undefined) {
      event.preventDefault();
      mark(undefined);
      select(anchor.current ?? hovered, hovered);
      anchor.current = undefined;
    }
    const move = moves[key];
    if (move === undefined || count === 0) return;
    event.preventDefault();
    const next = hovered === undefined ? count - 1 : Math.min(count - 1, Math.max(0, move(hovered)));
    anchor.current = shiftKey ? (anchor.current ?? hovered ?? next) : undefined;
    mark(anchor.current === undefined ? undefined : [anchor.current, next]);
    hover(next);
  };
}

interface TooltipProps {
  readonly point: ChartPoint;
  readonly series: readonly Series[];
  readonly middle: number;
}

/** Above its bar, but never beyond the edges of the chart. */
function Tooltip({ point, series, middle }: TooltipProps) {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const tooltip = root.current as HTMLDivElement;
    const width = (tooltip.closest('.chart') as HTMLElement).clientWidth;
    const half = tooltip.offsetWidth / 2;
    tooltip.style.left = `${Math.min(Math.max(middle, half), width - half)}px`;
  });
  const { values, before, beforeName, isToCome = false, notes = [] } = point;
  return (
    <div ref={root} class="tooltip">
      <strong>{nameOf(point)}</strong>
      {isToCome ? (
        <span>{CHART.toCome}</span>
      ) : (
        series.map((one, i) => (
          <span key={one.name}>
            {one.name}: {one.text(values[i] ?? null)}
          </span>
        ))
      )}
      {before !== undefined && before !== null && (
        <span class="compared">
          {beforeName}: {series[0]?.text(before)}
          {!isToCome && changeOf(values[0] ?? null, before)}
        </span>
      )}
      {notes.map((note) => (
        <bdi key={note} class="note">
          {note}
        </bdi>
      ))}
    </div>
  );
}

function nameOf({ name, isSoFar }: ChartPoint): string {
  return isSoFar ? CHART.soFar(name) : name;
}

function changeOf(now: number | null, before: number): string {
  const part = now === null ? undefined : partChanged({ now, before });
  return part === undefined ? '' : ` (${change(part)})`;
}

/** `label`: of the bars; `compared`: of the line. The table says the same to screen readers. */
export function Legend({ label, compared }: { label: string; compared: string | undefined }) {
  return (
    <p class="legend" aria-hidden="true">
      <span class="key-now">{label}</span>
      {compared !== undefined && <span class="key-before">{compared}</span>}
    </p>
  );
}

interface TableProps {
  readonly points: readonly ChartPoint[];
  readonly series: readonly Series[];
  /** The name of the other range; absent where nothing is compared. */
  readonly compared?: string | undefined;
  readonly caption: string;
  readonly id?: string;
}

/** What the chart shows, without what is yet to come. */
export function ChartTable({ points, series, compared, caption, id }: TableProps) {
  const rows = points.filter(({ isToCome }) => isToCome !== true);
  return (
    <div class="visually-hidden">
      <table id={id}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{CHART.when}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {compared !== undefined && <th scope="col">{compared}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.name}>
              <th scope="row">{nameOf(point)}</th>
              {series.map((one, i) => (
                <td key={one.name}>{one.text(point.values[i] ?? null)}</td>
              ))}
              {compared !== undefined && <td>{series[0]?.text(point.before ?? null)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
