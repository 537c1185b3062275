// Views by minute as small bars, with a sentence that says the same.
import { number, timeName } from '../format.js';
import { useSite } from '../state.js';
import { LIVE } from '../texts.js';
import { MINUTES_SHOWN, type MinuteBar } from './minute-bars.js';

const WIDTH = 10;
const GAP = 2;
const HEIGHT = 100;
/** So that a minute without views can be seen as one. */
const EMPTY_HEIGHT = 2;

export function MinuteChart() {
  const { live, clock } = useSite();
  const bars = live.minutes.value;
  const views = bars.reduce((sum, bar) => sum + bar.views, 0);
  const most = Math.max(1, ...bars.map((bar) => bar.views));
  const bar = ({ atMs, views: ofMinute }: MinuteBar, index: number) => {
    const height = Math.max(EMPTY_HEIGHT, (ofMinute / most) * HEIGHT);
    return (
      <rect key={atMs} x={index * WIDTH} y={HEIGHT - height} width={WIDTH - GAP} height={height} data-views={ofMinute}>
        <title>{LIVE.minute(timeName(clock.time(new Date(atMs))), ofMinute, number(ofMinute))}</title>
      </rect>
    );
  };
  const text = bars.length === 0 ? '' : LIVE.halfHour(views, number(views), number(most));
  return (
    <figure class="minutes">
      <figcaption>
        <h3>{LIVE.minutes}</h3>
      </figcaption>
      <svg viewBox={`0 0 ${MINUTES_SHOWN * WIDTH - GAP} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={text}>
        {bars.map(bar)}
      </svg>
      <p class="hint">{text}</p>
    </figure>
  );
}
