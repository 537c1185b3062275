import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../time/units.js';
import { addOrder, createTimeOrder, orderFrom, type TimeOrder } from './time-order.js';

/** The order of lines at these hours; undefined stands for a line without a time. */
function orderOf(hours: ReadonlyArray<number | undefined>): TimeOrder {
  const order = createTimeOrder();
  for (const hour of hours) {
    order.line();
    if (hour !== undefined) order.at(hour * HOUR_MS);
  }
  return order.found();
}

const begin = orderFrom(Number.NEGATIVE_INFINITY);
const backOf = (...parts: ReadonlyArray<ReadonlyArray<number | undefined>>) => parts.map(orderOf).reduce(addOrder, begin).back;

describe('the times of a log', () => {
  it('go back where the log starts over, wherever it is cut', () => {
    const hours = [0, 1, undefined, 2, 3, 0, 1, 1, 2, 3];
    for (let i = 0; i <= hours.length; i++) if (i < 6 || i > 7) expect(backOf(hours.slice(0, i), hours.slice(i))?.line).toBe(6);
    expect(backOf(hours)).toEqual({ line: 6, ms: 3 * HOUR_MS });
  });

  it('go back where the log continues before the lines that were counted earlier', () => {
    expect(addOrder(orderFrom(5 * HOUR_MS), orderOf([1, 1, 2]))).toMatchObject({ back: { line: 1, ms: 3 * HOUR_MS } });
    expect(addOrder(orderFrom(5 * HOUR_MS), orderOf([5, 6, 7])).back).toBeUndefined();
  });

  it('do not go back because of long requests, or of clocks that differ by less than an hour', () => {
    expect(backOf([0, 5, 1, 5, 2, 3, 6, 5.1, 5, 5, 5, 5])).toBeUndefined();
    expect(backOf([0, 5], [1, 5], [2, 3])).toBeUndefined();
    expect(backOf([], [undefined], [1])).toBeUndefined();
  });
});
