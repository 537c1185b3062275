import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createConnectionLimit } from './connection-limit.js';

const CALLERS = ['a', 'b', '__proto__'];
const response = () => new EventEmitter() as ServerResponse;

describe('a caller', () => {
  it('never holds more than the limit, and may replace those that ended', () => {
    const steps = fc.array(fc.record({ caller: fc.constantFrom(...CALLERS), isTaken: fc.boolean() }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), steps, (max, steps) => {
        const holding = createConnectionLimit(max);
        const open = new Map<string, ServerResponse[]>(CALLERS.map((caller) => [caller, []]));
        for (const { caller, isTaken } of steps) {
          const held = open.get(caller) as ServerResponse[];
          if (isTaken) {
            const res = response();
            expect(holding.take(caller, res)).toBe(held.length < max);
            if (held.length < max) held.push(res);
          } else {
            held.pop()?.emit('close');
          }
        }
      }),
    );
  });

  it('never holds more different things than the limit, and each until the last response that has it ends', () => {
    const step = fc.record({
      caller: fc.constantFrom(...CALLERS),
      thing: fc.constantFrom('x', 'y', 'z'),
      ends: fc.option(fc.nat()),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 }), fc.array(step), (max, steps) => {
        const holding = createConnectionLimit(max);
        let open: Array<{ caller: string; thing: string; res: ServerResponse }> = [];
        for (const { caller, thing, ends } of steps) {
          const ending = ends === null ? undefined : open[ends % Math.max(1, open.length)];
          if (ending !== undefined) {
            open = open.filter((one) => one !== ending);
            ending.res.emit('close');
            continue;
          }
          const things = new Set(open.filter((one) => one.caller === caller).map((one) => one.thing));
          const isAllowed = things.has(thing) || things.size < max;
          const res = response();
          expect(holding.take(caller, res, thing)).toBe(isAllowed);
          if (isAllowed) open.push({ caller, thing, res });
        }
      }),
    );
  });

  it('holds nothing for a response that has ended already', () => {
    const holding = createConnectionLimit(1);
    expect(holding.take('a', Object.assign(response(), { destroyed: true }))).toBe(true);
    expect(holding.take('a', response())).toBe(true);
    expect(holding.take('a', response())).toBe(false);
  });
});
