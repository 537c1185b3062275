// Tests that every adapter of sharing/jobs.ts must pass.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/fixtures/until.js';
import { ATTEMPTS, type Job, type Jobs } from '../jobs.js';

/** `open` returns an empty queue with a first retry after a few milliseconds. `other` is that of another process, or the same. */
export function jobsContract(open: () => Promise<{ jobs: Jobs; other: Jobs }>): void {
  const job = (id: string, data = {}): Job => ({ name: 'sweep', id, data });
  const opened: Jobs[] = [];

  async function start() {
    const { jobs, other } = await open();
    opened.push(jobs, other);
    return { jobs, other };
  }

  describe('jobs', () => {
    afterEach(async () => {
      for (const jobs of new Set(opened.splice(0))) await jobs.close();
    });

    it('are passed to their handlers with their data', async () => {
      const { jobs, other } = await start();
      const done: Job[] = [];
      other.work({ sweep: async (given) => void done.push(given) });
      await jobs.add(job('one', { site: 'garden', n: 3 }));
      await jobs.add(job('two'));
      await until(() => done.length === 2);
      expect(done).toEqual([job('one', { site: 'garden', n: 3 }), job('two')]);
      await until(async () => (await jobs.state()).waiting === 0);
    });

    it('do not wait twice, and can be added again once they are done', async () => {
      const { jobs } = await start();
      for (let n = 0; n < 3; n++) await jobs.add(job('one'));
      expect((await jobs.state()).waiting).toBe(1);
      let done = 0;
      jobs.work({ sweep: async () => void done++ });
      await until(() => done === 1);
      await until(async () => {
        await jobs.add(job('one'));
        return done > 1;
      });
    });

    it('are done one at a time', async () => {
      const { jobs } = await start();
      let [running, most, done] = [0, 0, 0];
      jobs.work({
        sweep: async () => {
          most = Math.max(most, ++running);
          await delay(10);
          running--;
          done++;
        },
      });
      for (let n = 0; n < 4; n++) await jobs.add(job(`n${n}`));
      await until(() => done === 4);
      expect(most).toBe(1);
    });

    it('are tried again after a failure', async () => {
      const { jobs } = await start();
      let tries = 0;
      jobs.work({
        sweep: async () => {
          if (++tries < 3) throw new Error('not yet');
        },
      });
      await jobs.add(job('one'));
      await until(() => tries === 3);
      await delay(50);
      expect(tries).toBe(3);
      expect((await jobs.state()).failed).toEqual([]);
    });

    it('are listed after the last attempt has failed, until they are added again and done', async () => {
      const { jobs } = await start();
      let tries = 0;
      let isMended = false;
      jobs.work({
        sweep: async () => {
          tries++;
          if (!isMended) throw new Error('broken\nand more of it');
        },
      });
      const began = Date.now();
      await jobs.add(job('one'));
      await until(async () => (await jobs.state()).failed.length === 1);
      const [failed] = (await jobs.state()).failed;
      expect(failed).toEqual({ name: 'sweep', id: 'one', reason: 'broken', attempts: ATTEMPTS, atMs: expect.any(Number) });
      expect(failed?.atMs).toBeGreaterThanOrEqual(began);
      expect(tries).toBe(ATTEMPTS);
      isMended = true;
      await jobs.add(job('one'));
      await until(async () => (await jobs.state()).failed.length === 0 && tries === ATTEMPTS + 1);
    });

    it('are repeated when scheduled, the first time at once', async () => {
      const { jobs } = await start();
      const done: Job[] = [];
      jobs.work({ sweep: async (given) => void done.push(given) });
      await jobs.every(100, job('regular', { site: 'garden' }));
      await until(() => done.length === 1);
      await until(() => done.length >= 3);
      for (const given of done) expect(given).toEqual(job('regular', { site: 'garden' }));
      await until(async () => (await jobs.state()).waiting === 0);
    });

    it('are not repeated more often when several processes schedule them', async () => {
      const { jobs, other } = await start();
      let done = 0;
      jobs.work({ sweep: async () => void done++ });
      for (const each of [jobs, other, jobs]) await each.every(200, job('regular'));
      await until(() => done >= 2);
      const before = done;
      await delay(1000);
      expect(done - before).toBeLessThanOrEqual(7);
    });

    it('that are repeated and fail are listed once, until a repetition succeeds', async () => {
      const { jobs } = await start();
      let [tries, isMended] = [0, false];
      jobs.work({
        sweep: async () => {
          tries++;
          if (!isMended) throw new Error('broken');
        },
      });
      await jobs.every(300, job('regular'));
      await until(() => tries > 2 * ATTEMPTS);
      await until(async () => (await jobs.state()).failed.length > 0);
      const { failed } = await jobs.state();
      expect(failed.map(({ name, id, reason }) => ({ name, id, reason }))).toEqual([
        { name: 'sweep', id: 'regular', reason: 'broken' },
      ]);
      isMended = true;
      const mendedAt = tries;
      await until(() => tries > mendedAt);
      await until(async () => (await jobs.state()).failed.length === 0);
    });

    it('are not repeated more often when they are scheduled again with the same interval', async () => {
      const { jobs } = await start();
      let done = 0;
      jobs.work({ sweep: async () => void done++ });
      for (let n = 0; n < 5; n++) {
        await jobs.every(60_000, job('regular'));
        await until(() => done >= 1);
      }
      await delay(200);
      expect(done).toBe(1);
    });

    it('are told to stop when the queue closes, which waits for them', async () => {
      const { jobs } = await start();
      let [started, ended] = [false, false];
      jobs.work({
        sweep: async (_, isStopped) => {
          started = true;
          while (!isStopped()) await delay(5);
          await delay(20);
          ended = true;
        },
      });
      await jobs.add(job('long'));
      await until(() => started);
      await jobs.close();
      expect(ended).toBe(true);
    });
  });
}
