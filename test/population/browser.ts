// A simulated browser: its cookies, storage, pages and clock, and what of these the tracker may use.
import type { Random } from '../simulator/random.js';
import { Cookies } from './cookies.js';
import { type Opening, Page } from './page.js';
import type { Tracker } from './tracker-script.js';

export interface Make {
  readonly site: string;
  readonly screen: { readonly width: number; readonly windowWidth: number; readonly windowHeight: number };
  readonly touchPoints: number;
  /** `refused`: storing fails silently; `forbidden`: it throws. */
  readonly cookies: 'kept' | 'refused' | 'forbidden';
  readonly cookieDaysMax?: number | undefined;
  readonly hasLocalStorage: boolean;
  readonly hasLocks: boolean;
  /** How far its clock is ahead. */
  readonly aheadMs: number;
  /** Do Not Track, or Global Privacy Control. */
  readonly signal: 'dnt' | 'gpc' | undefined;
}

/** Receives a request as it leaves the browser, and returns what its script can read of why it is not counted. */
export type Send = (body: string, atMs: number) => string | undefined;

export class Browser {
  readonly site: string;
  readonly screen: Make['screen'];
  readonly date = { now: () => this.nowMs + this.make.aheadMs };
  readonly crypto = {
    getRandomValues: (numbers: Uint32Array) => numbers.map(() => this.random.next() * 2 ** 32),
  };
  private readonly cookies: Cookies;
  private readonly storages = new Map<string, Map<string, string>>();
  private readonly pages = new Set<Page>();
  /** While true, no view arrives. */
  loses = false;
  /** Requests whose answers have not been processed. */
  private waiting = 0;

  constructor(
    private readonly make: Make,
    readonly tracker: Tracker,
    private readonly random: Random,
    private readonly send: Send,
    public nowMs: number,
  ) {
    this.site = make.site;
    this.screen = make.screen;
    this.cookies = new Cookies(make.cookieDaysMax);
  }

  open(opening: Opening): Page {
    const page = new Page(this, opening);
    this.pages.add(page);
    return page;
  }

  /** After `leave`, when the visitor cannot come back. */
  forget(page: Page): void {
    this.pages.delete(page);
  }

  clearCookies(): void {
    this.cookies.clear();
  }

  clearStorage(): void {
    this.storages.clear();
  }

  /** Time passes, and timers of the pages that are due run. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      let [next, nextMs]: [Page | undefined, number] = [undefined, untilMs];
      for (const page of this.pages) {
        const dueMs = page.nextMs();
        if (dueMs <= nextMs) [next, nextMs] = [page, dueMs];
      }
      if (next === undefined) break;
      this.nowMs = nextMs;
      next.runNext();
    }
    this.nowMs = untilMs;
  }

  /** Runs what follows an answer or a lock. */
  async settle(): Promise<void> {
    while (this.waiting > 0) {
      this.waiting = 0;
      for (let turns = 0; turns < 8; turns++) await undefined;
    }
  }

  readCookie(host: string): string {
    if (this.make.cookies === 'forbidden') throw new Error('cookies are forbidden');
    return this.cookies.read(host, this.nowMs);
  }

  writeCookie(text: string, host: string): void {
    if (this.make.cookies === 'forbidden') throw new Error('cookies are forbidden');
    if (this.make.cookies === 'kept') this.cookies.write(text, host, this.nowMs);
  }

  localStorage(host: string): { getItem(key: string): string | null; setItem(key: string, value: string): void } {
    if (!this.make.hasLocalStorage) throw new Error('there is no storage');
    const kept = this.storages.get(host) ?? new Map<string, string>();
    this.storages.set(host, kept);
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  }

  async fetch(body: string): Promise<object> {
    this.waiting++;
    if (!this.loses) {
      const reason = this.send(body, this.nowMs) ?? null;
      return { ok: true, headers: { get: () => reason } };
    }
    if (this.random.chance(0.5)) throw new Error('no connection');
    return { ok: false };
  }

  navigator(): object {
    const { signal, hasLocks, touchPoints } = this.make;
    return {
      maxTouchPoints: touchPoints,
      doNotTrack: signal === 'dnt' ? '1' : null,
      globalPrivacyControl: signal === 'gpc',
      sendBeacon: (_api: string, body: string) => this.send(body, this.nowMs),
      ...(hasLocks && {
        locks: {
          request: async (_name: string, task: () => void) => {
            this.waiting++;
            await undefined;
            task();
          },
        },
      }),
    };
  }
}
