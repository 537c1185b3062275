// Keeps a node's account cache in step with MongoDB.
//
// A change is one write of one document. The version is raised before the write and after it, with the name of the
// document. A node that finds a new version reads the documents that were named: at once when the notifier calls it, or
// when it polls, every two seconds. A process may exit between its write and the second raise. Therefore a node that has
// seen a raise reads these documents again after a short time, and once more when the announced write has arrived or can
// no longer arrive. While nothing changes, only the version is read.
//
// A raise without a name, as by an earlier version, or too many raises at once, have the same effect for all documents:
// everything is read. That also happens once an hour, because a node must not differ for long, whatever the reason.
import { HOUR_MS } from '../../time/units.js';
import { AccountCache, type CachedSite } from '../account-cache.js';
import { AccountsUnavailable } from '../accounts.js';
import type { ChangeNotifier } from '../change-notifier.js';
import { readSite } from '../site-shape.js';
import { namesSince, Rereads, raiseOf, type Version, versionOf } from './account-changes.js';
import type { AccountCollections, DocumentName, SiteDocument } from './account-documents.js';
import { updateOrCreate } from './writes.js';

/** The delay with which a node sees changes when the notifier does not work. A poll reads one small document. */
const POLL_EVERY_MS = 2_000;
/**
 * How long after a raise its documents are read again, in case the second raise never comes. The last time, the announced
 * write can no longer arrive: a write is tried twice here, each time twice by the driver, and each try takes at most
 * 35 seconds (connection.ts).
 */
const READ_AGAIN_MS = [10_000, 150_000];
const READ_ALL_EVERY_MS = HOUR_MS;

export interface SyncOptions {
  readonly pollEveryMs?: number;
  readonly nowMs?: () => number;
}

export interface Written<Outcome> {
  readonly outcome: Outcome;
  /** Makes the same change in the cache. Absent if nothing was changed. */
  readonly updateCache?: () => void;
}

/** For the message to the user when it is unknown whether the change was made. */
export interface Uncertainty {
  /** Completes "it is unknown whether …". */
  readonly whether: string;
  readonly advice: string;
}

/** A class, because it has a life cycle: `start`, `close`. */
export class AccountSync {
  readonly cache = new AccountCache();
  /** Whether there has ever been a site, including deleted ones. */
  hadSite = false;

  readonly #collections: AccountCollections;
  readonly #notifier: ChangeNotifier;
  readonly #pollEveryMs: number;
  readonly #nowMs: () => number;
  /** A stored version that the cache corresponds to: it lacks no change that was complete then. Undefined: nothing was read. */
  #known: Version | undefined;
  readonly #rereads = new Rereads();
  #allReadAtMs = Number.NEGATIVE_INFINITY;
  /** The names of changes that may have been made without their second raise. */
  readonly #owedRaises = new Set<DocumentName | undefined>();
  #isPollWaiting = false;
  #isClosed = false;
  /**
   * Changes and polls take turns: what a poll has read must not undo a change that was made in the cache meanwhile.
   */
  #turn: Promise<unknown> = Promise.resolve();
  #stop: () => void = () => {};

  constructor(collections: AccountCollections, notifier: ChangeNotifier, options: SyncOptions) {
    this.#collections = collections;
    this.#notifier = notifier;
    this.#pollEveryMs = options.pollEveryMs ?? POLL_EVERY_MS;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /** Rejects when MongoDB cannot be read. */
  async start(): Promise<void> {
    await this.#poll();
    const removeListener = this.#notifier.onChange(() => this.#pollSoon());
    const timer = setInterval(() => this.#pollSoon(), this.#pollEveryMs);
    this.#stop = () => {
      clearInterval(timer);
      removeListener();
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  poll(): Promise<void> {
    return this.#inTurn(() => this.#poll());
  }

  /**
   * `name`: the only document that `write` changes; undefined: several. Rejects with an AccountsUnavailable when the change
   * was not made, or when that is unknown.
   */
  change<Outcome>(
    name: DocumentName | undefined,
    uncertainty: Uncertainty,
    write: () => Promise<Written<Outcome>>,
  ): Promise<Outcome> {
    return this.#inTurn(() => this.#change(name, uncertainty, write));
  }

  async #change<Outcome>(
    name: DocumentName | undefined,
    { whether, advice }: Uncertainty,
    write: () => Promise<Written<Outcome>>,
  ): Promise<Outcome> {
    const before = await this.#raise(name).catch((error: unknown) => {
      throw unavailable('MongoDB accepts no changes, and nothing was changed; try again later', error);
    });
    const isOnlyChange = this.#known !== undefined && before.number === this.#known.number + 1;
    const { outcome, updateCache } = await write().catch((error: unknown) => {
      this.#owedRaises.add(name);
      throw unavailable(`MongoDB did not answer, so it is unknown whether ${whether}; ${advice}`, error);
    });
    if (updateCache === undefined) {
      if (isOnlyChange) this.#known = before;
      return outcome;
    }
    updateCache();
    const after = await this.#raise(name).catch(() => undefined);
    if (after === undefined) this.#owedRaises.add(name);
    // if nobody else has changed anything, the cache need not be read again
    else if (isOnlyChange && after.number === before.number + 1) this.#known = after;
    this.#notifier.notify();
    return outcome;
  }

  async #raise(name: DocumentName | undefined): Promise<Version> {
    const { state } = this.#collections;
    const raise = () => state.findOneAndUpdate({ _id: 'version' }, raiseOf(name), { returnDocument: 'after' });
    return versionOf(await updateOrCreate(state, { _id: 'version', number: 0 }, raise));
  }

  async #poll(): Promise<void> {
    if (this.#isClosed) return;
    for (const name of this.#owedRaises) {
      await this.#raise(name);
      this.#owedRaises.delete(name);
      this.#notifier.notify();
    }
    const state = await this.#collections.state.findOne({ _id: 'version' });
    const stored = versionOf(state ?? {});
    const nowMs = this.#nowMs();
    const isRaised = stored.number !== this.#known?.number;
    const changed = isRaised ? namesSince(this.#known, stored, state?.recent ?? []) : new Set<DocumentName>();
    const isAllDue = this.#rereads.isAllDue(nowMs) || nowMs >= this.#allReadAtMs + READ_ALL_EVERY_MS;
    if (changed === undefined || isAllDue) await this.#readAll(nowMs);
    else await this.#readNamed(new Set([...changed, ...this.#rereads.dueNames(nowMs)]));
    this.#known = stored;
    this.#rereads.done(nowMs);
    const times = READ_AGAIN_MS.map((ms) => nowMs + ms);
    if (isRaised) this.#rereads.plan(changed, times);
  }

  async #readAll(nowMs: number): Promise<void> {
    const { sites, tokens, records } = this.#collections;
    const [allSites, allTokens, allRecords] = await Promise.all([
      sites.find({}).toArray(),
      tokens.find({}).toArray(),
      records.find({}).toArray(),
    ]);
    this.cache.replaceAll(allSites.flatMap(cachedSite), allTokens, allRecords);
    this.hadSite = allSites.length > 0;
    this.#allReadAtMs = nowMs;
  }

  async #readNamed(names: ReadonlySet<DocumentName>): Promise<void> {
    const { sites, tokens, records } = this.#collections;
    const idsIn = (collection: string): string[] =>
      [...names].flatMap((name) => (name.startsWith(`${collection}/`) ? [name.slice(collection.length + 1)] : []));
    const [siteIds, prefixes, recordIds] = [idsIn('sites'), idsIn('tokens'), idsIn('records')];
    const [someSites, someTokens, someRecords] = await Promise.all([
      siteIds.length === 0 ? [] : sites.find({ _id: { $in: siteIds } }).toArray(),
      prefixes.length === 0 ? [] : tokens.find({ _id: { $in: prefixes } }).toArray(),
      recordIds.length === 0 ? [] : records.find({ _id: { $in: recordIds } }).toArray(),
    ]);
    this.cache.replaceSites(siteIds, someSites.flatMap(cachedSite));
    this.cache.replaceTokens(prefixes, someTokens);
    this.cache.replaceRecords(recordIds, someRecords);
    this.hadSite ||= someSites.length > 0;
  }

  /** Callers share a poll that has not begun yet. */
  #pollSoon(): void {
    if (this.#isPollWaiting) return;
    this.#isPollWaiting = true;
    this.#inTurn(() => {
      this.#isPollWaiting = false;
      return this.#poll();
    }).catch(() => {}); // the cache remains in use, and the next poll follows
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** Nothing for a deleted site. */
function cachedSite({ _id: id, mark, site }: SiteDocument): CachedSite[] {
  return site === undefined ? [] : [{ id, revision: mark, ...readSite(id, site) }];
}

function unavailable(message: string, error: unknown): AccountsUnavailable {
  const reason = error instanceof Error ? error.message : String(error);
  return new AccountsUnavailable(`${message} (${reason})`.replaceAll(/\s+/g, ' '));
}
