// The accounts of a process in memory, so that requests need not read them from a server.
import type { Site } from '../hit/site.js';
import type { RecordKind, Token } from './accounts.js';
import type { DamagedSite } from './site-shape.js';
import { byDate } from './token-secrets.js';

export interface CachedSite {
  readonly id: string;
  /** Undefined when the site is too damaged to be used. */
  readonly site: Site | undefined;
  readonly damaged?: DamagedSite | undefined;
  /** Changes with each change of the site. */
  readonly revision: string;
}

export interface CachedToken {
  readonly token: Token;
  readonly hash: string;
}

export interface CachedRecord {
  /** `kind/id`. */
  readonly _id: string;
  readonly value: object;
  /** Changes with each change of the record. */
  readonly mark: string;
}

export class AccountCache {
  /** Grows with every change. */
  version = 0;
  #sites = new Map<string, CachedSite>();
  #tokens = new Map<string, CachedToken>();
  #byHash = new Map<string, Token>();
  #records = new Map<string, CachedRecord>();
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

  /** Sorted by id. */
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

  putSite(site: CachedSite): void {
    this.#sites.set(site.id, site);
    this.#listedSites = undefined;
    this.version++;
  }

  removeSite(id: string): void {
    if (!this.#sites.delete(id)) return;
    this.#listedSites = undefined;
    this.version++;
  }

  putToken(cached: CachedToken): void {
    const before = this.#tokens.get(cached.token.prefix);
    if (before !== undefined) this.#byHash.delete(before.hash);
    this.#tokens.set(cached.token.prefix, cached);
    this.#byHash.set(cached.hash, cached.token);
    this.#listedTokens = undefined;
    this.version++;
  }

  /** The version stays the same. */
  setTokenUse(prefix: string, lastUsedDay: string): void {
    const cached = this.#tokens.get(prefix);
    if (cached === undefined) return;
    const token = { ...cached.token, lastUsedDay };
    this.#tokens.set(prefix, { ...cached, token });
    this.#byHash.set(cached.hash, token);
    this.#listedTokens = undefined;
  }

  removeToken(prefix: string): void {
    const cached = this.#tokens.get(prefix);
    if (cached === undefined) return;
    this.#tokens.delete(prefix);
    this.#byHash.delete(cached.hash);
    this.#listedTokens = undefined;
    this.version++;
  }

  record(kind: RecordKind, id: string): unknown {
    return this.#records.get(`${kind}/${id}`)?.value;
  }

  /** Sorted by id. */
  records(kind: RecordKind): Array<readonly [id: string, value: unknown]> {
    const prefix = `${kind}/`;
    return [...this.#records.values()]
      .flatMap(({ _id, value }) => (_id.startsWith(prefix) ? [[_id.slice(prefix.length), value] as const] : []))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  putRecord(record: CachedRecord): void {
    this.#records.set(record._id, record);
    this.version++;
  }

  removeRecord(id: string): void {
    if (this.#records.delete(id)) this.version++;
  }

  /** Replaces these sites; those that were not found are removed. The version grows only if something is different. */
  replaceSites(ids: readonly string[], found: readonly CachedSite[]): void {
    const isNew = ({ id, revision }: CachedSite): boolean => this.#sites.get(id)?.revision !== revision;
    for (const site of found) if (isNew(site)) this.putSite(site);
    const present = new Set(found.map(({ id }) => id));
    for (const id of ids) if (!present.has(id)) this.removeSite(id);
  }

  /** The same for tokens, by their prefixes. */
  replaceTokens(prefixes: readonly string[], found: readonly CachedToken[]): void {
    const isNew = ({ hash, token }: CachedToken): boolean => !sameSites(this.#byHash.get(hash), token);
    for (const token of found) if (isNew(token)) this.putToken(token);
    const present = new Set(found.map(({ token }) => token.prefix));
    for (const prefix of prefixes) if (!present.has(prefix)) this.removeToken(prefix);
  }

  /** The same for records. */
  replaceRecords(ids: readonly string[], found: readonly CachedRecord[]): void {
    const isNew = ({ _id, mark }: CachedRecord): boolean => this.#records.get(_id)?.mark !== mark;
    for (const record of found) if (isNew(record)) this.putRecord(record);
    const present = new Set(found.map(({ _id }) => _id));
    for (const id of ids) if (!present.has(id)) this.removeRecord(id);
  }

  /** Replaces everything. The version grows only if something is different. */
  replaceAll(sites: readonly CachedSite[], tokens: readonly CachedToken[], records: readonly CachedRecord[]): void {
    const isSame =
      sites.length === this.#sites.size &&
      tokens.length === this.#tokens.size &&
      records.length === this.#records.size &&
      sites.every(({ id, revision }) => this.#sites.get(id)?.revision === revision) &&
      tokens.every(({ hash, token }) => sameSites(this.#byHash.get(hash), token)) &&
      records.every(({ _id, mark }) => this.#records.get(_id)?.mark === mark);
    // also if nothing else is different: the last use of tokens changes no version
    this.#tokens = new Map(tokens.map((cached) => [cached.token.prefix, cached]));
    this.#byHash = new Map(tokens.map(({ hash, token }) => [hash, token]));
    this.#listedTokens = undefined;
    if (isSame) return;
    this.#sites = new Map(sites.map((site) => [site.id, this.#unlessSame(site)]));
    this.#records = new Map(records.map((record) => [record._id, record]));
    this.#listedSites = undefined;
    this.version++;
  }

  /** The same object as before if the site has not changed, so that what was made of it can be used again. */
  #unlessSame(site: CachedSite): CachedSite {
    const before = this.#sites.get(site.id);
    return before?.revision === site.revision ? before : site;
  }
}

/** The list of sites is the only part of a token that can change, except its last use. */
function sameSites(before: Token | undefined, token: Token): boolean {
  return before !== undefined && String(before.sites) === String(token.sites);
}
