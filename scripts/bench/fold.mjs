// Folding alone, on one core.
import { atLeast, figure } from './figures.mjs';
import { runJson } from './processes.mjs';

export async function benchFold({ quick }) {
  const { hits, documents, bytes, perSecond, decoding } = await runJson('fold-program.mjs', quick ? 5 : 15);
  return {
    settings: { segments: perSecond.length, megabytes: Math.round(bytes / 2 ** 20), hitsPerSegment: hits },
    figures: [
      figure('hits/s folded on a core', perSecond, atLeast(100_000)),
      figure('share of reading the lines', decoding),
      figure('documents per segment', documents),
    ],
  };
}
