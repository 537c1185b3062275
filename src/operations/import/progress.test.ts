import { describe, expect, it } from '@jest/globals';
import { createProgress, duration } from './progress.js';

function run(
  out: { isTTY: boolean; columns?: number },
  steps: ReadonlyArray<[ms: number, share: number, lines: number, bytes: number]>,
) {
  let nowMs = 1000;
  const written: string[] = [];
  const progress = createProgress({ ...out, write: (text) => written.push(text) }, () => nowMs);
  for (const [ms, share, lines, bytes] of steps) {
    nowMs = 1000 + ms;
    progress.update({ share, lines, bytes });
  }
  progress.end();
  return written;
}

describe('progress', () => {
  it('overwrites one line on a terminal, no wider than the terminal', () => {
    const steps: Array<[number, number, number, number]> = [
      [50, 0.1, 10_000, 2e6],
      [100, 0.5, 200_000, 40e6],
      [2000, 0.5, 200_000, 40e6],
    ];
    const written = run({ isTTY: true, columns: 120 }, steps);
    expect(written.map((text) => text.replace('\r\x1b[2K', ''))).toEqual([
      expect.stringContaining('50 %  2,000,000 lines/s  400.0 MB/s  0 s left'),
      '██████████░░░░░░░░░░  50 %  100,000 lines/s  20.0 MB/s  2 s left',
      '',
    ]);
    expect(Math.max(...run({ isTTY: true, columns: 30 }, steps).map((text) => text.length))).toBeLessThanOrEqual(29 + 5);
  });

  it('writes a plain line now and then when the output is not a terminal', () => {
    const steps = Array.from({ length: 120 }, (_, i): [number, number, number, number] => [
      i * 100,
      i / 120,
      i * 100,
      i * 20_000,
    ]);
    expect(run({ isTTY: false }, steps)).toEqual([
      '41 %  1,000 lines/s  0.2 MB/s  7 s left\n',
      '83 %  1,000 lines/s  0.2 MB/s  2 s left\n',
    ]);
  });

  it('computes the speed from what this run has counted', () => {
    const written = run({ isTTY: false }, [
      [5000, 0.8, 0, 0],
      [10_000, 0.9, 50_000, 5e6],
    ]);
    expect(written).toEqual(['80 %  skipping what was counted before\n', '90 %  10,000 lines/s  1.0 MB/s  5 s left\n']);
  });

  it.each([
    [0.4, '0 s'],
    [61, '1 min 1 s'],
    [3725, '1 h 2 min'],
  ])('writes %d seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});
