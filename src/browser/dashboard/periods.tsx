// The choice of a period: by buttons, from a list, from one day to another, and step by step.
import { useState } from 'preact/hooks';
import type { DayRange } from '../../time/day-range.js';
import { KEYS } from './choices.js';
import { rangeName } from './format.js';
import { FROM_TO, keyOfRange, WithFromTo } from './from-to.js';
import { useListPage } from './list-page.js';
import type { Loaded } from './loaded.js';
import { beginningOf } from './now.js';
import { isSame, monthsAndYears, moved, type Named, PERIODS, rangeFrom, rangeOf, type Shown } from './ranges.js';
import { Tabs } from './tabs.js';
import { HEAD, PERIODS as NAMES } from './texts.js';

/** Those that are chosen most have buttons. */
const BUTTONS = ['today', 'month', 'year'] as const satisfies readonly Named[];

export function Periods() {
  const { address, choose } = useListPage();
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
      <PeriodList />
    </>
  );
}

/** Its last entry opens the form with two dates. */
export function PeriodList() {
  const { address, choose, today, settings, traffic } = useListPage();
  const { shown } = address.value;
  const [openedOn, setOpenedOn] = useState<Shown | undefined>(undefined);
  const since = beginningOf(settings, traffic.value?.from ?? today.value);
  const { months, years } = monthsAndYears(today.value, since);
  const whole = typeof shown === 'object' ? [...months, ...years].find((range) => isSame(range, shown)) : undefined;
  const isOther = typeof shown === 'object' && whole === undefined;
  const isOpen = openedOn === shown;
  const onChange = (value: string): void => {
    setOpenedOn(value === FROM_TO ? shown : undefined);
    const next = PERIODS.find((one) => one === value) ?? rangeFrom(...(value.split('..') as [string, string]));
    if (next !== undefined) choose({ shown: next });
  };
  const range = rangeOf(shown, today.value);
  const value = isOpen ? FROM_TO : typeof shown === 'string' ? shown : keyOfRange(shown);
  return (
    <WithFromTo
      isOpen={isOpen}
      close={() => setOpenedOn(undefined)}
      range={shown === 'all' ? { from: traffic.value?.from ?? range.from, to: range.to } : range}
      submit={HEAD.show}
      choose={(next) => choose({ shown: next })}
    >
      <label class="compare">
        {HEAD.period}{' '}
        <select id="period" value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
          {PERIODS.map((name) => (
            <option key={name} value={name}>
              {NAMES[name]}
            </option>
          ))}
          <Whole label={HEAD.months} ranges={months} />
          <Whole label={HEAD.years} ranges={years} />
          {isOther && <option value={keyOfRange(range)}>{rangeName(range, today.value)}</option>}
          <option value={FROM_TO}>{HEAD.fromTo}</option>
        </select>
      </label>
    </WithFromTo>
  );
}

/** Months or years by their names. */
function Whole({ label, ranges }: { label: string; ranges: readonly DayRange[] }) {
  const { today } = useListPage();
  if (ranges.length === 0) return null;
  return (
    <optgroup label={label}>
      {ranges.map((range) => (
        <option key={range.from} value={keyOfRange(range)}>
          {rangeName(range, today.value)}
        </option>
      ))}
    </optgroup>
  );
}

/** The name of the range, between the ranges right before and after it. */
export function Steps() {
  const { address, choose, today, loaded } = useListPage();
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
        {shown === 'all' ? allName(loaded.value, today.value) : rangeName(rangeOf(shown, today.value), today.value)}
      </span>
      {step(1, '›', HEAD.later)}
    </div>
  );
}

/** Where all time begins is known when the numbers are there. */
function allName(loaded: Loaded | undefined, today: string): string {
  if (loaded?.address.shown !== 'all') return NAMES.all;
  return rangeName({ from: loaded.answers.traffic.from, to: today }, today);
}

export function PanelPeriods() {
  const { address, choose } = useListPage();
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
