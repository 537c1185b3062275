// What the live feed adds to the page, as signals: views that are not counted yet, views by minute, and the newest hits.
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { LiveHit } from '../../../sharing/feed.js';
import type { Minutes, Traffic } from '../answers.js';
import type { Clock } from '../format.js';
import { countedFiveMinutes, countedHours, inFiveMinutes, inHour, minutesWith, trafficWith } from './added.js';
import { type Latest, NO_HITS, remembered, withHits } from './latest.js';
import { type MinuteBar, minuteBars } from './minute-bars.js';
import { NOTHING_SETTLED, type Settled, withAnswer, withViews } from './settle.js';

const TICK_MS = 1_000;
const MINUTE_MS = 60_000;

/** What the server remembers of the last half hour: see docs/api.md. */
export interface Recent {
  readonly asOf: string;
  readonly since: string;
  readonly minutes: ReadonlyArray<{ readonly key: string; readonly views: number }>;
  /** Only at the beginning of a stream, and where what was missed cannot be sent. */
  readonly hits?: readonly LiveHit[];
}

export interface Live {
  readonly latest: ReadonlySignal<Latest>;
  /** Empty until the server has said what it remembers. */
  readonly minutes: ReadonlySignal<readonly MinuteBar[]>;
  /** The server's time, a second late at most. Milliseconds since 1970. */
  readonly nowMs: ReadonlySignal<number>;
  traffic(counted: Traffic): Traffic;
  fiveMinutes(counted: Minutes): Minutes;
}

export interface LiveInputs {
  counted(traffic: Traffic): void;
  countedMinutes(minutes: Minutes): void;
  recent(recent: Recent): void;
  hits(hits: readonly LiveHit[]): void;
}

/** While the server renders the first view, and before the first event. */
export function noLive(): Live {
  return {
    latest: signal(NO_HITS),
    minutes: signal([]),
    nowMs: signal(0),
    traffic: (counted) => counted,
    fiveMinutes: (counted) => counted,
  };
}

export function createLive(clock: Clock): Live & LiveInputs {
  const latest = signal(NO_HITS);
  const hours = signal(NOTHING_SETTLED);
  const fives = signal(NOTHING_SETTLED);
  const minutes = signal(NOTHING_SETTLED);
  const sinceMs = signal(Number.POSITIVE_INFINITY);
  /** By how much the clock of the server is ahead of the browser's. */
  let aheadMs = 0;
  const nowMs = signal(Date.now());
  const tick = (): void => {
    nowMs.value = Math.floor((Date.now() + aheadMs) / TICK_MS) * TICK_MS;
  };
  setInterval(tick, TICK_MS);
  const minute = computed(() => Math.floor(nowMs.value / MINUTE_MS) * MINUTE_MS);

  const bars = computed(() => {
    if (sinceMs.value === Number.POSITIVE_INFINITY) return [];
    const five = (atMs: number): number | undefined => {
      const at = new Date(atMs);
      return fives.value.views.get(`${clock.day(at)} ${clock.time(at)}`);
    };
    const viewsOf = (atMs: number): number => minutes.value.views.get(String(atMs)) ?? 0;
    return minuteBars({ nowMs: minute.value, sinceMs: sinceMs.value, viewsOf, viewsOfFive: five });
  });

  return {
    latest,
    minutes: bars,
    nowMs,
    traffic: (counted) => trafficWith(counted, hours.value.views),
    fiveMinutes: (counted) => minutesWith(counted, fives.value.views),
    counted(traffic) {
      hours.value = withAnswer(hours.peek(), countedHours(traffic));
    },
    countedMinutes(report) {
      fives.value = withAnswer(fives.peek(), countedFiveMinutes(report));
    },
    recent(recent) {
      const asOfMs = Date.parse(recent.asOf);
      aheadMs = asOfMs - Date.now();
      tick();
      sinceMs.value = Date.parse(recent.since);
      minutes.value = withAnswer(withoutOld(minutes.peek(), asOfMs), minutesOf(recent));
      if (recent.hits === undefined) return;
      latest.value = remembered(latest.peek(), recent.hits, { asOfMs, sinceMs: sinceMs.peek() });
    },
    hits(all) {
      const added = all.filter(({ kind }) => kind !== 'ping');
      if (added.length === 0) return;
      const views = added.filter(({ kind }) => kind === 'view');
      latest.value = withHits(latest.peek(), added);
      hours.value = withViews(hours.peek(), views.map(inHour));
      fives.value = withViews(fives.peek(), views.map(inFiveMinutes));
      minutes.value = withViews(minutes.peek(), views.map(inMinute));
      tick();
    },
  };
}

function inMinute({ receivedAtMs }: LiveHit): { slot: string; receivedAtMs: number } {
  return { slot: String(Math.floor(receivedAtMs / MINUTE_MS) * MINUTE_MS), receivedAtMs };
}

/** Other nodes have said what they remember some seconds ago, so nothing must be in it. */
function minutesOf({ asOf, minutes }: Recent) {
  const untilMs = Date.parse(asOf);
  const views = minutes.map(({ key, views: count }) => [String(Date.parse(key)), count] as const);
  return { asOfMs: untilMs - MINUTE_MS, untilMs, views: new Map(views) };
}

function withoutOld(settled: Settled, nowMs: number): Settled {
  const views = [...settled.views].filter(([slot]) => Number(slot) > nowMs - 60 * MINUTE_MS);
  return { ...settled, views: new Map(views) };
}
