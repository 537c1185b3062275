// Keeps a node's account cache in step with MongoDB.
//
// A change is one write of one document. The version is raised before the write and after it. A node that finds a new
// version reads everything again: at once when the notifier calls it, or when it polls, every two seconds. A process
// may exit between its write and the second raise. Therefore a node that has seen a raise reads everything again
// after a short time, and once more when the announced write has arrived or can no longer arrive. While nothing
// changes, only the version is read.
import { AccountCache } from '../account-cache.js';
import { AccountsUnavailable } from '../accounts.js';
import type { ChangeNotifier } from '../change-notifier.js';
import { readSite } from '../site-shape.js';
import type { AccountCollections } from './account-documents.js';
import { updateOrCreate } from './writes.js';

/** The delay with which a node sees changes when the notifier does not work. A poll reads one small document. */
const POLL_EVERY_MS = 2_000;
/**
 * How long after a raise everything is read again, in case the second raise never comes. The last time, the announced
 * write can no longer arrive: a write is tried twice here, each time twice by the driver, and each try takes at most
 * 35 seconds (connection.ts).
 */
const READ_AGAIN_MS = [10_000, 150_000];

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
  /** The stored version that the cache corresponds to; undefined if that is uncertain. */
  #known: number | undefined;
  /** The times at which everything must be read again, the next one first. */
  #readAgainAtMs: readonly number[] = [];
  /** Whether a change may have been made without its second raise. */
  #owesRaise = false;
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

  /** Rejects with an AccountsUnavailable when the change was not made, or when that is unknown. */
  change<Outcome>(uncertainty: Uncertainty, write: () => Promise<Written<Outcome>>): Promise<Outcome> {
    return this.#inTurn(() => this.#change(uncertainty, write));
  }

  async #change<Outcome>({ whether, advice }: Uncertainty, write: () => Promise<Written<Outcome>>): Promise<Outcome> {
    const before = await this.#raise().catch((error: unknown) => {
      throw unavailable('MongoDB accepts no changes, and nothing was changed; try again later', error);
    });
    const isOnlyChange = this.#known !== undefined && before === this.#known + 1;
    this.#known = undefined;
    const { outcome, updateCache } = await write().catch((error: unknown) => {
      this.#owesRaise = true;
      throw unavailable(`MongoDB did not answer, so it is unknown whether ${whether}; ${advice}`, error);
    });
    if (updateCache === undefined) {
      if (isOnlyChange) this.#known = before;
      return outcome;
    }
    updateCache();
    const after = await this.#raise().catch(() => undefined);
    this.#owesRaise ||= after === undefined;
    // if nobody else has changed anything, the cache need not be read again
    if (isOnlyChange && before !== undefined && after === before + 1) this.#known = after;
    this.#notifier.notify();
    return outcome;
  }

  async #raise(): Promise<number | undefined> {
    const { state } = this.#collections;
    const add = () => state.findOneAndUpdate({ _id: 'version' }, { $inc: { number: 1 } }, { returnDocument: 'after' });
    return (await updateOrCreate(state, { _id: 'version', number: 0 }, add)).number;
  }

  async #poll(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#owesRaise) {
      await this.#raise();
      this.#owesRaise = false;
      this.#notifier.notify();
    }
    const stored = (await this.#collections.state.findOne({ _id: 'version' }))?.number ?? 0;
    const isRaised = stored !== this.#known;
    if (!isRaised && this.#nowMs() < (this.#readAgainAtMs[0] ?? Number.POSITIVE_INFINITY)) return;
    await this.#readAll();
    this.#known = stored;
    this.#readAgainAtMs = isRaised ? READ_AGAIN_MS.map((ms) => this.#nowMs() + ms) : this.#readAgainAtMs.slice(1);
  }

  async #readAll(): Promise<void> {
    const { sites, tokens, records } = this.#collections;
    const [allSites, allTokens, allRecords] = await Promise.all([
      sites.find({}).toArray(),
      tokens.find({}).toArray(),
      records.find({}).toArray(),
    ]);
    const present = allSites.flatMap(({ _id: id, mark, site }) =>
      site === undefined ? [] : [{ id, revision: mark, ...readSite(id, site) }],
    );
    this.cache.replaceAll(present, allTokens, allRecords);
    this.hadSite = allSites.length > 0;
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

function unavailable(message: string, error: unknown): AccountsUnavailable {
  const reason = error instanceof Error ? error.message : String(error);
  return new AccountsUnavailable(`${message} (${reason})`.replaceAll(/\s+/g, ' '));
}
