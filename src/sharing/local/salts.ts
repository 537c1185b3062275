// The salts of a single node. They are in a small file of their own: in a database, a deleted salt would remain in old
// pages and in backups.
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { log } from '../../system/log.js';
import { readJson } from '../../system/untrusted-files.js';
import { utcDay } from '../../time/dates.js';
import { DAY_MS, HOUR_MS } from '../../time/units.js';
import type { OwnSalts } from '../salts.js';

/** Clocks in Kiritimati are this far ahead of UTC. */
const AHEAD_MS_MAX = 14 * HOUR_MS;

/** By day: 32 bytes in base64. */
const saltsShape = z.record(z.string().regex(/^\d{4}-\d\d-\d\d$/), z.string().regex(/^[A-Za-z0-9+/]{43}=$/));
const SALTS_BYTES_MAX = 64 * 1024;

export function openLocalSalts(dataDir: string, nowMs: () => number): OwnSalts {
  const path = join(dataDir, 'salts.json');
  let salts = existsSync(path) ? readSalts(path) : new Map<string, Buffer>();
  /** Dates whose salt could not be stored, and why. */
  const failed = new Map<string, Error>();

  /** A date is over in all zones 12 hours after it is over in UTC. Salts are stored for one more day. */
  const current = (): Array<[string, Buffer]> => {
    const oldest = utcDay(nowMs() - 2 * DAY_MS);
    return [...salts].filter(([day]) => day >= oldest);
  };

  /** Writes salts before they are used. If a salt were lost in a restart, its visitors would be counted twice. */
  const store = (entries: Array<[string, Buffer]>): void => {
    const next = new Map(entries);
    writeSalts(path, next);
    salts = next;
    for (const day of next.keys()) failed.delete(day);
  };

  const saltOf = (day: string): Buffer => {
    const known = salts.get(day);
    if (known !== undefined) return known;
    const salt = randomBytes(32);
    try {
      store([...current(), [day, salt]]);
    } catch (error) {
      failed.set(day, error as Error);
      throw error;
    }
    return salt;
  };

  const deleteOld = (): void => {
    try {
      const remaining = current();
      if (remaining.length < salts.size) store(remaining);
    } catch (error) {
      log(`old salts could not be deleted; trying again in an hour: ${(error as Error).message}`);
    }
  };
  deleteOld();
  const deleting = setInterval(deleteOld, HOUR_MS);
  deleting.unref();

  return {
    salt: saltOf,
    retry() {
      for (const day of [...failed.keys()]) {
        try {
          saltOf(day);
        } catch {
          // the next retry tries again
        }
      }
    },
    adopt(day, salt) {
      if (!salts.get(day)?.equals(salt)) store([...current().filter(([other]) => other !== day), [day, salt]]);
    },
    state() {
      // Salts of future dates are created in advance, and no hit needs them yet.
      const begun = utcDay(nowMs() + AHEAD_MS_MAX);
      const failure = [...failed].find(([day]) => day <= begun)?.[1].message;
      return { shared: true, failure };
    },
    async close() {
      clearInterval(deleting);
    },
  };
}

function readSalts(path: string): Map<string, Buffer> {
  try {
    const stored = readJson(path, saltsShape, SALTS_BYTES_MAX);
    return new Map(Object.entries(stored).map(([day, salt]) => [day, Buffer.from(salt, 'base64')]));
  } catch (error) {
    throw new Error(
      `${(error as Error).message}; move it away to start without it, and visitors of today are counted a second time`,
    );
  }
}

function writeSalts(path: string, salts: ReadonlyMap<string, Buffer>): void {
  const draft = `${path}.draft`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeFileSync(file, JSON.stringify(Object.fromEntries([...salts].map(([day, salt]) => [day, salt.toString('base64')]))));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}
