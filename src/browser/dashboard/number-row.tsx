// The row of numbers at the head of the page, each with what it was in the other period.
import { basisOf, isCovered } from './change.js';
import { rangeName } from './format.js';
import type { Loaded } from './loaded.js';
import { type Before, type HeadNumber, NUMBERS } from './numbers.js';
import { isSame } from './ranges.js';
import { useSite } from './state.js';
import { NUMBERS as TEXTS, UNKNOWN } from './texts.js';

export function NumberRow({ loaded }: { loaded: Loaded | undefined }) {
  const { shows } = useSite().settings;
  const numbers = NUMBERS.filter(({ report }) => shows(report));
  const before = beforesOf(loaded, numbers);
  const isInPart = [...before.values()].some((one) => one.isInPart);
  return (
    <>
      <div class="numbers">
        {numbers.map((one) => (
          <NumberOf key={one.name} one={one} loaded={loaded} before={before.get(one)} />
        ))}
      </div>
      <p id="compared" class="hint" hidden={!isInPart}>
        {loaded && isInPart && partText(loaded)}
      </p>
    </>
  );
}

interface Props {
  readonly one: HeadNumber;
  readonly loaded: Loaded | undefined;
  readonly before: Before | undefined;
}

function NumberOf({ one: { name, label, of, ofTraffic }, loaded, before }: Props) {
  const newest = useSite().traffic.value;
  const fromTraffic = newest && ofTraffic?.(newest);
  const fromAnswers = loaded && of?.(loaded.answers);
  return (
    <div class={`number ${name}`}>
      <span class="label">{label}</span>
      <span>
        <span class="value" id={name} title={fromAnswers?.title}>
          {(fromTraffic ?? fromAnswers)?.value ?? UNKNOWN}
        </span>
        {fromTraffic?.error !== undefined && (
          <>
            {' '}
            <span class="error" id={`${name}-error`} title={TEXTS.visitorsError}>
              {fromTraffic.error}
            </span>
          </>
        )}
      </span>
      <span class="before" id={`${name}-before`} title={before?.title} data-direction={before?.direction}>
        {before?.text}
      </span>
    </div>
  );
}

function beforesOf(loaded: Loaded | undefined, numbers: readonly HeadNumber[]): ReadonlyMap<HeadNumber, Before> {
  if (loaded === undefined) return new Map();
  const { answers, now } = loaded;
  const { comparison } = loaded.address;
  const isComparable = isCovered(answers.traffic, now);
  const compared = { answers, comparison, now };
  return new Map(
    numbers.flatMap((one): Array<[HeadNumber, Before]> => {
      const range = one.report === 'minutes' ? answers.traffic : answers[one.report];
      if (!isSame(range, answers.traffic)) {
        return [[one, { text: TEXTS.ofRange(rangeName(range, now.day, 'short')), title: TEXTS.ofRangeTitle }]];
      }
      return one.before === undefined || !isComparable ? [] : [[one, one.before(compared)]];
    }),
  );
}

function partText({ address: { comparison }, answers: { traffic }, now }: Loaded): string {
  return traffic.compared === undefined ? '' : basisOf(traffic, traffic.compared, comparison, now).sentence;
}
