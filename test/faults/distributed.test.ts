// A short run of scripts/crash/distributed.mjs; `npm run crash -- --distributed 1000` is a long one. It starts
// its own servers, so that it can kill them. CRASH_ROUNDS sets the number of rounds.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../end-to-end/running.js';

interface Result {
  readonly acknowledged: number;
  readonly errors: number;
  readonly done: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}
type Crash = (options: { rounds: number; seed: number; dataDir: string; awayMs: number }) => Promise<Result>;

const hasServers =
  existsSync(new URL('../../.mongodb/classes/Server.class', import.meta.url)) &&
  spawnSync('redis-server', ['--version']).error === undefined;
if (!hasServers) {
  process.stderr.write(
    '\nSKIPPED: the distributed faults, for want of redis-server or of the MongoDB-compatible server (test/mongodb/build.sh)\n',
  );
}
const rounds = Number(process.env.CRASH_ROUNDS ?? 12);
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const AWAY_MS = 15_000;

(hasServers ? describe : describe.skip)('two web nodes, a worker, Redis and MongoDB, any of which may fail', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it(
    `count every acknowledged hit exactly once and every other at most once (${rounds} rounds)`,
    async () => {
      const path = '../../scripts/crash/distributed.mjs';
      const { crashDistributed, FAULTS } = (await import(new URL(path, import.meta.url).href)) as {
        crashDistributed: Crash;
        FAULTS: object;
      };
      const result = await crashDistributed({ rounds, seed, dataDir: folder.path, awayMs: AWAY_MS });
      expect({ seed, problems: result.problems.slice(0, 20) }).toEqual({ seed, problems: [] });
      if (rounds >= Object.keys(FAULTS).length) expect(Object.keys(result.done).sort()).toEqual(Object.keys(FAULTS).sort());
      expect(result.errors).toBe(0);
      expect(result.acknowledged).toBeGreaterThan(rounds * 20);
    },
    120_000 + rounds * 30_000,
  );
});
