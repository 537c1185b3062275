import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beginningsOf, hasBeginningOf } from './begin.js';

const LINE = '192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "Agent"';

describe('a log', () => {
  const logs = fc.array(
    fc.string({ unit: 'grapheme-ascii', maxLength: 300 }).map((line) => line.replaceAll(/\n|^#/g, ' ')),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  const bytesOf = (lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''));

  it('is recognised after it has grown, and so is an older copy of it', () => {
    fc.assert(
      fc.property(logs, fc.nat(60), fc.nat(300), (lines, kept, cut) => {
        const whole = bytesOf(lines);
        const earlier = bytesOf(lines.slice(0, Math.max(1, kept)));
        const unfinished = whole.subarray(0, Math.min(whole.length, earlier.length + cut));
        for (const [first, second] of [
          [whole, earlier],
          [earlier, whole],
          [whole, unfinished],
          [unfinished, whole],
        ] as const)
          expect(hasBeginningOf(second, beginningsOf(first))).toBe(true);
      }),
    );
  });

  it('is not confused with a log that begins differently or that has no whole line yet', () => {
    fc.assert(
      fc.property(logs, logs, (a, b) => {
        fc.pre(a[0] !== b[0]);
        expect(hasBeginningOf(bytesOf(a), beginningsOf(bytesOf(b)))).toBe(false);
      }),
    );
    expect(beginningsOf(Buffer.from('no end'))).toEqual([]);
    expect(hasBeginningOf(Buffer.from('no end'), beginningsOf(bytesOf(['no end'])))).toBe(false);
  });

  it('is recognised by a dozen hashes of whole lines within 64 KB, or by its first line if that is longer', () => {
    const large = bytesOf(Array.from({ length: 2000 }, (_, n) => `${LINE} ${n}`));
    const beginnings = beginningsOf(large);
    expect(beginnings.length).toBeLessThanOrEqual(12);
    expect(beginnings.every(({ bytes }) => large[bytes - 1] === 0x0a)).toBe(true);
    expect(beginnings.at(-1)?.bytes).toBeGreaterThan(60_000);
    expect(beginnings.at(-1)?.bytes).toBeLessThanOrEqual(65_536);
    expect(beginningsOf(bytesOf(['x'.repeat(70_000), 'y'])).map(({ bytes }) => bytes)).toEqual([70_001]);
  });

  it('is not recognised by directives with which many logs begin', () => {
    const directives = ['#Version: 1.0', '#Fields: date time c-ip'];
    const one = bytesOf([...directives, `2026-01-01 00:00:01 192.0.2.1 ${'x'.repeat(200)}`, 'more']);
    const other = bytesOf([...directives, '2026-01-01 00:00:02 192.0.2.2']);
    expect(hasBeginningOf(other, beginningsOf(one))).toBe(false);
    expect(hasBeginningOf(bytesOf(directives), beginningsOf(one))).toBe(false);
    expect(hasBeginningOf(one, beginningsOf(one))).toBe(true);
  });
});
