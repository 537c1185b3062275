// A segment becomes documents, exactly once. The same steps run after a crash as while all goes well.
import type { Collection } from '../../collections/collection.js';
import type { Delta, Documents, SetAside } from '../documents/port.js';
import { createLineReader, parsePointLine } from '../journal/line.js';
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
}

/** Seals the segment if it is open, folds it and adds it to the documents. May be called again after any failure. */
export async function flushSegment(
  folder: string,
  segment: SegmentFile,
  documents: Documents,
  collections: readonly Collection[],
  countedUntilMs: number,
): Promise<Flushed> {
  const content = segment.state === 'open' ? sealSegment(folder, segment) : readSegment(folder, segment);
  const { deltas, hits, unreadable } = foldSegment(content, collections);
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
  };
}

export function foldSegment(
  content: Pick<SegmentContent, 'hits' | 'points'>,
  collections: readonly Collection[],
): { deltas: Delta[]; hits: number; unreadable: number } {
  const fold = createFold(collections);
  const read = createLineReader();
  let hits = 0;
  let unreadable = 0;
  forEachLine(content.hits, (line) => {
    const parsed = read(line);
    if (parsed === undefined) {
      unreadable++;
    } else if ('hit' in parsed) {
      fold.hit(parsed.hit);
      hits++;
    } else {
      fold.refusal(parsed.refusal);
    }
  });
  forEachLine(content.points, (line) => {
    const point = parsePointLine(line);
    if (point === undefined) unreadable++;
    else fold.point(point);
  });
  return { deltas: fold.deltas(), hits, unreadable };
}

function forEachLine(text: string, visit: (line: string) => void): void {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    if (end < 0) return; // segments end with a whole line
    visit(text.slice(start, end));
    start = end + 1;
  }
}
