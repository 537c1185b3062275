// Counts how many open responses each caller holds, so that one caller cannot hold all of them.
import type { ServerResponse } from 'node:http';

export interface ConnectionLimit {
  /**
   * Counts a response for a caller until it ends; responses with the same `thing` count as one. Returns false, and counts
   * nothing, if the caller is at the limit. A response that has ended already is not counted.
   */
  take(caller: string, res: ServerResponse, thing?: unknown): boolean;
}

export function createConnectionLimit(max: number): ConnectionLimit {
  /** By caller and thing: the number of responses that hold it. */
  const held = new Map<string, Map<unknown, number>>();
  return {
    take(caller, res, thing = res) {
      if (res.destroyed) return true; // it does not close again
      const things = held.get(caller) ?? new Map<unknown, number>();
      if (!things.has(thing) && things.size >= max) return false;
      held.set(caller, things);
      things.set(thing, (things.get(thing) ?? 0) + 1);
      res.once('close', () => {
        const left = (things.get(thing) ?? 1) - 1;
        if (left > 0) return void things.set(thing, left);
        things.delete(thing);
        if (things.size === 0) held.delete(caller);
      });
      return true;
    },
  };
}
