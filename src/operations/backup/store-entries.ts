// Converts the entries of the embedded store to records and back.
import type { Database, Key, RootDatabase } from 'lmdb';
import { decode, encode } from '../../counters/codec/codec.js';
import { Writer } from '../../counters/codec/writer.js';
import type { Site } from '../../hit/site.js';
import { endedSessions } from '../../people/restored.js';
import { RECORD_KINDS, type Token } from '../../store/accounts.js';
import { type AuditEntry, streamOf } from '../../store/audit-log.js';
import type { ImportRecord, PlannedRange, RangeTrace } from '../../store/imports.js';
import { decodeChecked, withChecksum } from '../../store/lmdb/document-checksum.js';
import { DATABASES, openRecords } from '../../store/lmdb/records.js';
import type { NodeState } from '../../store/nodes.js';
import type { Deletion } from '../../store/tombstones.js';
import type { DayRange } from '../../time/day-range.js';
import { type StoreRecord, UnknownPlaces } from './store-record.js';

const SEPARATOR = '/';
/** Records that are written in one transaction. */
const RECORDS_MAX = 500;

/** The names of all databases in the store. */
export function namesIn(root: RootDatabase): string[] {
  return [...root.getKeys({})].map(String);
}

/** The number of entries in each database. */
export function countsIn(root: RootDatabase): Record<string, number> {
  return Object.fromEntries(namesIn(root).map((name) => [name, sizeOf(root, name)]));
}

/** Up to which segment each node with a journal is counted. Imports are nodes without a journal. */
export function nodesIn(root: RootDatabase): Array<{ id: string; number: number }> {
  const nodes = open(root, 'nodes') as Database<NodeState, string>;
  return [...nodes.getRange({})]
    .filter(({ value }) => value.boot !== undefined)
    .map(({ key, value }) => ({ id: key, number: value.number }));
}

/** The records of nodes come last, so that a store that is being filled does not look complete. */
export function* recordsInStore(root: RootDatabase): Generator<StoreRecord> {
  const names = new Set(namesIn(root));
  const entries = <K, Value>(name: string): Iterable<{ key: K; value: Value }> =>
    names.has(name) ? (open(root, name).getRange({}) as unknown as Iterable<{ key: K; value: Value }>) : [];
  const nodes = [...entries<string, NodeState>('nodes')];
  // Each document contains all segments up to the number of each node. An import never uses a finished number again.
  const guards = Object.fromEntries([
    ['rev', 1],
    ...nodes.filter(({ value }) => value.boot !== undefined && value.number > 0).map(({ key, value }) => [key, value.number]),
  ]);
  const imports = nodes.filter(({ value }) => value.boot === undefined && value.number > 0);
  const imported = new Set([...entries<string, true>('imported')].map(({ key }) => key));
  for (const { key, value } of entries<string, Buffer>('documents')) {
    const [collection, id] = splitKey(key);
    const its = imports.filter(({ key: node }) => imported.has(`${node}/${key}`)).map(({ key, value }) => [key, value.number]);
    yield {
      kind: 'document',
      collection,
      id,
      guards: { ...guards, ...Object.fromEntries(its) },
      counters: decodeChecked(key, value),
    };
  }
  for (const { value } of entries<string, Deletion>('tombstones')) yield { kind: 'deletion', deletion: value };
  for (const { value } of entries<string, number>('tombstones-count')) yield { kind: 'deletions', count: value };
  for (const { key, value } of entries<string, Buffer>('setaside')) {
    const delta = encode(decodeChecked(key, value));
    yield { kind: 'rejected', id: key, reason: 'it could not be added to its document', atMs: 0, delta };
  }
  for (const { key, value } of entries<[string, string], string>('ledger')) {
    yield { kind: 'until', work: key[0], site: key[1], day: value };
  }
  for (const { key, value } of entries<[string, string], DayRange[]>('ledger-days')) {
    yield { kind: 'days', work: key[0], site: key[1], days: value };
  }
  for (const { value } of entries<unknown, ImportRecord>('imports')) yield { kind: 'import', record: value };
  for (const { key, value } of entries<[string, number], PlannedRange>('import-ranges')) {
    yield { kind: 'range', importId: key[0], range: value };
  }
  for (const { key, value } of entries<[string, number], RangeTrace>('import-traces')) {
    yield { kind: 'trace', importId: key[0], trace: value };
  }
  for (const { key, value } of entries<[string, string], AuditEntry>('audit')) {
    if (key[0] === 'entry') yield { kind: 'audit', entry: value };
  }
  const accounts = [...entries<[string, string?], unknown>('accounts')];
  const sites = new Set(accounts.filter(({ key }) => key[0] === 'site').map(({ key }) => key[1]));
  for (const { key, value } of accounts) {
    const [kind, id] = [key].flat(); // lmdb returns a key of one part as that part alone
    const of = RECORD_KINDS.find((one) => one === kind);
    if (kind === 'site') yield { kind: 'site', site: value as Site };
    else if (kind === 'token') yield { kind: 'token', hash: id as string, token: value as Token };
    else if (of !== undefined) yield { kind: 'record', of, id: id as string, value: value as object };
    else if (kind === 'used' && !sites.has(id)) yield { kind: 'used', site: id as string };
    else if (kind !== 'version' && kind !== 'used') yield { kind: 'unknown', place: `accounts, ${kind}` };
  }
  for (const name of names) {
    if (name in DATABASES) continue;
    const size = sizeOf(root, name);
    for (let i = 0; i < size; i++) yield { kind: 'unknown', place: name };
  }
  for (const { key, value } of nodes) yield { kind: 'node', id: key, state: value };
}

/** Fills an empty store. Returns a message for each place whose entries could not be converted. */
export async function fillStore(root: RootDatabase, all: AsyncIterable<StoreRecord>): Promise<string[]> {
  const databases = Object.fromEntries(Object.keys(DATABASES).map((name) => [name, open(root, name)]));
  const unknown = new UnknownPlaces();
  const out = new Writer();
  let waiting: StoreRecord[] = [];
  const write = (): void => {
    root.transactionSync(() => {
      for (const record of waiting) {
        if (record.kind === 'unknown') unknown.add(record.place);
        for (const [name, key, value] of entriesOf(record, out)) (databases[name] as Database<unknown, Key>).putSync(key, value);
      }
    });
    waiting = [];
  };
  for await (const record of all) {
    waiting.push(record);
    if (waiting.length === RECORDS_MAX) write();
  }
  write();
  await root.flushed;
  return unknown.sentences();
}

/** For a store that was just restored. Leaves damaged records as they are. */
export async function endSessions(root: RootDatabase): Promise<void> {
  const accounts: Database<object | undefined, Key> = openRecords(root, 'accounts', { ifDamaged: undefined });
  root.transactionSync(() => {
    for (const { key, value } of [...accounts.getRange({ start: ['person'], end: ['person', '\uffff'] })]) {
      if (value !== undefined) accounts.putSync(key, endedSessions(value));
    }
  });
  await root.flushed;
}

function open(root: RootDatabase, name: string): Database<unknown, Key> {
  return DATABASES[name] === 'json' ? openRecords(root, name) : root.openDB({ name, encoding: 'binary' });
}

/** `out` is reused, so the bytes of a document are valid until the next call. */
function entriesOf(record: StoreRecord, out: Writer): Array<[database: string, key: Key, value: unknown]> {
  switch (record.kind) {
    case 'document': {
      const key = record.collection + SEPARATOR + record.id;
      encode(record.counters, out);
      return [
        ['documents', key, withChecksum(key, out)],
        ['collections', record.collection, true],
        ...importsIn(record.guards).map((node): [string, Key, unknown] => [
          'imported',
          `${node}/${record.collection}/${record.id}`,
          true,
        ]),
      ];
    }
    case 'node':
      return [['nodes', record.id, record.state]];
    case 'rejected':
      return record.delta === null ? [] : [['setaside', record.id, deltaWithChecksum(record.id, record.delta, out)]];
    case 'site':
      return [
        ['accounts', ['site', record.site.id], record.site],
        ['accounts', ['used', record.site.id], record.site.createdAtMs],
      ];
    case 'used':
      return [['accounts', ['used', record.site], 0]];
    case 'deletion':
      return [['tombstones', record.deletion.id, record.deletion]];
    case 'deletions':
      return [['tombstones-count', 'count', record.count]];
    case 'token':
      return [['accounts', ['token', record.hash], record.token]];
    case 'record':
      return [['accounts', [record.of, record.id], record.value]];
    case 'until':
      return [['ledger', [record.work, record.site], record.day]];
    case 'days':
      return [['ledger-days', [record.work, record.site], record.days]];
    case 'import':
      return [['imports', [record.record.site.id, record.record.id], record.record]];
    case 'range':
      return [['import-ranges', [record.importId, record.range.number], record.range]];
    case 'trace':
      return [['import-traces', [record.importId, record.trace.number], record.trace]];
    case 'audit':
      return [
        ['audit', ['entry', record.entry.id], record.entry],
        ['audit', ['of', streamOf(record.entry), record.entry.id], true],
      ];
    default:
      return [];
  }
}

function deltaWithChecksum(key: string, delta: Uint8Array, out: Writer): Buffer {
  encode(decode(Buffer.from(delta)), out);
  return withChecksum(key, out);
}

/** The ids of nodes with a journal begin with n (journal/node.ts); all others are imports. */
function importsIn(guards: Readonly<Record<string, number>>): string[] {
  return Object.keys(guards).filter((node) => node !== 'rev' && !node.startsWith('n'));
}

function splitKey(key: string): [collection: string, id: string] {
  const at = key.indexOf(SEPARATOR);
  return [key.slice(0, at), key.slice(at + 1)];
}

function sizeOf(root: RootDatabase, name: string): number {
  return (root.openDB({ name, encoding: 'binary' }).getStats() as { entryCount: number }).entryCount;
}
