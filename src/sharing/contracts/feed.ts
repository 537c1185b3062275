// What every adapter of sharing/feed.ts must do.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { plainHit } from '../../../test/fixtures/hits.js';
import type { Feed, LiveHit } from '../feed.js';

const AT_MS = Date.parse('2026-11-20T12:00:00.789Z');
export const hitOf = (site: string, path = '/') => plainHit(AT_MS, { site, path });

export async function until(look: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5000; !look(); await delay(5)) {
    if (Date.now() > deadline) throw new Error('it did not come to that in time');
  }
}

/** `open` gives two feeds of one installation that know each other; they may be the same. */
export function feedContract(open: () => Promise<{ feed: Feed; other: Feed }>): void {
  describe('a feed', () => {
    const opened: Feed[] = [];
    afterEach(async () => {
      for (const feed of new Set(opened.splice(0))) await feed.close();
    });

    async function start() {
      const { feed, other } = await open();
      opened.push(feed, other);
      return { feed, other };
    }

    it('names a source as people read it', async () => {
      const { feed, other } = await start();
      const heard: LiveHit[] = [];
      feed.watch('garden', (hits) => heard.push(...hits));
      await until(() => other.isWatched('garden'));
      const source = 'xn--mller-kva.example';
      other.publish(plainHit(AT_MS, { site: 'garden', referrer: { medium: 'other', source, host: source, path: '/' } }));
      await until(() => heard.length === 1);
      expect(heard[0]?.source).toBe('müller.example');
    });

    it('tells those who watch a site of its hits, and of no others', async () => {
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

    it('tells what an owner may see, to the second, and nothing by which hits belong together', async () => {
      const { feed } = await start();
      let told: LiveHit | undefined;
      feed.watch('garden', ([hit]) => {
        told = hit;
      });
      feed.publish(hitOf('garden', '/page'));
      await until(() => told !== undefined);
      expect(Object.keys(told as LiveHit).sort()).toEqual(
        ['atMs', 'browser', 'device', 'event', 'kind', 'path', 'platform', 'source', 'title'].sort(),
      );
      expect(told).toMatchObject({ kind: 'view', path: '/page', atMs: Date.parse('2026-11-20T12:00:00Z') });
    });

    it('knows of no watcher before there is one, nor after the last has gone', async () => {
      const { feed } = await start();
      expect(feed.isWatched('garden')).toBe(false);
      let told = 0;
      const ends = [1, 2].map(() => feed.watch('garden', () => told++));
      expect(feed.isWatched('garden')).toBe(true);
      ends[0]?.();
      ends[0]?.();
      expect(feed.isWatched('garden')).toBe(true);
      ends[1]?.();
      expect(feed.isWatched('garden')).toBe(false);
      feed.publish(hitOf('garden'));
      await delay(300);
      expect(told).toBe(0);
    });

    it('tells of a flood only a part, in few batches', async () => {
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
