import { describe, expect, it } from '@jest/globals';
import type { KnownNode } from '../../store/documents.js';
import { coverage } from './coverage.js';
import type { JournalPart } from './port.js';
import { receivedOn } from './received.js';

const at = (iso: string) => Date.parse(iso);
const received = receivedOn('2026-11-20', 'Europe/Berlin', []);
const node = (changes: Partial<KnownNode> = {}): KnownNode => ({
  id: 'none',
  number: 9,
  checksum: 1,
  countedUntilMs: 0,
  boot: 'boot',
  ...changes,
});
const part = (changes: Partial<JournalPart> = {}): JournalPart => ({
  node: 'none',
  first: 1,
  last: 9,
  firstReceivedMs: at('2026-11-20T12:00:00Z'),
  trees: new Map(),
  tooLarge: [],
  ...changes,
});
const missing = (one: KnownNode, parts: readonly JournalPart[], upTo = one.number) =>
  coverage([one], new Map([[one.id, upTo]]), parts, received).missing;

describe('the time in which a day’s hits can have been taken', () => {
  it('is the day in the site’s zone, whatever its length, and 24 hours for pings', () => {
    expect(received).toEqual({ fromMs: at('2026-11-19T23:00:00Z'), untilMs: at('2026-11-21T23:00:00Z') });
    const long = receivedOn('2026-10-25', 'Europe/Berlin', []);
    expect(long).toEqual({ fromMs: at('2026-10-24T22:00:00Z'), untilMs: at('2026-10-26T23:00:00Z') });
  });

  it('covers both midnights of a day when the clock goes back at midnight', () => {
    const { fromMs, untilMs } = receivedOn('2026-10-25', 'Atlantic/Azores', []);
    expect([fromMs, untilMs]).toEqual([at('2026-10-25T00:00:00Z'), at('2026-10-27T01:00:00Z')]);
  });

  it('is the time in which it is that day anywhere, where the zone was changed', () => {
    const rezoned = [{ from: '2026-11-19', to: '2026-11-20' }];
    expect(receivedOn('2026-11-20', 'Europe/Berlin', rezoned)).toEqual({
      fromMs: at('2026-11-19T10:00:00Z'),
      untilMs: at('2026-11-22T12:00:00Z'),
    });
    expect(receivedOn('2026-11-21', 'UTC', rezoned).fromMs).toBe(at('2026-11-21T00:00:00Z'));
  });
});

describe('a day is covered', () => {
  it('by a journal that has all segments', () => {
    expect(missing(node(), [part()])).toEqual([]);
  });

  it('by one whose lost segments are older than the day', () => {
    expect(missing(node(), [part({ first: 4, firstReceivedMs: at('2026-11-19T22:59:59Z') })])).toEqual([]);
    expect(missing(node(), [part({ first: 4, firstReceivedMs: at('2026-11-19T23:00:00Z') })])).toEqual([
      'node none: its journal begins with segment 4, of 2026-11-19T23:00:00.000Z, and the day at 2026-11-19T23:00:00.000Z',
    ]);
  });

  it('not by one that has lost its last segments, but by another folder’s copy of it', () => {
    const older = part({ last: 8 });
    expect(missing(node(), [older])).toEqual(['node none: its journal ends with segment 8, and 9 are counted']);
    const { parts } = coverage([node()], new Map([['none', 9]]), [older, part()], received);
    expect(parts).toEqual([part()]);
  });

  it('without a node that has counted nothing, or ended before the day; not without any other', () => {
    expect(missing(node({ number: 0 }), [])).toEqual([]);
    expect(missing(node({ endedAtMs: at('2026-11-19T22:59:59Z') }), [])).toEqual([]);
    expect(missing(node({ endedAtMs: at('2026-11-19T23:00:00Z') }), [])).toEqual([expect.stringContaining('it ended at')]);
    expect(missing(node(), [part({ node: 'nother' })])).toEqual([expect.stringContaining('was not reached')]);
  });
});
