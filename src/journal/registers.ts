// The sketches of the days that run, raised in place: one byte for each register of each site, day and kind. A
// visitor's point is here and nowhere else in the journal, so that no file says which point came with which hit, or
// in which order they came. A register only rises, so points need neither an order nor a guard: to add them to a
// document once more changes nothing.
//
// A file for each local day, `registers/2026-11-20`, of slots: a head of 128 bytes (kind and site), then the registers.
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
import { keepRoughTime } from './files.js';

const FOLDER = 'registers';
const HEAD_BYTES = 128;
const SLOT_BYTES = HEAD_BYTES + REGISTERS;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
/** Slots whose registers are in memory: 8 MB. Those of other sites are read when a point comes. */
const IN_MEMORY_MAX = 2048;
/** Of days whose files are open: local days of all zones, and one to spare. */
const OPEN_DAYS_MAX = 5;

const fdatasyncAsync = promisify(fdatasync);

export interface Registers {
  /** Whether the point was news. Throws when the disk does not take it. */
  raise(point: Point): boolean;
  /** Makes sure that what was raised survives a power cut. */
  sync(): Promise<void>;
  /** Forgets the sketches of a site: of its days from `from` to `to`, both included. */
  forget(site: string, from: string, to: string): void;
  close(): void;
}

interface Day {
  readonly file: number;
  /** Where each slot begins. */
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
  // A slot that a full disk or a power cut has left half made is made anew in its place.
  return { file, slots: slotsIn(file, size), size: size - (size % SLOT_BYTES), unsynced: false };
}

/** Written whole: until the disk has it there is no slot. */
function addSlot(day: Day, slot: string): number {
  const bytes = Buffer.alloc(SLOT_BYTES);
  bytes.write(slot, 'latin1');
  const start = day.size;
  for (let done = 0; done < SLOT_BYTES; ) done += writeSync(day.file, bytes, done, SLOT_BYTES - done, start + done);
  day.size += SLOT_BYTES;
  day.slots.set(slot, start);
  return start;
}

/** Where each slot begins; one that was forgotten is empty. */
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

/** The local days of which there are sketches, in order. */
export function daysIn(journalFolder: string): string[] {
  const folder = join(journalFolder, FOLDER);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => DAY.test(name))
        .sort()
    : [];
}

export interface RegisterReader {
  /** The sites that have sketches of a day. */
  sitesOf(day: string): string[];
  /** Every register of a site's day that is raised, as points. */
  pointsOf(day: string, site: string): Point[];
}

/** Reads beside the process that raises. Where each slot is, is looked up once: slots stay where they are. */
export function createRegisterReader(journalFolder: string): RegisterReader {
  const known = new LRUCache<string, { readonly size: number; readonly slots: ReadonlyMap<string, number> }>({
    max: OPEN_DAYS_MAX,
  });

  const reading = <Read>(day: string, none: Read, read: (file: number, slots: ReadonlyMap<string, number>) => Read): Read => {
    const path = join(journalFolder, FOLDER, day);
    if (!existsSync(path)) return none;
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      let found = known.get(day);
      if (found?.size !== size) {
        found = { size, slots: slotsIn(file, size) };
        known.set(day, found);
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

/** So that no file tells when exactly its last visitor came. */
export function keepRoughTimes(journalFolder: string): void {
  for (const day of daysIn(journalFolder)) keepRoughTime(join(journalFolder, FOLDER, day));
}

/** Removes the sketches of days that ended, everywhere on earth, before this moment. */
export function removeDaysBefore(journalFolder: string, ms: number): void {
  for (const day of daysIn(journalFolder)) {
    if (Date.parse(day) + ENDED_MS <= ms) rmSync(join(journalFolder, FOLDER, day), { force: true });
  }
}

/** 24 hours, and 12 for the zones furthest to the west. */
const ENDED_MS = 36 * 3_600_000;

/** What the sketches take on disk. */
export function registersBytes(journalFolder: string): number {
  return daysIn(journalFolder).reduce((sum, day) => sum + statSync(join(journalFolder, FOLDER, day)).size, 0);
}
