import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createConnectionLimit } from './connection-limit.js';

it('a caller never holds more than the limit, and may replace those that ended', () => {
  const callers = ['a', 'b', '__proto__'];
  const steps = fc.array(fc.record({ caller: fc.constantFrom(...callers), isTaken: fc.boolean() }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (max, steps) => {
      const holding = createConnectionLimit(max);
      const open = new Map<string, EventEmitter[]>(callers.map((caller) => [caller, []]));
      for (const { caller, isTaken } of steps) {
        const held = open.get(caller) as EventEmitter[];
        if (isTaken) {
          const res = new EventEmitter();
          expect(holding.take(caller, res as unknown as ServerResponse)).toBe(held.length < max);
          if (held.length < max) held.push(res);
        } else {
          held.pop()?.emit('close');
        }
      }
    }),
  );
});
