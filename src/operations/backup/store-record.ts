// One entry of a store in a form that does not depend on the backend. A backup of one backend is restored into
// another by converting its entries to these records.

import type { Counters } from '../../counters/counters.js';
import type { Site } from '../../hit/site.js';
import type { RecordKind, Token } from '../../store/accounts.js';
import type { AuditEntry } from '../../store/audit-log.js';
import type { ImportRecord, PlannedRange, RangeTrace } from '../../store/imports.js';
import type { NodeState } from '../../store/nodes.js';
import type { Deletion } from '../../store/tombstones.js';
import type { DayRange } from '../../time/day-range.js';

export type StoreRecord =
  | {
      readonly kind: 'document';
      readonly collection: string;
      readonly id: string;
      /**
       * The number of the last segment that the document contains, for each node, and its `rev`. The embedded store
       * has no guards: each of its documents contains all segments up to the number of each node.
       */
      readonly guards: Readonly<Record<string, number>>;
      readonly counters: Counters;
    }
  | { readonly kind: 'node'; readonly id: string; readonly state: NodeState }
  | {
      readonly kind: 'rejected';
      /** `<collection>/<document>/<node>/<number>` */
      readonly id: string;
      readonly reason: string;
      readonly atMs: number;
      readonly delta: Uint8Array | null;
    }
  | { readonly kind: 'site'; readonly site: Site }
  /** The id of a deleted site. It must never be used again. */
  | { readonly kind: 'used'; readonly site: string }
  | { readonly kind: 'deletion'; readonly deletion: Deletion }
  /** The number of deletions so far. Counting threads compare it to detect new ones. */
  | { readonly kind: 'deletions'; readonly count: number }
  | { readonly kind: 'token'; readonly hash: string; readonly token: Token }
  /** About people; see src/people. */
  | { readonly kind: 'record'; readonly of: RecordKind; readonly id: string; readonly value: object }
  | { readonly kind: 'until'; readonly work: string; readonly site: string; readonly day: string }
  | { readonly kind: 'days'; readonly work: string; readonly site: string; readonly days: readonly DayRange[] }
  | { readonly kind: 'import'; readonly record: ImportRecord }
  | { readonly kind: 'range'; readonly importId: string; readonly range: PlannedRange }
  /** What a range of a log has counted. */
  | { readonly kind: 'trace'; readonly importId: string; readonly trace: RangeTrace }
  | { readonly kind: 'audit'; readonly entry: AuditEntry }
  /** An entry of a place that this version does not know. */
  | { readonly kind: 'unknown'; readonly place: string };

/** Counts the entries that cannot be converted, by their place. */
export class UnknownPlaces {
  #places = new Map<string, number>();

  add(place: string): void {
    this.#places.set(place, (this.#places.get(place) ?? 0) + 1);
  }

  sentences(): string[] {
    return [...this.#places].map(
      ([place, entries]) =>
        `${entries} ${entries === 1 ? 'entry' : 'entries'} of "${place}" could not be converted for the other kind of store`,
    );
  }
}
