// The lines of observations (src/hit/observation.ts). The first field is the kind of the line.
import type { NewInPeriod } from '../hit/hit.js';
import type { Observation, Presence, Reading } from '../hit/observation.js';
import { DAY_MS, FIVE_MINUTES_MS } from '../time/units.js';
import { type HitReader, LINE_FORMAT } from './line-format.js';

export function observationLine(observation: Observation, times = 1): string {
  const line = observationText(observation);
  return times === 1 ? `${line}\n` : `${line}\t${times}\n`;
}

function observationText(observation: Observation): string {
  const { site, day, receivedAtMs } = observation;
  if (observation.kind === 'presence') {
    const fiveMinutes = Math.floor(receivedAtMs / FIVE_MINUTES_MS);
    return `h\t${site}\t${fiveMinutes}\t${day}\t${observation.hour}:${observation.minute}\t${presenceText(observation)}`;
  }
  const common = `${site}\t${receivedAtMs / DAY_MS}\t${day}`;
  switch (observation.kind) {
    case 'step': {
      const { hour, seconds, from, to, afterEntry } = observation;
      return `s\t${common}\t${hour}\t${seconds}\t${from}\t${to}\t${+afterEntry}`;
    }
    case 'pauses': {
      const { hour, pauses, seconds, afterEntry } = observation;
      return `w\t${common}\t${hour}\t${pauses}\t${seconds}\t${+afterEntry}`;
    }
    case 'transition': {
      const { from, to, afterEntry } = observation;
      return `n\t${common}\t${from}\t${to}\t${+afterEntry}`;
    }
    case 'technology':
      return `t\t${common}\t${LINE_FORMAT.splitOffText(observation)}\t${observation.first}`;
    case 'page-device':
      return `d\t${common}\t${observation.path}\t${observation.device}`;
    case 'reading':
      return `g\t${common}\t${observation.hour}\t${observation.path}\t${readingText(observation)}`;
    case 'ping':
      return `p\t${common}`;
  }
}

function readingText(reading: Reading): string {
  const { first, seconds, secondsClassBefore, secondsClass, depth, depthClassBefore, depthClass } = reading;
  return `${+first},${seconds},${secondsClassBefore},${secondsClass},${depth},${depthClassBefore},${depthClass}`;
}

function presenceText({ visitClass, sinceClass, weeks, months, ...presence }: Presence): string {
  const { firstOfHour, firstOfFiveMinutes, newlyHere, firstEver } = presence;
  const flags = +firstOfHour | (+firstOfFiveMinutes << 1) | (+newlyHere << 2) | (+firstEver << 3);
  return visitClass === 0 && weeks < 0 && months < 0 ? String(flags) : `${flags},${visitClass},${sinceClass},${weeks},${months}`;
}

/** The number of fields in a line of an observation or refusal, without the number of equal lines at its end. */
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

/** Reads the fields of an observation's line, without the number of equal lines. */
export function readObservation(f: string[], { splitOff }: Pick<HitReader, 'splitOff'>): Observation {
  if (f[0] === 'h') return presenceOf(f);
  return f[0] === 't' ? technologySeen(f, splitOff) : observationOf(f);
}

function technologySeen(f: string[], splitOff: HitReader['splitOff']): Observation {
  return {
    kind: 'technology',
    site: f[1] as string,
    receivedAtMs: Number(f[2]) * DAY_MS,
    day: f[3] as string,
    ...splitOff(f[4] as string),
    first: f[5] as NewInPeriod,
  };
}

function presenceOf(f: string[]): Presence {
  const time = f[4] as string;
  const colon = time.indexOf(':');
  const numbers = f[5] as string;
  // Most presences have only flags. Reading these without a list is faster.
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
  const common = { site, receivedAtMs, day };
  if (f[0] === 'w') {
    const [hour, pauses, seconds] = [f[4] as string, Number(f[5]), Number(f[6])];
    return { kind: 'pauses', ...common, hour, pauses, seconds, afterEntry: f[7] === '1' };
  }
  if (f[0] === 'n') return { kind: 'transition', ...common, from: f[4] as string, to: f[5] as string, afterEntry: f[6] === '1' };
  if (f[0] === 'd') return { kind: 'page-device', ...common, path: f[4] as string, device: f[5] as string };
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

/** The line of an observation or refusal without the number of equal lines, and this number. */
export function countedLine(line: string): [line: string, times: number] {
  const fields = FIELDS[line[0] as string] as number;
  let tab = -1;
  for (let i = 0; i < fields; i++) {
    tab = line.indexOf('\t', tab + 1);
    if (tab < 0) return [line, 1];
  }
  return [line.slice(0, tab), Number(line.slice(tab + 1))];
}
