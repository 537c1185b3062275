import { describe, expect, it } from '@jest/globals';
import { plainHit } from '../../../../test/fixtures/hits.js';
import { liveHit } from '../../../sharing/feed.js';
import { mostFrequent, NO_HITS, remembered, withHits } from './latest.js';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const MINUTE_MS = 60_000;
const hit = (path: string, agoMs = 0, kind: 'view' | 'event' = 'view') => liveHit(plainHit(NOW_MS - agoMs, { path, kind }));
const times = { asOfMs: NOW_MS, sinceMs: 0 };

describe('the newest hits', () => {
  it('are those that the server remembers, and then those that come, each with its own number', () => {
    const latest = withHits(remembered(NO_HITS, [hit('/a'), hit('/b')], times), [hit('/c')]);
    expect(latest.hits.map(({ path, number }) => [path, number])).toEqual([
      ['/a', 0],
      ['/b', 1],
      ['/c', 2],
    ]);
    expect(remembered(latest, [hit('/d')], times).hits.map(({ path, number }) => [path, number])).toEqual([['/d', 3]]);
  });

  it('cover ten minutes, unless there were too many or the server has just started', () => {
    expect(remembered(NO_HITS, [hit('/')], times).sinceMs).toBe(NOW_MS - 10 * MINUTE_MS);
    expect(remembered(NO_HITS, [], { asOfMs: NOW_MS, sinceMs: NOW_MS - 5_000 }).sinceMs).toBe(NOW_MS - 5_000);
    const hundred = Array.from({ length: 100 }, (_, i) => hit('/', 100 - i));
    const latest = remembered(NO_HITS, hundred, times);
    expect(latest.sinceMs).toBe(NOW_MS - 100);
    const many = withHits(
      latest,
      Array.from({ length: 1_500 }, () => hit('/many')),
    );
    expect(many.hits).toHaveLength(1_000);
    expect(many.sinceMs).toBe(NOW_MS);
  });

  it('are counted by a value of theirs, without events and what is older than ten minutes', () => {
    const hits = [hit('/old', 11 * MINUTE_MS), hit('/a', 3), hit('/b', 2), hit('/a', 1), hit('/c'), hit('/c', 0, 'event')];
    expect(mostFrequent(remembered(NO_HITS, hits, times), ({ path }) => path, NOW_MS)).toEqual([
      { key: '/a', views: 2 },
      { key: '/c', views: 1 },
      { key: '/b', views: 1 },
    ]);
  });
});
