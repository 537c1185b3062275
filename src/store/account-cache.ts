// The sites and tokens that a process holds in memory, so that what every request asks is not asked of a server.
import type { Site } from '../hit/site.js';
import { byDate } from './account-records.js';
import type { Token } from './accounts.js';
import type { DamagedSite } from './site-shape.js';

export interface CachedSite {
  readonly id: string;
  /** Undefined when the site is too damaged to be used. */
  readonly site: Site | undefined;
  readonly damaged?: DamagedSite | undefined;
  /** Another one after each change. */
  readonly mark: string;
}

export interface CachedToken {
  readonly token: Token;
  readonly hash: string;
}

export class AccountCache {
  /** Grows when something has changed. */
  version = 0;
  #sites = new Map<string, CachedSite>();
  #tokens = new Map<string, CachedToken>();
  #byHash = new Map<string, Token>();
  #listedSites: readonly Site[] | undefined;
  #listedTokens: readonly Token[] | undefined;

  site(id: string): Site | undefined {
    return this.#sites.get(id)?.site;
  }

  token(hash: string): Token | undefined {
    return this.#byHash.get(hash);
  }

  hasPrefix(prefix: string): boolean {
    return this.#tokens.has(prefix);
  }

  /** By id. */
  sites(): Site[] {
    this.#listedSites ??= [...this.#sites.values()].flatMap(({ site }) => site ?? []).sort((a, b) => (a.id < b.id ? -1 : 1));
    return [...this.#listedSites];
  }

  damagedSites(): DamagedSite[] {
    return [...this.#sites.values()].flatMap(({ damaged }) => damaged ?? []).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  tokens(): Token[] {
    this.#listedTokens ??= [...this.#byHash.values()].sort(byDate);
    return [...this.#listedTokens];
  }

  putSite(held: CachedSite): void {
    this.#sites.set(held.id, held);
    this.#changed();
  }

  removeSite(id: string): void {
    if (this.#sites.delete(id)) this.#changed();
  }

  putToken(held: CachedToken): void {
    this.#tokens.set(held.token.prefix, held);
    this.#byHash.set(held.hash, held.token);
    this.#changed();
  }

  removeToken(prefix: string): void {
    const held = this.#tokens.get(prefix);
    if (held === undefined) return;
    this.#tokens.delete(prefix);
    this.#byHash.delete(held.hash);
    this.#changed();
  }

  /** In the place of everything; the version stays when nothing is different. */
  replaceAll(sites: readonly CachedSite[], tokens: readonly CachedToken[]): void {
    const isSame =
      sites.length === this.#sites.size &&
      tokens.length === this.#tokens.size &&
      sites.every(({ id, mark }) => this.#sites.get(id)?.mark === mark) &&
      tokens.every(({ hash, token }) => sameSites(this.#byHash.get(hash), token));
    if (isSame) return;
    this.#sites = new Map(sites.map((held) => [held.id, held]));
    this.#tokens = new Map(tokens.map((held) => [held.token.prefix, held]));
    this.#byHash = new Map(tokens.map(({ hash, token }) => [hash, token]));
    this.#changed();
  }

  #changed(): void {
    this.version++;
    this.#listedSites = undefined;
    this.#listedTokens = undefined;
  }
}

/** What a token reads is all that ever changes of it. */
function sameSites(held: Token | undefined, token: Token): boolean {
  return held !== undefined && String(held.sites) === String(token.sites);
}
