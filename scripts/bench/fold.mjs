// Folding alone, on one core.
import { runJson, spread } from './processes.mjs';

export async function benchFold({ quick }) {
  const { count, rates, decoding } = await runJson('fold-program.mjs', quick ? '5' : '15');
  const rate = spread(rates);
  return {
    settings: { hitsPerSegment: count, segments: rates.length },
    shareOfDecoding: spread(decoding),
    goals: [
      { what: 'hits/s folded on a core', value: rate.median, spread: rate, goal: '>= 200000', met: rate.median >= 200_000 },
    ],
  };
}
