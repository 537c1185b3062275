// Everything that a store keeps, one by one, in a form that neither store has: so a backup of the one can fill the other.

import type { Counters } from '../../counters/counters.js';
import type { Site } from '../../hit/site.js';
import type { Token } from '../../store/accounts.js';
import type { NodeState } from '../../store/documents.js';
import type { ImportRecord, PlannedRange, RangeTrace } from '../../store/imports.js';
import type { Days } from '../../store/ledger.js';
import type { Deletion } from '../../store/tombstones.js';

export type Kept =
  | {
      readonly kind: 'document';
      readonly collection: string;
      readonly id: string;
      /**
       * Which segments it holds, by node; and `rev`. The embedded store has none: its documents hold all up to their
       * nodes' numbers.
       */
      readonly guards: Readonly<Record<string, number>>;
      readonly counters: Counters;
    }
  | { readonly kind: 'node'; readonly id: string; readonly state: NodeState }
  | {
      readonly kind: 'setAside';
      /** `<collection>/<document>/<node>/<number>` */
      readonly id: string;
      readonly reason: string;
      readonly atMs: number;
      readonly delta: Uint8Array | null;
    }
  | { readonly kind: 'site'; readonly site: Site }
  /** The id of a site that was deleted, never to be used again. */
  | { readonly kind: 'used'; readonly site: string }
  | { readonly kind: 'deletion'; readonly deletion: Deletion }
  /** By which those who count see that there are new ones. */
  | { readonly kind: 'deletions'; readonly count: number }
  | { readonly kind: 'token'; readonly hash: string; readonly token: Token }
  | { readonly kind: 'until'; readonly work: string; readonly site: string; readonly day: string }
  | { readonly kind: 'days'; readonly work: string; readonly site: string; readonly days: readonly Days[] }
  | { readonly kind: 'import'; readonly record: ImportRecord }
  | { readonly kind: 'range'; readonly importId: string; readonly range: PlannedRange }
  /** What a range of a log counts. */
  | { readonly kind: 'trace'; readonly importId: string; readonly trace: RangeTrace }
  /** Of a place that the other store has no equal for. */
  | { readonly kind: 'unknown'; readonly place: string };

/** Counts what cannot be taken over, by where it was, for words at the end. */
export class Unknown {
  #places = new Map<string, number>();

  add(place: string): void {
    this.#places.set(place, (this.#places.get(place) ?? 0) + 1);
  }

  sentences(): string[] {
    return [...this.#places].map(
      ([place, entries]) =>
        `${entries} ${entries === 1 ? 'entry' : 'entries'} of "${place}" could not be taken over into a store of the other kind`,
    );
  }
}
