// What a number was in the other period, beside it; and below all numbers, what the two periods are.
import { basisOf, isCovered } from './change.js';
import { rangeName } from './format.js';
import { useListPage } from './list-page.js';
import type { Loaded } from './loaded.js';
import type { Before } from './numbers.js';
import { NUMBERS as TEXTS } from './texts.js';

interface Props {
  /** Of the number. */
  readonly name: string;
  readonly before: Before | undefined;
}

export function Compared({ name, before = { text: '' } }: Props) {
  const { text, title, was, direction, isGood } = before;
  return (
    <>
      <span class="compared" title={title} aria-hidden={was !== undefined}>
        {was !== undefined && <span class="was">{was}</span>}{' '}
        <span class="before" id={`${name}-before`} data-direction={direction} data-good={isGood}>
          {text}
        </span>
      </span>
      {was !== undefined && <span class="visually-hidden">{title}</span>}
    </>
  );
}

interface WithProps {
  readonly loaded: Loaded | undefined;
  /** Of all numbers. */
  readonly before: ReadonlyArray<Before | undefined>;
}

export function ComparedWith({ loaded, before }: WithProps) {
  const { firstDay } = useListPage().settings;
  const isInPart = before.some((one) => one?.isInPart);
  const text = loaded === undefined ? '' : isInPart ? partText(loaded) : whyNothing(loaded, firstDay);
  return (
    <p id="compared" class="hint" hidden={text === ''}>
      {text}
      {before.some((one) => one?.isAddedUp) && ` ${TEXTS.visitorsAddedUp}`}
    </p>
  );
}

function partText({ answers: { traffic }, now }: Loaded): string {
  return traffic.compared === undefined ? '' : basisOf(traffic, traffic.compared, now).sentence;
}

/** Why nothing is compared although it was chosen; empty if it is, or where each number says it. */
function whyNothing({ answers: { traffic }, now }: Loaded, firstDay = now.siteSince): string {
  const { compared } = traffic;
  if (compared === undefined || isCovered(traffic, now)) return '';
  const [first] = [firstDay, now.siteSince].sort() as [string, string];
  // imported history may have gaps
  if (first <= compared.from) return TEXTS.nothingIn(rangeName(compared, now.day));
  return TEXTS.nothingBefore(rangeName({ from: first, to: first }, now.day, 'short'));
}
