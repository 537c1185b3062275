// The collections of a MongoDB database as what it keeps, and back. The shapes are those of the adapters:
// store/mongodb/documents.ts and so on.
import { randomBytes } from 'node:crypto';
import { type Fields, fromFields, toFields } from '../../counters/codec/fields.js';
import type { Site } from '../../hit/site.js';
import type { Token } from '../../store/accounts.js';
import { type KnownNode, type NodeState, partsOfName } from '../../store/documents.js';
import type { ImportRecord, PlannedRange, RangeTrace } from '../../store/imports.js';
import type { Days } from '../../store/ledger.js';
import { deletionOf, type StoredDeletion } from '../../store/tombstones.js';
import type { Kept } from './kept.js';

export type Entry = Readonly<{ _id: string } & Record<string, unknown>>;

/** What one document of a collection says. */
export function keptOf(collection: string, entry: Entry): Kept[] {
  const { _id, ...fields } = entry;
  if (partsOfName(collection) !== undefined) {
    const { k = {}, c = {} } = fields as { k?: Record<string, number>; c?: Fields };
    return [{ kind: 'document', collection, id: _id, guards: k, counters: fromFields(c) }];
  }
  switch (collection) {
    case 'nodes': {
      const { call: _, ...state } = fields as Partial<KnownNode>;
      return [{ kind: 'node', id: _id, state: { ...EMPTY_NODE, ...state } }];
    }
    case 'setaside': {
      const { reason, atMs, delta } = fields as { reason: string; atMs: number; delta: Uint8Array | null };
      return [{ kind: 'setAside', id: _id, reason, atMs, delta }];
    }
    case 'sites':
      return [fields.site === undefined ? { kind: 'used', site: _id } : { kind: 'site', site: fields.site as Site }];
    case 'tombstones': {
      if (_id === 'count') return [{ kind: 'deletions', count: fields.number as number }];
      return [{ kind: 'deletion', deletion: deletionOf(fields as unknown as StoredDeletion) }];
    }
    case 'tokens':
      return [{ kind: 'token', hash: fields.hash as string, token: fields.token as Token }];
    case 'accounts':
      return _id === 'version' || _id === 'setup' ? [] : [unknown(collection)]; // each store has its own
    case 'ledger': {
      const [work, site] = parted(_id);
      const { until, days } = fields as { until?: string; days?: Days[] };
      return [
        ...(until === undefined ? [] : [{ kind: 'until' as const, work, site, day: until }]),
        ...(days === undefined ? [] : [{ kind: 'days' as const, work, site, days }]),
      ];
    }
    case 'imports':
      return (fields.imports as ImportRecord[]).map((record) => ({ kind: 'import', record }));
    case 'import-ranges':
      return [{ kind: 'range', importId: _id.slice(0, _id.lastIndexOf(':')), range: fields.range as PlannedRange }];
    case 'import-traces':
      return [{ kind: 'trace', importId: _id.slice(0, _id.lastIndexOf(':')), trace: fields.trace as RangeTrace }];
    default:
      return [unknown(collection)];
  }
}

/** What is to be inserted for it; of one `_id` there may be several, whose fields are to be merged by `merged`. */
export function entryOf(kept: Kept): { collection: string; entry: Entry } | undefined {
  switch (kept.kind) {
    case 'document':
      return { collection: kept.collection, entry: { _id: kept.id, k: kept.guards, c: toFields(kept.counters, true) } };
    case 'node':
      return { collection: 'nodes', entry: { _id: kept.id, ...kept.state } };
    case 'setAside':
      return {
        collection: 'setaside',
        entry: { _id: kept.id, reason: kept.reason, atMs: kept.atMs, delta: kept.delta && Buffer.from(kept.delta) },
      };
    case 'site':
      return { collection: 'sites', entry: { _id: kept.site.id, mark: newMark(), site: kept.site } };
    case 'used':
      return { collection: 'sites', entry: { _id: kept.site, mark: newMark() } };
    case 'deletion': {
      const { obeys, cleaned, finishedAtMs, ...tombstone } = kept.deletion;
      const finished = finishedAtMs === undefined ? {} : { finishedAtMs };
      return { collection: 'tombstones', entry: { _id: tombstone.id, tombstone, obeys, cleaned, ...finished } };
    }
    case 'deletions':
      return { collection: 'tombstones', entry: { _id: 'count', number: kept.count } };
    case 'token':
      return { collection: 'tokens', entry: { _id: kept.token.prefix, hash: kept.hash, token: kept.token } };
    case 'until':
      return { collection: 'ledger', entry: { _id: `${kept.work}:${kept.site}`, until: kept.day } };
    case 'days':
      return { collection: 'ledger', entry: { _id: `${kept.work}:${kept.site}`, days: kept.days } };
    case 'import':
      return { collection: 'imports', entry: { _id: kept.record.site.id, revision: 1, imports: [kept.record] } };
    case 'range':
      return { collection: 'import-ranges', entry: { _id: `${kept.importId}:${kept.range.number}`, range: kept.range } };
    case 'trace':
      return { collection: 'import-traces', entry: { _id: `${kept.importId}:${kept.trace.number}`, trace: kept.trace } };
    case 'unknown':
      return undefined;
  }
}

/** Of the ledger and of imports one document stands for several entries. */
export function merged(before: Entry | undefined, entry: Entry): Entry {
  const imports = [...((before?.imports as unknown[]) ?? []), ...((entry.imports as unknown[]) ?? [])];
  return { ...before, ...entry, ...(imports.length === 0 ? {} : { imports }) };
}

export const SEVERAL_IN_ONE: readonly string[] = ['ledger', 'imports'];

const EMPTY_NODE: NodeState = { number: 0, checksum: 0, countedUntilMs: 0 };

function newMark(): string {
  return randomBytes(12).toString('base64url');
}

function unknown(place: string): Kept {
  return { kind: 'unknown', place };
}

function parted(id: string): [work: string, site: string] {
  const at = id.lastIndexOf(':');
  return [id.slice(0, at), id.slice(at + 1)];
}
