// The guards of a document: which segments it contains.
import type { Segment } from '../documents.js';

/** The last segment number by node; and under `rev` how often the document was rewritten as a whole. */
export type Guards = Readonly<Record<string, number>>;

const REVISION = 'rev';

export function containsSegment(guards: Guards | undefined, { node, number }: Segment): boolean {
  return (guards?.[node] ?? 0) >= number;
}

/** Without the revision. */
export function segmentsIn(guards: Guards = {}): Array<[node: string, number: number]> {
  return Object.entries(guards).filter(([node]) => node !== REVISION);
}

/** Whether a part contains a segment that the whole does not. */
export function isAhead(part: Guards | undefined, whole: Guards | undefined = {}): boolean {
  return segmentsIn(part).some(([node, number]) => (whole[node] ?? 0) < number);
}

/** For a rewrite. It changes the guards even if it counts nothing, so that a compare-and-set can detect it. */
export function withNextRevision(guards: Guards = {}): Guards {
  return { ...guards, [REVISION]: (guards[REVISION] ?? 0) + 1 };
}
