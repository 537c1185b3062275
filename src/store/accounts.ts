// Sites and the tokens that read them.
import type { Site } from '../hit/site.js';
import type { DamagedSite } from './site-shape.js';

/** What a token may do. Tokens are random and kept only as a hash. */
export interface Token {
  /** The first characters of the token, to tell tokens apart in a list. Not a secret. */
  readonly prefix: string;
  readonly title: string;
  /** The sites that it reads; `all` also those made later. */
  readonly sites: readonly string[] | 'all';
  readonly createdAtMs: number;
}

/** The secret is told this once. */
export interface IssuedToken {
  readonly secret: string;
  readonly token: Token;
}

/** A change was not made, or nobody knows whether it was. The message, in one line, says which of both and what to do. */
export class AccountsAway extends Error {}

/** So many ask for what is not known here that no more can wait. It says nothing of the store. */
export class TooManyAsk extends AccountsAway {}

/**
 * What is asked is answered at once; a change by another process is seen within a second. A change may reject with an
 * AccountsAway.
 */
export interface Accounts {
  /**
   * A number that grows with every change, by whichever process; to be compared only with what this process was told
   * before. Cheap: asked twice a second.
   */
  version(): number;
  /**
   * Resolves once this process knows every change that was complete when it was called, so that what is unknown then
   * does not exist. May be called for every request: calls share a few looks a second. Rejects with an AccountsAway
   * when the store does not answer soon, or a TooManyAsk.
   */
  refresh(): Promise<void>;
  site(id: string): Site | undefined;
  /** All sites by id, without those too damaged to be used. */
  sites(): Site[];
  /**
   * Sites whose stored settings are damaged, by id. A caller that processes all sites reports these and continues
   * with the others.
   */
  damagedSites(): readonly DamagedSite[];
  /** Adds a site. `taken` when the id is in use or ever was. */
  addSite(site: Site): Promise<'added' | 'taken'>;
  /** Replaces a site's settings. */
  updateSite(site: Site): Promise<'updated' | 'unknown'>;
  /**
   * Removes a site for good: its id stays taken, and its hits are those of an unknown site. Tokens that read nothing
   * else go with it, others lose it. May be repeated: then it removes what is left.
   */
  removeSite(id: string): Promise<'removed' | 'unknown'>;
  /** Makes a token; the secret is returned this once and kept as a SHA-256 hash. */
  addToken(token: { title: string; sites: readonly string[] | 'all'; nowMs: number }): Promise<IssuedToken>;
  /** The token that has this secret, or nothing. */
  token(secret: string): Token | undefined;
  /** By date of making. */
  tokens(): Token[];
  revokeToken(prefix: string): Promise<'revoked' | 'unknown'>;
  /**
   * Whether nothing was ever set up: there has never been a site, and there is no token. Cheap: anyone may ask, as
   * often as they like.
   */
  isNew(): boolean;
  /** By which the first-run page is opened: random, and the same for every process that serves it. */
  setupSecret(): Promise<string>;
  /**
   * Adds the first site and a token that reads all. Where the accounts are not new, or another node is just doing so,
   * it is `over`: this succeeds once and never again.
   */
  setUp(site: Site, token: { title: string; nowMs: number }): Promise<IssuedToken | 'over'>;
  close(): Promise<void>;
}
