// Inspects logs before any of them is counted: recognises their formats and puts them in order of time.

import { createSiteReader } from '../../hit/prepared-site.js';
import type { Site } from '../../hit/site.js';
import { cleanText } from '../../hit/text.js';
import { emptyLine } from './formats/log-line.js';
import { createLogReader } from './formats/reader.js';
import { LINES_INSPECTED, type Recognition, recognise, Unrecognised } from './formats/recognise.js';
import { decoded } from './formats/values.js';
import { directivesAfter } from './formats/w3c.js';
import { LINE_FEED, type LogStream } from './log-stream.js';
import { PACKING_BYTES, packingOf } from './packing.js';
import { NotImportable, withNamedErrors } from './ranges.js';
import type { LogSource } from './sources.js';

/** Enough for 1,000 lines of 1 KB each. */
export const INSPECTED_BYTES = 1024 * 1024;

export interface InspectedLog extends LogSource {
  /** Undefined while there is no whole line. */
  readonly recognition: Recognition | undefined;
  /** The time of its last line or later; infinite when unknown. */
  readonly lastMs: number;
}

export interface NotALogFile {
  readonly name: string;
  /** Continues a sentence that begins with the name. */
  readonly reason: string;
}

/**
 * Returns the logs in order of their first lines' times, and the files in folders that are not logs. Rejects with a
 * NotImportable when a file that was given by its name is not a log.
 */
export async function inspectLogs(
  sources: readonly LogSource[],
  site: Site,
  format: string | undefined,
): Promise<{ logs: InspectedLog[]; others: NotALogFile[] }> {
  const logs: InspectedLog[] = [];
  const others: NotALogFile[] = [];
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
    const [first] = others as [NotALogFile, ...NotALogFile[]];
    throw new NotImportable(`none of the given files is an access log: ${first.name} ${first.reason}`);
  }
  const firstMs = ({ recognition }: InspectedLog) => recognition?.firstMs ?? Number.POSITIVE_INFINITY;
  // the sort is stable: logs without a line come last, in the given order
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

interface Inspected {
  readonly recognition: Recognition | undefined;
  /** The directives in the first lines; see formats/w3c.ts. */
  readonly directives: string;
}

async function recognitionOf(source: LogSource, site: Site, format: string | undefined): Promise<Inspected> {
  let log: LogStream | undefined;
  try {
    log = withNamedErrors(source.open(), source.name);
    const start = await log.peek(INSPECTED_BYTES);
    return { recognition: recognitionIn(withLineEnd(start, source), site, format), directives: directivesAfter(start, '') };
  } catch (error) {
    if (log !== undefined) throw error;
    throw new NotALog(`cannot be read: ${(error as Error).message}`);
  } finally {
    log?.close();
  }
}

/** The latest time in the last lines if the file is not packed, otherwise the time at which the file was written. */
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

const LINE_END_BYTES = Buffer.from([LINE_FEED]);

/** The first bytes of a log. Adds the line break that the last line of a final log may lack. */
export function withLineEnd(start: Buffer, { isFinal }: Pick<LogSource, 'isFinal'>): Buffer {
  const isCut = start.length === INSPECTED_BYTES || start.length === 0 || start.at(-1) === LINE_FEED;
  return isFinal && !isCut ? Buffer.concat([start, LINE_END_BYTES]) : start;
}

/** Returns undefined while there is no whole line. Throws a NotALog. */
export function recognitionIn(start: Buffer, site: Site, format?: string): Recognition | undefined {
  const packing = packingOf(start.subarray(0, PACKING_BYTES));
  if (packing !== undefined)
    throw new NotALog(`is an archive, or packed twice (${packing.title}): unpack it first, and give the files or their folder`);
  if (start[0] === 0xff && start[1] === 0xfe)
    throw new NotALog('is text in UTF-16, which is not read: convert it first (iconv -f utf-16 -t utf-8)');
  if (start.length === INSPECTED_BYTES && !start.includes(LINE_FEED))
    throw new NotALog(`is not an access log: its first line has more than ${INSPECTED_BYTES.toLocaleString('en')} bytes`);
  const measured = createSiteReader()(site);
  const hints = { isOwnHost: site.hosts.length > 0 ? measured.isOwnHost : undefined, timezone: site.timezone };
  const end = start.lastIndexOf(LINE_FEED) + 1;
  const lines = start.toString('latin1').split('\n', LINES_INSPECTED + 1);
  const whole = lines.length <= LINES_INSPECTED ? lines.slice(0, -1) : lines;
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

/** Whether a first line that is not complete yet may become the line of a log. */
function isBegun(line: string): boolean {
  return BEGUN.test(line.slice(0, BEGUN_CHARS_MAX));
}

/** The start of a line for messages, without control characters. */
function shown(line: string): string {
  const text = cleanText(decoded(line.slice(0, SHOWN_CHARS_MAX * 4)), SHOWN_CHARS_MAX);
  return line.length > text.length + 10 ? `${text}…` : text;
}
