// One tab. Each action happens in the browser and is recorded in the history.
import type { Browser } from './browser.js';
import type { History, View } from './history.js';
import { DIRECT, INTERNAL, type Origin } from './origins.js';
import type { Page } from './page.js';
import { depthOf, Notes } from './reading.js';

/** The tracker reads a routed page's title after this time, and sends the view then. */
const TITLE_MS = 100;
/** A host that copied the pages with their snippet. */
export const FOREIGN_HOST = 'copy.test';

export interface Place {
  readonly host: string;
  readonly path: string;
}

export interface Way {
  /** The referrer that the browser states. */
  readonly referrer: string;
  readonly origin: Origin;
  /** The page of the site that has this address. */
  readonly page?: string;
}

export const TYPED: Way = { referrer: '', origin: DIRECT };

interface Entering extends Place {
  readonly way: Way;
  readonly state?: 'shown' | 'hidden' | 'prerendering';
  /** The request of its view is lost. */
  readonly isLost?: boolean;
}

export class Tab {
  readonly host: string;
  readonly way: Way;
  path: string;
  private title: string;
  private readonly page: Page;
  private beatsFromMs = 0;
  private y = 0;
  private notes: Notes | undefined;
  private view: View | undefined;

  private constructor(
    private readonly browser: Browser,
    private readonly history: History,
    { host, path, way, state = 'shown', isLost = false }: Entering,
  ) {
    this.host = host;
    this.path = path;
    this.way = way;
    this.title = titleOf(path, browser.nowMs);
    if (state !== 'prerendering') this.begin(way, state === 'shown', browser.nowMs, isLost);
    this.page = browser.open({
      address: this.address,
      title: this.title,
      height: heightOf(path),
      referrer: way.referrer,
      attributes: history.person.attributes,
      hidden: state === 'hidden',
      prerendering: state === 'prerendering',
    });
  }

  static async open(browser: Browser, history: History, entering: Entering): Promise<Tab> {
    browser.loses = entering.isLost ?? false;
    const tab = new Tab(browser, history, entering);
    await browser.settle();
    browser.loses = false;
    return tab;
  }

  get address(): string {
    return addressOf(this);
  }

  /** Where one can go from here, by a link or within the document. */
  onward(): Way {
    return this.host === FOREIGN_HOST ? TYPED : { referrer: this.address, origin: INTERNAL, page: this.path };
  }

  async activate(): Promise<void> {
    this.begin(this.way, true, this.browser.nowMs);
    this.page.activate();
    await this.browser.settle();
  }

  touch(): void {
    this.notes?.touched(this.browser.nowMs);
    this.page.touch();
  }

  scrollTo(share: number): void {
    this.y = Math.round(share * Math.max(0, heightOf(this.path) - this.browser.screen.windowHeight));
    this.notes?.scrolled(this.browser.nowMs, this.depth());
    this.page.scrollTo(this.y);
  }

  hide(): void {
    this.notes?.hidden(this.browser.nowMs);
    this.page.hide();
  }

  show(): void {
    this.notes?.shown(this.browser.nowMs);
    this.page.show();
  }

  /** Navigates to another page of the same document. */
  async route(path: string, method: 'pushState' | 'replaceState' | 'back', isLost: boolean): Promise<void> {
    // Not near the end of a second, where the view would be sent in the next one: a record stores views by their
    // second.
    const msOfSecond = this.browser.nowMs % 1000;
    if (msOfSecond >= 1000 - TITLE_MS) this.browser.advance(1000 - msOfSecond);
    this.notes?.covered(this.browser.nowMs);
    const way = this.onward();
    this.path = path;
    this.title = titleOf(path, this.browser.nowMs);
    this.y = 0;
    this.page.route(this.address, this.title, heightOf(path), method);
    this.browser.loses = isLost;
    this.notes?.replaced(this.browser.nowMs);
    this.end();
    this.begin(way, true, this.beatsFromMs, isLost, TITLE_MS);
    this.browser.advance(TITLE_MS);
    await this.browser.settle();
    this.browser.loses = false;
  }

  /** `isKept`: the visitor may return to the page unchanged. */
  leave(isKept: boolean): void {
    this.notes?.hidden(this.browser.nowMs);
    this.page.leave();
    this.end();
    if (!isKept) this.forget();
  }

  forget(): void {
    this.browser.forget(this.page);
  }

  async comeBack(): Promise<void> {
    this.begin(this.onward(), true, this.beatsFromMs);
    this.page.comeBack();
    await this.browser.settle();
  }

  private begin({ origin, page }: Way, isShown: boolean, beatsFromMs: number, isLost = false, waitsMs = 0): void {
    const ms = this.browser.nowMs;
    const { path, host, title } = this;
    this.beatsFromMs = beatsFromMs;
    const isForeign = host === FOREIGN_HOST;
    this.view = this.history.view(ms, host, { path, title, origin, cameFrom: page }, { isLost, isForeign, waitsMs });
    this.notes = new Notes(ms, beatsFromMs, isShown, this.depth());
  }

  private end(): void {
    if (this.view && this.notes) this.view.reading = this.notes.read();
    this.view = this.notes = undefined;
  }

  private depth(): number {
    return depthOf(this.y, this.browser.screen.windowHeight, heightOf(this.path));
  }
}

export function addressOf({ host, path }: Place): string {
  return `https://${host}${encodeURI(path)}`;
}

/** Pages get another title every twelve days. */
export function titleOf(path: string, ms: number): string {
  return `${path === '/' ? 'Home' : path} · ${Math.floor(ms / 86_400_000 / 12)}`;
}

/** Between half a window and eight windows. */
function heightOf(path: string): number {
  let sum = 7;
  for (const char of path) sum = (sum * 31 + (char.codePointAt(0) as number)) % 7919;
  return 500 + sum;
}
