// Two dates in either order.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DayRange } from '../../time/day-range.js';
import { FIRST_DAY } from '../../time/period.js';
import { rangeFrom } from './ranges.js';
import { useSite } from './state.js';
import { HEAD } from './texts.js';

/** In a list, beside the names of ranges. */
export const FROM_TO = 'from-to';

interface Props {
  readonly range: DayRange;
  /** The text of the button. */
  readonly submit: string;
  choose(range: DayRange): void;
}

/** The browser keeps what is typed, so that a refresh of the page does not change it. */
export function FromTo({ range: { from, to }, submit, choose }: Props) {
  const last = useSite().today.value;
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
