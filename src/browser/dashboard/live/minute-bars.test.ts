import { describe, expect, it } from '@jest/globals';
import { minuteBars, summaryOf } from './minute-bars.js';

const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);

type Counts = Readonly<Record<string, number>>;

function barsOf(sinceMs: number, views: Counts, fives: Counts = {}, now = '12:07:30') {
  const by = (counts: Counts) => new Map(Object.entries(counts).map(([time, n]) => [at(time), n]));
  const [minutes, five] = [by(views), by(fives)];
  const bars = minuteBars({
    nowMs: at(now),
    sinceMs,
    viewsOf: (atMs) => minutes.get(atMs) ?? 0,
    viewsOfFive: (atMs) => five.get(atMs),
  });
  /** How many minutes the bar stands for, and its views. */
  const barAt = (time: string) => {
    const bar = bars.find(({ atMs }) => atMs === at(time));
    return bar && [bar.minutes, bar.views];
  };
  return { bars, barAt };
}

describe('the bars of views by minute', () => {
  it('are those of the last half hour, with the minute that is not over', () => {
    const { bars, barAt } = barsOf(0, { '12:07:00': 3, '11:38:00': 2, '11:37:00': 9 });
    expect(bars).toHaveLength(30);
    expect(bars[0]).toEqual({ atMs: at('11:38:00'), minutes: 1, views: 2 });
    expect(bars.at(-1)).toEqual({ atMs: at('12:07:00'), minutes: 1, views: 3 });
    expect(barAt('12:00:00')).toEqual([1, 0]);
    expect(summaryOf(bars)).toEqual({ views: 5, most: 3 });
  });

  it('are the counted five minutes from before the server began to remember, with what it remembers of them', () => {
    const { bars, barAt } = barsOf(
      at('12:01:10'),
      { '12:01:00': 1, '12:02:00': 4, '12:04:00': 1 },
      { '11:55:00': 6, '12:00:00': 9 },
    );
    expect(['11:55:00', '11:56:00', '12:00:00', '12:01:00'].map(barAt)).toEqual([[5, 6], undefined, [2, 4], undefined]);
    expect(['12:02:00', '12:03:00', '12:04:00'].map(barAt)).toEqual([
      [1, 4],
      [1, 0],
      [1, 1],
    ]);
    expect(bars.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(30);
    // of single minutes, the most is not known
    expect(summaryOf(bars)).toEqual({ views: 15, estimatedUntilMs: at('12:02:00'), isRough: false });
  });

  it('are single minutes where all that was counted is remembered, although the server has started within a minute', () => {
    const { bars } = barsOf(at('12:07:10'), { '12:07:00': 13 }, { '12:05:00': 13 });
    expect(bars).toHaveLength(30);
    expect(bars.filter(({ views }) => views > 0)).toEqual([{ atMs: at('12:07:00'), minutes: 1, views: 13 }]);
  });

  it('are never below what is remembered, where the five minutes are not known or not counted yet', () => {
    const { barAt } = barsOf(at('12:07:10'), { '12:06:00': 2, '12:07:00': 5 }, { '12:05:00': 1 });
    expect(['12:06:00', '12:07:00', '11:58:00'].map(barAt)).toEqual([
      [1, 2],
      [1, 5],
      [1, 0],
    ]);
  });

  it('are a part of the five minutes in which the half hour begins, so their sum is rough', () => {
    const { bars } = barsOf(at('12:07:10'), {}, { '11:35:00': 12 });
    expect(bars[0]).toEqual({ atMs: at('11:38:00'), minutes: 2, views: 5, isEstimated: true });
    expect(summaryOf(bars)).toEqual({ views: 5, estimatedUntilMs: at('11:40:00'), isRough: true });
    const { bars: later } = barsOf(at('12:07:10'), {}, { '11:35:00': 12 }, '12:08:30');
    expect(later[0]).toEqual({ atMs: at('11:39:00'), minutes: 1, views: 2, isEstimated: true });
    expect(summaryOf(later).isRough).toBe(true);
  });
});
