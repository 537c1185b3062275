import { describe, expect, it } from '@jest/globals';
import { minuteBars } from './minute-bars.js';

const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);

function barsOf(sinceMs: number, views: Readonly<Record<string, number>>, fives: Readonly<Record<string, number>> = {}) {
  const by = (counts: Readonly<Record<string, number>>) => new Map(Object.entries(counts).map(([time, n]) => [at(time), n]));
  const [minutes, five] = [by(views), by(fives)];
  const bars = minuteBars({
    nowMs: at('12:07:30'),
    sinceMs,
    viewsOf: (atMs) => minutes.get(atMs) ?? 0,
    viewsOfFive: (atMs) => five.get(atMs),
  });
  return { bars, viewsAt: (time: string) => bars.find(({ atMs }) => atMs === at(time))?.views };
}

describe('the bars of views by minute', () => {
  it('are those of the last half hour, with the minute that is not over', () => {
    const { bars, viewsAt } = barsOf(0, { '12:07:00': 3, '11:38:00': 2, '11:37:00': 9 });
    expect(bars).toHaveLength(30);
    expect(bars[0]).toEqual({ atMs: at('11:38:00'), views: 2 });
    expect(bars.at(-1)).toEqual({ atMs: at('12:07:00'), views: 3 });
    expect(viewsAt('12:00:00')).toBe(0);
  });

  it('divide the counted five minutes from before the server began to remember, without what it remembers of them', () => {
    const { bars, viewsAt } = barsOf(at('12:01:10'), { '12:02:00': 4, '12:04:00': 1 }, { '11:55:00': 10, '12:00:00': 9 });
    expect(['11:55:00', '11:59:00', '12:00:00', '12:01:00'].map(viewsAt)).toEqual([2, 2, 2, 2]);
    expect(['12:02:00', '12:03:00', '12:04:00'].map(viewsAt)).toEqual([4, 0, 1]);
    expect(bars.reduce((sum, { views }) => sum + views, 0)).toBe(19);
  });

  it('add nothing where all that was counted is remembered, although the server has started within a minute', () => {
    const { bars } = barsOf(at('12:07:10'), { '12:07:00': 13 }, { '12:05:00': 13 });
    expect(bars.filter(({ views }) => views > 0)).toEqual([{ atMs: at('12:07:00'), views: 13 }]);
  });

  it('are never below what is remembered, where the five minutes are not known or not counted yet', () => {
    const { viewsAt } = barsOf(at('12:07:10'), { '12:06:00': 2, '12:07:00': 5 }, { '12:05:00': 1 });
    expect([viewsAt('12:06:00'), viewsAt('12:07:00'), viewsAt('11:58:00')]).toEqual([2, 5, 0]);
  });
});
