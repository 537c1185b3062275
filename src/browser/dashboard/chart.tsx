// A chart of one number, with a tooltip and keys; and the same as a table for screen readers.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type BarPlot, createBarPlot, type Hovered } from './bar-plot.js';
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
}

interface Props {
  readonly points: readonly ChartPoint[];
  readonly series: readonly [Series, ...Series[]];
  readonly id?: string;
  /** Absent: bars cannot be opened. */
  readonly open?: (point: ChartPoint) => void;
  readonly zoom?: (first: ChartPoint, last: ChartPoint) => void;
}

export function Chart({ points, series, id, open, zoom }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const plot = useRef<BarPlot | undefined>(undefined);
  const [hovered, setHovered] = useState<Hovered | undefined>(undefined);
  const select = (first: number, last: number): void => {
    const [from, to] = [points[Math.min(first, last)], points[Math.max(first, last)]];
    if (from === undefined || to === undefined) return;
    if (from === to) open?.(from);
    else zoom?.(from, to);
  };
  const onKey = useKeys({ count: points.length, hovered, plot, select });
  // those of the last drawing
  const calls = useRef({ select });
  calls.current = { select };

  useLayoutEffect(() => {
    const made = createBarPlot(area.current as HTMLDivElement, {
      hover: setHovered,
      open: (index) => calls.current.select(index, index),
      select: (first, last) => calls.current.select(first, last),
    });
    plot.current = made;
    return made.destroy;
  }, []);
  // points are made again at each refresh, but are seldom other ones
  useEffect(() => plot.current?.show(points, series[0].axis), [JSON.stringify([points, series[0].name])]);

  const point = hovered && points[hovered.index];
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
          setHovered(undefined);
          plot.current?.mark();
        }}
      />
      <div role="status">{point && <Tooltip point={point} series={series} middle={hovered.middle} />}</div>
    </div>
  );
}

interface Keys {
  readonly count: number;
  readonly hovered: Hovered | undefined;
  readonly plot: { readonly current: BarPlot | undefined };
  select(first: number, last: number): void;
}

/** Arrows move along the bars, with Shift they select several, and Enter opens a bar or zooms to the selected ones. */
function useKeys({ count, hovered, plot, select }: Keys): (event: KeyboardEvent) => void {
  const anchor = useRef<number | undefined>(undefined);
  const moves: Readonly<Record<string, (at: number) => number>> = {
    ArrowLeft: (at) => at - 1,
    ArrowRight: (at) => at + 1,
    Home: () => 0,
    End: () => count - 1,
  };
  return (event) => {
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey) return;
    const at = hovered?.index;
    if (key === 'Enter' && at !== undefined) {
      event.preventDefault();
      plot.current?.mark();
      select(anchor.current ?? at, at);
      anchor.current = undefined;
    }
    const move = moves[key];
    if (move === undefined || count === 0) return;
    event.preventDefault();
    const next = at === undefined ? count - 1 : Math.min(count - 1, Math.max(0, move(at)));
    anchor.current = shiftKey ? (anchor.current ?? at ?? next) : undefined;
    plot.current?.mark(anchor.current, next);
    plot.current?.point(next);
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
  const { name, values, before, beforeName, isToCome = false, notes = [] } = point;
  return (
    <div ref={root} class="tooltip">
      <strong>{name}</strong>
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

function changeOf(now: number | null, before: number): string {
  const part = now === null ? undefined : partChanged({ now, before });
  return part === undefined ? '' : ` (${change(part)})`;
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
          {rows.map(({ name, values, before }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {series.map((one, i) => (
                <td key={one.name}>{one.text(values[i] ?? null)}</td>
              ))}
              {compared !== undefined && <td>{series[0]?.text(before ?? null)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
