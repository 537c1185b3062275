// A short list of what most views of the last minutes have in common, such as their pages.
import type { ComponentChildren } from 'preact';
import type { LiveHit } from '../../../sharing/feed.js';
import { number, timeName } from '../format.js';
import { useSite } from '../state.js';
import { LIVE } from '../texts.js';
import { LATEST_FOR_MS, mostFrequent } from './latest.js';

interface Props {
  readonly title: string;
  readonly max: number;
  readonly keyOf: (hit: LiveHit) => string;
  readonly labelOf: (value: string) => ComponentChildren;
  readonly isLeftOut?: (value: string) => boolean;
  readonly empty: string;
}

export function LatestRows({ title, max, keyOf, labelOf, isLeftOut = () => false, empty }: Props) {
  const { live, clock } = useSite();
  const latest = live.latest.value;
  const now = live.nowMs.value;
  const rows = mostFrequent(latest, keyOf, now)
    .filter(({ key }) => !isLeftOut(key))
    .slice(0, max);
  // on a busy site, the server does not remember ten minutes
  const isShorter = latest.sinceMs > now - LATEST_FOR_MS + 1_000 && Number.isFinite(latest.sinceMs);
  return (
    <div class="latest">
      <h3>
        {title}{' '}
        <span class="hint">{isShorter ? LIVE.since(timeName(clock.time(new Date(latest.sinceMs)))) : LIVE.lastTenMinutes}</span>
      </h3>
      <ol class="rows columns-1">
        {rows.map(({ key, views }) => (
          <li key={key}>
            <span class="key">{labelOf(key)}</span>
            <span class="cell">{number(views)}</span>
          </li>
        ))}
        {rows.length === 0 && <li class="empty">{empty}</li>}
      </ol>
    </div>
  );
}
