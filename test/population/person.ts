// The people: one browser each, with its habits and what it stores.

import type { Random } from '../simulator/random.js';
import type { Make } from './browser.js';
import type { SiteSetup } from './sites.js';
import { BOT, KINDS, type Kind, LANGUAGES, SCREENS } from './technologies.js';

export interface Person {
  readonly setup: SiteSetup;
  readonly kind: Kind;
  readonly screen: (typeof SCREENS)[number];
  readonly language: (typeof LANGUAGES)[number];
  readonly signal: Make['signal'];
  readonly cookies: Make['cookies'];
  /**
   * The snippet's attributes where this person reads. Pages that were not updated with the site's settings have an
   * old one.
   */
  readonly attributes: Readonly<Record<string, string>>;
  readonly address: string;
  /**
   * People who share an address (for IPv6, its first half) cannot be distinguished without a record if their browsers
   * are the same.
   */
  readonly household: string;
  readonly hasScript: boolean;
  readonly hasLocalStorage: boolean;
  readonly hasLocks: boolean;
  readonly isBot: boolean;
  /** Sittings per day, on average. */
  readonly zeal: number;

  /** Whether this browser keeps a record here: decided by the browser, its visitor and the site. */
  readonly isRecorded: boolean;
  readonly remembersPages: boolean;
  readonly recordDaysMax: number;
  /** Latency between the browser and the server, on average. */
  readonly lagMs: number;
  /** How far the browser's clock is ahead. */
  readonly aheadMs: number;
  /** The site respects this browser's wish that only its views be counted. */
  readonly viewsOnly: boolean;
}

const RECORD_DAYS = 393;
const PEOPLE_IN_A_HOUSE = 25;
const CLOCK_WRONG_MS = 3 * 3_600_000;

export function createPerson(setup: SiteSetup, number: number, random: Random): Person {
  const isOdd = !setup.allRecorded;
  const isBot = random.chance(0.01);
  const heedsSignals = setup.site.signals !== 'ignored';
  const signal = random.chance(0.12) ? random.pick(['dnt', 'gpc'] as const) : undefined;
  const cookies = isOdd && random.chance(0.08) ? random.pick(['refused', 'forbidden'] as const) : 'kept';
  const hasScript = !(isOdd && random.chance(0.04));
  // only a script can tell an iPad from a Mac
  const kind = isBot ? BOT : random.pick(KINDS.filter(({ platform }) => hasScript || platform !== 'ipad'));
  const hasLocalStorage = !random.chance(0.04);
  const { storage, signals } = setup.site;
  const isNone = storage === 'none' && random.chance(0.5);
  const house = random.below(setup.people / PEOPLE_IN_A_HOUSE);
  const isNew = random.chance(0.3);
  const household = `${isNew ? 'six' : 'four'} ${house}`;
  return {
    setup,
    kind,
    screen: random.pick(SCREENS),
    language: random.pick(LANGUAGES),
    signal,
    cookies,
    attributes: isNone ? { ...setup.attributes, storage: 'none' } : setup.attributes,
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
    lagMs: setup.isFarAway ? 30 + random.below(600) : 0,
    aheadMs: setup.isFarAway && random.chance(0.2) ? random.below(2 * CLOCK_WRONG_MS) - CLOCK_WRONG_MS : 0,
    viewsOnly: signals === 'views-only' && signal !== undefined,
  };
}

/** When a request that is sent now reaches the server: after half to one and a half times the usual latency. */
export function arrivalMs({ lagMs }: Person, sentMs: number): number {
  return sentMs + Math.floor(lagMs * (0.5 + ((sentMs * 7919) % 1000) / 1000));
}
