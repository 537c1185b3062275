// The sketches of current days: one byte for each register of each site, day and kind, raised in place. Points are
// stored only here, so that the journal does not show which point belongs to which hit, or the order of the points. A
// register never decreases, so points may be applied in any order and more than once.
//
// There is one file for each local day, such as `registers/2026-11-20`. It consists of slots. A slot has a head of 128
// bytes (kind and site), then the registers.
import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LRUCache } from 'lru-cache';
import { RANK_MAX, REGISTERS } from '../counters/sketch.js';
import type { Point } from '../hit/hit.js';
import { roundModifiedTime } from './files.js';

const FOLDER = 'registers';
const HEAD_BYTES = 128;
const SLOT_BYTES = HEAD_BYTES + REGISTERS;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
/** Slots whose registers are in memory: 8 MB. Other slots are read when a point arrives for them. */
const IN_MEMORY_MAX = 2048;
/** Files that are open: one for each local day that is current in some time zone, and a spare. */
const OPEN_DAYS_MAX = 5;

const fdatasyncAsync = promisify(fdatasync);

export interface Registers {
  /** Returns whether the point raised its register. Throws if the disk rejects the write. */
  raise(point: Point): boolean;
  /** Syncs all raised registers to disk. */
  sync(): Promise<void>;
  /** Erases the sketches of a site for the days from `from` to `to`, both inclusive. */
  forget(site: string, from: string, to: string): void;
  close(): void;
}

interface Day {
  readonly file: number;
  /** The position of each slot in the file. */
  readonly slots: Map<string, number>;
  size: number;
  unsynced: boolean;
}

export function openRegisters(journalFolder: string): Registers {
  const folder = join(journalFolder, FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const closing = (day: Day): void => closeSync(day.file);
  const days = new LRUCache<string, Day>({ max: OPEN_DAYS_MAX, dispose: closing });
  const registers = new LRUCache<string, Uint8Array>({ max: IN_MEMORY_MAX });
  const one = Buffer.alloc(1);

  const dayOf = (name: string): Day => {
    let day = days.get(name);
    if (day === undefined) {
      day = openDay(join(folder, name));
      days.set(name, day);
    }
    return day;
  };

  const registersAt = (key: string, day: Day, start: number): Uint8Array => {
    let values = registers.get(key);
    if (values === undefined) {
      values = new Uint8Array(REGISTERS);
      readSync(day.file, values, 0, REGISTERS, start + HEAD_BYTES);
      registers.set(key, values);
    }
    return values;
  };

  return {
    raise(point) {
      const day = dayOf(point.day);
      const slot = slotName(point);
      const start = day.slots.get(slot) ?? addSlot(day, slot);
      const values = registersAt(`${point.day} ${slot}`, day, start);
      if ((values[point.register] as number) >= point.rank) return false;
      one[0] = point.rank;
      writeSync(day.file, one, 0, 1, start + HEAD_BYTES + point.register);
      values[point.register] = point.rank;
      day.unsynced = true;
      return true;
    },

    async sync() {
      const unsynced = [...days.values()].filter((day) => day.unsynced);
      for (const day of unsynced) day.unsynced = false;
      await Promise.all(unsynced.map(({ file }) => fdatasyncAsync(file)));
    },

    forget(site, from, to) {
      for (const name of daysIn(journalFolder)) {
        if (name < from || name > to) continue;
        const day = dayOf(name);
        for (const kind of ['first', 'second'] as const) {
          const start = day.slots.get(slotName({ sketch: kind, site }));
          if (start === undefined) continue;
          writeSync(day.file, Buffer.alloc(SLOT_BYTES), 0, SLOT_BYTES, start);
          day.slots.delete(slotName({ sketch: kind, site }));
          registers.delete(`${name} ${slotName({ sketch: kind, site })}`);
        }
      }
    },

    close() {
      days.clear();
    },
  };
}

function slotName({ sketch, site }: Pick<Point, 'sketch' | 'site'>): string {
  return `${sketch === 'first' ? '1' : '2'} ${site}`;
}

function openDay(path: string): Day {
  const file = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600);
  const { size } = fstatSync(file);
  // `size` excludes an incomplete slot at the end, left by a full disk or a power cut. The next slot overwrites it.
  return { file, slots: slotsIn(file, size), size: size - (size % SLOT_BYTES), unsynced: false };
}

/** The slot is added to the map only after it was written completely. */
function addSlot(day: Day, slot: string): number {
  const bytes = Buffer.alloc(SLOT_BYTES);
  bytes.write(slot, 'latin1');
  const start = day.size;
  for (let done = 0; done < SLOT_BYTES; ) done += writeSync(day.file, bytes, done, SLOT_BYTES - done, start + done);
  day.size += SLOT_BYTES;
  day.slots.set(slot, start);
  return start;
}

/** The position of each slot. The head of an erased slot is empty. */
function slotsIn(file: number, size: number): Map<string, number> {
  const slots = new Map<string, number>();
  const head = Buffer.alloc(HEAD_BYTES);
  for (let start = 0; start + SLOT_BYTES <= size; start += SLOT_BYTES) {
    readSync(file, head, 0, HEAD_BYTES, start);
    const end = head.indexOf(0);
    if (end > 0) slots.set(head.toString('latin1', 0, end), start);
  }
  return slots;
}

/** The local days for which there are sketches, sorted. */
export function daysIn(journalFolder: string): string[] {
  const folder = join(journalFolder, FOLDER);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => DAY.test(name))
        .sort()
    : [];
}

export interface RegisterReader {
  /** The sites that have sketches for this day. */
  sitesOf(day: string): string[];
  /** All raised registers of a site and day, as points. */
  pointsOf(day: string, site: string): Point[];
}

/** Reads while the journal's process raises registers. Positions are cached, because slots never move. */
export function createRegisterReader(journalFolder: string): RegisterReader {
  const cache = new LRUCache<string, { readonly size: number; readonly slots: ReadonlyMap<string, number> }>({
    max: OPEN_DAYS_MAX,
  });

  const reading = <Read>(day: string, none: Read, read: (file: number, slots: ReadonlyMap<string, number>) => Read): Read => {
    const path = join(journalFolder, FOLDER, day);
    if (!existsSync(path)) return none;
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      let found = cache.get(day);
      if (found?.size !== size) {
        found = { size, slots: slotsIn(file, size) };
        cache.set(day, found);
      }
      return read(file, found.slots);
    } finally {
      closeSync(file);
    }
  };

  return {
    sitesOf: (day) => reading(day, [], (_file, slots) => [...new Set([...slots.keys()].map((slot) => slot.slice(2)))]),
    pointsOf: (day, site) =>
      reading(day, [], (file, slots) =>
        (['first', 'second'] as const).flatMap((sketch) => {
          const start = slots.get(slotName({ sketch, site }));
          return start === undefined ? [] : pointsAt(file, start, { site, day, receivedAtMs: Date.parse(day), sketch });
        }),
      ),
  };
}

function pointsAt(file: number, start: number, common: Omit<Point, 'register' | 'rank'>): Point[] {
  const values = Buffer.alloc(REGISTERS);
  readSync(file, values, 0, REGISTERS, start + HEAD_BYTES);
  const points: Point[] = [];
  for (let register = 0; register < REGISTERS; register++) {
    const rank = values[register] as number;
    if (rank > 0 && rank <= RANK_MAX) points.push({ ...common, register, rank });
  }
  return points;
}

/** Rounds the files' times, so that they do not show exactly when the last visitor arrived. */
export function roundModifiedTimes(journalFolder: string): void {
  for (const day of daysIn(journalFolder)) roundModifiedTime(join(journalFolder, FOLDER, day));
}

/** Removes the sketches of days that had ended in every time zone by this time. Milliseconds since 1970. */
export function removeDaysBefore(journalFolder: string, ms: number): void {
  for (const day of daysIn(journalFolder)) {
    if (Date.parse(day) + ENDED_MS <= ms) rmSync(join(journalFolder, FOLDER, day), { force: true });
  }
}

/** 24 hours, and 12 more for the westernmost time zone. */
const ENDED_MS = 36 * 3_600_000;

/** The size of all sketches on disk. */
export function registersBytes(journalFolder: string): number {
  return daysIn(journalFolder).reduce((sum, day) => sum + statSync(join(journalFolder, FOLDER, day)).size, 0);
}
