// A segment becomes documents, exactly once. The same steps run after a crash as while all goes well.
import type { Collection } from '../../collections/collection.js';
import { type Obedience, createObedience } from '../deletion/tombstone.js';
import type { Delta, Documents, SetAside } from '../documents/port.js';
import { createEarliest, createLineReader, forEachLine, parsePointLine } from '../journal/line.js';
import { type SegmentContent, type SegmentFile, readSegment, sealSegment } from '../journal/segment.js';
import { createFold } from './fold.js';

export interface Flushed {
  readonly node: string;
  readonly number: number;
  readonly hits: number;
  readonly documents: number;
  /** Lines that could not be read; there are none unless a disk has lost what it had confirmed. */
  readonly unreadable: number;
  readonly bytes: number;
  readonly outcome: 'applied' | 'already';
  readonly setAside: readonly SetAside[];
  /** Something in it has been deleted: it is to be rewritten. */
  readonly holdsDeleted: boolean;
}

/** Seals the segment if it is open, folds it and adds it to the documents. May be called again after any failure. */
export async function flushSegment(
  folder: string,
  segment: SegmentFile,
  documents: Documents,
  collections: readonly Collection[],
  countedUntilMs: number,
  obedience: Obedience = createObedience([]),
): Promise<Flushed> {
  const content = segment.state === 'open' ? sealSegment(folder, segment) : readSegment(folder, segment);
  const { deltas, hits, unreadable, holdsDeleted } = foldSegment(content, collections, obedience);
  const { outcome, setAside } = await documents.apply(content, deltas, countedUntilMs);
  return {
    node: segment.node,
    number: segment.number,
    hits,
    documents: deltas.length,
    unreadable,
    bytes: content.bytes,
    outcome,
    setAside,
    holdsDeleted,
  };
}

/** Without what was deleted. */
export function foldSegment(
  content: Pick<SegmentContent, 'hits' | 'points'>,
  collections: readonly Collection[],
  obedience: Obedience = createObedience([]),
): { deltas: Delta[]; hits: number; unreadable: number; holdsDeleted: boolean } {
  const fold = createFold(collections);
  const read = createLineReader();
  const earliest = createEarliest();
  let hits = 0;
  let unreadable = 0;
  let holdsDeleted = false;
  const take = (line: string): void => {
    const parsed = read(line);
    if (parsed === undefined) {
      unreadable++;
    } else if ('hit' in parsed) {
      earliest.take(parsed.hit.receivedAtMs);
      const hit = obedience.hit(parsed.hit);
      holdsDeleted ||= hit !== parsed.hit;
      if (hit === undefined) return;
      fold.hit(hit);
      hits++;
    } else {
      earliest.take(parsed.refusal.receivedAtMs);
      if (obedience.keepsRefusal(parsed.refusal)) fold.refusal(parsed.refusal);
      else holdsDeleted = true;
    }
  };
  for (const lines of linesBySite(content.hits)) for (const line of lines) take(line);
  forEachLine(content.points, (line) => {
    const point = parsePointLine(line);
    if (point === undefined) unreadable++;
    else if (obedience.keepsPoint(point, earliest.ms())) fold.point(point);
    else holdsDeleted = true;
  });
  return { deltas: fold.deltas(), hits, unreadable, holdsDeleted };
}

/** Site by site: what is counted for one fits into the processor's cache, and all that is counted for a thousand hits of many does not. */
function linesBySite(text: string): Iterable<readonly string[]> {
  const bySite = new Map<string, string[]>();
  forEachLine(text, (line) => {
    const site = line.slice(2, line.indexOf('\t', 2)); // the kind is one character, and the site follows it (journal/line.ts)
    const lines = bySite.get(site);
    if (lines === undefined) bySite.set(site, [line]);
    else lines.push(line);
  });
  return bySite.values();
}
