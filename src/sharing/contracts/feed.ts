// Tests that every adapter of sharing/feed.ts must pass.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { plainHit } from '../../../test/fixtures/hits.js';
import { until } from '../../../test/fixtures/until.js';
import { MINUTE_MS } from '../../time/units.js';
import type { Feed, LiveHit } from '../feed.js';

const AT_MS = Date.parse('2026-11-20T12:00:00.789Z');
export const hitOf = (site: string, path = '/') => plainHit(AT_MS, { site, path });

/** Lets a test move intervals on. Everything else keeps its time. */
const ONLY_INTERVALS = {
  doNotFake: [
    ...(['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
    ...(['setTimeout', 'clearTimeout'] as const),
  ],
} satisfies Parameters<typeof jest.useFakeTimers>[0];

/** `open` returns two connected feeds of one installation. They may be the same object. */
export function feedContract(open: (nowMs?: () => number) => Promise<{ feed: Feed; other: Feed }>): void {
  describe('a feed', () => {
    const opened: Feed[] = [];
    afterEach(async () => {
      jest.useRealTimers();
      for (const feed of new Set(opened.splice(0))) await feed.close();
    });

    async function start(nowMs?: () => number) {
      const { feed, other } = await open(nowMs);
      opened.push(feed, other);
      return { feed, other };
    }

    it('shows sources in a readable form', async () => {
      const { feed, other } = await start();
      const received: LiveHit[] = [];
      feed.watch('garden', (hits) => received.push(...hits));
      await until(() => other.isWatched('garden'));
      const source = 'xn--mller-kva.example';
      other.publish(plainHit(AT_MS, { site: 'garden', referrer: { medium: 'other', source, host: source, path: '/' } }));
      await until(() => received.length === 1);
      expect(received[0]?.source).toBe('müller.example');
    });

    it('sends the hits of a site only to listeners of that site', async () => {
      const { feed, other } = await start();
      const [mine, theirs]: [LiveHit[], LiveHit[]] = [[], []];
      feed.watch('garden', (hits) => mine.push(...hits));
      feed.watch('moon', (hits) => theirs.push(...hits));
      await until(() => other.isWatched('garden') && other.isWatched('moon'));
      for (const path of ['/1', '/2']) other.publish(hitOf('garden', path));
      await until(() => mine.length === 2);
      feed.publish(hitOf('garden', '/3'));
      await until(() => mine.length === 3);
      expect(mine.map(({ path }) => path)).toEqual(['/1', '/2', '/3']);
      expect(theirs).toEqual([]);
    });

    it('sends only what an owner may see, and nothing that connects hits', async () => {
      const { feed } = await start();
      let received: LiveHit | undefined;
      feed.watch('garden', ([hit]) => {
        received = hit;
      });
      feed.publish(hitOf('garden', '/page'));
      await until(() => received !== undefined);
      expect(Object.keys(received as LiveHit).sort()).toEqual(
        [
          ...['atMs', 'receivedAtMs', 'day', 'fiveMinutes', 'kind', 'path', 'title', 'source', 'event'],
          ...['browser', 'platform', 'device'],
        ].sort(),
      );
      const times = { atMs: Date.parse('2026-11-20T12:00:00Z'), receivedAtMs: AT_MS, day: '2026-11-20', fiveMinutes: '13:00' };
      expect(received).toMatchObject({ kind: 'view', path: '/page', ...times });
    });

    it('remembers the views by minute and the newest hits of all nodes, also those before somebody watches', async () => {
      const { feed, other } = await start();
      const now = Date.now();
      const publish = (to: Feed, path: string, ago: number, kind: 'view' | 'event' | 'ping' = 'view') =>
        to.publish(plainHit(now - ago, { site: 'garden', path, kind }));
      publish(other, '/old', 5 * MINUTE_MS);
      publish(other, '/event', 3_000, 'event');
      publish(other, '/ping', 2_500, 'ping');
      publish(feed, '/mine', 2_000);
      feed.watch('garden', () => {});
      const { minutes, hits, sinceMs } = await feed.recent('garden');
      expect(minutes.reduce((sum, { views }) => sum + views, 0)).toBe(2);
      expect(minutes[0]).toEqual({ atMs: Math.floor((now - 5 * MINUTE_MS) / MINUTE_MS) * MINUTE_MS, views: 1 });
      expect(hits.map(({ path }) => path)).toEqual(['/old', '/event', '/mine']);
      expect(Math.abs(sinceMs - now)).toBeLessThan(10_000);
      expect(await feed.recent('moon')).toMatchObject({ minutes: [], hits: [] });
    });

    it('remembers each hit once, in order, on every node that has asked for it, and however often', async () => {
      const { feed, other } = await start();
      const publish = (to: Feed, path: string, ago: number) => to.publish(plainHit(Date.now() - ago, { site: 'garden', path }));
      const remembered = async (by: Feed) => (await by.recent('garden')).hits.map(({ path }) => path);
      publish(other, '/1', 9_000);
      publish(feed, '/2', 8_000);
      const heard: string[] = [];
      const end = feed.watch('garden', (hits) => heard.push(...hits.map(({ path }) => path)));
      await until(() => other.isWatched('garden'));
      expect(await remembered(feed)).toEqual(['/1', '/2']);
      publish(other, '/3', 7_000);
      publish(feed, '/4', 6_000);
      await until(() => heard.includes('/3') && heard.includes('/4'));
      other.watch('garden', () => {});
      expect(await remembered(other)).toEqual(['/1', '/2', '/3', '/4']);
      expect(await remembered(feed)).toEqual(['/1', '/2', '/3', '/4']);
      end();
      publish(other, '/5', 5_000);
      await delay(5);
      publish(other, '/6', 4_000); // waits for the pause between two messages
      feed.watch('garden', () => {});
      await until(() => other.isWatched('garden'));
      expect(await remembered(feed)).toEqual(['/1', '/2', '/3', '/4', '/5', '/6']);
    });

    it('tells its listeners of a hit before it shows it as remembered, so that a later listener gets it once', async () => {
      const { feed } = await start();
      const heard: string[] = [];
      feed.watch('garden', (hits) => heard.push(...hits.map(({ path }) => path)));
      await feed.recent('garden');
      for (const path of ['/1', '/2']) {
        feed.publish(plainHit(Date.now(), { site: 'garden', path }));
        const { hits } = await feed.recent('garden');
        expect(hits.map((hit) => hit.path)).toEqual(heard);
      }
      await delay(100);
      expect(heard).toEqual(['/1', '/2']);
    });

    it('removes hits from memory when they are older than ten minutes, also if no other comes', async () => {
      jest.useFakeTimers(ONLY_INTERVALS);
      const now = { ms: Date.now() };
      const { feed, other } = await start(() => now.ms);
      for (const from of new Set([feed, other])) from.publish(plainHit(now.ms, { site: 'garden' }));
      feed.watch('garden', () => {});
      await until(() => other.isWatched('garden'));
      expect((await feed.recent('garden')).hits.length).toBeGreaterThan(0);
      now.ms += 10 * MINUTE_MS;
      expect((await feed.recent('garden')).hits).toEqual([]);
      jest.advanceTimersByTime(MINUTE_MS);
      now.ms -= 10 * MINUTE_MS; // shows what is only hidden
      expect((await feed.recent('garden')).hits).toEqual([]);
    });

    it('sends the hits of a quiet site at once', async () => {
      const { feed, other } = await start();
      let isReceived = false;
      feed.watch('garden', () => {
        isReceived = true;
      });
      await until(() => other.isWatched('garden'));
      await delay(250);
      other.publish(hitOf('garden'));
      await delay(60);
      expect(isReceived).toBe(true);
    });

    it('knows whether there are listeners', async () => {
      const { feed } = await start();
      expect(feed.isWatched('garden')).toBe(false);
      let calls = 0;
      const ends = [1, 2].map(() => feed.watch('garden', () => calls++));
      expect(feed.isWatched('garden')).toBe(true);
      ends[0]?.();
      ends[0]?.();
      expect(feed.isWatched('garden')).toBe(true);
      ends[1]?.();
      expect(feed.isWatched('garden')).toBe(false);
      feed.publish(hitOf('garden'));
      await delay(300);
      expect(calls).toBe(0);
    });

    it('sends only a part of a flood, in few batches', async () => {
      const { feed, other } = await start();
      const batches: number[] = [];
      feed.watch('garden', (hits) => batches.push(hits.length));
      await until(() => other.isWatched('garden'));
      for (let n = 0; n < 10_000; n++) other.publish(hitOf('garden', `/${n}`));
      await until(() => batches.length > 0);
      await delay(300);
      expect(batches.length).toBeLessThan(5);
      expect(Math.max(...batches)).toBeLessThanOrEqual(50);
    });
  });
}
