// Counts what is left of a log: cuts it into ranges, reads them on all cores and adds them in order.
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
  readonly folders: FoldPool;
}

/** What a run has counted. */
export interface Sum extends RangeTally {
  /** Of ranges that another run has added meanwhile. */
  bytesElsewhere: number;
  /** Of all that is counted of the log up to where it was read. */
  order: TimeOrder;
}

export function emptySum(): Sum {
  return { ...emptyTally(), bytesElsewhere: 0, order: orderFrom(Number.NEGATIVE_INFINITY) };
}

type Skipped = RangeTrace['skipped'];

/** A range that is being read ahead of its turn. */
interface Ahead {
  readonly range: PlannedRange;
  readonly share: number;
  readonly directives: string;
  /** To read it once more; they are needed only where other logs may have counted some of it. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly skipped: Skipped;
  readonly folded: Promise<Folded>;
}

/** `counted`: the number of the last range that is. False when it was stopped. */
export async function countRest(
  { imports, documents, folders }: CountParts,
  cursor: Cursor,
  record: ImportRecord,
  counted: number,
  survey: Survey | undefined,
  options: ImportOptions,
  sum: Sum,
): Promise<boolean> {
  const ahead: Ahead[] = [];
  const startsAt = cursor.log.position();
  const decided = new Map((await imports.traces(record.id)).map((trace) => [trace.number, trace]));
  sum.order = orderFrom(lastHourOf([...decided.values()].filter((trace) => trace.number <= counted)));
  let number = counted;
  let failure: unknown;

  const begin = async (): Promise<boolean> => {
    const next = await nextRange(cursor, record, imports, number + 1, options).catch((error: unknown) => {
      failure = error; // thrown when what came before it is counted
    });
    if (next === undefined) return false;
    number++;
    const { range, bytes } = next;
    const { directives } = cursor;
    cursor.directives = cursor.follow(Buffer.from(bytes.buffer), directives);
    const skipped = decided.get(number)?.skipped ?? survey?.knownIn(range.from, range.to) ?? [];
    const kept = survey === undefined ? undefined : Uint8Array.from(bytes);
    const folded = folders.fold({ bytes, receivedAtMs: range.receivedAtMs, directives, skipped });
    folded.catch(() => {}); // met below, when its turn comes
    ahead.push({ range, share: shareOf(cursor.log), directives, bytes: kept, skipped, folded });
    return true;
  };

  for (let more = true; ; ) {
    // one range more than threads, so that none waits for the disk
    while (more && ahead.length <= folders.threads && !options.isStopped()) more = await begin();
    const first = ahead.shift();
    if (first === undefined) {
      if (failure !== undefined) throw failure;
      return !more;
    }
    const { range, share } = first;
    const isKnown = decided.get(range.number);
    const decision = await decide(imports, folders, record, first, isKnown, survey, options);
    if (decision === undefined) return false;
    const { outcome } = await documents.apply(
      { node: record.id, number: range.number, checksum: range.checksum },
      decision.deltas,
      range.receivedAtMs,
    );
    sum.order = addOrder(sum.order, decision.read.order);
    if (outcome === 'applied') addTally(sum, decision.read.tally);
    else sum.bytesElsewhere += range.to - range.from;
    options.onProgress({ share, lines: sum.lines, bytes: range.to - startsAt });
  }
}

/** The beginning of the latest hour of which lines were counted. */
function lastHourOf(traces: readonly RangeTrace[]): number {
  const hours = traces.flatMap(({ hours }) => decodeTrace(hours).at(-1)?.hour ?? []);
  return hours.reduce((last, hour) => Math.max(last, beginOfHour(hour)), Number.NEGATIVE_INFINITY);
}

/** What of the range is counted, as it was decided; undefined when it was stopped before. */
async function decide(
  imports: CountParts['imports'],
  folders: FoldPool,
  record: ImportRecord,
  ahead: Ahead,
  decided: RangeTrace | undefined,
  survey: Survey | undefined,
  options: ImportOptions,
): Promise<Folded | undefined> {
  const { range, directives } = ahead;
  let folded = await ahead.folded;
  let skipped = ahead.skipped;
  const readAgain = async (parts: Skipped): Promise<void> => {
    if (JSON.stringify(parts) === JSON.stringify(skipped)) return;
    skipped = parts;
    folded = await folders.fold(again(ahead, parts));
  };
  if (decided !== undefined) return folded;
  if (survey !== undefined && folded.read.watched > 0) {
    if (!survey.covers(range.from)) await survey.from(range.from, directives);
    if (options.isStopped()) return undefined;
    await readAgain(survey.knownIn(range.from, range.to));
  }
  const { trace: hours, views } = folded.read;
  const stands = await imports.decide(record.id, { number: range.number, skipped, hours, views });
  await readAgain(stands.skipped); // as another run has decided, just before
  return folded;
}

function again({ bytes, range: { receivedAtMs }, directives }: Ahead, skipped: Skipped): FoldRange {
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
