// The port of the documents. contracts/documents.ts and contracts/document-groups.ts test what every adapter must do.
import type { Counters } from '../counters/counters.js';
import type { Part } from '../counters/part.js';
import { isPeriod } from '../time/dates.js';
import { DAY_MS } from '../time/units.js';

/**
 * The store has lost segments that it had confirmed, because an older backup was restored. A restart counts them
 * again.
 */
export class StoreRestored extends Error {}

export interface DocumentId {
  /** `content.2026`, or `content.2015.late2026` for hits received long after their year ended. */
  readonly collection: string;
  /** `<site>:2026-11-20` or `<site>:2026-11`. */
  readonly id: string;
}

/** The capped maps of a document kind, with the number of rows that each keeps. */
export type Caps = Readonly<Record<string, number>>;

/** The counters that a segment's hits add to one document. */
export interface Delta extends DocumentId {
  readonly counters: Counters;
  readonly caps: Caps;
}

/** An immutable batch of hits: a sealed journal file, or a byte range of an imported log. */
export interface Segment {
  readonly node: string;
  /** Starts at 1 and has no gaps. */
  readonly number: number;
  readonly checksum: number;
}

export interface Applied {
  /** `already`: this or another process had added it before. */
  readonly outcome: 'applied' | 'already';
  /** Deltas that can never be added to their documents. They are stored as dead letters, each with its reason. */
  readonly rejected: readonly Rejected[];
}

export interface Rejected extends DocumentId {
  readonly reason: string;
}

/**
 * Returns the new state of a document (`undefined`: it does not exist). Must be idempotent: it is called again, with
 * the current contents, after a lost compare-and-set or an unknown outcome. Must not modify the tree that it is given.
 */
export type Change = (id: string, counters: Counters | undefined) => Counters | 'remove' | 'keep';

/** As a Change, for an existing document. `parts`: the documents that it is the merge of, in the order of the call. */
export type Rebuild = (counters: Counters, parts: ReadonlyArray<Counters | undefined>) => Counters | 'remove' | 'keep';

/** As a Change, for a rejected delta; `undefined`: it was too large to be stored. */
export type ChangeRejected = (id: DocumentId, counters: Counters | undefined) => Counters | 'remove' | 'keep';

export interface Rewritten {
  readonly rewritten: number;
  readonly removed: number;
  readonly kept: number;
}

/** A document at one instant, with the segments that it contains. */
export interface Snapshot {
  readonly id: string;
  /** Undefined: the document does not exist. */
  readonly counters: Counters | undefined;
  /** By node: the document contains this node's segments up to this number, and no later ones. */
  readonly upTo: ReadonlyMap<string, number>;
  /** Imports that have counted into it, or may have. */
  readonly imports: readonly string[];
  /** Every segment in it is also in all other documents that the segment belongs to. */
  readonly settled: boolean;
  /** Changes whenever the document does. */
  readonly version: string;
}

/** Returns the new state of some of these documents, by id. Must not modify the trees that it is given. */
export type ChangeGroup = (snapshots: readonly Snapshot[]) => ReadonlyMap<string, Counters> | 'busy';

/** Adds counted segments. */
export interface DocumentCounting {
  /**
   * Adds all of a segment's deltas, exactly once. When it rejects, some of them may have been added, and the caller
   * must apply the same segment again. When it rejects with a StoreRestored, the segments that the store has lost
   * must be applied before any other.
   */
  apply(segment: Segment, deltas: readonly Delta[], countedUntilMs: number): Promise<Applied>;
  /** Creates collections that will be written soon, on stores where that takes longer than writing to them. */
  prepare(collections: readonly string[]): Promise<void>;
}

export interface DocumentReading {
  /**
   * Returns the documents in the order of `ids`; undefined for one that does not exist. Rejects when one is damaged;
   * with `anyway`, it returns what can be read of it, for callers that delete it.
   */
  read(ids: readonly DocumentId[], options?: { readonly anyway: boolean }): Promise<Array<Counters | undefined>>;
  /** The years in which late hits of this year were received: `['2026']` for `content.2015.late2026`. */
  lateYears(collection: string, year: string): Promise<readonly string[]>;
}

/** Reads many documents of which little is needed. */
export interface DocumentParts {
  /**
   * Returns the same part of each document, in the order of `ids`; undefined for a document that does not exist. The trees may
   * contain more than the part. Rejects when one is damaged.
   */
  readPart(ids: readonly DocumentId[], part: Part): Promise<Array<Counters | undefined>>;
}

/** Lists documents. */
export interface DocumentCollections {
  /** The names of all collections that may contain documents, sorted. */
  collections(): Promise<string[]>;
  /**
   * The ids in a collection, sorted; those of one site, or all. Documents that are added or removed meanwhile may be
   * missing or listed.
   */
  ids(collection: string, site?: string): AsyncIterable<string>;
  /** Removes a collection from the list if it contains no document; `in use` when it does. */
  drop(collection: string): Promise<'dropped' | 'in use'>;
}

/** Changes documents one by one. */
export interface DocumentRewriting {
  /**
   * Changes documents of one collection, each on its own, while others count into them. May be repeated after a
   * failure.
   */
  rewrite(collection: string, ids: readonly string[], change: Change): Promise<Rewritten>;
  /** Changes rejected deltas. Returns how many it removed or changed. */
  rewriteRejected(change: ChangeRejected): Promise<number>;
  /**
   * Removes the record of which segments of these nodes the documents contain. Only for nodes whose segments will
   * never be applied again.
   */
  forgetNodes(collection: string, ids: readonly string[], nodes: readonly string[]): Promise<void>;
}

/** For periods that are over. */
export interface DocumentUpkeep {
  /**
   * Rewrites a document in its smallest form: capped maps within their caps, sketches as bytes. `compact`: it already
   * was. `busy` if hits were counted into it meanwhile: try again later.
   */
  compact(id: DocumentId, caps: Caps): Promise<'compacted' | 'compact' | 'busy'>;
  /**
   * Makes a document from its parts again (a month from its days, a year from its months), which are all read as of
   * one instant between two segments. `busy` when segments were being applied the whole time: try again later. `kept`
   * when the document does not exist.
   */
  rebuild(id: DocumentId, parts: readonly DocumentId[], make: Rebuild): Promise<'rebuilt' | 'removed' | 'kept' | 'busy'>;
}

/** Several documents of one collection, as of one instant. */
export interface DocumentGroups {
  /** In the order of `ids`. */
  snapshots(collection: string, ids: readonly string[]): Promise<Snapshot[]>;
  /**
   * Changes documents that depend on each other. They are written in the order of `ids`. `busy` when `change` returns
   * it, or when segments were being applied: then nothing, or only the first ones, were written. May be repeated after
   * a failure.
   */
  rewriteGroup(collection: string, ids: readonly string[], change: ChangeGroup): Promise<'rewritten' | 'busy'>;
}

/** Everything that an adapter implements. Callers depend on only one or two of the interfaces above. */
export interface Documents
  extends DocumentCounting,
    DocumentReading,
    DocumentParts,
    DocumentCollections,
    DocumentRewriting,
    DocumentUpkeep,
    DocumentGroups {
  close(): Promise<void>;
}

/** The site of a document. */
export function siteOf(id: string): string {
  return id.slice(0, id.indexOf(':'));
}

/** The period of a document: `2026-11-20`, `2026-11` or `2026`. */
export function keyOf(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

/** The collection of the year documents, which are kept for longer than the months and days. */
export function yearsName(name: string): string {
  return `${name}.years`;
}

/** The document of the rejected delta that is stored under `<collection>/<id>/<node>/<number>`. */
export function rejectedOf(key: string): DocumentId {
  const [collection = '', id = ''] = key.split('/');
  return { collection, id };
}

const COLLECTION = /^([a-z]+)\.(?:(years)|([0-9]{4})(?:\.late([0-9]{4}))?)$/;

export interface CollectionParts {
  readonly name: string;
  /** Undefined for the year documents of all years. */
  readonly year: string | undefined;
  /** The year in which late hits were received. */
  readonly late: string | undefined;
}

/** Undefined if the name is not that of a collection of counters. */
export function partsOfName(collection: string): CollectionParts | undefined {
  const [, name, , year, late] = COLLECTION.exec(collection) ?? [];
  return name === undefined ? undefined : { name, year, late };
}

/** Whether a document of this period (`2026-11-20`, `2026-11` or `2026`) belongs in this collection. */
export function isKeyIn(collection: string, key: string): boolean {
  const parts = partsOfName(collection);
  if (parts === undefined || !isPeriod(key)) return false;
  return parts.year === undefined ? key.length === '2026'.length : key.startsWith(parts.year);
}

export function collectionName(name: string, year: string, lateYear?: string): string {
  return lateYear === undefined ? `${name}.${year}` : `${name}.${year}.late${lateYear}`;
}

const LATE_AFTER_MS = 35 * DAY_MS;

/** Hits of this local day's year that are received after this time are late: 35 days after the year's end in UTC. */
export function lateFromMs(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)) + 1, 0, 1) + LATE_AFTER_MS;
}

export function yearReceived(receivedAtMs: number): string {
  return new Date(receivedAtMs).toISOString().slice(0, 4);
}
