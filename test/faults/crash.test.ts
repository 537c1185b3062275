// A short run of scripts/crash/embedded.mjs; `npm run crash -- 1000` is a long one. CRASH_ROUNDS sets the number of
// rounds.
import { afterAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../end-to-end/running.js';

interface Result {
  readonly acknowledged: number;
  readonly errors: number;
  readonly kills: number;
  readonly problems: readonly string[];
}
type Crash<Found = Result> = (options: { rounds: number; seed: number; dataDir: string }) => Promise<Found>;

const { crash } = (await import(new URL('../../scripts/crash/embedded.mjs', import.meta.url).href)) as { crash: Crash };
const { crashYears } = (await import(new URL('../../scripts/crash/years.mjs', import.meta.url).href)) as {
  crashYears: Crash<Pick<Result, 'kills' | 'problems'>>;
};
const rounds = Number(process.env.CRASH_ROUNDS ?? 7);
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe('the service, killed at random times', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it(
    `counts every acknowledged hit exactly once and every other at most once (${rounds} rounds)`,
    async () => {
      const result = await crash({ rounds, seed, dataDir: folder.path });
      expect({ seed, problems: result.problems.slice(0, 20) }).toEqual({ seed, problems: [] });
      expect(result.kills).toBe(rounds);
      expect(result.errors).toBe(0);
      expect(result.acknowledged).toBeGreaterThan(rounds * 20);
    },
    60_000 + rounds * 5000,
  );
});

describe('upkeep of old documents, killed at random times', () => {
  const folder = temporaryFolder();
  /** Each round kills several processes and takes several times as long as one of the service. */
  const yearsRounds = Math.ceil(rounds / 7);
  afterAll(() => folder.remove());

  it(
    `leaves every report of every year as it was (${yearsRounds} rounds)`,
    async () => {
      const { kills, problems } = await crashYears({ rounds: yearsRounds, seed, dataDir: folder.path });
      expect({ seed, problems: problems.slice(0, 20) }).toEqual({ seed, problems: [] });
      expect(kills).toBeGreaterThan(yearsRounds);
    },
    60_000 + yearsRounds * 90_000,
  );
});
