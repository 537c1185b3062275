// Simulates everybody: each person acts alone, all requests go to one beacon, and each person's history is recorded.
import { createRandom } from '../simulator/random.js';
import { type Beacon, createBeacon } from './beacon.js';
import { Browser } from './browser.js';
import { Browsing, browseWithoutScript, sittingsOf } from './browsing.js';
import type { History, View } from './history.js';
import { clockOf } from './local-time.js';
import { arrivalMs, createPerson } from './person.js';
import type { SiteSetup } from './sites.js';
import type { Tracker } from './tracker-script.js';

export interface Simulated {
  readonly beacon: Beacon;
  /** By site, in order of time. */
  readonly views: ReadonlyMap<string, readonly View[]>;
  readonly people: number;
}

/** `scale`: 1 for as many people as the setups state. */
export async function simulate(setups: readonly SiteSetup[], tracker: Tracker, seed: number, scale: number): Promise<Simulated> {
  const random = createRandom(seed);
  const beacon = createBeacon(setups);
  const views = new Map<string, readonly View[]>();
  let people = 0;
  for (const setup of setups) {
    const histories: History[] = [];
    for (let number = 0; number < setup.people * scale; number++) {
      histories.push(await simulateOne(setup, number));
      people++;
    }
    views.set(
      setup.site.id,
      histories.flatMap((history) => history.views).sort((a, b) => a.ms - b.ms),
    );
  }
  return { beacon, views, people };

  async function simulateOne(setup: SiteSetup, number: number): Promise<History> {
    const person = createPerson(setup, number, random);
    const sittings = sittingsOf(person, random);
    const { site } = setup;
    if (!person.hasScript) {
      return browseWithoutScript(person, sittings, random, (atMs, isWhole, referer) =>
        beacon.take(person, `s=${site.id}${isWhole ? '&i=1' : ''}`, atMs, referer),
      );
    }
    const { cookies, hasLocalStorage, hasLocks, kind, screen, signal, aheadMs } = person;
    const make = { site: site.id, screen, touchPoints: kind.touchPoints, cookies, hasLocalStorage, hasLocks, signal, aheadMs };
    const startMs = clockOf(site.timezone).startOf(setup.firstDay);
    const browser = new Browser(
      { ...make, cookieDaysMax: kind.cookieDaysMax },
      tracker,
      random,
      (body, atMs) => beacon.take(person, body, arrivalMs(person, atMs)),
      startMs,
    );
    return new Browsing(person, browser, random).simulate(sittings);
  }
}
