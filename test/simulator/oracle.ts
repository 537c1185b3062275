// Checks that the documents are what the hits add up to: each hit once in each of its documents, and all else
// accordingly.
import { errorOf, FLOOR, ROWS, VIEWS } from '../../src/counters/cap.js';
import { fromFields } from '../../src/counters/codec/fields.js';
import type { Counters } from '../../src/counters/counters.js';
import type { Stored } from '../../src/store/mongodb/operations.js';
import type { Folder, JournalSegment } from './folder.js';
import {
  HITS,
  type Hit,
  keyOf,
  MAP,
  NEWEST,
  REFUSED,
  REMOVALS,
  SECOND,
  type SimulatedDocument,
  TOTAL,
  VISITORS,
} from './hits.js';
import type { ReplicaSet } from './replica-set.js';
import type { RejectedDelta } from './store.js';
import type { Removal } from './worker-process.js';

export interface Evidence {
  readonly setOf: (key: string) => ReplicaSet;
  readonly documents: readonly SimulatedDocument[];
  /** All that were ever acknowledged. */
  readonly hits: readonly Hit[];
  readonly removals: readonly Removal[];
  /** Those that still exist. */
  readonly folders: readonly Folder[];
  readonly ranges: readonly JournalSegment[];
}

export function violationsOf(evidence: Evidence): string[] {
  return evidence.documents.flatMap((document) => {
    const stored = evidence.setOf(keyOf(document)).get<Stored>(keyOf(document));
    const counters = fromFields(stored?.counters ?? {});
    const counted = new Set(counters.below(HITS).fields.keys());
    const hits = evidence.hits.filter(({ name }) => counted.has(name));
    return [
      ...ofHits(evidence, document, counters),
      ...ofTotals(counters, hits),
      ...(document.caps[MAP] === undefined ? [] : ofRows(evidence, document, counters, hits)),
    ].map((violation) => `${keyOf(document)}: ${violation}`);
  });
}

/**
 * Each hit of a journal that still exists is counted once or rejected. One that was lost with a disk is counted at
 * most once.
 */
function ofHits({ setOf, hits, folders, ranges }: Evidence, document: SimulatedDocument, counters: Counters): string[] {
  const segments = [...folders.flatMap(({ segments }) => segments), ...ranges];
  const kept = new Set(segments.filter(({ state }) => state !== 'set aside').flatMap(({ hits }) => hits));
  const rejected = new Set<string>();
  const set = setOf('setaside/');
  for (const key of set.keys(`setaside/${keyOf(document)}/`))
    for (const name of (set.get(key) as RejectedDelta).hits) rejected.add(name);

  const violations: string[] = [];
  for (const hit of hits) {
    const count = counters.below(HITS).get(hit.name);
    const isExpected = hit.documents.includes(document);
    if (count > (isExpected ? 1 : 0)) violations.push(`${hit.name} is counted ${count} times`);
    if (count > 0 && rejected.has(hit.name)) violations.push(`${hit.name} is counted, and rejected as well`);
    if (isExpected && kept.has(hit) && count === 0 && !rejected.has(hit.name)) violations.push(`${hit.name} is lost`);
  }
  if (counters.get(REFUSED) > 0) violations.push('what the server refuses is in it');
  // With a rejected hit, only the hits are rejected that its segment counts into the same document.
  if (rejected.size > 0 && !hits.some(({ name, isRefused }) => isRefused && rejected.has(name)))
    violations.push('hits are set aside without a reason');
  return violations;
}

function ofTotals(counters: Counters, hits: readonly Hit[]): string[] {
  const violations: string[] = [];
  const total = hits.reduce((sum, { weight }) => sum + weight, 0);
  if (counters.get(TOTAL) !== total) violations.push(`the total is ${counters.get(TOTAL)}, not ${total}`);
  const newest =
    hits
      .map(({ text }) => text)
      .sort()
      .at(-1) ?? '';
  if (counters.text(NEWEST) !== newest) violations.push(`the newest is ${counters.text(NEWEST)}, not ${newest}`);
  const ranks = new Map<number, number>();
  for (const { register, rank } of hits) ranks.set(register, Math.max(rank, ranks.get(register) ?? 0));
  counters.sketchOf(VISITORS).forEach((register, rank) => {
    if (ranks.get(register) !== rank) violations.push(`register ${register} is ${rank}, not ${ranks.get(register)}`);
    ranks.delete(register);
  });
  if (ranks.size > 0) violations.push(`registers ${[...ranks.keys()]} are lost`);
  return violations;
}

function ofRows({ removals }: Evidence, document: SimulatedDocument, counters: Counters, hits: readonly Hit[]): string[] {
  const violations: string[] = [];
  const map = counters.below(MAP);
  const rowsMax = document.caps[MAP] as number;
  if (map.below(ROWS).fields.size > rowsMax) violations.push(`${map.below(ROWS).fields.size} rows, of ${rowsMax}`);

  // The bound of a Space-Saving summary, as in src/counters/cap.ts: hits − floor × (rows + 1) remain for what the
  // rows have above the floor.
  const floor = map.below(FLOOR).get(VIEWS);
  const total = hits.reduce((sum, { weight }) => sum + weight, 0);
  let above = 0;
  for (const [key, row] of map.below(ROWS).fields) above += (row as Counters).get(VIEWS) + errorOf(map, key, VIEWS) - floor;
  if (above + floor * (rowsMax + 1) > total) violations.push(`rows stand ${above} above the floor of ${floor}, of ${total} hits`);

  const done = removals.filter(({ name }) => counters.below(REMOVALS).get(name) > 0);
  for (const { name, isAcknowledged, document: key } of removals)
    if (isAcknowledged && key === keyOf(document) && !done.some((removal) => removal.name === name))
      violations.push(`the removal ${name} is undone`);

  for (const key of new Set([...map.below(ROWS).fields.keys(), ...hits.map((hit) => hit.key)])) {
    const rest = hits.filter(
      (hit) => hit.key === key && !done.some((removal) => removal.key === key && removal.hits.has(hit.name)),
    );
    for (const [counter, truth] of [
      [VIEWS, rest.reduce((sum, { weight }) => sum + weight, 0)],
      [SECOND, rest.filter(({ weight }) => weight > 1).length],
    ] as const) {
      const count = map.below(ROWS).below(key).get(counter);
      const error = errorOf(map, key, counter);
      if (count > truth || truth > count + error)
        violations.push(`the row ${key} counts ${count} ${counter}, up to ${error} more, but ${truth} is true`);
    }
  }
  return violations;
}
