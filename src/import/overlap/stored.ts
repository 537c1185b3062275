// What the other logs of a site have counted: by hour, the chunks that are kept of their lines.
import type { Documents } from '../../documents/port.js';
import type { Imports } from '../port.js';
import { type Chunk, type HourTrace, addChunks, decodeTrace } from './trace.js';

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

/** The chunks of an hour, log by log. */
export type StoredHours = ReadonlyMap<number, ReadonlyArray<readonly StoredChunk[]>>;

/** What the logs of a site have counted. A command asks for each of its logs: what does not change meanwhile is read once. */
export interface StoredLogs {
  /** Of all logs but this one. */
  except(id: string): Promise<StoredHours>;
  /** This one is being counted: what is kept of it changes. */
  forget(id: string): void;
}

/**
 * Of an import that was stopped, the first range that is not confirmed counts as well, if it was decided: some of it may be counted.
 */
export function createStoredLogs(
  imports: Pick<Imports, 'begun' | 'traces'>,
  documents: Pick<Documents, 'node'>,
  site: string,
): StoredLogs {
  const known = new Map<string, OneLog>();
  const read = async (id: string): Promise<OneLog> => {
    const finished = (await documents.node(id))?.number ?? 0;
    const hours: OneLog = new Map();
    for (const trace of await imports.traces(id)) {
      if (trace.number > finished + 1) break;
      for (const hour of decodeTrace(trace.hours)) append(hours, hour);
    }
    return hours;
  };
  return {
    async except(exceptId) {
      const hours = new Map<number, Array<readonly StoredChunk[]>>();
      let log = 0;
      for (const { id, tool } of await imports.begun(site)) {
        if (tool !== undefined || id === exceptId) continue;
        const its = known.get(id) ?? (await read(id));
        known.set(id, its);
        addLog(hours, its, log++);
      }
      return hours;
    },
    forget: (id) => void known.delete(id),
  };
}

function addLog(hours: Map<number, Array<readonly StoredChunk[]>>, its: OneLog, log: number): void {
  let place = 0;
  for (const [hour, { chunks, ...seconds }] of [...its].sort(([a], [b]) => a - b)) {
    const stored = chunks.map((chunk, i): StoredChunk => {
      const mayBePart = i === 0 || chunk.end !== 'whole' || (chunks[i - 1] as Chunk).end !== 'whole';
      return { ...chunk, log, place: place++, mayBePart, seconds };
    });
    const others = hours.get(hour);
    if (others === undefined) hours.set(hour, [stored]);
    else others.push(stored);
  }
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
