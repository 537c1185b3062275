import { describe, expect, it } from '@jest/globals';
import { plainHit } from '../../test/fixtures/hits.js';
import { MINUTE_MS } from '../time/units.js';
import { liveHit } from './feed.js';
import { createRecentHits, sumOfMinutes } from './recent-hits.js';

const START_MS = Date.parse('2026-11-20T12:00:30Z');

function start() {
  const now = { ms: START_MS };
  const recent = createRecentHits(() => now.ms);
  const hit = (path = '/') => liveHit(plainHit(now.ms, { path }));
  return { now, recent, hit, view: (site: string, path?: string) => recent.add(site, hit(path)) };
}

describe('the hits that a node remembers', () => {
  it('are the views by minute of half an hour', () => {
    const { now, recent, view } = start();
    for (let minute = 0; minute < 45; minute++) {
      view('garden');
      view('garden');
      now.ms += MINUTE_MS;
    }
    now.ms -= MINUTE_MS;
    const { minutes } = recent.of('garden');
    expect(minutes).toHaveLength(30);
    expect(minutes.at(-1)).toEqual({ atMs: Date.parse('2026-11-20T12:44:00Z'), views: 2 });
    expect(recent.of('moon').minutes).toEqual([]);
  });

  it('are at most a hundred of a site, and none that are older than ten minutes', () => {
    const { now, recent, view } = start();
    for (let i = 0; i < 130; i++) view('garden', `/${i}`);
    expect(recent.of('garden').hits.map(({ path }) => path)).toEqual(Array.from({ length: 100 }, (_, i) => `/${i + 30}`));
    now.ms += 10 * MINUTE_MS;
    view('garden', '/new');
    expect(recent.of('garden').hits.map(({ path }) => path)).toEqual(['/new']);
  });

  it('are forgotten first of sites without new ones when there are too many; views by minute stay', () => {
    const { recent, view } = start();
    view('quiet', '/first');
    for (let i = 0; i < 250; i++) for (let k = 0; k < 100; k++) view(`site-${i}`, `/${k}`);
    expect(recent.of('quiet')).toMatchObject({ hits: [], minutes: [{ views: 1 }] });
    expect(recent.of('site-0').hits).toEqual([]);
    expect(recent.of('site-249').hits).toHaveLength(100);
    const kept = Array.from({ length: 250 }, (_, i) => recent.of(`site-${i}`).hits.length);
    expect(kept.reduce((sum, hits) => sum + hits, 0)).toBeLessThanOrEqual(20_000);
  });

  it('are forgotten many at once, so that hits of many sites need not wait for it one by one', () => {
    const { recent, view } = start();
    const kept = () => Array.from({ length: 20_001 }, (_, i) => recent.of(`site-${i}`).hits).flat().length;
    for (let i = 0; i < 20_000; i++) view(`site-${i}`);
    expect(kept()).toBe(20_000);
    view('site-20000');
    expect(kept()).toBe(15_000);
    expect(recent.of('site-20000').hits).toHaveLength(1);
  });

  it('are removed when they are too old, and those of one site do not count for the others any more', () => {
    const { now, recent, view } = start();
    for (let i = 0; i < 10_000; i++) view(`old-${i}`);
    now.ms += 31 * MINUTE_MS;
    recent.sweep();
    for (let i = 0; i < 20_000; i++) view(`new-${i}`);
    expect(recent.of('new-0').hits).toHaveLength(1);
    now.ms -= 31 * MINUTE_MS; // shows what is only hidden
    expect(recent.of('old-0')).toMatchObject({ minutes: [], hits: [] });
  });

  it('add up by minute', () => {
    const one = [{ atMs: 60_000, views: 1 }];
    const other = [
      { atMs: 0, views: 2 },
      { atMs: 60_000, views: 3 },
    ];
    expect(sumOfMinutes([one, other])).toEqual([
      { atMs: 0, views: 2 },
      { atMs: 60_000, views: 4 },
    ]);
  });
});
