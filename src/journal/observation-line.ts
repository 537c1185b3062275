// The lines of observations: see src/hit/observation.ts. The first field says which kind it is.
import type { FirstOf } from '../hit/hit.js';
import type { Observation, Presence, Reading } from '../hit/observation.js';
import { DAY_MS, FIVE_MINUTES_MS } from '../time/units.js';
import { type HitReader, LINE_FORMAT } from './line-format.js';

export function observationLine(told: Observation, times = 1): string {
  const line = observationText(told);
  return times === 1 ? `${line}\n` : `${line}\t${times}\n`;
}

function observationText(told: Observation): string {
  const { site, day } = told;
  switch (told.kind) {
    case 'presence':
      return (
        `h\t${site}\t${Math.floor(told.receivedAtMs / FIVE_MINUTES_MS)}\t${day}\t` +
        `${told.hour}:${told.minute}\t${presenceText(told)}`
      );
    case 'step':
      return (
        `s\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t` +
        `${told.hour}\t${told.seconds}\t${told.from}\t${told.to}\t${+told.afterEntry}`
      );
    case 'pauses':
      return (
        `w\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t` +
        `${told.hour}\t${told.pauses}\t${told.seconds}\t${+told.afterEntry}`
      );
    case 'transition':
      return `n\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${told.from}\t${told.to}\t${+told.afterEntry}`;
    case 'technology':
      return `t\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${LINE_FORMAT.apartText(told)}\t${told.first}`;
    case 'page-device':
      return `d\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${told.path}\t${told.device}`;
    case 'reading':
      return `g\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}\t${told.hour}\t${told.path}\t${+told.first},${told.seconds},${
        told.secondsClassBefore
      },${told.secondsClass},${told.depth},${told.depthClassBefore},${told.depthClass}`;
    case 'ping':
      return `p\t${site}\t${told.receivedAtMs / DAY_MS}\t${day}`;
  }
}

function presenceText({ visitClass, sinceClass, weeks, months, ...told }: Presence): string {
  const flags = +told.firstOfHour | (+told.firstOfFiveMinutes << 1) | (+told.newlyHere << 2) | (+told.firstEver << 3);
  return visitClass === 0 && weeks < 0 && months < 0 ? String(flags) : `${flags},${visitClass},${sinceClass},${weeks},${months}`;
}

/** How many fields the lines of observations and refusals have, before the number of equal ones. */
export const FIELDS: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  h: 6,
  s: 9,
  w: 8,
  n: 7,
  t: 6,
  d: 6,
  g: 7,
  p: 4,
  r: 5,
});

/** From the fields of a line of one of these kinds, without the number of equal lines. */
export function readObservation(f: string[], { apart }: Pick<HitReader, 'apart'>): Observation {
  if (f[0] === 'h') return presenceOf(f);
  return f[0] === 't' ? technologySeen(f, apart) : observationOf(f);
}

function technologySeen(f: string[], apart: HitReader['apart']): Observation {
  return {
    kind: 'technology',
    site: f[1] as string,
    receivedAtMs: Number(f[2]) * DAY_MS,
    day: f[3] as string,
    ...apart(f[4] as string),
    first: f[5] as FirstOf,
  };
}

function presenceOf(f: string[]): Presence {
  const time = f[4] as string;
  const colon = time.indexOf(':');
  const numbers = f[5] as string;
  // Most have nothing but flags: those are read without making a list.
  const [flags, visitClass, sinceClass, weeks, months] = numbers.length < 3 ? [Number(numbers), 0, -1, -1, -1] : listOf(numbers);
  return {
    kind: 'presence',
    site: f[1] as string,
    receivedAtMs: Number(f[2]) * FIVE_MINUTES_MS,
    day: f[3] as string,
    hour: time.slice(0, colon),
    minute: time.slice(colon + 1),
    firstOfHour: (flags & 1) !== 0,
    firstOfFiveMinutes: (flags & 2) !== 0,
    newlyHere: (flags & 4) !== 0,
    firstEver: (flags & 8) !== 0,
    visitClass,
    sinceClass,
    weeks,
    months,
  };
}

function listOf(numbers: string): [number, number, number, number, number] {
  return numbers.split(',').map(Number) as [number, number, number, number, number];
}

function observationOf(f: string[]): Observation {
  const site = f[1] as string;
  const receivedAtMs = Number(f[2]) * DAY_MS;
  const day = f[3] as string;
  if (f[0] === 's') {
    const [, , , , hour, seconds, from, to, afterEntry] = f as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    return { kind: 'step', site, receivedAtMs, day, hour, seconds: Number(seconds), from, to, afterEntry: afterEntry === '1' };
  }
  const told = { site, receivedAtMs, day };
  if (f[0] === 'w') {
    const [hour, pauses, seconds] = [f[4] as string, Number(f[5]), Number(f[6])];
    return { kind: 'pauses', ...told, hour, pauses, seconds, afterEntry: f[7] === '1' };
  }
  if (f[0] === 'n') return { kind: 'transition', ...told, from: f[4] as string, to: f[5] as string, afterEntry: f[6] === '1' };
  if (f[0] === 'd') return { kind: 'page-device', ...told, path: f[4] as string, device: f[5] as string };
  return f[0] === 'p' ? { kind: 'ping', site, receivedAtMs, day } : readingOf(f, site, receivedAtMs, day);
}

function readingOf(f: string[], site: string, receivedAtMs: number, day: string): Reading {
  const numbers = (f[6] as string).split(',').map(Number) as [number, number, number, number, number, number, number];
  const [first, seconds, secondsClassBefore, secondsClass, depth, depthClassBefore, depthClass] = numbers;
  return {
    kind: 'reading',
    site,
    receivedAtMs,
    day,
    hour: f[4] as string,
    path: f[5] as string,
    first: first === 1,
    seconds,
    secondsClassBefore,
    secondsClass,
    depth,
    depthClassBefore,
    depthClass,
  };
}

/** The line of an observation or refusal without the number of equal ones, and that number. */
export function countedLine(line: string): [line: string, times: number] {
  const fields = FIELDS[line[0] as string] as number;
  let tab = -1;
  for (let i = 0; i < fields; i++) {
    tab = line.indexOf('\t', tab + 1);
    if (tab < 0) return [line, 1];
  }
  return [line.slice(0, tab), Number(line.slice(tab + 1))];
}
