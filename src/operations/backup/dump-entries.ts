// Converts the entries of a MongoDB database to records and back. The adapters in store/mongodb/ define the shapes of
// the entries.

import { randomBytes } from 'node:crypto';
import { type Fields, fromFields, toFields } from '../../counters/codec/fields.js';
import type { Site } from '../../hit/site.js';
import { RECORD_KINDS, type Token } from '../../store/accounts.js';
import { type AuditEntry, streamOf } from '../../store/audit-log.js';
import { partsOfName } from '../../store/documents.js';
import type { ImportRecord, PlannedRange, RangeTrace } from '../../store/imports.js';
import type { NodeState } from '../../store/nodes.js';
import { deletionOf, type StoredDeletion } from '../../store/tombstones.js';
import type { DayRange } from '../../time/day-range.js';
import type { StoreRecord } from './store-record.js';

export type Entry = Readonly<{ _id: string } & Record<string, unknown>>;

/** One entry may contain several records. */
export function recordsOf(collection: string, entry: Entry): StoreRecord[] {
  const { _id, ...fields } = entry;
  if (partsOfName(collection) !== undefined) {
    const { k = {}, c = {} } = fields as { k?: Record<string, number>; c?: Fields };
    return [{ kind: 'document', collection, id: _id, guards: k, counters: fromFields(c) }];
  }
  switch (collection) {
    case 'nodes': {
      const { call: _, ...state } = fields as Partial<NodeState> & { call?: string };
      return [{ kind: 'node', id: _id, state: { ...EMPTY_NODE, ...state } }];
    }
    case 'setaside': {
      const { reason, atMs, delta } = fields as { reason: string; atMs: number; delta: Uint8Array | null };
      return [{ kind: 'rejected', id: _id, reason, atMs, delta }];
    }
    case 'sites':
      return [fields.site === undefined ? { kind: 'used', site: _id } : { kind: 'site', site: fields.site as Site }];
    case 'tombstones': {
      if (_id === 'count') return [{ kind: 'deletions', count: fields.number as number }];
      return [{ kind: 'deletion', deletion: deletionOf(fields as unknown as StoredDeletion) }];
    }
    case 'tokens':
      return [{ kind: 'token', hash: fields.hash as string, token: fields.token as Token }];
    case 'records':
      return [accountRecord(_id, fields.value as object) ?? unknown(collection)];
    case 'accounts':
      return _id === 'version' || _id === 'setup' ? [] : [unknown(collection)]; // each store creates its own
    case 'ledger': {
      const [work, site] = splitId(_id);
      const { until, days } = fields as { until?: string; days?: DayRange[] };
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
    case 'audit':
      return [{ kind: 'audit', entry: fields.entry as AuditEntry }];
    default:
      return [unknown(collection)];
  }
}

/**
 * Returns the entry to insert. Several records may give entries with the same `_id`; `mergeEntries` combines them. The
 * result is undefined for a record that this version does not know.
 */
export function entryOf(record: StoreRecord): { collection: string; entry: Entry } | undefined {
  switch (record.kind) {
    case 'document':
      return { collection: record.collection, entry: { _id: record.id, k: record.guards, c: toFields(record.counters, true) } };
    case 'node':
      return { collection: 'nodes', entry: { _id: record.id, ...record.state } };
    case 'rejected':
      return {
        collection: 'setaside',
        entry: { _id: record.id, reason: record.reason, atMs: record.atMs, delta: record.delta && Buffer.from(record.delta) },
      };
    case 'site':
      return { collection: 'sites', entry: { _id: record.site.id, mark: newMark(), site: record.site } };
    case 'used':
      return { collection: 'sites', entry: { _id: record.site, mark: newMark() } };
    case 'deletion': {
      const { obeys, cleaned, finishedAtMs, ...tombstone } = record.deletion;
      const finished = finishedAtMs === undefined ? {} : { finishedAtMs };
      return { collection: 'tombstones', entry: { _id: tombstone.id, tombstone, obeys, cleaned, ...finished } };
    }
    case 'deletions':
      return { collection: 'tombstones', entry: { _id: 'count', number: record.count } };
    case 'token':
      return { collection: 'tokens', entry: { _id: record.token.prefix, hash: record.hash, token: record.token } };
    case 'record':
      return { collection: 'records', entry: { _id: `${record.of}/${record.id}`, mark: newMark(), value: record.value } };
    case 'until':
      return { collection: 'ledger', entry: { _id: `${record.work}:${record.site}`, until: record.day } };
    case 'days':
      return { collection: 'ledger', entry: { _id: `${record.work}:${record.site}`, days: record.days } };
    case 'import':
      return { collection: 'imports', entry: { _id: record.record.site.id, revision: 1, imports: [record.record] } };
    case 'range':
      return { collection: 'import-ranges', entry: { _id: `${record.importId}:${record.range.number}`, range: record.range } };
    case 'trace':
      return { collection: 'import-traces', entry: { _id: `${record.importId}:${record.trace.number}`, trace: record.trace } };
    case 'audit':
      return { collection: 'audit', entry: { _id: record.entry.id, stream: streamOf(record.entry), entry: record.entry } };
    case 'unknown':
      return undefined;
  }
}

/** In the ledger and in `imports` (MERGED_COLLECTIONS) one entry contains several records. */
export function mergeEntries(before: Entry | undefined, entry: Entry): Entry {
  const imports = [...((before?.imports as unknown[]) ?? []), ...((entry.imports as unknown[]) ?? [])];
  return { ...before, ...entry, ...(imports.length === 0 ? {} : { imports }) };
}

export const MERGED_COLLECTIONS: readonly string[] = ['ledger', 'imports'];

const EMPTY_NODE: NodeState = { number: 0, checksum: 0, countedUntilMs: 0 };

function newMark(): string {
  return randomBytes(12).toString('base64url');
}

/** Returns undefined for a kind that this version does not know. */
function accountRecord(_id: string, value: object): StoreRecord | undefined {
  const at = _id.indexOf('/');
  const of = RECORD_KINDS.find((kind) => kind === _id.slice(0, at));
  return of && { kind: 'record', of, id: _id.slice(at + 1), value };
}

function unknown(place: string): StoreRecord {
  return { kind: 'unknown', place };
}

function splitId(id: string): [work: string, site: string] {
  const at = id.lastIndexOf(':');
  return [id.slice(0, at), id.slice(at + 1)];
}
