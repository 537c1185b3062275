// Everybody: each lives on their own, all requests go through one door, and everybody keeps a diary.
import { createRandom } from '../simulator/random.js';
import { createDoor, type Door } from './beacon.js';
import { Browser } from './browser.js';
import { Life, liveWithoutScript, sittingsOf } from './browsing.js';
import type { Diary, View } from './history.js';
import { clockOf } from './local-time.js';
import { arrivalMs, createPerson } from './person.js';
import type { Town } from './sites.js';
import type { Tracker } from './tracker-script.js';

export interface Lived {
  readonly door: Door;
  /** By the town's site, in order of time. */
  readonly views: ReadonlyMap<string, readonly View[]>;
  readonly people: number;
}

/** `scale`: 1 for as many people as the towns say. */
export async function live(towns: readonly Town[], tracker: Tracker, seed: number, scale: number): Promise<Lived> {
  const random = createRandom(seed);
  const door = createDoor(towns);
  const views = new Map<string, readonly View[]>();
  let people = 0;
  for (const town of towns) {
    const diaries: Diary[] = [];
    for (let number = 0; number < town.people * scale; number++) {
      diaries.push(await liveOne(town, number));
      people++;
    }
    views.set(
      town.site.id,
      diaries.flatMap((diary) => diary.views).sort((a, b) => a.ms - b.ms),
    );
  }
  return { door, views, people };

  async function liveOne(town: Town, number: number): Promise<Diary> {
    const person = createPerson(town, number, random);
    const sittings = sittingsOf(person, random);
    const { site } = town;
    if (!person.hasScript) {
      return liveWithoutScript(person, sittings, random, (atMs, isWhole, referer) =>
        door.take(person, `s=${site.id}${isWhole ? '&i=1' : ''}`, atMs, referer),
      );
    }
    const { cookies, hasLocalStorage, hasLocks, kind, screen, signal, aheadMs } = person;
    const make = { site: site.id, screen, touchPoints: kind.touchPoints, cookies, hasLocalStorage, hasLocks, signal, aheadMs };
    const startMs = clockOf(site.timezone).startOf(town.firstDay);
    const browser = new Browser(
      { ...make, cookieDaysMax: kind.cookieDaysMax },
      tracker,
      random,
      (body, atMs) => door.take(person, body, arrivalMs(person, atMs)),
      startMs,
    );
    return new Life(person, browser, random).live(sittings);
  }
}
