// What the other logs of a site have counted: by hour, the chunks that are kept of their lines.
import type { Documents } from '../../../store/documents.js';
import type { Imports } from '../../../store/imports.js';
import { addChunks, type Chunk, decodeTrace, type HourTrace } from './trace.js';

export interface StoredChunk extends Chunk {
  /** The log that it is of, and its place among all chunks of that, in order of time. */
  readonly log: number;
  readonly place: number;
  /** It may be a part of a chunk, since its log or what was counted of it begins or ends there. */
  readonly mayBePart: boolean;
  /** Between which seconds of the hour the lines of its log are. */
  readonly seconds: Seconds;
}

export interface Seconds {
  readonly first: number;
  readonly last: number;
}

export interface StoredHours {
  /** Those of which there are lines. */
  hours(): readonly number[];
  /** The chunks of an hour, log by log. */
  of(hour: number): ReadonlyArray<readonly StoredChunk[]>;
}

/** What the logs of a site have counted. A command asks for each of its logs: what does not change meanwhile is read once. */
export interface StoredLogs {
  /** Of all logs but this one. */
  except(id: string): Promise<StoredHours>;
  /** This one is being counted: what is kept of it changes. */
  forget(id: string): void;
}

/**
 * Of an import that was stopped, the first range that is not confirmed counts as well, if it was decided: some of it
 * may be counted.
 */
export function createStoredLogs(
  imports: Pick<Imports, 'begun' | 'traces'>,
  documents: Pick<Documents, 'node'>,
  site: string,
): StoredLogs {
  const known = new Set<string>();
  const byHour = new Map<number, Map<string, readonly StoredChunk[]>>();
  let logs = 0;
  const read = async (id: string): Promise<void> => {
    const finished = (await documents.node(id))?.number ?? 0;
    const hours: OneLog = new Map();
    for (const trace of await imports.traces(id)) {
      if (trace.number > finished + 1) break;
      for (const hour of decodeTrace(trace.hours)) append(hours, hour);
    }
    for (const [hour, chunks] of chunksOf(hours, logs++)) {
      const there = byHour.get(hour);
      if (there === undefined) byHour.set(hour, new Map([[id, chunks]]));
      else there.set(id, chunks);
    }
    known.add(id);
  };
  return {
    async except(exceptId) {
      for (const { id, tool } of await imports.begun(site))
        if (tool === undefined && id !== exceptId && !known.has(id)) await read(id);
      const others = (hour: number) => [...(byHour.get(hour) ?? [])].flatMap(([id, chunks]) => (id === exceptId ? [] : [chunks]));
      return {
        hours: () => [...byHour].flatMap(([hour, its]) => (its.size > (its.has(exceptId) ? 1 : 0) ? [hour] : [])),
        of: others,
      };
    },
    forget(id) {
      if (known.delete(id)) for (const its of byHour.values()) its.delete(id);
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

/** A chunk that the end of a range has cut is put together again. */
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

/** Views that the logs of a site have counted, by local day; and the imports of which that is not known. */
export async function viewsOfLogs(
  imports: Imports,
  documents: Pick<Documents, 'node'>,
  site: string,
): Promise<{ views: ReadonlyMap<string, number>; untraced: ReadonlySet<string> }> {
  const views = new Map<string, number>();
  const untraced = new Set<string>();
  for (const { id, tool } of await imports.begun(site)) {
    if (tool !== undefined) continue;
    const finished = (await documents.node(id))?.number ?? 0;
    const traces = await imports.traces(id);
    if (traces.filter(({ number }) => number <= finished).length < finished) untraced.add(id);
    for (const { number, views: counted } of traces)
      if (number <= finished + 1) for (const [day, more] of Object.entries(counted)) views.set(day, (views.get(day) ?? 0) + more);
  }
  return { views, untraced };
}
