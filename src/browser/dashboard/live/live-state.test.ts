import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { plainHit } from '../../../../test/fixtures/hits.js';
import { type LiveHit, liveHit } from '../../../sharing/feed.js';
import type { Traffic } from '../answers.js';
import { createClock } from '../format.js';
import { createLive } from './live-state.js';

const NOW_MS = Date.parse('2026-11-20T11:10:30Z');
const MINUTE_MS = 60_000;
const hit = (path: string, atMs: number): LiveHit => liveHit(plainHit(atMs, { path }));
const iso = (ms: number): string => new Date(ms).toISOString();
const minuteOf = (ms: number): string => iso(Math.floor(ms / MINUTE_MS) * MINUTE_MS);

/** What was counted of the hour from 12:00 in Berlin. */
const counted = (atMs: number, views: number) =>
  ({
    asOf: iso(atMs),
    until: iso(atMs),
    total: { views },
    rows: [{ key: '2026-11-20', views, hours: [{ key: '12', views }] }],
  }) as unknown as Traffic;

/** What the server remembers at a time, when these are all hits of the last half hour. */
const recent = (asOfMs: number, hits: readonly LiveHit[]) => {
  const views = new Map<string, number>();
  for (const { receivedAtMs } of hits) views.set(minuteOf(receivedAtMs), (views.get(minuteOf(receivedAtMs)) ?? 0) + 1);
  return {
    asOf: iso(asOfMs),
    since: '2026-11-01T00:00:00.000Z',
    minutes: [...views].map(([key, count]) => ({ key, views: count })),
    hits: hits.filter(({ receivedAtMs }) => receivedAtMs > asOfMs - 10 * MINUTE_MS),
  };
};

beforeEach(() => {
  jest.useFakeTimers({ now: NOW_MS });
});
afterEach(() => {
  jest.useRealTimers();
});

function start() {
  const live = createLive(createClock('Europe/Berlin'));
  const paths = () => live.latest.value.hits.map(({ path }) => path);
  const inMinutes = () => live.minutes.value.reduce((sum, { views }) => sum + (views ?? 0), 0);
  return { live, paths, inMinutes };
}

describe('the page when its stream begins again', () => {
  it('has each hit once and all numbers right, also if it had some of the hits already', () => {
    const { live, paths, inMinutes } = start();
    const [a, b] = [hit('/a', NOW_MS - 1_000), hit('/b', NOW_MS + 1_000)];
    live.counted(counted(NOW_MS, 10));
    live.recent(recent(NOW_MS, [a]));
    live.hits([b]);
    expect([paths(), inMinutes(), live.traffic(counted(NOW_MS, 10)).total.views]).toEqual([['/a', '/b'], 2, 11]);

    jest.advanceTimersByTime(MINUTE_MS);
    const later = NOW_MS + MINUTE_MS;
    live.recent(recent(later, [a, b, hit('/missed', later - 1_000)]));
    expect([paths(), inMinutes()]).toEqual([['/a', '/b', '/missed'], 3]);
    live.counted(counted(later, 12));
    live.hits([hit('/new', later + 100)]);
    expect([paths(), inMinutes()]).toEqual([['/a', '/b', '/missed', '/new'], 4]);
    expect(live.traffic(counted(later, 12)).total.views).toBe(13);
    live.counted(counted(later + 9_000, 13));
    expect(live.traffic(counted(later + 9_000, 13)).total.views).toBe(13);
  });

  it('shows nothing from before a long sleep as if it were new', () => {
    const { live, paths, inMinutes } = start();
    live.counted(counted(NOW_MS, 10));
    live.recent(recent(NOW_MS, [hit('/a', NOW_MS - 1_000)]));
    live.hits([hit('/b', NOW_MS + 1_000)]);

    const later = NOW_MS + 45 * MINUTE_MS; // timers stand still while a computer sleeps
    jest.setSystemTime(later);
    const missed = [hit('/old', later - 15 * MINUTE_MS), hit('/missed', later - 1_000)];
    live.recent(recent(later, missed));
    live.counted(counted(later, 14));
    expect([paths(), inMinutes(), live.traffic(counted(later, 14)).total.views]).toEqual([['/missed'], 2, 14]);
    expect(live.nowMs.value).toBe(Math.floor(later / 1_000) * 1_000);
    live.hits([hit('/new', later + 100)]);
    expect([paths(), inMinutes(), live.traffic(counted(later, 14)).total.views]).toEqual([['/missed', '/new'], 3, 15]);
  });

  it('shows a hit that comes after those that are remembered, although it was received before them', () => {
    const { live, paths } = start();
    live.recent(recent(NOW_MS, [hit('/a', NOW_MS - 1_000)]));
    live.hits([hit('/late', NOW_MS - 10)]);
    expect(paths()).toEqual(['/a', '/late']);
  });
});
