// Who there is: one browser each, with its habits and what it keeps.

import type { Random } from '../simulator/random.js';
import type { Make } from './browser.js';
import type { Town } from './sites.js';
import { BOT, KINDS, type Kind, LANGUAGES, SCREENS } from './technologies.js';

export interface Person {
  readonly town: Town;
  readonly kind: Kind;
  readonly screen: (typeof SCREENS)[number];
  readonly language: (typeof LANGUAGES)[number];
  readonly signal: Make['signal'];
  readonly cookies: Make['cookies'];
  /** What the snippet says where this person reads: pages that were not changed with the site's settings have an old one. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly address: string;
  /** Who share an address (of IPv6 the first half) cannot be told apart without a record, if they browse with the same. */
  readonly household: string;
  readonly hasScript: boolean;
  readonly hasLocalStorage: boolean;
  readonly hasLocks: boolean;
  readonly isBot: boolean;
  /** Sittings in a day, on average. */
  readonly zeal: number;

  /** Whether this browser keeps a record here, by its own will, its visitor's and the site's. */
  readonly isRecorded: boolean;
  readonly remembersPages: boolean;
  readonly recordDaysMax: number;
  /** Between the browser and the server, on average. */
  readonly lagMs: number;
  /** How far the browser's clock is ahead. */
  readonly aheadMs: number;
  /** The site heeds the wish of this browser that nothing but its views be counted. */
  readonly viewsOnly: boolean;
}

const RECORD_DAYS = 393;
const PEOPLE_IN_A_HOUSE = 25;
const CLOCK_WRONG_MS = 3 * 3_600_000;

export function createPerson(town: Town, number: number, random: Random): Person {
  const isOdd = !town.allRecorded;
  const isBot = random.chance(0.01);
  const heedsSignals = town.site.signals !== 'ignored';
  const signal = random.chance(0.12) ? random.pick(['dnt', 'gpc'] as const) : undefined;
  const cookies = isOdd && random.chance(0.08) ? random.pick(['refused', 'forbidden'] as const) : 'kept';
  const hasScript = !(isOdd && random.chance(0.04));
  // an iPad is told from a Mac by what only a script can say
  const kind = isBot ? BOT : random.pick(KINDS.filter(({ platform }) => hasScript || platform !== 'ipad'));
  const hasLocalStorage = !random.chance(0.04);
  const { storage, signals } = town.site;
  const isNone = storage === 'none' && random.chance(0.5);
  const house = random.below(town.people / PEOPLE_IN_A_HOUSE);
  const isNew = random.chance(0.3);
  const household = `${isNew ? 'six' : 'four'} ${house}`;
  return {
    town,
    kind,
    screen: random.pick(SCREENS),
    language: random.pick(LANGUAGES),
    signal,
    cookies,
    attributes: isNone ? { ...town.attributes, storage: 'none' } : town.attributes,
    household,
    address: isNew
      ? `2001:db8:${house.toString(16)}:1::${(number % 60_000).toString(16)}`
      : `10.${house >> 16}.${(house >> 8) & 255}.${house & 255}`,
    hasScript,
    hasLocalStorage,
    hasLocks: random.chance(0.5),
    isBot,
    zeal: random.pick([0.7, 0.12, 0.08, 0.06, 0.06, 0.03, 0.02, 0.02, 0.01, 0.01]),
    isRecorded: hasScript && cookies === 'kept' && storage === 'record' && !(heedsSignals && signal !== undefined),
    remembersPages: hasLocalStorage,
    recordDaysMax: kind.cookieDaysMax ?? RECORD_DAYS,
    lagMs: town.isFarAway ? 30 + random.below(600) : 0,
    aheadMs: town.isFarAway && random.chance(0.2) ? random.below(2 * CLOCK_WRONG_MS) - CLOCK_WRONG_MS : 0,
    viewsOnly: signals === 'views-only' && signal !== undefined,
  };
}

/** When a request that is sent now reaches the server: by a half to one and a half of the usual lag later. */
export function arrivalMs({ lagMs }: Person, sentMs: number): number {
  return sentMs + Math.floor(lagMs * (0.5 + ((sentMs * 7919) % 1000) / 1000));
}
