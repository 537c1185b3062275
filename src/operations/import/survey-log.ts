// Looks at logs before any of them is counted: what they are, and which comes first in time.

import { createSiteReader } from '../../hit/prepared-site.js';
import type { Site } from '../../hit/site.js';
import { cleanText } from '../../hit/text.js';
import { emptyLine } from './formats/line.js';
import { createLogReader } from './formats/reader.js';
import { LINES_LOOKED_AT, type Recognition, recognise, Unrecognised } from './formats/recognise.js';
import { decoded } from './formats/values.js';
import { directivesAfter } from './formats/w3c.js';
import type { LogStream } from './log-stream.js';
import { PACKING_BYTES, packingOf } from './packing.js';
import { NotImportable, named } from './ranges.js';
import type { LogSource } from './sources.js';

/** In it are the first 1,000 lines, at 1 KB each. */
export const LOOKED_AT_BYTES = 1024 * 1024;
const LINE_END = 0x0a;

export interface SeenLog extends LogSource {
  /** Undefined: there is no whole line yet. */
  readonly recognition: Recognition | undefined;
  /** Of its last line, or later; infinite where nobody knows. */
  readonly lastMs: number;
}

export interface NoLog {
  readonly name: string;
  /** In words for a sentence that begins with the name. */
  readonly reason: string;
}

/**
 * The logs in the order of their first lines' times; of folders, also what is no log. Throws a NotImportable for a
 * file that is none.
 */
export async function lookAt(
  sources: readonly LogSource[],
  site: Site,
  format: string | undefined,
): Promise<{ logs: SeenLog[]; others: NoLog[] }> {
  const logs: SeenLog[] = [];
  const others: NoLog[] = [];
  for (const source of sources) {
    try {
      const { recognition, directives } = await recognitionOf(source, site, format);
      logs.push({ ...source, recognition, lastMs: lastMsOf(source, recognition, directives, site) });
    } catch (error) {
      if (!(error instanceof NotALog)) throw error;
      const advice = error.advice === '' ? '' : `; ${error.advice}`;
      if (!source.isFromFolder) throw new NotImportable(`${source.name} ${error.message}${advice}`);
      others.push({ name: source.name, reason: error.message });
    }
  }
  if (logs.length === 0) {
    const [first] = others as [NoLog, ...NoLog[]];
    throw new NotImportable(`there is no access log among the files given: ${first.name} ${first.reason}`);
  }
  const firstMs = ({ recognition }: SeenLog) => recognition?.firstMs ?? Number.POSITIVE_INFINITY;
  // a stable sort: those without a line come last, in the order given
  return { logs: logs.sort((a, b) => (firstMs(a) === firstMs(b) ? 0 : firstMs(a) - firstMs(b))), others };
}

class NotALog extends Error {
  constructor(
    message: string,
    readonly advice = '',
  ) {
    super(message);
  }
}

interface Seen {
  readonly recognition: Recognition | undefined;
  /** Of the first lines; see formats/w3c.ts. */
  readonly directives: string;
}

async function recognitionOf(source: LogSource, site: Site, format: string | undefined): Promise<Seen> {
  let log: LogStream | undefined;
  try {
    log = named(source.open(), source.name);
    const start = await log.peek(LOOKED_AT_BYTES);
    return { recognition: recognitionIn(ended(start, source), site, format), directives: directivesAfter(start, '') };
  } catch (error) {
    if (log !== undefined) throw error;
    throw new NotALog(`cannot be read: ${(error as Error).message}`);
  } finally {
    log?.close();
  }
}

/** The latest time in the last lines, where they can be seen without reading all; else when the file was written. */
function lastMsOf(source: LogSource, recognition: Recognition | undefined, directives: string, { timezone }: Site): number {
  const end = recognition === undefined ? undefined : source.end();
  if (end === undefined) return source.writtenMs;
  const read = createLogReader((recognition as Recognition).recognised, { timezone }, directives);
  const into = emptyLine();
  const times = end
    .toString('latin1')
    .split('\n')
    .flatMap((line) => (read(line, 0, line.length, into) === 'request' ? [into.atMs] : []));
  return times.length === 0 ? source.writtenMs : times.reduce((last, atMs) => Math.max(last, atMs));
}

const LINE_END_BYTES = Buffer.from([LINE_END]);

/** What is looked at of a log, with an end for its last line where it is one. */
export function ended(start: Buffer, { isFinal }: Pick<LogSource, 'isFinal'>): Buffer {
  const isCut = start.length === LOOKED_AT_BYTES || start.length === 0 || start.at(-1) === LINE_END;
  return isFinal && !isCut ? Buffer.concat([start, LINE_END_BYTES]) : start;
}

/** Undefined while there is no whole line. Throws a NotALog. */
export function recognitionIn(start: Buffer, site: Site, format?: string): Recognition | undefined {
  const packing = packingOf(start.subarray(0, PACKING_BYTES));
  if (packing !== undefined)
    throw new NotALog(`is an archive, or packed twice (${packing.title}): unpack it first, and give the files or their folder`);
  if (start[0] === 0xff && start[1] === 0xfe)
    throw new NotALog('is text in UTF-16, which logs are not: convert it first (iconv -f utf-16 -t utf-8)');
  if (start.length === LOOKED_AT_BYTES && !start.includes(LINE_END))
    throw new NotALog(`is no access log: its first line has more than ${LOOKED_AT_BYTES.toLocaleString('en')} bytes`);
  const measured = createSiteReader()(site);
  const hints = { isOwnHost: site.hosts.length > 0 ? measured.isOwnHost : undefined, timezone: site.timezone };
  const end = start.lastIndexOf(LINE_END) + 1;
  const lines = start.toString('latin1').split('\n', LINES_LOOKED_AT + 1);
  const whole = lines.length <= LINES_LOOKED_AT ? lines.slice(0, -1) : lines;
  try {
    if (end > 0) return whole.every(isRemark) ? undefined : recognise(whole, hints, format);
    if (start.length === 0 || isBegun(lines[0] as string)) return undefined;
    recognise(lines, hints, format);
    return undefined;
  } catch (error) {
    if (!(error instanceof Unrecognised)) throw error;
    const first = `${error.message}; its first line reads "${shown(lines.find((line) => line !== '') ?? '')}"`;
    throw new NotALog(first, error.advice);
  }
}

function isRemark(line: string): boolean {
  return /^(?:\xef\xbb\xbf)?(?:#|\r?$)/.test(line);
}

const SHOWN_CHARS_MAX = 160;
const BEGUN_CHARS_MAX = 4096;
const BEGUN = /^\{"|^#|[0-9]{4}-[0-9]{2}-[0-9]{2}[T\t ][0-9]{2}:|[0-9]{2}\/[A-Z][a-z]{2}\/[0-9]{4}:/;

/** Whether an only line that is not finished may become one of a log. */
function isBegun(line: string): boolean {
  return BEGUN.test(line.slice(0, BEGUN_CHARS_MAX));
}

/** A line for people, without control characters. */
function shown(line: string): string {
  const text = cleanText(decoded(line.slice(0, SHOWN_CHARS_MAX * 4)), SHOWN_CHARS_MAX);
  return line.length > text.length + 10 ? `${text}…` : text;
}
