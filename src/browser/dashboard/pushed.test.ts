import { describe, expect, it } from '@jest/globals';
import { createPushed } from './pushed.js';

const at = (minute: number) => `2026-11-20T12:0${minute}:00.000Z`;
const report = (views: number, asOf: string) => ({ total: { views }, asOf });

describe('reports that the stream pushes', () => {
  it('are completed by those that have not changed, and are as new', () => {
    const pushed = createPushed();
    pushed.begin('today');
    pushed.add({ asOf: at(1), reports: { traffic: report(1, at(1)), content: report(7, at(1)) } });
    pushed.add({ asOf: at(2), reports: { traffic: report(2, at(2)) } });
    expect(pushed.take('today')).toEqual({ traffic: report(2, at(2)), content: report(7, at(2)) });
    pushed.add({ asOf: at(3), reports: {} });
    expect(pushed.take('today')).toEqual({ traffic: report(2, at(3)), content: report(7, at(3)) });
  });

  it('are taken once, and only for the question that they answer', () => {
    const pushed = createPushed();
    pushed.begin('today');
    pushed.add({ asOf: at(1), reports: { traffic: report(1, at(1)) } });
    expect(pushed.take('7d')).toBeUndefined();
    expect(pushed.take('today')).toBeDefined();
    expect(pushed.take('today')).toBeUndefined();
    pushed.begin('7d');
    expect(pushed.take('7d')).toBeUndefined();
    expect(pushed.hasCome(1000)).toBe(false);
  });

  it('are no news if they are older than what the page has got by asking', () => {
    const pushed = createPushed();
    pushed.begin('today');
    pushed.add({ asOf: at(2), reports: {} });
    expect([undefined, at(1), at(2), at(3)].map((shown) => pushed.isNews('today', shown))).toEqual([true, true, true, false]);
    expect(pushed.isNews('7d', undefined)).toBe(false);
  });

  it('make asking needless only while they come', () => {
    let nowMs = 0;
    const pushed = createPushed(() => nowMs);
    expect(pushed.hasCome(20_000)).toBe(false);
    pushed.add({ asOf: at(1), reports: {} });
    nowMs = 19_999;
    expect(pushed.hasCome(20_000)).toBe(true);
    nowMs = 20_000;
    expect(pushed.hasCome(20_000)).toBe(false);
  });
});
