// The collections of the accounts:
//
//   sites     { _id: site id, mark, site }      a deleted site leaves its document, without `site`: ids are never used again
//   tokens    { _id: prefix, hash, token }      by prefix, so that it is unique and revoking needs no index
//   records   { _id: kind/id, mark, value }
//   accounts  { _id: 'version', number, named, recent }
//                                             number: the version; see account-sync.ts. named: how many of its raises named
//                                             a document. recent: the names of the last of these, the newest at the end
//             { _id: 'setup', secret, usedBy }  usedBy: in a set-up by an earlier version, the mark of its use
import { randomBytes } from 'node:crypto';
import type { Site } from '../../hit/site.js';
import type { Token } from '../accounts.js';
import type { Mongodb } from './connection.js';

export interface SiteDocument {
  readonly _id: string;
  /** A random text, new for each write, so that a repeated insert can recognise its own document. */
  readonly mark: string;
  /** Absent if the site was deleted. */
  readonly site?: Site;
}

export interface TokenDocument {
  readonly _id: string;
  readonly hash: string;
  readonly token: Token;
}

export interface RecordDocument {
  readonly _id: string;
  readonly mark: string;
  readonly value: object;
}

/** A document of one of these collections, as `records/person/anna`. */
export type DocumentName = `${'sites' | 'tokens' | 'records'}/${string}`;

export interface StateDocument {
  readonly _id: 'version' | 'setup';
  readonly number?: number;
  readonly named?: number;
  readonly recent?: readonly DocumentName[];
  readonly secret?: string;
  readonly usedBy?: string;
}

export type AccountCollections = ReturnType<typeof accountCollections>;

export function accountCollections({ db, written, confirmed }: Mongodb) {
  const concerns = { writeConcern: written, readConcern: confirmed };
  return {
    sites: db.collection<SiteDocument>('sites', concerns),
    tokens: db.collection<TokenDocument>('tokens', concerns),
    // as in JSON: the driver would store fields that are undefined as null
    records: db.collection<RecordDocument>('records', { ...concerns, ignoreUndefined: true }),
    state: db.collection<StateDocument>('accounts', concerns),
  };
}

export function newMark(): string {
  return randomBytes(12).toString('base64url');
}
