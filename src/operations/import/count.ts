// Counts the rest of a log: divides it into ranges, reads them on all cores, and adds them to the documents in order.
import type { Documents } from '../../store/documents.js';
import type { ImportRecord, Imports, PlannedRange, RangeTrace } from '../../store/imports.js';
import type { Folded, FoldPool, FoldRange } from './fold-pool.js';
import { emptyTally, type RangeTally } from './line-to-hit.js';
import type { ImportOptions } from './options.js';
import { beginOfHour } from './overlap/fingerprint.js';
import type { Survey } from './overlap/survey.js';
import { decodeTrace } from './overlap/trace.js';
import { type Cursor, nextRange, shareOf } from './ranges.js';
import { addOrder, orderFrom, type TimeOrder } from './time-order.js';

export interface CountParts {
  readonly imports: Pick<Imports, 'range' | 'plan' | 'decide' | 'traces'>;
  readonly documents: Pick<Documents, 'apply'>;
  readonly pool: FoldPool;
}

/** What a run has counted. */
export interface Sum extends RangeTally {
  /** Bytes of ranges that another run added at the same time. */
  bytesElsewhere: number;
  /** The order of all counted lines, those of earlier runs included. */
  order: TimeOrder;
}

export function emptySum(): Sum {
  return { ...emptyTally(), bytesElsewhere: 0, order: orderFrom(Number.NEGATIVE_INFINITY) };
}

export interface RestOfLog {
  readonly cursor: Cursor;
  readonly record: ImportRecord;
  /** The number of the last counted range. */
  readonly counted: number;
  readonly survey: Survey | undefined;
  readonly options: ImportOptions;
  /** What is counted is added to it. */
  readonly sum: Sum;
}

type Skipped = RangeTrace['skipped'];

/** A range that is read before it is its turn to be added. */
interface RangeAhead {
  readonly range: PlannedRange;
  readonly share: number;
  readonly directives: string;
  /** A copy for reading the range again; kept only if other logs may have counted some of it. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly skipped: Skipped;
  readonly folded: Promise<Folded>;
}

/** Resolves to false when it was stopped. */
export async function countRest(
  { imports, documents, pool }: CountParts,
  { cursor, record, counted, survey, options, sum }: RestOfLog,
): Promise<boolean> {
  const ahead: RangeAhead[] = [];
  const startsAt = cursor.log.position();
  const decided = new Map((await imports.traces(record.id)).map((trace) => [trace.number, trace]));
  sum.order = orderFrom(lastHourOf([...decided.values()].filter((trace) => trace.number <= counted)));
  const decide = createDecider(imports, pool, { record, survey, options });
  let number = counted;
  let failure: unknown;

  const begin = async (): Promise<boolean> => {
    const next = await nextRange(cursor, { id: record.id, number: number + 1 }, imports, options).catch((error: unknown) => {
      failure = error; // thrown after the ranges before it are counted
    });
    if (next === undefined) return false;
    number++;
    const { range, bytes } = next;
    const { directives } = cursor;
    cursor.directives = cursor.follow(Buffer.from(bytes.buffer), directives);
    const skipped = decided.get(number)?.skipped ?? survey?.knownIn(range.from, range.to) ?? [];
    const copy = survey === undefined ? undefined : Uint8Array.from(bytes);
    const folded = pool.fold({ bytes, receivedAtMs: range.receivedAtMs, directives, skipped });
    folded.catch(() => {}); // handled when the range has its turn
    ahead.push({ range, share: shareOf(cursor.log), directives, bytes: copy, skipped, folded });
    return true;
  };

  for (let more = true; ; ) {
    // one range more than threads, so that no thread waits for the disk
    while (more && ahead.length <= pool.threads && !options.isStopped()) more = await begin();
    const first = ahead.shift();
    if (first === undefined) {
      if (failure !== undefined) throw failure;
      return !more;
    }
    const { range, share } = first;
    const decision = await decide(first, decided.has(range.number));
    if (decision === undefined) return false;
    const segment = { node: record.id, number: range.number, checksum: range.checksum };
    const { outcome } = await documents.apply(segment, decision.deltas, range.receivedAtMs);
    sum.order = addOrder(sum.order, decision.read.order);
    if (outcome === 'applied') addTally(sum, decision.read.tally);
    else sum.bytesElsewhere += range.to - range.from;
    options.onProgress({ share, lines: sum.lines, bytes: range.to - startsAt });
  }
}

/** The start of the last hour of which lines were counted, in milliseconds. */
function lastHourOf(traces: readonly RangeTrace[]): number {
  const hours = traces.flatMap(({ hours }) => decodeTrace(hours).at(-1)?.hour ?? []);
  return hours.reduce((last, hour) => Math.max(last, beginOfHour(hour)), Number.NEGATIVE_INFINITY);
}

/** Decides which lines of a range are counted, and stores the decision. Resolves to undefined when it was stopped before. */
function createDecider(
  imports: CountParts['imports'],
  pool: FoldPool,
  { record, survey, options }: Pick<RestOfLog, 'record' | 'survey' | 'options'>,
): (ahead: RangeAhead, isDecided: boolean) => Promise<Folded | undefined> {
  return async (ahead, isDecided) => {
    const { range, directives } = ahead;
    let folded = await ahead.folded;
    let skipped = ahead.skipped;
    const readAgain = async (parts: Skipped): Promise<void> => {
      if (JSON.stringify(parts) === JSON.stringify(skipped)) return;
      skipped = parts;
      folded = await pool.fold(rangeWithout(ahead, parts));
    };
    if (isDecided) return folded;
    if (survey !== undefined && folded.read.watched > 0) {
      if (!survey.covers(range.from)) await survey.from(range.from, directives);
      if (options.isStopped()) return undefined;
      await readAgain(survey.knownIn(range.from, range.to));
    }
    const { trace: hours, views } = folded.read;
    const stands = await imports.decide(record.id, { number: range.number, skipped, hours, views });
    await readAgain(stands.skipped); // another run may have decided differently a moment ago
    return folded;
  };
}

function rangeWithout({ bytes, range: { receivedAtMs }, directives }: RangeAhead, skipped: Skipped): FoldRange {
  return { bytes: Uint8Array.from(bytes as Uint8Array), receivedAtMs, directives, skipped };
}

function addTally(sum: RangeTally, { lines, counted, refused, notTaken, firstDay, lastDay, hosts }: RangeTally): void {
  sum.lines += lines;
  sum.counted += counted;
  add(sum.refused, refused);
  add(sum.notTaken, notTaken);
  for (const [host, views] of hosts) sum.hosts.set(host, (sum.hosts.get(host) ?? 0) + views);
  if (firstDay !== '' && (sum.firstDay === '' || firstDay < sum.firstDay)) sum.firstDay = firstDay;
  if (lastDay > sum.lastDay) sum.lastDay = lastDay;
}

function add<Key extends string>(sums: Partial<Record<Key, number>>, more: Partial<Record<Key, number>>): void {
  for (const [key, number] of Object.entries(more) as Array<[Key, number]>) sums[key] = (sums[key] ?? 0) + number;
}
