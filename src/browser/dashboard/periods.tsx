// The choice of a period: by buttons, from a list, from one day to another, and step by step.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { FIRST_DAY } from '../../time/period.js';
import { KEYS } from './choices.js';
import { rangeName } from './format.js';
import { moved, type Named, PERIODS, rangeFrom, rangeOf, type Shown } from './ranges.js';
import { useSite } from './state.js';
import { Tabs } from './tabs.js';
import { HEAD, PERIODS as NAMES } from './texts.js';

/** Those that are chosen most have buttons. */
const BUTTONS = ['today', 'month', 'year'] as const satisfies readonly Named[];
/** In the list, beside the names of periods. */
const FROM_TO = 'from-to';

export function Periods() {
  const { address, choose } = useSite();
  const { shown } = address.value;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be laid out in another way */}
      <div class="toggle" role="group" aria-label={HEAD.buttons}>
        {BUTTONS.map((name) => (
          <button
            type="button"
            key={name}
            id={`show-${name}`}
            aria-pressed={name === shown}
            aria-keyshortcuts={KEYS[name]}
            onClick={() => choose({ shown: name })}
          >
            {NAMES[name]} <kbd>{KEYS[name]}</kbd>
          </button>
        ))}
      </div>
      <List />
    </>
  );
}

/** Its last entry shows the form with two dates. */
function List() {
  const { address, choose } = useSite();
  const { shown } = address.value;
  const [openedOn, setOpenedOn] = useState<Shown | undefined>(undefined);
  const isFromTo = typeof shown === 'object' || openedOn === shown;
  const onChange = (value: string): void => {
    setOpenedOn(value === FROM_TO ? shown : undefined);
    const name = PERIODS.find((one) => one === value);
    if (name !== undefined) choose({ shown: name });
  };
  return (
    <>
      <label class="compare">
        {HEAD.period}{' '}
        <select
          id="period"
          value={isFromTo ? FROM_TO : (shown as Named)}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          {PERIODS.map((name) => (
            <option key={name} value={name}>
              {NAMES[name]}
            </option>
          ))}
          <option value={FROM_TO}>{HEAD.fromTo}</option>
        </select>
      </label>
      {isFromTo && <FromTo />}
    </>
  );
}

/** Two dates in either order. The browser keeps what is typed, so that a refresh of the page does not change it. */
function FromTo() {
  const { address, choose, today } = useSite();
  const last = today.value;
  const { from, to } = rangeOf(address.value.shown, last);
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
      choose({ shown: range });
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
        {HEAD.show}
      </button>
    </form>
  );
}

/** The name of the range, between the ranges right before and after it. */
export function Steps() {
  const { address, choose, today } = useSite();
  const { shown } = address.value;
  const step = (direction: -1 | 1, sign: string, name: string) => {
    const next = moved(shown, direction, today.value);
    return (
      <button
        type="button"
        class="step"
        aria-label={name}
        title={name}
        aria-disabled={next === undefined}
        onClick={() => next !== undefined && choose({ shown: next })}
      >
        {sign}
      </button>
    );
  };
  return (
    <div class="steps">
      {step(-1, '‹', HEAD.earlier)}
      <span class="range" role="status">
        {rangeName(rangeOf(shown, today.value), today.value)}
      </span>
      {step(1, '›', HEAD.later)}
    </div>
  );
}

export function PanelPeriods() {
  const { address, choose } = useSite();
  const { shown } = address.value;
  return (
    <div class="choices">
      <Tabs
        names={BUTTONS.map((name) => NAMES[name])}
        chosen={typeof shown === 'string' ? NAMES[shown] : ''}
        choose={(text) => choose({ shown: BUTTONS.find((name) => NAMES[name] === text) ?? 'today' })}
        label={HEAD.period}
        look="toggle"
      />
      <Steps />
    </div>
  );
}
