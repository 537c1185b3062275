// One number as bars, and what it was in the other range as a line. It is an SVG whose widths are parts of its own, so that
// the server can draw it without knowing how wide it will be.
import { useMemo, useRef } from 'preact/hooks';
import { AXIS_WIDTH_PX, barPart, gridOf, labelled, PLOT_HEIGHT_PX, topOf } from './bar-scale.js';
import type { ChartPoint } from './points.js';

/** Above the bars, for the flags of notes. */
const TOP_PX = 12;
const BOTTOM_PX = TOP_PX + PLOT_HEIGHT_PX;
const LABELS_PX = BOTTOM_PX + 18;
const FLAG = 'M0 3l9 4.5L0 12z';
const RADIUS_PX = 3;
/** A shorter movement is a click. */
const DRAG_MIN_PX = 8;

export interface PlotEvents {
  hover(index: number | undefined): void;
  /** Both inclusive. A click selects one. */
  select(first: number, last: number): void;
  mark(marked: Marked | undefined): void;
}

/** The points that are shown as selected. Both inclusive, in either order. */
export type Marked = readonly [number, number];

interface Props extends PlotEvents {
  readonly points: readonly ChartPoint[];
  /** Of the numbers at the axis. */
  text(value: number): string;
  readonly isWhole: boolean;
  /** Of the bars' area. */
  readonly widthPx: number;
  readonly hovered: number | undefined;
  readonly marked: Marked | undefined;
}

export function BarPlot({ points, text, isWhole, widthPx, hovered, marked, ...events }: Props) {
  const { length } = points;
  // points are made again at each refresh, but are seldom other ones
  const drawn = useMemo(() => <Drawn {...{ points, isWhole, widthPx }} />, [JSON.stringify(points), isWhole, widthPx]);
  const [first, last] = (marked && ([Math.min(...marked), Math.max(...marked)] as const)) || [];
  return (
    <>
      <Scale points={points} text={text} isWhole={isWhole} />
      <svg class="plot" aria-hidden="true" {...usePointer(length, events)}>
        {drawn}
        {first !== undefined && last !== undefined && (
          <rect
            class="selected"
            {...{ x: part(first / length), y: TOP_PX, width: part((last - first + 1) / length), height: PLOT_HEIGHT_PX }}
          />
        )}
        {hovered !== undefined && <Upright name="cursor" at={middleOf(hovered, length)} />}
      </svg>
    </>
  );
}

/** As a part of the width. */
export function middleOf(index: number, count: number): number {
  return (index + 0.5) / count;
}

type Shown = Pick<Props, 'points' | 'text' | 'isWhole'>;

function Scale({ points, text, isWhole }: Shown) {
  const top = topOf(points, isWhole);
  return (
    <svg class="scale" aria-hidden="true">
      {gridOf(top).map((value) => (
        <text key={value} x={AXIS_WIDTH_PX - 8} y={yOf(value, top) + 4}>
          {text(value)}
        </text>
      ))}
    </svg>
  );
}

function Drawn({ points, isWhole, widthPx }: Pick<Props, 'points' | 'isWhole' | 'widthPx'>) {
  const top = topOf(points, isWhole);
  const width = barPart(points.length, widthPx);
  return (
    <>
      {gridOf(top).map((value) => (
        <line key={value} x2="100%" y1={yOf(value, top)} y2={yOf(value, top)} />
      ))}
      {/* what is below its lower edge is cut off, so that only the upper corners are round */}
      <svg class="columns" aria-hidden="true" y={TOP_PX} height={PLOT_HEIGHT_PX}>
        {points.map(({ name, values: [value], isSoFar }, index) => {
          if (!value) return null;
          const y = yOf(value, top) - TOP_PX;
          const x = middleOf(index, points.length) - width / 2;
          return (
            <rect
              key={name}
              class={isSoFar ? 'so-far' : undefined}
              {...{ x: part(x), y, width: part(width), height: PLOT_HEIGHT_PX + RADIUS_PX - y, rx: RADIUS_PX }}
            />
          );
        })}
      </svg>
      <svg
        viewBox={`0 0 ${Math.max(1, points.length)} ${PLOT_HEIGHT_PX}`}
        y={TOP_PX}
        height={PLOT_HEIGHT_PX}
        aria-hidden="true"
        preserveAspectRatio="none"
      >
        <path class="earlier" d={lineOf(points, top)} />
      </svg>
      {points.map(({ notes }, index) => notes && <Note key={index} at={middleOf(index, points.length)} />)}
      {labelled(points, widthPx).map((index) => (
        <text key={index} x={part(middleOf(index, points.length))} y={LABELS_PX}>
          {points[index]?.label}
        </text>
      ))}
    </>
  );
}

/** A flag at the top of a bar with a note, and a line below it. */
function Note({ at }: { at: number }) {
  return (
    <>
      <Upright name="note-line" at={at} />
      <svg class="flag" aria-hidden="true" x={part(at)}>
        <path d={FLAG} />
      </svg>
    </>
  );
}

function Upright({ name, at }: { name: string; at: number }) {
  return <line class={name} x1={part(at)} x2={part(at)} y1={TOP_PX} y2={BOTTOM_PX} />;
}

/** With a gap where nothing is known. */
function lineOf(points: readonly ChartPoint[], top: number): string {
  const isKnown = (index: number): boolean => typeof points[index]?.before === 'number';
  return points
    .map(({ before }, index) =>
      typeof before === 'number' ? `${isKnown(index - 1) ? 'L' : 'M'}${index + 0.5} ${yOf(before, top) - TOP_PX}` : '',
    )
    .join('');
}

function yOf(value: number, top: number): number {
  return round(BOTTOM_PX - (value / top) * PLOT_HEIGHT_PX);
}

function part(of: number): string {
  return `${round(of * 100)}%`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Whether the button was pressed on the chart, and is not released yet. It may also have been pressed before it came here. */
function isCaptured({ currentTarget, pointerId }: PointerEvent): boolean {
  return (currentTarget as Element).hasPointerCapture(pointerId);
}

/** A click selects a bar, and dragging with the mouse selects several. A finger that is dragged scrolls. */
function usePointer(count: number, { hover, select, mark }: PlotEvents) {
  const pressed = useRef<{ readonly x: number; readonly index: number; isDragged: boolean } | undefined>(undefined);
  const indexAt = ({ clientX, currentTarget }: MouseEvent): number => {
    const { left, width } = (currentTarget as Element).getBoundingClientRect();
    return Math.min(count - 1, Math.max(0, Math.floor(((clientX - left) / width) * count)));
  };
  return {
    onMouseMove: (event: MouseEvent) => hover(count > 0 ? indexAt(event) : undefined),
    onMouseLeave: () => hover(undefined),
    onPointerDown: (event: PointerEvent) => {
      pressed.current = undefined;
      if (event.pointerType !== 'mouse' || event.button !== 0) return;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      pressed.current = { x: event.clientX, index: indexAt(event), isDragged: false };
    },
    onPointerMove: (event: PointerEvent) => {
      const { current } = pressed;
      if (current === undefined || !isCaptured(event)) return;
      current.isDragged ||= Math.abs(event.clientX - current.x) >= DRAG_MIN_PX;
      if (current.isDragged) mark([current.index, indexAt(event)]);
    },
    onPointerUp: (event: PointerEvent) => {
      const { current } = pressed;
      if (!current?.isDragged || !isCaptured(event)) return;
      mark(undefined);
      select(current.index, indexAt(event));
    },
    onPointerCancel: () => mark(undefined),
    // after a drag, too
    onClick: (event: MouseEvent) => {
      if (pressed.current?.isDragged !== true && count > 0) select(indexAt(event), indexAt(event));
    },
  };
}
