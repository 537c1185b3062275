// Views by minute as small bars, with a sentence that says the same.
import { MINUTE_MS } from '../../../time/units.js';
import { number, timeName } from '../format.js';
import { useSite } from '../state.js';
import { LIVE } from '../texts.js';
import { MINUTES_SHOWN, type MinuteBar, summaryOf } from './minute-bars.js';

const WIDTH = 10;
const GAP = 2;
const HEIGHT = 100;
/** So that a minute without views can be seen as one. */
const EMPTY_HEIGHT = 2;

export function MinuteChart() {
  const { live, clock } = useSite();
  const bars = live.minutes.value;
  const most = Math.max(1, ...bars.map(({ views, minutes }) => views / minutes));
  const timeOf = (atMs: number): string => timeName(clock.time(new Date(atMs)));
  const firstMs = bars[0]?.atMs ?? 0;
  const bar = ({ atMs, minutes, views, isEstimated }: MinuteBar) => {
    const height = Math.max(EMPTY_HEIGHT, (views / minutes / most) * HEIGHT);
    const times = isEstimated ? `${timeOf(atMs)} – ${timeOf(atMs + minutes * MINUTE_MS)}` : timeOf(atMs);
    return (
      <rect
        key={atMs}
        class={isEstimated ? 'estimated' : undefined}
        {...{ x: ((atMs - firstMs) / MINUTE_MS) * WIDTH, y: HEIGHT - height, width: minutes * WIDTH - GAP, height }}
        data-views={views}
      >
        <title>{LIVE.minute(times, views, number(views))}</title>
      </rect>
    );
  };
  const { views, most: inOne, estimatedUntilMs, isRough } = summaryOf(bars);
  const details = estimatedUntilMs === undefined ? LIVE.most(number(inOne ?? 0)) : LIVE.estimated(timeOf(estimatedUntilMs));
  const text = bars.length === 0 ? '' : LIVE.halfHour(views, `${isRough ? LIVE.about : ''}${number(views)}`, details);
  return (
    <figure class="minutes">
      <figcaption>
        <h3>{LIVE.minutes}</h3>
      </figcaption>
      <svg viewBox={`0 0 ${MINUTES_SHOWN * WIDTH - GAP} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map(bar)}
      </svg>
      <p class="hint">{text}</p>
    </figure>
  );
}
