import { describe, expect, it } from '@jest/globals';
import type { RegisteredNode } from '../../store/nodes.js';
import { coverage } from './coverage.js';
import type { JournalExtract } from './port.js';
import { receivedOn } from './received.js';

const at = (iso: string) => Date.parse(iso);
const received = receivedOn('2026-11-20', 'Europe/Berlin', []);
const node = (changes: Partial<RegisteredNode> = {}): RegisteredNode => ({
  id: 'none',
  number: 9,
  checksum: 1,
  countedUntilMs: 0,
  boot: 'boot',
  ...changes,
});
const extract = (changes: Partial<JournalExtract> = {}): JournalExtract => ({
  node: 'none',
  first: 1,
  last: 9,
  firstReceivedMs: at('2026-11-20T12:00:00Z'),
  trees: new Map(),
  tooLarge: [],
  ...changes,
});
const missing = (one: RegisteredNode, extracts: readonly JournalExtract[], upTo = one.number) =>
  coverage([one], new Map([[one.id, upTo]]), extracts, received).missing;

describe('the time in which the hits of a day can have been received', () => {
  it('is the day in the time zone of the site, plus 24 hours for pings', () => {
    expect(received).toEqual({ fromMs: at('2026-11-19T23:00:00Z'), untilMs: at('2026-11-21T23:00:00Z') });
    const long = receivedOn('2026-10-25', 'Europe/Berlin', []);
    expect(long).toEqual({ fromMs: at('2026-10-24T22:00:00Z'), untilMs: at('2026-10-26T23:00:00Z') });
  });

  it('covers both midnights of a day when the clock goes back at midnight', () => {
    const { fromMs, untilMs } = receivedOn('2026-10-25', 'Atlantic/Azores', []);
    expect([fromMs, untilMs]).toEqual([at('2026-10-25T00:00:00Z'), at('2026-10-27T01:00:00Z')]);
  });

  it('includes that day in every time zone if the zone of the site was changed', () => {
    const rezoned = [{ from: '2026-11-19', to: '2026-11-20' }];
    expect(receivedOn('2026-11-20', 'Europe/Berlin', rezoned)).toEqual({
      fromMs: at('2026-11-19T10:00:00Z'),
      untilMs: at('2026-11-22T12:00:00Z'),
    });
    expect(receivedOn('2026-11-21', 'UTC', rezoned).fromMs).toBe(at('2026-11-21T00:00:00Z'));
  });
});

describe('a day is covered', () => {
  it('by a journal with all segments', () => {
    expect(missing(node(), [extract()])).toEqual([]);
  });

  it('by a journal whose removed segments are older than the day', () => {
    expect(missing(node(), [extract({ first: 4, firstReceivedMs: at('2026-11-19T22:59:59Z') })])).toEqual([]);
    expect(missing(node(), [extract({ first: 4, firstReceivedMs: at('2026-11-19T23:00:00Z') })])).toEqual([
      'node none: its journal begins with segment 4 (received at 2026-11-19T23:00:00.000Z), ' +
        'which is not before the day began (2026-11-19T23:00:00.000Z)',
    ]);
  });

  it('not by a journal that lacks its last segments, but by a complete copy of it in another folder', () => {
    const older = extract({ last: 8 });
    expect(missing(node(), [older])).toEqual(['node none: its journal ends with segment 8, but 9 segments are counted']);
    const { extracts } = coverage([node()], new Map([['none', 9]]), [older, extract()], received);
    expect(extracts).toEqual([extract()]);
  });

  it('without nodes that have counted nothing or ended before the day, but not without any other node', () => {
    expect(missing(node({ number: 0 }), [])).toEqual([]);
    expect(missing(node({ endedAtMs: at('2026-11-19T22:59:59Z') }), [])).toEqual([]);
    expect(missing(node({ endedAtMs: at('2026-11-19T23:00:00Z') }), [])).toEqual([expect.stringContaining('it ended at')]);
    expect(missing(node(), [extract({ node: 'nother' })])).toEqual([expect.stringContaining('was not reached')]);
  });
});
