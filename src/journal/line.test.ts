import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BERLIN, hits, plainHit, points, refusals, viewAfter } from '../../test/fixtures/hits.js';
import { VIEWS_ONLY } from '../hit/visitor.js';
import { createLineReader, hitLine, parsePointLine, pointLine, refusalLine } from './line.js';

describe('a journal line', () => {
  const read = createLineReader();

  it('gives back the hit that it was made of, on one line', () => {
    fc.assert(
      fc.property(hits, (hit) => {
        const line = hitLine(hit);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(read(line.slice(0, -1))).toEqual({ hit });
      }),
      { numRuns: 500 },
    );
  });

  it('is short where the view before was in the same five minutes, or is the only thing to be told', () => {
    const last = (refersToIso: string | undefined) => {
      const refersTo = refersToIso === undefined ? undefined : BERLIN.localTime(Date.parse(refersToIso));
      const hit = { ...viewAfter('2026-10-25T01:02:00Z', 60), refersTo };
      const line = hitLine(hit).slice(0, -1);
      expect(read(line)).toEqual({ hit });
      return line.split('\t').at(-1);
    };
    expect(last(undefined)).toBe('');
    expect(last('2026-10-25T01:01:00Z')).toBe('=');
    expect(last('2026-10-25T00:59:00Z')).toBe('2026-10-25 02:55');
    expect(last('2026-10-25T01:05:00Z')).toBe('2026-10-25 02+:05');
    expect(last('2026-10-24T21:59:00Z')).toBe('2026-10-24 23:55');
  });

  it('says of a view that nothing else of it may be counted', () => {
    const hit = plainHit(Date.parse('2026-11-20T10:00:00Z'), { visitor: VIEWS_ONLY });
    expect(read(hitLine(hit).slice(0, -1))).toEqual({ hit });
  });

  it('is read as the version before wrote it: an hour without minutes, and no word of the page’s first view', () => {
    const beginning = (kind: string) => `${kind}\tone\t1792857600000\t2026-10-25\t02+\t/a\tA\tdirect\t`;
    const technology = 'chrome|130-0|windows|desktop|1600|1280|768|de';
    const of = (line: string) => (read(line) as { hit: object }).hit;
    expect(of(`${beginning('v')}${technology}\t3,3600,3,2,2,7200\t/b\t{"t":{"day":"2026-10-25","hour":"02"}}`)).toMatchObject({
      at: { day: '2026-10-25', hour: '02+', minute: '00' },
      refersTo: { day: '2026-10-25', hour: '02' },
      visitor: { record: true, firstOfHour: true, firstOfDay: true, firstOfMonth: false, firstOfPage: '', previousPath: '/b' },
    });
    const ping = `${beginning('p')}${technology}\t\t\t{"t":{"day":"2026-10-25","hour":"02"},"g":{"engagedSeconds":7,"scrollPercent":40}}`;
    expect(of(ping)).toMatchObject({ kind: 'ping', refersTo: { hour: '02' }, engagement: { engagedSeconds: 7 } });
    expect(of(`${beginning('v')}${technology}\t\t\t`)).toMatchObject({ visitor: { record: false, viewsOnly: false } });
  });

  it('gives back a refusal', () => {
    fc.assert(fc.property(refusals, (refusal) => expect(read(refusalLine(refusal).slice(0, -1))).toEqual({ refusal })));
  });

  it('gives back a point, which tells no time of day', () => {
    fc.assert(
      fc.property(points, (point) => {
        expect(parsePointLine(pointLine(point).slice(0, -1))).toEqual(point);
        expect(pointLine(point).split('\t')).toHaveLength(5);
      }),
    );
  });

  it('says so when a line is none of ours', () => {
    for (const line of ['', 'v', 'x\ty', 'r\tone', '\0\0\0', 'v\tone\t1']) expect(read(line)).toBeUndefined();
    expect(parsePointLine('1\tone')).toBeUndefined();
  });
});
