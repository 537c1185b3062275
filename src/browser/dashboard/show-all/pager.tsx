// Moves through a list page by page.
import { ALL } from '../texts/dialogs.js';

interface Props {
  /** How many rows are before the first one that is shown. */
  readonly offset: number;
  readonly step: number;
  /** How many rows there are. */
  readonly rows: number;
  /** Which rows are shown. */
  readonly status: string;
  go(offset: number): void;
}

export function Pager({ offset, step, rows, status, go }: Props) {
  const button = (to: number, isThere: boolean, text: string) => (
    <button type="button" class="small-button" aria-disabled={!isThere} onClick={() => isThere && go(to)}>
      {text}
    </button>
  );
  const [hasPrevious, hasNext] = [offset > 0, offset + step < rows];
  return (
    <div class="pager">
      {(hasPrevious || hasNext) && button(Math.max(0, offset - step), hasPrevious, ALL.previous)}
      <span role="status">{status}</span>
      {(hasPrevious || hasNext) && button(offset + step, hasNext, ALL.next)}
    </div>
  );
}
