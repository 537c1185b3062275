// The guards of a document state which segments it contains.
import type { Segment } from '../documents.js';

/** By node: the number of the last segment. `rev`: how often the whole document was rewritten. */
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

/** A rewrite changes the revision, so that a compare-and-set detects the rewrite even if no hits were counted. */
export function withNextRevision(guards: Guards = {}): Guards {
  return { ...guards, [REVISION]: (guards[REVISION] ?? 0) + 1 };
}
