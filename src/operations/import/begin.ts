// Which import a log belongs to: an earlier one, by its beginning, or a new one.
import { createHash, randomBytes } from 'node:crypto';
import type { Site } from '../../hit/site.js';
import type { Beginning, DayLimits, ImportRecord, Imports, Recognised } from '../../store/imports.js';
import type { Bundle } from './bundles.js';
import { sameLimits } from './limits.js';
import { NotImportable } from './ranges.js';

/** By these bytes at the most a log is known again, whatever its file is called, packed or not. */
const BEGINNING_BYTES_MAX = 64 * 1024;
const LINE_END = 0x0a;

/** Of all logs of a site, those that were begun and those to come. Hex. */
export async function keyOfLogs(imports: Pick<Imports, 'begun'>, site: string): Promise<string> {
  const first = (await imports.begun(site)).find(({ tool }) => tool === undefined);
  return first?.key ?? randomBytes(32).toString('hex');
}

export interface Beginnings {
  readonly start: Buffer;
  readonly site: Site;
  /** See keyOfLogs. */
  readonly key: string;
  readonly format: Recognised;
  readonly days: DayLimits | undefined;
}

/** `others`: imports of logs that begin alike and go on otherwise. */
export async function recordOf(
  imports: Pick<Imports, 'begin'>,
  { start, site, key, format, days }: Beginnings,
  others: ReadonlySet<string>,
): Promise<ImportRecord> {
  const record: ImportRecord = {
    id: newId(),
    site,
    key,
    beginnings: beginningsOf(start),
    format,
    ...(days && { days }),
  };
  return imports.begin(
    record,
    (known) => !others.has(known.id) && hasBeginningOf(start, known.beginnings) && sameLimits(known.days, days),
  );
}

/** The import of a bundle. Throws a NotImportable where another one, of some of its files, was begun meanwhile. */
export async function recordOfBundle(
  imports: Pick<Imports, 'begin'>,
  { members, bytes }: Bundle,
  { site, key, format, days }: Omit<Beginnings, 'start'>,
): Promise<ImportRecord> {
  const id = newId();
  const record: ImportRecord = { id, site, key, beginnings: [], format, members, bytes, ...(days && { days }) };
  const its = new Set(members);
  const begun = await imports.begin(
    record,
    (known) => sameLimits(known.days, days) && known.members?.some((member) => its.has(member)) === true,
  );
  if (String(begun.members) !== String(members))
    throw new NotImportable(
      'some of these files are being imported by another command; give the same command again when it is through',
    );
  return begun;
}

function newId(): string {
  return `i${randomBytes(8).toString('hex')}`;
}

/**
 * Of whole lines only, since the last one may still grow: up to the first request, as many logs have the same
 * directives before it, and then each about twice as long as the one before.
 */
export function beginningsOf(start: Buffer): Beginning[] {
  const firstLine = firstRequestEnd(start);
  const whole = start.subarray(0, Math.max(firstLine, start.subarray(0, BEGINNING_BYTES_MAX).lastIndexOf(LINE_END) + 1));
  const beginnings: Beginning[] = [];
  for (let bytes = firstLine; bytes > 0; ) {
    beginnings.push({ bytes, sha256: sha256(whole.subarray(0, bytes)) });
    const doubled = whole.subarray(0, bytes * 2).lastIndexOf(LINE_END) + 1;
    // where the next line alone is longer than all before it: its end; 0 after the last
    bytes = doubled > bytes ? doubled : whole.indexOf(LINE_END, bytes) + 1;
  }
  return beginnings;
}

const HASH = 0x23;
const BYTE_ORDER_MARK = 'efbbbf';

/** 0 when there is no whole line but directives. */
function firstRequestEnd(start: Buffer): number {
  for (let at = start.toString('hex', 0, 3) === BYTE_ORDER_MARK ? 3 : 0; ; ) {
    const end = start.indexOf(LINE_END, at) + 1;
    if (end === 0 || start[at] !== HASH) return end;
    at = end;
  }
}

/** Whether a log starts with the longest of these beginnings that it is long enough for. Most logs differ in the shortest one. */
export function hasBeginningOf(start: Buffer, beginnings: readonly Beginning[]): boolean {
  const isOf = ({ bytes, sha256: hash }: Beginning) => hash === sha256(start.subarray(0, bytes));
  const longest = beginnings.findLast(({ bytes }) => bytes <= start.length);
  return longest !== undefined && isOf(beginnings[0] as Beginning) && isOf(longest);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
