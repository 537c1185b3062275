// Says of which days numbers are, where these are not the ones that were chosen: days are not kept forever.
import type { Answered } from './answers.js';
import { rangeName } from './format.js';
import { isSame, rangeOf, type Shown } from './ranges.js';
import { KEPT } from './texts.js';

interface Props {
  readonly answer: Pick<Answered<object>, 'from' | 'to' | 'resolution' | 'expired'>;
  readonly shown: Shown;
  readonly today: string;
}

export function Kept({ answer, shown, today }: Props) {
  const { resolution, expired = [] } = answer;
  const isWidened = resolution !== 'day' && !isSame(answer, rangeOf(shown, today));
  return (
    <>
      {isWidened && <p class="hint kept-note">{KEPT.widened(rangeName(answer, today))}</p>}
      {expired.length > 0 && (
        <p class="hint kept-note">{KEPT.expired(expired.map((range) => rangeName(range, today)).join(', '))}</p>
      )}
    </>
  );
}
