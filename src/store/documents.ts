// Where documents are kept. Two adapters keep this interface; contract.ts says what both must do.
import type { Counters } from '../counters/counters.js';
import { isPeriod } from '../time/dates.js';

/** Where a process finds its documents. Plain data: a thread is told by it, since a connection cannot be handed over. */
export interface DocumentsPlace {
  readonly dataDir: string;
  /** Undefined in the embedded mode: then they are in the data folder. */
  readonly mongodbUri?: string | undefined;
}

/**
 * The store has forgotten segments that it had confirmed: an older backup was restored. A new start counts them
 * again, in order.
 */
export class StoreRestored extends Error {}

export interface DocumentId {
  /** `content.2026`, or `content.2015.late2026` for hits received long after their year ended. */
  readonly collection: string;
  /** `<site>:2026-11-20` or `<site>:2026-11`. */
  readonly id: string;
}

/** The capped maps of a kind of document and the rows that each keeps. */
export type Caps = Readonly<Record<string, number>>;

/** What a segment's hits add to one document. */
export interface Delta extends DocumentId {
  readonly counters: Counters;
  readonly caps: Caps;
}

/** A batch of hits that never changes: a sealed journal file, or a byte range of an imported log. */
export interface Segment {
  readonly node: string;
  /** From 1, without gaps. */
  readonly number: number;
  readonly checksum: number;
}

/** What the store knows of a node: how far it has been counted, and which process runs as it. */
export interface NodeState {
  /** The last finished segment; 0 when there is none. */
  readonly number: number;
  readonly checksum: number;
  /** Every hit that the node took before this moment is counted. */
  readonly countedUntilMs: number;
  /** The process that runs as this node, or did when it was last heard of; undefined for an import. */
  readonly boot?: string;
  /** Rises while that process lives. */
  readonly beats?: number;
  /** Everything that the node took is counted, and no process runs as it any more; or it was given up. */
  readonly endedAtMs?: number;
}

export interface KnownNode extends NodeState {
  readonly id: string;
  /** Of open ones: another one each time that somebody wants all nodes to look for what they are to do. */
  readonly call?: string;
}

export interface Applied {
  /** `already`: it had been added before, by whomever. */
  readonly outcome: 'applied' | 'already';
  /** Deltas that could not be added to their documents, and never can; they are kept apart, each with its reason. */
  readonly rejected: readonly Rejected[];
}

export interface Rejected extends DocumentId {
  readonly reason: string;
}

/**
 * What becomes of a document; undefined: there is none. Called again, with what is there then, when others wrote in
 * between or the outcome was unknown: what it has done already it must then keep. It must not change the tree that it
 * is given.
 */
export type Change = (id: string, counters: Counters | undefined) => Counters | 'remove' | 'keep';

/** As a Change, of a document that is there and those that it is the merge of, in the order asked. */
export type Rebuild = (counters: Counters, parts: ReadonlyArray<Counters | undefined>) => Counters | 'remove' | 'keep';

/** As a Change, of a delta that is kept apart; undefined: it was too large to be kept. */
export type ChangeRejected = (of: DocumentId, counters: Counters | undefined) => Counters | 'remove' | 'keep';

export interface Rewritten {
  readonly rewritten: number;
  readonly removed: number;
  readonly kept: number;
}

/** A document at a moment, and which segments it holds. */
export interface Snapshot {
  readonly id: string;
  /** Undefined: there is none. */
  readonly counters: Counters | undefined;
  /** By node: all that the node's segments up to this number have for the document is in it, and nothing of later ones. */
  readonly upTo: ReadonlyMap<string, number>;
  /** Imports that have counted into it, or may have. */
  readonly imports: readonly string[];
  /** Nothing is in it of a segment that may not be in other documents yet. */
  readonly settled: boolean;
  /** As long as it is the same, nothing has been counted into the document or changed in it. */
  readonly version: string;
}

/**
 * What becomes of documents that are rewritten together, by id; those that are not named stay. It must not change the
 * trees that it is given.
 */
export type ChangeGroup = (held: readonly Snapshot[]) => ReadonlyMap<string, Counters> | 'busy';

export interface Documents {
  /**
   * Adds all of a segment's deltas, exactly once. Rejects when nothing, or not surely everything, was added; then the
   * same segment must be applied again; or with a StoreRestored: then no other one may be applied before those that
   * the store has forgotten.
   */
  apply(segment: Segment, deltas: readonly Delta[], countedUntilMs: number): Promise<Applied>;
  /**
   * Returns the documents in the order of `ids`; undefined for one that does not exist. Rejects when one is damaged;
   * with `anyway`, it returns what can be read of it, for callers that delete it.
   */
  read(ids: readonly DocumentId[], options?: { readonly anyway: boolean }): Promise<Array<Counters | undefined>>;
  /** The years in which late hits of this year were received: `['2026']` for `content.2015.late2026`. */
  lateYears(collection: string, year: string): Promise<readonly string[]>;

  /** Makes collections that will be written soon, where making them takes more than writing to them. */
  prepare(collections: readonly string[]): Promise<void>;
  /**
   * Rewrites a document whose period is over in its smallest form: capped maps within their caps, sketches as bytes.
   * `busy` when it was counted into meanwhile: try again later.
   */
  compact(id: DocumentId, caps: Caps): Promise<'compacted' | 'compact' | 'busy'>;

  /** The names of all collections in which documents may be, in order. */
  collections(): Promise<string[]>;
  /** The ids in a collection, in order; of one site, or of all. Others may add and remove some meanwhile. */
  ids(collection: string, site?: string): AsyncIterable<string>;
  /**
   * Changes some documents of a collection, each on its own, whatever is counted into them meanwhile. May be repeated
   * after any failure.
   */
  rewrite(collection: string, ids: readonly string[], change: Change): Promise<Rewritten>;
  /**
   * Makes a document anew of its parts (a month of its days, a year of its months), all seen as they are between two
   * segments. `busy` when segments were under way all the time: try again later. A document that is not there is
   * `kept`.
   */
  rebuild(id: DocumentId, parts: readonly DocumentId[], make: Rebuild): Promise<'rebuilt' | 'removed' | 'kept' | 'busy'>;
  /** Changes deltas that are kept apart; gives the number of those that it removed or changed. */
  rewriteRejected(change: ChangeRejected): Promise<number>;
  /** Documents of a collection, in the order asked, each with what it holds. */
  snapshots(collection: string, ids: readonly string[]): Promise<Snapshot[]>;
  /**
   * Changes documents of one collection that depend on each other: `change` is given them as of one moment. They are
   * written in the order of `ids`. `busy` when `change` says so, or others were counting: then nothing, or only the
   * first of them, was written. May be repeated after any failure.
   */
  rewriteGroup(collection: string, ids: readonly string[], change: ChangeGroup): Promise<'rewritten' | 'busy'>;
  /**
   * Takes out of documents what says which segments of these nodes they hold. Only for nodes whose segments will
   * never come again.
   */
  forgetNodes(collection: string, ids: readonly string[], nodes: readonly string[]): Promise<void>;
  /** Forgets the name of a collection in which no document is left; `in use` when one is. */
  drop(collection: string): Promise<'dropped' | 'in use'>;

  node(id: string): Promise<NodeState | undefined>;
  /** Every node as which a process ever ran; of imports, none. `open`: only those that are not ended. */
  nodes(which: 'all' | 'open'): Promise<KnownNode[]>;
  /** Whether a process runs as this node at the moment, as far as can be told by listening for some seconds. */
  isRunning(node: string): Promise<boolean>;
  /** Says that from now on this process runs as the node. `lost` when another one has said so since `seen` was read. */
  claim(node: string, boot: string, seen: NodeState | undefined): Promise<'claimed' | 'lost'>;
  /** A sign of life, every second. `lost` when another process runs as the node: then this one must stop at once. */
  beat(node: string, boot: string, countedUntilMs: number): Promise<'alive' | 'lost'>;
  /**
   * Marks a node that is counted to its end, or is given up: nothing waits for it any more. A claim takes the mark
   * off again. With `boot` only as long as that process is the one that runs as it.
   */
  end(node: string, nowMs: number, boot?: string): Promise<void>;
  close(): Promise<void>;
}

/** Whose document it is. */
export function siteOf(id: string): string {
  return id.slice(0, id.indexOf(':'));
}

/** Of which day, month or year: `2026-11-20`, `2026-11`, `2026`. */
export function keyOf(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

/** Where the year documents of a collection are: they outlive the year's months and days. */
export function yearsName(name: string): string {
  return `${name}.years`;
}

/** Of which document the delta is that is kept apart under `<collection>/<id>/<node>/<number>`. */
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

/** Undefined for what is no collection of counters. */
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

const LATE_AFTER_MS = 35 * 86_400_000;

/** Hits of this local day's year that are received after this moment are late: 35 days after the year's end, by UTC. */
export function lateFromMs(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)) + 1, 0, 1) + LATE_AFTER_MS;
}

export function yearReceived(receivedAtMs: number): string {
  return new Date(receivedAtMs).toISOString().slice(0, 4);
}
