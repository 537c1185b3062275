// Sites, the tokens that read them, and records about people.
import type { Site } from '../hit/site.js';
import type { DamagedSite } from './site-shape.js';

export type TokenScope = 'read' | 'write';

/** Tokens are random, and only their hash is stored. */
export interface Token {
  /** The first characters of the token, by which people tell tokens apart. Not a secret. */
  readonly prefix: string;
  readonly title: string;
  /** The sites that it reads; `all` includes sites that are created later. */
  readonly sites: readonly string[] | 'all';
  /** `write`: may also change these sites; with `all`, it may also create and delete sites. Absent: `read`. */
  readonly scope?: TokenScope;
  readonly createdAtMs: number;
  /** The last day, in UTC, on which it was used, as far as this process knows. Absent: none, or before days were recorded. */
  readonly lastUsedDay?: string;
}

/** For a new token. */
export interface TokenFields {
  readonly title: string;
  readonly sites: readonly string[] | 'all';
  readonly scope?: TokenScope;
  readonly nowMs: number;
}

/** The secret is returned only once. */
export interface IssuedToken {
  readonly secret: string;
  readonly token: Token;
}

/** A change was not made, or it is unknown whether it was. The message, of one line, states which, and what to do. */
export class AccountsUnavailable extends Error {}

/** Too many callers are waiting for a refresh. This does not mean that the store is unavailable. */
export class TooManyRefreshes extends AccountsUnavailable {}

/** For caches of accounts. */
export interface AccountVersions {
  /** Grows with every change, by any process. Compare it only with earlier values of the same process. Cheap. */
  version(): number;
  /**
   * Resolves once this process knows every change that was complete at the time of the call. A site or token that is
   * still unknown then does not exist. May be called for every request, because calls share a few polls per second.
   * Rejects with an AccountsUnavailable when the store does not answer in time, and with a TooManyRefreshes.
   */
  refresh(): Promise<void>;
}

/** Answered from memory. A change by another process is seen within a second. */
export interface Sites {
  site(id: string): Site | undefined;
  /** All sites by id, except those that are too damaged to be used. */
  sites(): Site[];
  /**
   * Sites whose stored settings are damaged, by id. A caller that processes all sites reports these and continues with
   * the others.
   */
  damagedSites(): readonly DamagedSite[];
}

/** All of these may reject with an AccountsUnavailable. */
export interface SiteChanges {
  /** `taken` when the id is in use or ever was. */
  addSite(site: Site): Promise<'added' | 'taken'>;
  /**
   * Replaces the settings of a site. With `seen`, only if these are still the stored ones; otherwise it is `outdated`, and
   * after a refresh this process knows the newer ones.
   */
  updateSite(site: Site, seen?: Site): Promise<'updated' | 'unknown' | 'outdated'>;
  /**
   * Removes a site permanently: its id is never used again, and its hits are those of an unknown site. Tokens that
   * read only this site are removed as well. May be repeated, and then removes what is left.
   */
  removeSite(id: string): Promise<'removed' | 'unknown'>;
}

export interface Tokens {
  /** The token with this secret. */
  token(secret: string): Token | undefined;
  /** Sorted by creation time. */
  tokens(): Token[];
  /** Only the SHA-256 hash of the secret is stored. May reject with an AccountsUnavailable. */
  addToken(token: TokenFields): Promise<IssuedToken>;
  /** May reject with an AccountsUnavailable. */
  revokeToken(prefix: string): Promise<'revoked' | 'unknown'>;
}

/**
 * When tokens were last used. Uses change no version, so that no other process reads the accounts again because of them.
 * Both may reject with an error of the store.
 */
export interface TokenUses {
  /** Records a UTC day, unless a later one is stored. */
  recordTokenUse(secret: string, day: string): Promise<void>;
  /** Reads the store: the last day that any process has recorded, by prefix. */
  tokenUses(prefixes: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/**
 * What can be stored as a record: people, the addresses and identities by which they sign in, invitations, share links and
 * teams (see src/people), and the annotations of a site, by its id (see src/operations/annotations).
 */
export const RECORD_KINDS = ['person', 'address', 'identity', 'invitation', 'share', 'team', 'annotations'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/**
 * Small records of plain JSON, by kind and id. Like sites, they are answered from memory. Each change is a change of one
 * record, and either happens completely or not at all.
 */
export interface AccountRecords {
  /** As it was stored. The caller must not change it, and must check it, since a later version may have written it. */
  record(kind: RecordKind, id: string): unknown;
  /** Sorted by id. */
  records(kind: RecordKind): ReadonlyArray<readonly [id: string, value: unknown]>;
  /** Adds a record unless its id is in use. May reject with an AccountsUnavailable. */
  addRecord(kind: RecordKind, id: string, value: object): Promise<'added' | 'taken'>;
  /**
   * Replaces a record by what `change` returns; `undefined` removes it. `change` must be pure: it is called again if
   * another process has changed the record meanwhile. If it throws, nothing is changed. May reject with an
   * AccountsUnavailable.
   */
  changeRecord(kind: RecordKind, id: string, change: (value: unknown) => object | undefined): Promise<'changed' | 'unknown'>;
}

/** The first set-up of an installation. */
export interface Setup {
  /** Whether there has never been a site, and there is no token. Cheap: anybody may cause calls. */
  isNew(): boolean;
  /** Opens the set-up page until there is an operator. Random, and the same for every process of the installation. */
  setupSecret(): Promise<string>;
}

/** Everything that an adapter implements. Callers take one or two of the interfaces above. */
export interface Accounts extends AccountVersions, Sites, SiteChanges, Tokens, TokenUses, AccountRecords, Setup {
  close(): Promise<void>;
}
