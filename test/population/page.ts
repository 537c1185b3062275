// A document in a simulated browser: as much of a window as the tracker uses, with a clock that is advanced by hand.
import type { Browser } from './browser.js';

const { floor } = Math;

export interface Opening {
  readonly address: string;
  readonly referrer: string;
  readonly title: string;
  /** Height of the page in pixels. */
  readonly height: number;
  /** The attributes of the snippet beside the site. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly hidden?: boolean;
  readonly prerendering?: boolean;
}

interface Timer {
  atMs: number;
  readonly run: () => void;
}

type Listener = (event: object) => void;

export class Page {
  private readonly window: Record<string, unknown> = {};
  private readonly listeners = new Map<string, Listener[]>();
  private readonly location = { href: '', pathname: '', hash: '', hostname: '', protocol: '' };
  private readonly document;
  private readonly scrolling;
  private heartbeat: Timer | undefined;
  private timers: Timer[] = [];
  /** Browsers delay and merge timers of hidden pages; here one heartbeat runs for each time that the page is hidden. */
  private strayMs = Number.POSITIVE_INFINITY;
  private frozen = false;

  constructor(
    readonly browser: Browser,
    { address, referrer, title, height, attributes, hidden = false, prerendering = false }: Opening,
  ) {
    this.goTo(address);
    const { location } = this;
    const dataset = { site: browser.site, ...attributes };
    this.document = {
      title,
      referrer,
      hidden: hidden || prerendering,
      prerendering,
      currentScript: { src: 'https://stats.test/track.js', dataset },
      documentElement: { scrollHeight: height },
      get cookie() {
        return browser.readCookie(location.hostname);
      },
      set cookie(text: string) {
        browser.writeCookie(text, location.hostname);
      },
    };
    this.scrolling = { y: 0 };
    browser.tracker(this.scope());
  }

  /** Behaves like a router: sets the address first and the title a little later. */
  route(address: string, title: string, height: number, method: 'pushState' | 'replaceState' | 'back'): void {
    if (method === 'back') {
      this.goTo(address);
      this.dispatch('popstate');
    } else {
      this.history[method](null, '', address);
    }
    this.document.title = title;
    this.document.documentElement.scrollHeight = height;
    this.scrolling.y = 0;
  }

  scrollTo(y: number): void {
    this.scrolling.y = y;
    this.dispatch('scroll');
  }

  touch(): void {
    this.dispatch('pointermove');
  }

  hide(): void {
    this.document.hidden = true;
    this.strayMs = this.heartbeat?.atMs ?? Number.POSITIVE_INFINITY;
    this.dispatch('visibilitychange');
  }

  show(): void {
    this.document.hidden = false;
    this.strayMs = Number.POSITIVE_INFINITY;
    this.skipBeats();
    this.dispatch('visibilitychange');
  }

  /** Shows a prerendered page. */
  activate(): void {
    this.document.prerendering = false;
    this.document.hidden = false;
    this.dispatch('prerenderingchange');
  }

  /** Leaves the page, for good or kept in case its visitor comes back. */
  leave(): void {
    const wasHidden = this.document.hidden;
    this.dispatch('pagehide', { persisted: true });
    if (!wasHidden) this.hide();
    this.frozen = true;
  }

  comeBack(): void {
    this.frozen = false;
    this.show();
    this.dispatch('pageshow', { persisted: true });
  }

  /** When the next timer is due while nobody acts. */
  nextMs(): number {
    if (this.frozen) return Number.POSITIVE_INFINITY;
    let next = this.document.hidden ? this.strayMs : (this.heartbeat?.atMs ?? Number.POSITIVE_INFINITY);
    for (const { atMs } of this.timers) if (atMs < next) next = atMs;
    return next;
  }

  /** A heartbeat runs before a timer that is due at the same time. */
  runNext(): void {
    const next = this.nextMs();
    if (this.document.hidden && next === this.strayMs) {
      this.strayMs = Number.POSITIVE_INFINITY;
      this.heartbeat?.run();
    } else if (!this.document.hidden && this.heartbeat?.atMs === next) {
      this.heartbeat.atMs += 1000;
      this.heartbeat.run();
    } else {
      const due = this.timers.find(({ atMs }) => atMs === next) as Timer;
      this.timers = this.timers.filter((timer) => timer !== due);
      due.run();
    }
  }

  private skipBeats(): void {
    const { heartbeat } = this;
    if (heartbeat === undefined || heartbeat.atMs > this.browser.nowMs) return;
    heartbeat.atMs += 1000 * (floor((this.browser.nowMs - heartbeat.atMs) / 1000) + 1);
  }

  private goTo(address: string): void {
    const { href, pathname, hash, hostname, protocol } = new URL(address);
    Object.assign(this.location, { href, pathname, hash, hostname, protocol });
  }

  private dispatch(type: string, event: object = {}): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }

  private readonly history = {
    pushState: (_state: unknown, _title: string, address: string) => this.goTo(address),
    replaceState: (_state: unknown, _title: string, address: string) => this.goTo(address),
  };

  private scope(): object {
    const { browser, document, location, scrolling, history, listeners } = this;
    return {
      window: this.window,
      document,
      location,
      history,
      navigator: browser.navigator(),
      screen: { width: browser.screen.width },
      innerWidth: browser.screen.windowWidth,
      innerHeight: browser.screen.windowHeight,
      get scrollY() {
        return scrolling.y;
      },
      get localStorage() {
        return browser.localStorage(location.hostname);
      },
      crypto: browser.crypto,
      Date: browser.date,
      fetch: (address: string, { method, body }: { method?: string; body?: unknown }) =>
        browser.fetch(method === 'POST' ? String(body) : address.slice(address.indexOf('?') + 1)),
      addEventListener: (type: string, listener: Listener) => {
        const known = listeners.get(type);
        if (known) known.push(listener);
        else listeners.set(type, [listener]);
      },
      setInterval: (run: () => void, ms: number) => {
        this.heartbeat = { atMs: browser.nowMs + ms, run };
      },
      setTimeout: (run: () => void, ms = 0) => {
        this.timers.push({ atMs: browser.nowMs + ms, run });
      },
      URL,
      URLSearchParams,
      Uint32Array,
      Math,
      JSON,
      String,
      Number,
    };
  }
}
