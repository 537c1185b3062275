import { describe, expect, it } from '@jest/globals';
import { createShareProgress, shareText } from './share-progress.js';

describe('the progress of a step', () => {
  it('is shown with the remaining time', () => {
    expect(shareText('copying', 0.25, 30, 0)).toBe(' 25 %  copying  1 min 30 s left');
    expect(shareText('copying', 0.5, 10, 0.25)).toBe(' 50 %  copying  20 s left');
  });

  it('has no remaining time at the beginning', () => {
    expect(shareText('copying', 0, 5, 0)).toBe('  0 %  copying');
  });

  it('is one line that is overwritten on a terminal, and otherwise a few lines', () => {
    const write = (isTTY: boolean): string[] => {
      const texts: string[] = [];
      let now = 0;
      const progress = createShareProgress({ isTTY, write: (text) => texts.push(text) }, () => now);
      for (let tenth = 0; tenth <= 10; tenth++) {
        now += 1000;
        progress.update('writing', tenth / 10);
      }
      progress.end();
      return texts;
    };
    expect(write(true)).toHaveLength(12);
    expect(write(true).at(-1)).toBe('\r\x1b[2K');
    expect(write(false)).toEqual([expect.stringMatching(/^40 % {2}writing {2}6 s left\n$/), expect.stringMatching(/^90 %.*\n$/)]);
  });
});
