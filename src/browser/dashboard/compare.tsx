// The choice of what a range is compared with.
import { useState } from 'preact/hooks';
import { comparedRange } from '../../time/comparison.js';
import { COMPARISONS, type Comparison } from './address.js';
import { rangeName } from './format.js';
import { FROM_TO, keyOfRange, WithFromTo } from './from-to.js';
import { useListPage } from './list-page.js';
import { isSame, rangeOf } from './ranges.js';
import { HEAD } from './texts.js';

export function Compare() {
  const { address, choose, today } = useListPage();
  const { shown, comparison } = address.value;
  const [openedOn, setOpenedOn] = useState<Comparison | undefined>(undefined);
  const isWhole = shown === 'all'; // there is nothing before it; the list keeps its place
  const isOpen = openedOn === comparison && !isWhole;
  const other = typeof comparison === 'object' ? comparison : undefined;
  const onChange = (value: string): void => {
    setOpenedOn(value === FROM_TO ? comparison : undefined);
    const name = COMPARISONS.find((one) => one === value);
    if (name !== undefined) choose({ comparison: name });
  };
  const before = comparedRange(rangeOf(shown, today.value), 'previous');
  return (
    <WithFromTo
      isOpen={isOpen}
      close={() => setOpenedOn(undefined)}
      range={other ?? before}
      submit={HEAD.compare}
      choose={(range) => choose({ comparison: range })}
    >
      <label class="compare">
        {HEAD.compareWith}{' '}
        <select
          id="compare"
          value={isWhole ? 'nothing' : isOpen ? FROM_TO : typeof comparison === 'object' ? keyOfRange(comparison) : comparison}
          disabled={isWhole}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          {COMPARISONS.map((name) => (
            <option key={name} value={name}>
              {HEAD.comparisons[name]}
            </option>
          ))}
          {other && <option value={keyOfRange(other)}>{rangeName(other, today.value)}</option>}
          <option value={FROM_TO}>{HEAD.otherRange}</option>
        </select>
      </label>
    </WithFromTo>
  );
}

/** Shown where it would make a difference. */
export function ByWeekday({ isCompared }: { isCompared: boolean }) {
  const { address, choose, today } = useListPage();
  const { shown, comparison, isByWeekday = false } = address.value;
  if (comparison === 'nothing' || shown === 'all') return null;
  const range = rangeOf(shown, today.value);
  if (!isByWeekday && (!isCompared || isSame(comparedRange(range, comparison), comparedRange(range, comparison, true))))
    return null;
  return (
    <label class="compare check" title={HEAD.byWeekdayTitle}>
      <input
        type="checkbox"
        id="by-weekday"
        checked={isByWeekday}
        onChange={({ currentTarget }) => choose({ isByWeekday: currentTarget.checked ? true : undefined })}
      />{' '}
      {HEAD.byWeekday}
    </label>
  );
}
