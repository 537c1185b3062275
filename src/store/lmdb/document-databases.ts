// The named databases of lmdb in which documents are stored.
import type { Database, RootDatabase } from 'lmdb';
import { encode } from '../../counters/codec/codec.js';
import { Writer } from '../../counters/codec/writer.js';
import type { Counters } from '../../counters/counters.js';
import type { DocumentId } from '../documents.js';
import type { NodeState } from '../nodes.js';
import { withChecksum } from './document-checksum.js';
import { type ImportedDocuments, openImportedDocuments } from './imported-documents.js';
import { openRecords } from './records.js';

export interface DocumentDatabases {
  readonly root: RootDatabase;
  /** Encoded counters by `<collection>/<id>`. */
  readonly documents: Database<Buffer, string>;
  readonly nodes: Database<NodeState, string>;
  /** The names of all collections. */
  readonly collections: Database<true, string>;
  /** Encoded counters by `<collection>/<id>/<node>/<number>`. */
  readonly rejected: Database<Buffer, string>;
  readonly imports: ImportedDocuments;
  /** Memory for encoding, reused for each document. */
  readonly out: Writer;
}

export function openDocumentDatabases(root: RootDatabase): DocumentDatabases {
  return {
    root,
    documents: root.openDB<Buffer, string>({ name: 'documents', encoding: 'binary' }),
    nodes: openNodeStates(root),
    collections: openRecords<true, string>(root, 'collections'),
    rejected: root.openDB<Buffer, string>({ name: 'setaside', encoding: 'binary' }),
    imports: openImportedDocuments(root),
    out: new Writer(),
  };
}

export function openNodeStates(root: RootDatabase): Database<NodeState, string> {
  return openRecords<NodeState, string>(root, 'nodes');
}

export function keyOf({ collection, id }: DocumentId): string {
  return `${collection}/${id}`;
}

/** Writes counters with their checksum. Call this and the following in a transaction. */
export function putCounters({ out }: DocumentDatabases, into: Database<Buffer, string>, key: string, counters: Counters): void {
  encode(counters, out);
  into.putSync(key, withChecksum(key, out));
}

export function addCollection({ collections }: DocumentDatabases, name: string): void {
  if (collections.get(name) === undefined) collections.putSync(name, true);
}
