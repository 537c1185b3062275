// The hits of watched sites as server-sent events. Each event has an id, so that a client that has lost its connection gets
// what it missed; where that is no longer remembered, or for a new client, the stream begins with what is remembered of the
// last half hour.
import { randomBytes } from 'node:crypto';
import type { Feed, LiveHit } from '../sharing/feed.js';
import { MINUTE_MS } from '../time/units.js';
import { eventNow, joined, type SharedEvent, sharedEvent } from './event-stream.js';
import { inGroups } from './in-groups.js';

/** How long hits are still collected after the last client has left: browsers connect again after two seconds. */
const LINGER_MS = 30_000;
/** How much a client can have missed. Events have up to 50 hits. */
const EVENTS_MAX = 200;
const HITS_MAX = 200;
const EVENT_FOR_MS = 10 * MINUTE_MS;
/** How often views by minute are sent again: this shows that the stream is alive, and corrects the numbers of other nodes. */
const RECENT_EVERY_MS = 10_000;
/** A larger event, of some twenty hits, is packed. That takes milliseconds, which nobody notices on a site with so many. */
const LARGE_BYTES = 4 * 1024;
/** How many events may be waiting for thousands of clients to get the ones before. Further hits become one event after them. */
const WAITING_MAX = 5;

export interface LiveHits {
  /**
   * Sends the events that came after `lastEventId`, or else an event `recent`, and then each new one. Returns a function that
   * ends it.
   */
  follow(site: string, lastEventId: string | undefined, send: (event: SharedEvent) => void): () => void;
}

type Give = (...events: readonly SharedEvent[]) => void;

interface Event {
  readonly number: number;
  /** When its oldest hit was received. */
  readonly atMs: number;
  readonly event: SharedEvent;
  readonly hits: number;
}

interface Followed {
  /** Ids of another process, or of an earlier time in which the site was followed, are of no use. */
  readonly epoch: string;
  readonly listeners: Set<(event: SharedEvent) => void>;
  readonly end: () => void;
  events: Event[];
  number: number;
  hasFailed: boolean;
  lingering: NodeJS.Timeout | undefined;
}

export interface LiveHitsOptions {
  readonly nowMs: () => number;
  readonly recentEveryMs?: number;
  readonly lingerMs?: number;
  readonly logError?: ((error: unknown) => void) | undefined;
}

export function createLiveHits(feed: Pick<Feed, 'watch' | 'recent'>, options: LiveHitsOptions): LiveHits {
  const { nowMs, recentEveryMs = RECENT_EVERY_MS, lingerMs = LINGER_MS, logError = () => {} } = options;
  const sites = new Map<string, Followed>();

  const recentEvent = async (site: string, followed: Followed, withHits: boolean): Promise<SharedEvent> => {
    const { minutes, sinceMs, hits } = await feed.recent(site);
    const time = (ms: number): string => new Date(ms).toISOString();
    const data = {
      asOf: time(nowMs()),
      since: time(sinceMs),
      minutes: minutes.map(({ atMs, views }) => ({ key: time(atMs), views })),
      ...(withHits && { hits }),
    };
    return eventOf('recent', data, idOf(followed));
  };

  /** Gives no event if that fails, which is logged once. */
  const giveRecent = async (site: string, followed: Followed, withHits: boolean, give: Give): Promise<void> => {
    const events: SharedEvent[] = [];
    try {
      events.push(await recentEvent(site, followed, withHits));
      followed.hasFailed = false;
    } catch (error) {
      if (!followed.hasFailed) logError(error);
      followed.hasFailed = true;
    }
    give(...events);
  };

  const begin = (site: string): Followed => {
    const listeners = new Set<(event: SharedEvent) => void>();
    const queue = createQueue(listeners, logError, () => late.length > 0 && tell(late.splice(0)));
    const giveAll: Give = (...events) => events.forEach(queue.add);
    let late: LiveHit[] = [];
    const tell = (hits: readonly LiveHit[]): void => {
      if (queue.isFull()) {
        late = [...late, ...hits].slice(-HITS_MAX); // of a flood, the newest
        return;
      }
      followed.number++;
      const event = eventOf('hits', hits, idOf(followed));
      const atMs = Math.min(...hits.map(({ receivedAtMs }) => receivedAtMs));
      followed.events = newest([...followed.events, { number: followed.number, atMs, event, hits: hits.length }]);
      queue.add(event);
    };
    const endWatching = feed.watch(site, tell);
    const timer = setInterval(() => {
      // with those before it, since a client must not miss one in between
      const old = followed.events.findLastIndex(({ atMs }) => atMs <= nowMs() - EVENT_FOR_MS);
      followed.events = followed.events.slice(old + 1);
      if (listeners.size > 0) giveRecent(site, followed, false, giveAll).catch(logError);
    }, recentEveryMs).unref();
    const end = (): void => {
      clearInterval(timer);
      endWatching();
      sites.delete(site);
    };
    const epoch = randomBytes(6).toString('hex');
    const followed: Followed = { epoch, listeners, end, events: [], number: 0, hasFailed: false, lingering: undefined };
    sites.set(site, followed);
    return followed;
  };

  return {
    follow(site, lastEventId, send) {
      const followed = sites.get(site) ?? begin(site);
      clearTimeout(followed.lingering);
      const { listeners } = followed;
      let hasEnded = false;
      const start: Give = (...events) => {
        if (hasEnded) return;
        for (const event of events) send(event);
        listeners.add(send);
      };
      const missed = missedBy(followed, lastEventId);
      if (missed === undefined) giveRecent(site, followed, true, start).catch(logError);
      else start(...(missed.length > 0 ? [joined(missed.map(({ event }) => event))] : []));
      return () => {
        hasEnded = true;
        listeners.delete(send);
        if (listeners.size > 0) return;
        clearTimeout(followed.lingering);
        followed.lingering = setTimeout(() => listeners.size === 0 && followed.end(), lingerMs).unref();
      };
    },
  };
}

/** Sends one event after the other, each to those who listen when it is added: who comes later has got it otherwise. */
function createQueue(
  listeners: ReadonlySet<(event: SharedEvent) => void>,
  logError: (error: unknown) => void,
  sentOne: () => void,
) {
  let sent = Promise.resolve();
  let waiting = 0;
  return {
    isFull: () => waiting > WAITING_MAX,
    add(event: SharedEvent): void {
      const to = [...listeners];
      const send = async (): Promise<void> => {
        const packed = event.plain.length < LARGE_BYTES ? event : await sharedEvent(event.plain);
        await inGroups(to, (listener) => listeners.has(listener) && listener(packed));
      };
      waiting++;
      sent = (waiting === 1 ? send() : sent.then(send)).catch(logError).then(() => {
        waiting--;
        sentOne();
      });
    },
  };
}

/** Undefined if it cannot be known. */
function missedBy({ epoch, events, number }: Followed, lastEventId = ''): readonly Event[] | undefined {
  const [, ofEpoch, seen = ''] = /^([0-9a-f]+)-([0-9]{1,15})$/.exec(lastEventId) ?? [];
  const last = Number(seen);
  const first = events[0]?.number ?? number + 1;
  if (ofEpoch !== epoch || last > number || last + 1 < first) return undefined;
  return events.filter((event) => event.number > last);
}

function newest(events: readonly Event[]): Event[] {
  const kept = events.slice(-EVENTS_MAX);
  let hits = kept.reduce((sum, event) => sum + event.hits, 0);
  while (hits > HITS_MAX) hits -= kept.shift()?.hits ?? 0;
  return kept;
}

function idOf({ epoch, number }: Followed): string {
  return `${epoch}-${number}`;
}

function eventOf(name: string, data: unknown, id: string): SharedEvent {
  return eventNow(`event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
}
