// The day's salts and the limits of a single node. Salts are a small file of their own, so that one that is dropped
// is not left in a database's old pages, and is not in its backups.
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { log } from '../../system/log.js';
import { readJson } from '../../system/untrusted-files.js';
import { utcDay } from '../../time/dates.js';
import { DAY_MS } from '../../time/units.js';
import { consume, createLimiters } from '../limiters.js';
import type { Limits, OwnSalts } from '../limits.js';

/** Kiritimati's clocks are this far ahead of UTC. */
const AHEAD_MS_MAX = 14 * 3_600_000;

export function openLocalLimits(): Limits {
  const limiters = createLimiters((options) => new RateLimiterMemory(options));
  return {
    take: (name, caller) => consume(limiters[name], caller),
    state: () => ({ shared: true }),
    close: async () => {},
  };
}

/** By day: 32 bytes in base64. */
const saltsShape = z.record(z.string().regex(/^\d{4}-\d\d-\d\d$/), z.string().regex(/^[A-Za-z0-9+/]{43}=$/));
const SALTS_BYTES_MAX = 64 * 1024;

function readSalts(path: string): Map<string, Buffer> {
  try {
    const kept = readJson(path, saltsShape, SALTS_BYTES_MAX);
    return new Map(Object.entries(kept).map(([day, salt]) => [day, Buffer.from(salt, 'base64')]));
  } catch (error) {
    throw new Error(`${(error as Error).message}; move it away, and today's visitors are counted once more`);
  }
}

export function openLocalSalts(dataDir: string, nowMs: () => number): OwnSalts {
  const path = join(dataDir, 'salts.json');
  let salts = existsSync(path) ? readSalts(path) : new Map<string, Buffer>();
  /** Dates whose salt could not be kept, and why. */
  const failed = new Map<string, Error>();

  const save = (salts: ReadonlyMap<string, Buffer>): void => {
    const draft = `${path}.draft`;
    const file = openSync(draft, 'w', 0o600);
    try {
      writeFileSync(file, JSON.stringify(Object.fromEntries([...salts].map(([day, salt]) => [day, salt.toString('base64')]))));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  };

  /** A date is over everywhere 12 hours after it is in UTC; a day more costs nothing. */
  const current = (): Array<[string, Buffer]> => {
    const oldest = utcDay(nowMs() - 2 * DAY_MS);
    return [...salts].filter(([day]) => day >= oldest);
  };

  /** First on disk, then in use: a salt that a restart would not find again would count its visitors twice. */
  const keep = (kept: Array<[string, Buffer]>): void => {
    const next = new Map(kept);
    save(next);
    salts = next;
    for (const day of next.keys()) failed.delete(day);
  };

  const saltOf = (day: string): Buffer => {
    const known = salts.get(day);
    if (known !== undefined) return known;
    const salt = randomBytes(32);
    try {
      keep([...current(), [day, salt]]);
    } catch (error) {
      failed.set(day, error as Error);
      throw error;
    }
    return salt;
  };

  const dropOld = (): void => {
    const kept = current();
    if (kept.length < salts.size) keep(kept);
  };
  const tryToDropOld = (): void => {
    try {
      dropOld();
    } catch (error) {
      log(`old salts could not be deleted, which is tried again in an hour: ${(error as Error).message}`);
    }
  };
  tryToDropOld();
  const dropping = setInterval(tryToDropOld, 3_600_000);
  dropping.unref();

  return {
    salt: saltOf,
    retry() {
      for (const day of [...failed.keys()]) {
        try {
          saltOf(day);
        } catch {
          // tried again the next time
        }
      }
    },
    adopt(day, salt) {
      if (!salts.get(day)?.equals(salt)) keep([...current().filter(([kept]) => kept !== day), [day, salt]]);
    },
    state() {
      // the salts of days to come are made early, and nobody needs them yet
      const begun = utcDay(nowMs() + AHEAD_MS_MAX);
      const failure = [...failed].find(([day]) => day <= begun)?.[1].message;
      return { shared: true, failure };
    },
    async close() {
      clearInterval(dropping);
    },
  };
}
