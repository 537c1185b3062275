// Sixty days of one person: when they sit down, what they open, how they read, and what happens to it.
import type { Random } from '../simulator/random.js';
import type { Browser } from './browser.js';
import { History, type Loss } from './history.js';
import { clockOf, daysFrom } from './local-time.js';
import { OUTSIDE } from './origins.js';
import type { Person } from './person.js';
import { addressOf, FOREIGN_HOST, type Place, Tab, TYPED, type Way } from './tab.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const VISIT_MS = 30 * MINUTE_MS;
const LOSSES: readonly Loss[] = ['all', 'all', 'storage', 'cookies'];

/** When a person sits down, in order. */
export function sittingsOf({ setup, zeal }: Person, random: Random): number[] {
  const clock = clockOf(setup.site.timezone);
  const sittings: number[] = [];
  for (const day of daysFrom(setup.firstDay, setup.days)) {
    const hours = clock.hoursOf(day);
    // During clock changes and at New Year, people stay up, so that these hours have views.
    const isRare = hours.length !== 24;
    const isEve = day.endsWith('-12-31');
    const startMs = clock.startOf(day);
    const count = (random.chance(zeal) ? 1 : 0) + (random.chance(zeal / 3) ? 1 : 0) + (isRare || isEve ? 2 : 0);
    for (let i = 0; i < count; i++) {
      if (isRare) sittings.push(startMs + random.below(6 * HOUR_MS));
      else if (isEve || random.chance(0.1)) sittings.push(startMs + DAY_MS + random.below(40 * MINUTE_MS) - 25 * MINUTE_MS);
      else sittings.push(startMs + 6 * HOUR_MS + random.below(18 * HOUR_MS));
    }
  }
  return sittings.sort((a, b) => a - b);
}

export class Browsing {
  private readonly history: History;
  private tab!: Tab;
  /** The host of the last view. */
  private host = '';
  /** Earlier pages of this tab, as they were when they were left. */
  private readonly behind: Tab[] = [];
  /** Other tabs, hidden. */
  private readonly aside: Tab[] = [];

  constructor(
    private readonly person: Person,
    private readonly browser: Browser,
    private readonly random: Random,
  ) {
    this.history = new History(person);
  }

  async simulate(sittings: readonly number[]): Promise<History> {
    for (const atMs of sittings) {
      if (atMs > this.browser.nowMs) this.browser.advance(atMs - this.browser.nowMs);
      if (this.random.chance(0.06)) this.lose(this.random.pick(LOSSES));
      await this.sit();
    }
    for (const tab of this.aside.splice(0)) tab.leave(false);
    return this.history;
  }

  private lose(what: Loss): void {
    if (what !== 'storage') this.browser.clearCookies();
    if (what !== 'cookies') this.browser.clearStorage();
    this.history.lost(what);
  }

  private async sit(): Promise<void> {
    const { random, aside } = this;
    const left = aside.length > 0 && random.chance(0.5) ? aside.shift() : undefined;
    if (left) {
      this.tab = left; // left open on an earlier day
      left.show();
    } else {
      this.tab = await this.enter(this.somePlace(), this.someWay());
    }
    for (let steps = 0; steps < 40; steps++) {
      this.read();
      if (random.chance(0.26)) break;
      await this.goOn();
    }
    if (random.chance(0.25) && aside.length < 3) {
      this.tab.hide();
      aside.push(this.tab);
    } else this.tab.leave(false);
    for (const tab of this.behind.splice(0)) tab.forget();
    while (aside.length > 2) aside.shift()?.leave(false);
  }

  private async goOn(): Promise<void> {
    const { random, tab, behind } = this;
    if (random.chance(0.06)) this.pause();
    const chance = random.next();
    if (chance < 0.4) await this.follow(this.tab.onward());
    else if (chance < 0.6) await this.route();
    else if (chance < 0.68) await this.openAside(1 + (random.chance(0.2) ? 3 : 0));
    else if (chance < 0.76 && this.aside.length > 0) this.turnTo();
    else if (chance < 0.84 && behind.length > 0) await this.back();
    else if (chance < 0.88) await this.reload();
    else if (chance < 0.92) await this.comeAnew();
    else if (chance < 0.94) await this.beReady();
    else if (chance < 0.945 && tab.host !== FOREIGN_HOST) await this.visitTheCopy();
    else await this.follow(this.tab.onward());
  }

  private enter(place: Place, way: Way, state?: 'hidden' | 'prerendering'): Promise<Tab> {
    this.comeTo(place.host);
    const isLost = state === undefined && this.random.chance(0.004);
    return Tab.open(this.browser, this.history, { ...place, way, isLost, ...(state && { state }) });
  }

  /** People take at least a second to reach another host of a site: a record stores the time of a view in seconds. */
  private comeTo(host: string): void {
    if (host !== this.host) this.browser.advance(1000);
    this.host = host;
  }

  /** Leaves a page. Some browsers keep it unchanged (back-forward cache). */
  private leaveBehind(): void {
    const isKept = this.random.chance(0.6);
    this.tab.leave(isKept);
    if (isKept) this.behind.push(this.tab);
  }

  private async follow(way: Way): Promise<void> {
    this.leaveBehind();
    this.tab = await this.enter(this.somePlace(), way);
  }

  /** Navigates within the document, where the site has a router. */
  private async route(): Promise<void> {
    const { random, tab, person } = this;
    const { routed, paths } = person.setup;
    const others = paths.filter((path) => routed !== undefined && path.startsWith(routed) && path !== tab.path);
    if (others.length === 0 || !tab.path.startsWith(routed as string)) return this.follow(this.tab.onward());
    const method = random.pick(['pushState', 'pushState', 'replaceState', 'back'] as const);
    this.comeTo(tab.host);
    await tab.route(random.pick(others), method, random.chance(0.004));
  }

  /** Opens links in tabs of their own, all at once. They are viewed later or never. */
  private async openAside(count: number): Promise<void> {
    const { host } = this.tab;
    for (let i = 0; i < count; i++) {
      const place = { ...this.somePlace(), host };
      this.aside.push(await this.enter(place, this.tab.onward(), 'hidden'));
    }
  }

  private turnTo(): void {
    this.tab.hide();
    this.aside.push(this.tab);
    this.tab = this.aside.shift() as Tab;
    this.browser.advance(this.random.below(700));
    this.tab.show();
  }

  private async back(): Promise<void> {
    const before = this.behind.pop() as Tab;
    this.tab.leave(false);
    this.tab = before;
    this.comeTo(before.host);
    await before.comeBack();
  }

  private async reload(): Promise<void> {
    const { host, path, way } = this.tab;
    this.tab.leave(false);
    this.tab = await this.enter({ host, path }, way);
  }

  private async comeAnew(): Promise<void> {
    this.tab.leave(false);
    this.tab = await this.enter(this.somePlace(), this.someWay());
  }

  /** The browser prerenders a page, which is then shown or discarded. */
  private async beReady(): Promise<void> {
    const ready = await this.enter(this.somePlace(), this.tab.onward(), 'prerendering');
    this.browser.advance(1 + this.random.below(4000));
    if (this.random.chance(0.3)) {
      ready.leave(false);
      return;
    }
    this.tab.leave(false);
    this.tab = ready;
    this.comeTo(ready.host);
    await ready.activate();
  }

  private async visitTheCopy(): Promise<void> {
    this.tab.leave(false);
    this.tab = await this.enter({ host: FOREIGN_HOST, path: this.person.setup.paths[0] as string }, TYPED);
  }

  private somePlace(): Place {
    const { hosts, paths } = this.person.setup;
    const { random } = this;
    const share = random.next() ** 2;
    return { host: random.pick(hosts), path: paths[Math.floor(share * paths.length)] as string };
  }

  private someWay(): Way {
    if (this.random.chance(0.4)) return TYPED;
    const { address, origin } = this.random.pick(OUTSIDE);
    return { referrer: address, origin };
  }

  /** Leaves the screen for about as long as a visit lasts, or until the next day. */
  private pause(): void {
    const { random, tab, browser } = this;
    const isLong = random.chance(0.15);
    const ms = isLong ? random.below(40 * HOUR_MS) : VISIT_MS + 1000 * (random.below(7) - 3) + random.below(1000);
    if (isLong || random.chance(0.5)) {
      tab.hide();
      browser.advance(ms);
      tab.show();
    } else browser.advance(ms);
  }

  private read(): void {
    const { random, tab, browser } = this;
    if (random.chance(0.15)) {
      browser.advance(random.below(1200)); // leaves immediately
      return;
    }
    for (let turns = random.below(6); turns >= 0; turns--) {
      browser.advance(300 + random.below(9000));
      const chance = random.next();
      if (chance < 0.45) tab.scrollTo(random.next());
      else if (chance < 0.7) tab.touch();
      else if (chance < 0.76)
        browser.advance(random.below(90_000)); // reads on without touching anything
      else if (chance < 0.8) {
        tab.hide();
        browser.advance(random.below(100_000));
        tab.show();
      }
    }
  }
}

/** Without script: the page requests only an image. */
export function browseWithoutScript(person: Person, sittings: readonly number[], random: Random, send: Pixel): History {
  const history = new History(person);
  const { hosts, paths } = person.setup;
  for (const startMs of sittings) {
    let atMs = startMs;
    do {
      const place: Place = { host: random.pick(hosts), path: random.pick(paths) };
      const isWhole = random.chance(0.7);
      const path = isWhole ? place.path.replace(/#.*/, '') : '';
      history.view(atMs, place.host, { path, title: '', origin: TYPED.origin, cameFrom: undefined }, { isScripted: false });
      send(atMs, isWhole, isWhole ? addressOf(place).replace(/#.*/, '') : `https://${place.host}/`);
      atMs += 1000 + random.below(60_000);
    } while (random.chance(0.7));
  }
  return history;
}

/** `isWhole`: `referer` is the page's complete address, as the image's address states. */
export type Pixel = (atMs: number, isWhole: boolean, referer: string) => void;
