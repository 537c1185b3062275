// Reads what the other logs of a site have counted: the stored chunks of their lines, by hour.
import type { Imports } from '../../../store/imports.js';
import type { NodeRegistry } from '../../../store/nodes.js';
import { addChunks, type Chunk, decodeTrace, type HourTrace } from './trace.js';

export interface StoredChunk extends Chunk {
  /** The number of its log. */
  readonly log: number;
  /** Its place among all chunks of its log, in order of time. */
  readonly place: number;
  /** It may be part of a chunk, because its log, or the counted part of it, begins or ends there. */
  readonly mayBePart: boolean;
  /** The seconds of the hour from which its log has lines. */
  readonly seconds: Seconds;
}

export interface Seconds {
  readonly first: number;
  readonly last: number;
}

export interface StoredHours {
  /** The hours of which there are lines. */
  hours(): readonly number[];
  /** The chunks of an hour, grouped by log. */
  of(hour: number): ReadonlyArray<readonly StoredChunk[]>;
}

/** The counted logs of a site. A command with many logs reads each of them only once. */
export interface StoredLogs {
  /** All logs but this one. */
  except(id: string): Promise<StoredHours>;
  /** Reads this log again next time, because it is being counted. */
  forget(id: string): void;
}

/**
 * Of a stopped import, the first unconfirmed range is included if it was decided, because part of it may have been
 * counted.
 */
export function createStoredLogs(
  imports: Pick<Imports, 'begun' | 'traces'>,
  nodes: Pick<NodeRegistry, 'get'>,
  site: string,
): StoredLogs {
  const known = new Set<string>();
  const byHour = new Map<number, Map<string, readonly StoredChunk[]>>();
  let logs = 0;
  const read = async (id: string): Promise<void> => {
    const finished = (await nodes.get(id))?.number ?? 0;
    const hours: OneLog = new Map();
    for (const trace of await imports.traces(id)) {
      if (trace.number > finished + 1) break;
      for (const hour of decodeTrace(trace.hours)) append(hours, hour);
    }
    for (const [hour, chunks] of chunksOf(hours, logs++)) {
      const others = byHour.get(hour);
      if (others === undefined) byHour.set(hour, new Map([[id, chunks]]));
      else others.set(id, chunks);
    }
    known.add(id);
  };
  return {
    async except(exceptId) {
      for (const { id, tool } of await imports.begun(site))
        if (tool === undefined && id !== exceptId && !known.has(id)) await read(id);
      return {
        hours: () => [...byHour].flatMap(([hour, logs]) => (logs.size > (logs.has(exceptId) ? 1 : 0) ? [hour] : [])),
        of: (hour) => [...(byHour.get(hour) ?? [])].flatMap(([id, chunks]) => (id === exceptId ? [] : [chunks])),
      };
    },
    forget(id) {
      if (known.delete(id)) for (const logs of byHour.values()) logs.delete(id);
    },
  };
}

/** The chunks of a log by hour, in order of time. */
function chunksOf(hours: OneLog, log: number): Array<[number, readonly StoredChunk[]]> {
  let place = 0;
  return [...hours]
    .sort(([a], [b]) => a - b)
    .map(([hour, { chunks, ...seconds }]) => [
      hour,
      chunks.map((chunk, i): StoredChunk => {
        const mayBePart = i === 0 || chunk.end !== 'whole' || (chunks[i - 1] as Chunk).end !== 'whole';
        return { ...chunk, log, place: place++, mayBePart, seconds };
      }),
    ]);
}

type OneLog = Map<number, HourOfLog>;
type HourOfLog = Omit<HourTrace, 'hour'>;

/** Joins a chunk that was divided by the end of a range. */
function append(hours: OneLog, { hour, ...more }: HourTrace): void {
  const known = hours.get(hour);
  if (known === undefined) {
    hours.set(hour, more);
    return;
  }
  const [first, ...rest] = more.chunks;
  const last = known.chunks.at(-1);
  const isCut = first !== undefined && last?.end === 'open';
  hours.set(hour, {
    first: Math.min(known.first, more.first),
    last: Math.max(known.last, more.last),
    chunks: isCut ? [...known.chunks.slice(0, -1), addChunks(last, first), ...rest] : [...known.chunks, ...more.chunks],
  });
}

/** The views that the logs of a site have counted, by local day, and the imports whose views are unknown (`untraced`). */
export async function viewsOfLogs(
  imports: Imports,
  nodes: Pick<NodeRegistry, 'get'>,
  site: string,
): Promise<{ views: ReadonlyMap<string, number>; untraced: ReadonlySet<string> }> {
  const views = new Map<string, number>();
  const untraced = new Set<string>();
  for (const { id, tool } of await imports.begun(site)) {
    if (tool !== undefined) continue;
    const finished = (await nodes.get(id))?.number ?? 0;
    const traces = await imports.traces(id);
    if (traces.filter(({ number }) => number <= finished).length < finished) untraced.add(id);
    for (const { number, views: counted } of traces)
      if (number <= finished + 1) for (const [day, more] of Object.entries(counted)) views.set(day, (views.get(day) ?? 0) + more);
  }
  return { views, untraced };
}
