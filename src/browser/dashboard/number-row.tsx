// The row of numbers at the head of the page, each beside what it was in the other period. The chart shows the chosen one.
import { basisOf } from './change.js';
import { ByWeekday } from './compare.js';
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
  const before = new Map(numbers.map((one) => [one, loaded && beforeOf(one, loaded)]));
  const isInPart = [...before.values()].some((one) => one?.isInPart);
  const isAddedUp = [...before.values()].some((one) => one?.isAddedUp);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be laid out in another way */}
      <div class="numbers" role="group" aria-label={TEXTS.title}>
        {numbers.map((one) => (
          <NumberOf key={one.name} one={one} loaded={loaded} before={before.get(one)} />
        ))}
        {shows('minutes') && <Online loaded={loaded} />}
      </div>
      <div class="comparing">
        <p id="compared" class="hint" hidden={!isInPart}>
          {loaded && isInPart && partText(loaded)}
          {isAddedUp && ` ${TEXTS.visitorsAddedUp}`}
        </p>
        {loaded && <ByWeekday isCompared={isInPart} />}
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
  const { text, title: meaning, was, direction, isGood } = before ?? { text: '' };
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
      <span class="compared" title={meaning} aria-hidden={was !== undefined}>
        {was !== undefined && <span class="was">{was}</span>}{' '}
        <span class="before" id={`${name}-before`} data-direction={direction} data-good={isGood}>
          {text}
        </span>
      </span>
      {was !== undefined && <span class="visually-hidden">{meaning}</span>}
    </button>
  );
}

/** A unit that is a word, such as `Min.`, is small: else the longest numbers would need a second line. */
function WithSmallUnits({ text }: { text: string }) {
  const parts = text.split(/(\p{L}{2,}\.?)/u); // every second one is a unit
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

function partText({ answers: { traffic }, now }: Loaded): string {
  return traffic.compared === undefined ? '' : basisOf(traffic, traffic.compared, now).sentence;
}
