// Recognises the format of a log by its first lines, before any of it is counted.

import type { Layout, Recognised } from '../../../store/imports.js';
import { ENVELOPES } from './envelope.js';
import { Ambiguous } from './guess-fields.js';
import { haproxy } from './haproxy.js';
import { formatNamed, LOG_FORMATS } from './index.js';
import { JSON_FORMATS } from './json.js';
import { emptyLine, type Hints, type LogFormat } from './log-line.js';
import { refuseOtherVisitors } from './other-visitors.js';
import { POSITIONAL_FORMATS } from './positional.js';
import { createLogReader } from './reader.js';
import { recogniseText } from './text-formats.js';
import { isWebAddress } from './values.js';
import { W3C_FORMATS } from './w3c.js';

/** A log is recognised by this many lines. */
export const LINES_INSPECTED = 1000;
const LINE_CHARS_MAX = 64 * 1024;
/** If a smaller share of lines fits, the file is not a log. */
const FIT_MIN = 0.2;
/** If a larger share fits, no other envelope is tried. */
const FIT_ENOUGH = 0.5;
/** Another format must fit at least this share of lines, because every log has some broken lines. */
const BESIDE_MIN = 0.02;
const FORMATS_MAX = 3;

export interface Recognition {
  readonly recognised: Recognised;
  /** The inspected lines, without directives and empty ones. */
  readonly lines: number;
  /** Those of them that fit. */
  readonly fitting: number;
  /** The hosts in them, with the number of their lines. */
  readonly hosts: ReadonlyMap<string, number>;
  /** Some targets are whole addresses with a host. */
  readonly hasWholeTargets: boolean;
  /** Times have no zone. */
  readonly zoneless: boolean;
  readonly firstMs: number;
}

/** Why a log cannot be read. The message continues a sentence that begins with its name. */
export class Unrecognised extends Error {
  constructor(
    message: string,
    /** What the user can do; may be empty. */
    readonly advice: string,
  ) {
    super(message);
  }
}

type Guess = (lines: readonly string[], hints: Hints) => Layout | undefined;

/** Formats with an unmistakable mark come first: lines that fit them have no other format. */
const GUESSES: readonly Guess[] = [
  ...[...W3C_FORMATS, ...JSON_FORMATS, haproxy, ...POSITIONAL_FORMATS].map(
    ({ recognise }: LogFormat): Guess =>
      (lines, hints) =>
        recognise(lines, hints),
  ),
  recogniseText,
];

/** `lines`: the first whole lines, with one character for each byte. Throws an Unrecognised. */
export function recognise(lines: readonly string[], hints: Hints, format?: string): Recognition {
  const inspected = lines
    .slice(0, LINES_INSPECTED)
    .filter((line) => line.length <= LINE_CHARS_MAX)
    .map((line) => line.replace(/^\xef\xbb\xbf/, '').replace(/\r$/, ''))
    .filter((line) => line !== '');
  const guesses = format === undefined ? GUESSES : [guessNamed(format)];
  let ambiguity: Ambiguous | undefined;
  let best: Recognition | undefined;
  // try envelopes first: an envelope may look like the start of a line
  for (const envelope of [...ENVELOPES, undefined]) {
    const unwrapped = envelope === undefined ? inspected : inspected.flatMap((line) => envelope.unwrap(line) ?? []);
    if (unwrapped.length < inspected.length * FIT_MIN) continue;
    try {
      const layouts = layoutsOf(unwrapped, hints, guesses);
      const recognised: Recognised = { layouts, ...(envelope && { envelope: envelope.key }) };
      if (format === undefined) refuseOtherVisitors(layouts, unwrapped, hints.timezone);
      const found = layouts.length === 0 ? undefined : recognitionWith(recognised, inspected, hints);
      if (found !== undefined && found.fitting > (best?.fitting ?? 0)) best = found;
    } catch (error) {
      if (!(error instanceof Ambiguous)) throw error;
      ambiguity ??= error;
    }
    if (best !== undefined && best.fitting > best.lines * FIT_ENOUGH) return best;
  }
  if (best !== undefined && (format !== undefined || best.fitting >= best.lines * FIT_MIN)) return best;
  throw whyNot(inspected, best, format, ambiguity);
}

function guessNamed(key: string): Guess {
  return (formatNamed(key) as LogFormat).recognise;
}

/** The layout of most lines, then those of the remaining lines as long as there are enough of these. */
function layoutsOf(lines: readonly string[], hints: Hints, guesses: readonly Guess[]): Layout[] {
  const layouts: Layout[] = [];
  let rest = lines;
  while (layouts.length < FORMATS_MAX && rest.length > 0) {
    const found = bestOf(rest, hints, guesses);
    if (found === undefined || (layouts.length > 0 && rest.length - found.rest.length < lines.length * BESIDE_MIN)) break;
    layouts.push(found.layout);
    rest = found.rest;
  }
  return layouts;
}

/** The layout that most lines fit; the first one if several fit equally well. */
function bestOf(
  lines: readonly string[],
  hints: Hints,
  guesses: readonly Guess[],
): { layout: Layout; rest: string[] } | undefined {
  const sample = sampleOf(lines);
  let best: { layout: Layout; rest: string[] } | undefined;
  for (const guess of guesses) {
    let layout = guess(sample, hints);
    if (layout === undefined) continue;
    const { rest, withAgent } = restOf(lines, layout, hints);
    if (layout.agentless && withAgent !== undefined) layout = guess([...sample, withAgent], hints) ?? layout;
    if (rest.length < (best?.rest.length ?? lines.length)) best = { layout, rest };
    if (rest.length === 0) break;
  }
  return best;
}

/** Fields are guessed from this many lines and verified with the others. */
const SAMPLE_MAX = 250;

/** Evenly distributed lines, and all directives. */
function sampleOf(lines: readonly string[]): string[] {
  const step = Math.ceil(lines.length / SAMPLE_MAX);
  return step <= 1 ? [...lines] : lines.filter((line, i) => i % step === 0 || line[0] === '#');
}

/** The lines that do not fit a layout, and one line that has a user agent. */
function restOf(lines: readonly string[], layout: Layout, hints: Hints): { rest: string[]; withAgent: string | undefined } {
  const read = createLogReader({ layouts: [layout] }, hints);
  const into = emptyLine();
  let withAgent: string | undefined;
  const rest = lines.filter((line) => {
    const outcome = read(line, 0, line.length, into);
    if (outcome === 'request' && into.agent !== '') withAgent ??= line;
    return outcome === 'unreadable';
  });
  return { rest, withAgent };
}

/** What the lines contain when they are read in this way. */
function recognitionWith(recognised: Recognised, lines: readonly string[], hints: Hints): Recognition {
  const read = createLogReader(recognised, hints);
  const into = emptyLine();
  const hosts = new Map<string, number>();
  let [directives, fitting, first, firstMs] = [0, 0, '', Number.NaN];
  let hasWholeTargets = false;
  for (const line of lines) {
    const outcome = read(line, 0, line.length, into);
    if (outcome === 'directive') directives++;
    if (outcome !== 'request') continue;
    if (fitting === 0) [first, firstMs] = [line, into.atMs];
    fitting++;
    hasWholeTargets ||= isWebAddress(into.target);
    if (into.host !== '') hosts.set(into.host, (hosts.get(into.host) ?? 0) + 1);
  }
  const zoneless = fitting > 0 && dependsOnZone(recognised, lines, first);
  return { recognised, lines: lines.length - directives, fitting, hosts, hasWholeTargets, zoneless, firstMs };
}

/** Whether the line's time depends on the zone in which it is read, because it does not name one. */
function dependsOnZone(recognised: Recognised, lines: readonly string[], line: string): boolean {
  const directives = lines.filter((line) => line.startsWith('#')).join('\n');
  const [west, east] = ['Etc/GMT+12', 'Etc/GMT-14'].map((timezone) => {
    const into = emptyLine();
    createLogReader(recognised, { timezone }, directives)(line, 0, line.length, into);
    return into.atMs;
  });
  return west !== east;
}

function whyNot(
  lines: readonly string[],
  best: Recognition | undefined,
  format: string | undefined,
  ambiguity: Ambiguous | undefined,
): Unrecognised {
  const choose = `--format names the format if it is one of these: ${LOG_FORMATS.map(({ key }) => key).join(', ')}`;
  if (ambiguity !== undefined)
    return new Unrecognised(`cannot be read reliably: ${ambiguity.message}`, ambiguity.advice || choose);
  if (format !== undefined)
    return new Unrecognised(`has no line of the format ${format} among its first ${lines.length.toLocaleString('en')}`, '');
  const few =
    best === undefined
      ? 'none of its first lines has the fields of any format'
      : `only ${best.fitting} of its first ${best.lines} lines have the fields of a format ` +
        `(${best.recognised.layouts[0]?.format})`;
  return new Unrecognised(`is not an access log that can be read: ${few}`, choose);
}
