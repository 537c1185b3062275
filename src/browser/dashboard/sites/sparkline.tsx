// The views of the last days as small bars.
import { number } from '../format.js';
import { SITES } from './texts.js';

const [BAR, GAP, HEIGHT] = [3, 1, 24];

export function Sparkline({ days }: { days: readonly number[] }) {
  const most = Math.max(0, ...days);
  const total = days.reduce((sum, views) => sum + views, 0);
  const width = days.length * (BAR + GAP) - GAP;
  // a day with few views is still seen
  const heightOf = (views: number): number => (views === 0 ? 0 : Math.max(1, (views / most) * HEIGHT));
  const path = days.map((views, i) => {
    const height = heightOf(views).toFixed(1);
    return views === 0 ? '' : `M${i * (BAR + GAP)} ${HEIGHT}v-${height}h${BAR}v${height}z`;
  });
  const text = SITES.month(number(total), number(most));
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
    >
      <title>{text}</title>
      <path d={`M0 ${HEIGHT - 0.5}h${width}v0.5h-${width}z`} class="base" />
      <path d={path.join('')} />
    </svg>
  );
}
