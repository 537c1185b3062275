// The row of numbers at the head of the page, each beside what it was in the other period. The chart shows the chosen one.
import { ByWeekday } from './compare.js';
import { Compared, ComparedWith } from './compared.js';
import { number } from './format.js';
import type { Loaded } from './loaded.js';
import { MEASURES, type MeasureName, measureOf } from './measures.js';
import { type Before, beforeOf, type HeadNumber, NUMBERS, onlineIn, valueText } from './numbers.js';
import { useSite } from './state.js';
import { NUMBERS as TEXTS, UNKNOWN } from './texts.js';

/** The name of the choice in the address of the page. */
const TAB = 'number';

/** The number that the chart shows. */
export function useChosenNumber(): MeasureName {
  const { address, settings } = useSite();
  const chosen = measureOf(address.value.tabs[TAB]);
  return chosen !== undefined && settings.shows(MEASURES[chosen].report) ? chosen : 'views';
}

export function NumberRow({ loaded }: { loaded: Loaded | undefined }) {
  const { shows } = useSite().settings;
  const numbers = NUMBERS.filter(({ name }) => shows(MEASURES[name].report));
  const before = numbers.map((one) => loaded && beforeOf(one, loaded));
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be laid out in another way */}
      <div class="numbers" role="group" aria-label={TEXTS.title}>
        {numbers.map((one, i) => (
          <NumberOf key={one.name} one={one} loaded={loaded} before={before[i]} />
        ))}
        {shows('minutes') && <Online loaded={loaded} />}
      </div>
      <div class="comparing">
        <ComparedWith loaded={loaded} before={before} />
        {loaded && <ByWeekday isCompared={before.some((one) => one?.isInPart)} />}
      </div>
    </>
  );
}

interface Props {
  readonly one: HeadNumber;
  readonly loaded: Loaded | undefined;
  readonly before: Before | undefined;
}

function NumberOf({ one, loaded, before }: Props) {
  const { traffic, setTab } = useSite();
  const { name, label, title } = one;
  const error = name === 'visitors' ? traffic.value?.total.error : undefined;
  return (
    <button
      type="button"
      class={`number ${name}`}
      aria-pressed={useChosenNumber() === name}
      onClick={() => setTab(TAB, name === 'views' ? undefined : name)}
    >
      <span class="label">{label}</span>
      <span>
        <span class="value" id={name} title={loaded && title?.(loaded.answers)}>
          <WithSmallUnits text={valueText(one, loaded, traffic.value)} />
        </span>
        {error !== undefined && (
          <>
            {' '}
            <span class="error" id={`${name}-error`} title={TEXTS.visitorsError}>
              ± {number(error)}
            </span>
          </>
        )}
      </span>
      <Compared name={name} before={before} />
    </button>
  );
}

/** A unit that is a word, such as `min`, is small: else the longest numbers would need a second line. */
function WithSmallUnits({ text }: { text: string }) {
  const parts = text.split(/(\p{L}{2,})/u); // every second one is a unit
  return <>{parts.map((part, i) => (i % 2 === 0 ? part : <span class="unit">{part}</span>))}</>;
}

/** It is a number of this moment, so the chart cannot show it. */
function Online({ loaded }: { loaded: Loaded | undefined }) {
  const online = loaded && onlineIn(loaded.answers);
  return (
    <div class="number online">
      <span class="label">{TEXTS.online}</span>
      <span class="value" id="online" title={online?.title}>
        {online?.value ?? UNKNOWN}
      </span>
    </div>
  );
}
