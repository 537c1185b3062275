import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainHit } from '../../../test/fixtures/hits.js';
import { liveHit } from '../feed.js';
import { readFeedMessage } from './feed-message.js';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const HIT = liveHit(plainHit(NOW_MS, { path: '/page', title: 'Page' }));

const read = (message: unknown) => readFeedMessage(JSON.stringify(message), NOW_MS);

/** Throws for a time that no date can have. */
const iso = (ms: number) => new Date(ms).toISOString();

const extreme = fc.oneof(
  fc.constantFrom(8.64e15, -8.64e15, 8.64e15 + 1, 1e300, -1e300, Number.MAX_SAFE_INTEGER, 0, -1, 0.5, NOW_MS),
  fc.jsonValue(),
);
const hits = fc.array(
  fc.record({ kind: fc.oneof(fc.constantFrom('view', 'event'), extreme), atMs: extreme, receivedAtMs: extreme }),
);
const messages = fc.record(
  {
    from: extreme,
    sentAtMs: extreme,
    sites: fc.oneof(extreme, fc.array(extreme)),
    isFirst: extreme,
    to: extreme,
    hits: fc.oneof(extreme, hits),
    recent: fc.oneof(
      extreme,
      fc.record({ sinceMs: extreme, minutes: fc.oneof(extreme, fc.array(fc.record({ atMs: extreme, views: extreme }))) }),
    ),
  },
  { requiredKeys: [] },
);

describe('a message of another node', () => {
  it('is read as it was sent, with the times of this node', () => {
    const sentAtMs = NOW_MS + 5_000;
    const recent = { minutes: [{ atMs: NOW_MS, views: 3 }], sinceMs: sentAtMs };
    expect(read({ from: 'a', sentAtMs, sites: ['garden'], isFirst: true, to: 'b', hits: [HIT], recent })).toEqual({
      from: 'a',
      sentAtMs: NOW_MS,
      aheadMs: 5_000,
      sites: ['garden'],
      isFirst: true,
      to: 'b',
      hits: [{ ...HIT, receivedAtMs: NOW_MS - 5_000 }],
      recent: { minutes: [{ atMs: NOW_MS, views: 3 }], sinceMs: NOW_MS },
    });
  });

  it('never throws, and has only times that a date can have', () => {
    fc.assert(
      fc.property(fc.oneof(messages, fc.jsonValue()), (message) => {
        const { from, to, sites, hits, recent } = read(message);
        expect([from, to ?? '', ...sites].map((text) => typeof text)).toEqual(Array(2 + sites.length).fill('string'));
        for (const { atMs, receivedAtMs } of hits) expect([iso(atMs), iso(receivedAtMs)]).toHaveLength(2);
        if (recent === undefined) return;
        iso(recent.sinceMs);
        for (const { atMs, views } of recent.minutes) expect([iso(atMs), Number.isSafeInteger(views)]).toEqual([iso(atMs), true]);
      }),
      { numRuns: 300 },
    );
  });

  it('is empty if its texts are objects that cannot become a text', () => {
    expect(read({ from: { toString: 1, valueOf: 1 }, to: { toString: 1 } })).toMatchObject({ from: '', to: undefined });
  });

  it('passes on of a hit only what owners may see, and no hit of an unknown kind', () => {
    const strange = { ...HIT, path: { length: 1 }, title: 7, address: '192.0.2.7', __proto__: 1 };
    expect(read({ hits: [strange, { ...HIT, kind: 'click' }, { ...HIT, atMs: undefined }] }).hits).toEqual([
      { ...HIT, path: '', title: '', receivedAtMs: NOW_MS },
    ]);
  });
});
