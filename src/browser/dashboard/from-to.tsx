// Two dates in either order, in a form that opens over the page, below the list from which it is chosen.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { DayRange } from '../../time/day-range.js';
import { FIRST_DAY } from '../../time/period.js';
import { useListPage } from './list-page.js';
import { rangeFrom } from './ranges.js';
import { HEAD } from './texts.js';

/** In a list, beside the names of ranges. */
export const FROM_TO = 'from-to';

interface PlaceProps extends Props {
  readonly isOpen: boolean;
  /** With a `select`, which gets the focus when the form closes. */
  readonly children: ComponentChildren;
  close(): void;
}

/** Escape closes the form, and so does whatever is clicked or focused outside. */
export function WithFromTo({ isOpen, children, close, choose, ...form }: PlaceProps) {
  const place = useRef<HTMLDivElement>(null);
  const isOutside = (target: EventTarget | null): boolean => target instanceof Node && place.current?.contains(target) === false;
  useEffect(() => {
    if (!isOpen) return;
    const onPointerDown = ({ target }: PointerEvent): void => {
      if (isOutside(target)) close();
    };
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  });
  const closeAndReturn = (): void => {
    place.current?.querySelector('select')?.focus();
    close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what can be used is inside
    <div
      ref={place}
      class="with-from-to"
      onFocusOut={({ relatedTarget }) => isOpen && isOutside(relatedTarget) && close()}
      onKeyDown={(event) => {
        if (!isOpen || event.key !== 'Escape') return;
        event.preventDefault();
        closeAndReturn();
      }}
    >
      {children}
      {isOpen && (
        <FromTo
          {...form}
          choose={(range) => {
            closeAndReturn();
            choose(range);
          }}
        />
      )}
    </div>
  );
}

/** The value of a range in a list. */
export const keyOfRange = ({ from, to }: DayRange): string => `${from}..${to}`;

interface Props {
  readonly range: DayRange;
  /** The text of the button. */
  readonly submit: string;
  choose(range: DayRange): void;
}

/** The browser keeps what is typed, so that a refresh of the page does not change it. */
function FromTo({ range: { from, to }, submit, choose }: Props) {
  const last = useListPage().today.value;
  const [first, second] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  useLayoutEffect(() => {
    (first.current as HTMLInputElement).value = from;
    (second.current as HTMLInputElement).value = [to, last].sort()[0] as string;
  }, [from, to]);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = [first, second].map(({ current }) => current as HTMLInputElement) as [HTMLInputElement, HTMLInputElement];
    const days = fields.map(({ value }) => value).sort() as [string, string];
    const range = rangeFrom(...days);
    if (range !== undefined) {
      choose(range);
      return;
    }
    fields[1].setCustomValidity(HEAD.tooLong);
    fields[1].reportValidity();
  };
  const field = (name: 'from' | 'to', ref: typeof first) => (
    <label class="compare">
      {HEAD[name]} <input ref={ref} type="date" name={name} required min={FIRST_DAY} max={last} />
    </label>
  );
  return (
    <form class="from-to" onSubmit={onSubmit} onInput={() => second.current?.setCustomValidity('')}>
      {field('from', first)}
      {field('to', second)}
      <button type="submit" class="small-button">
        {submit}
      </button>
    </form>
  );
}
