// The embedded store as what it keeps, and back.
import type { Database, Key, RootDatabase } from 'lmdb';
import { decode, encode } from '../../counters/codec/codec.js';
import { Writer } from '../../counters/codec/writer.js';
import type { Site } from '../../hit/site.js';
import type { Token } from '../../store/accounts.js';
import type { NodeState } from '../../store/documents.js';
import type { ImportRecord, PlannedRange, RangeTrace } from '../../store/imports.js';
import type { Days } from '../../store/ledger.js';
import { DATABASES, openRecords } from '../../store/lmdb/records.js';
import { decodeSealed, sealed } from '../../store/lmdb/seal.js';
import type { Deletion } from '../../store/tombstones.js';
import { type Kept, Unknown } from './kept.js';

const SEPARATOR = '/';
/** In one transaction. */
const ENTRIES_MAX = 500;

/** The names of all databases in it. */
export function namesIn(root: RootDatabase): string[] {
  return [...root.getKeys({})].map(String);
}

/** Entries by database. */
export function countsIn(root: RootDatabase): Record<string, number> {
  return Object.fromEntries(namesIn(root).map((name) => [name, sizeOf(root, name)]));
}

/** How far each node is counted in it that has a journal. */
export function nodesIn(root: RootDatabase): Array<{ id: string; number: number }> {
  const nodes = open(root, 'nodes') as Database<NodeState, string>;
  return [...nodes.getRange({})]
    .filter(({ value }) => value.boot !== undefined)
    .map(({ key, value }) => ({ id: key, number: value.number }));
}

/** Nodes come last: until they are there, a store that is being filled does not look as if it were whole. */
export function* keptInStore(root: RootDatabase): Generator<Kept> {
  const names = new Set(namesIn(root));
  const entries = <K, Value>(name: string): Iterable<{ key: K; value: Value }> =>
    names.has(name) ? (open(root, name).getRange({}) as unknown as Iterable<{ key: K; value: Value }>) : [];
  const nodes = [...entries<string, NodeState>('nodes')];
  // Each document holds all segments up to its nodes' numbers. Imports never come again under a number that was finished.
  const guards = Object.fromEntries([
    ['rev', 1],
    ...nodes.filter(({ value }) => value.boot !== undefined && value.number > 0).map(({ key, value }) => [key, value.number]),
  ]);
  const imports = nodes.filter(({ value }) => value.boot === undefined && value.number > 0);
  const imported = new Set([...entries<string, true>('imported')].map(({ key }) => key));
  for (const { key, value } of entries<string, Buffer>('documents')) {
    const [collection, id] = parted(key);
    const its = imports.filter(({ key: node }) => imported.has(`${node}/${key}`)).map(({ key, value }) => [key, value.number]);
    yield {
      kind: 'document',
      collection,
      id,
      guards: { ...guards, ...Object.fromEntries(its) },
      counters: decodeSealed(key, value),
    };
  }
  for (const { value } of entries<string, Deletion>('tombstones')) yield { kind: 'deletion', deletion: value };
  for (const { value } of entries<string, number>('tombstones-count')) yield { kind: 'deletions', count: value };
  for (const { key, value } of entries<string, Buffer>('setaside')) {
    const delta = encode(decodeSealed(key, value));
    yield { kind: 'setAside', id: key, reason: 'it could not be added to its document', atMs: 0, delta };
  }
  for (const { key, value } of entries<[string, string], string>('ledger')) {
    yield { kind: 'until', work: key[0], site: key[1], day: value };
  }
  for (const { key, value } of entries<[string, string], Days[]>('ledger-days')) {
    yield { kind: 'days', work: key[0], site: key[1], days: value };
  }
  for (const { value } of entries<unknown, ImportRecord>('imports')) yield { kind: 'import', record: value };
  for (const { key, value } of entries<[string, number], PlannedRange>('import-ranges')) {
    yield { kind: 'range', importId: key[0], range: value };
  }
  for (const { key, value } of entries<[string, number], RangeTrace>('import-traces')) {
    yield { kind: 'trace', importId: key[0], trace: value };
  }
  const accounts = [...entries<[string, string?], unknown>('accounts')];
  const sites = new Set(accounts.filter(({ key }) => key[0] === 'site').map(({ key }) => key[1]));
  for (const { key, value } of accounts) {
    const [kind, id] = [key].flat(); // lmdb gives a key of one part as that part
    if (kind === 'site') yield { kind: 'site', site: value as Site };
    else if (kind === 'token') yield { kind: 'token', hash: id as string, token: value as Token };
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

/** Fills an empty store. Gives what could not be kept, in words. */
export async function fillStore(root: RootDatabase, all: AsyncIterable<Kept>): Promise<string[]> {
  const databases = Object.fromEntries(Object.keys(DATABASES).map((name) => [name, open(root, name)]));
  const unknown = new Unknown();
  const out = new Writer();
  let waiting: Kept[] = [];
  const write = (): void => {
    root.transactionSync(() => {
      for (const kept of waiting) {
        if (kept.kind === 'unknown') unknown.add(kept.place);
        for (const [name, key, value] of entriesOf(kept, out)) (databases[name] as Database<unknown, Key>).putSync(key, value);
      }
    });
    waiting = [];
  };
  for await (const kept of all) {
    waiting.push(kept);
    if (waiting.length === ENTRIES_MAX) write();
  }
  write();
  await root.flushed;
  return unknown.sentences();
}

function open(root: RootDatabase, name: string): Database<unknown, Key> {
  return DATABASES[name] === 'json' ? openRecords(root, name) : root.openDB({ name, encoding: 'binary' });
}

/** The bytes of a document are valid until the next call. */
function entriesOf(kept: Kept, out: Writer): Array<[database: string, key: Key, value: unknown]> {
  switch (kept.kind) {
    case 'document': {
      const key = kept.collection + SEPARATOR + kept.id;
      encode(kept.counters, out);
      return [
        ['documents', key, sealed(key, out)],
        ['collections', kept.collection, true],
        ...importsIn(kept.guards).map((node): [string, Key, unknown] => [
          'imported',
          `${node}/${kept.collection}/${kept.id}`,
          true,
        ]),
      ];
    }
    case 'node':
      return [['nodes', kept.id, kept.state]];
    case 'setAside':
      return kept.delta === null ? [] : [['setaside', kept.id, sealedDelta(kept.id, kept.delta, out)]];
    case 'site':
      return [
        ['accounts', ['site', kept.site.id], kept.site],
        ['accounts', ['used', kept.site.id], kept.site.createdAtMs],
      ];
    case 'used':
      return [['accounts', ['used', kept.site], 0]];
    case 'deletion':
      return [['tombstones', kept.deletion.id, kept.deletion]];
    case 'deletions':
      return [['tombstones-count', 'count', kept.count]];
    case 'token':
      return [['accounts', ['token', kept.hash], kept.token]];
    case 'until':
      return [['ledger', [kept.work, kept.site], kept.day]];
    case 'days':
      return [['ledger-days', [kept.work, kept.site], kept.days]];
    case 'import':
      return [['imports', [kept.record.site.id, kept.record.id], kept.record]];
    case 'range':
      return [['import-ranges', [kept.importId, kept.range.number], kept.range]];
    case 'trace':
      return [['import-traces', [kept.importId, kept.trace.number], kept.trace]];
    default:
      return [];
  }
}

function sealedDelta(key: string, delta: Uint8Array, out: Writer): Buffer {
  encode(decode(Buffer.from(delta)), out);
  return sealed(key, out);
}

/** Ids of nodes that run begin with n; see journal/node.ts. */
function importsIn(guards: Readonly<Record<string, number>>): string[] {
  return Object.keys(guards).filter((node) => node !== 'rev' && !node.startsWith('n'));
}

function parted(key: string): [collection: string, id: string] {
  const at = key.indexOf(SEPARATOR);
  return [key.slice(0, at), key.slice(at + 1)];
}

function sizeOf(root: RootDatabase, name: string): number {
  return (root.openDB({ name, encoding: 'binary' }).getStats() as { entryCount: number }).entryCount;
}
