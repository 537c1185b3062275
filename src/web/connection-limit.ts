// Counts how many open responses each caller holds, so that one caller cannot hold all of them.
import type { ServerResponse } from 'node:http';

export interface ConnectionLimit {
  /** Counts a response for a caller until it ends. Returns false, and counts nothing, if the caller is at the limit. */
  take(caller: string, res: ServerResponse): boolean;
}

export function createConnectionLimit(max: number): ConnectionLimit {
  const held = new Map<string, number>();
  return {
    take(caller, res) {
      const now = held.get(caller) ?? 0;
      if (now >= max) return false;
      held.set(caller, now + 1);
      res.once('close', () => {
        const left = (held.get(caller) ?? 1) - 1;
        if (left === 0) held.delete(caller);
        else held.set(caller, left);
      });
      return true;
    },
  };
}
