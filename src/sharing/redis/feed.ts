// The feed over Redis pub/sub. A node regularly announces which sites are watched on it. Only hits of announced sites are
// sent, and what nodes remember of these sites. While Redis is unavailable, each node still shows its own hits; those of other
// nodes are asked for as soon as it is available again.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Feed, liveHit } from '../feed.js';
import { createBatches, HITS_MAX } from '../feed-batches.js';
import { createListeners } from '../feed-listeners.js';
import { createRecentHits, SWEEP_EVERY_MS } from '../recent-hits.js';
import { NOTICES_SILENCE, type RedisConnection } from './connection.js';
import { type FeedMessage, readFeedMessage } from './feed-message.js';
import { createRecentElsewhere } from './recent-elsewhere.js';
import { createWatchedElsewhere } from './watched-elsewhere.js';

const ANNOUNCE_EVERY_MS = 5_000;
const FORGET_EVERY_MS = 1_000;
/** How long to wait for what other nodes remember, from the announcement on. */
const ANSWERS_MS = 150;
/** More sites are not watched on all nodes together: the announcements would be forged. */
const TOLD_MAX = 100_000;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the connections and what is known of others
export function openRedisFeed({ client, namespace, connect }: RedisConnection, nowMs: () => number = Date.now): Feed {
  const id = randomBytes(6).toString('hex');
  const watchers = `${namespace}:watchers`;
  const hitsOf = (site: string) => `${namespace}:hits:${site}`;
  const listeners = createListeners();
  const elsewhere = createWatchedElsewhere(nowMs);
  const subscriber = connect({ autoResubscribe: false, ...NOTICES_SILENCE });
  const own = createRecentHits(nowMs);
  const others = createRecentElsewhere(nowMs);
  const askedAtMs = new Map<string, number>();
  /** Which sites of which node have been told since this node was connected. While it was not, it has sent no hits. */
  const told = new Set<string>();

  const send = (channel: string, message: Partial<Omit<FeedMessage, 'from' | 'sentAtMs' | 'aheadMs'>>): void => {
    if (client.status !== 'ready') return;
    client.publish(channel, JSON.stringify({ from: id, sentAtMs: nowMs(), ...message })).catch(() => {});
  };
  const announce = (): void => {
    if (listeners.sites().length > 0) send(watchers, { sites: listeners.sites() });
  };
  const batches = createBatches((site, hits) => {
    listeners.notify(site, hits);
    if (elsewhere.has(site)) send(hitsOf(site), { hits });
  });

  const isConnected = () => client.status === 'ready' && subscriber.status === 'ready';
  /** Called for each new connection: without it, hits of others may have been missed, and own ones not sent. */
  const makeUp = (): void => {
    if (!isConnected()) return;
    told.clear();
    ask(listeners.sites());
  };
  const ask = (all: readonly string[]): void => {
    const sites = all.filter(listeners.has); // nobody may watch any more
    for (const site of sites) askedAtMs.set(site, nowMs());
    if (sites.length > 0) send(watchers, { sites, isFirst: true });
  };
  subscriber.on('ready', () => void subscriber.subscribe(watchers, ...listeners.sites().map(hitsOf)).then(makeUp, () => {}));
  client.on('ready', makeUp);
  const answerTo = (site: string, to: string, tellsHits: boolean): void => {
    batches.flush(site); // the answer contains these hits
    const { hits, ...minutes } = own.of(site);
    if (minutes.minutes.length > 0 || hits.length > 0) send(hitsOf(site), { recent: minutes, ...(tellsHits && { to, hits }) });
  };
  const announced = ({ from, sites, isFirst }: FeedMessage): void => {
    for (const site of sites) {
      if (!elsewhere.announce(site)) continue;
      const key = `${from} ${site}`;
      answerTo(site, from, isFirst || !told.has(key));
      if (told.size < TOLD_MAX) told.add(key);
    }
  };
  const received = (site: string, message: FeedMessage): void => {
    const { from, to, recent } = message;
    if (!listeners.has(site)) return; // no longer
    if (recent !== undefined) others.setMinutes(site, from, recent);
    if (to !== undefined && to !== id) return;
    const added = to === id ? others.setHits(site, message) : others.addHits(site, message);
    for (let at = 0; at < added.length; at += HITS_MAX) listeners.notify(site, added.slice(at, at + HITS_MAX));
  };
  subscriber.on('message', (channel: string, text: string) => {
    const message = readFeedMessage(text, nowMs());
    if (message.from === id) return;
    if (channel === watchers) announced(message);
    else received(channel.slice(hitsOf('').length), message);
  });
  const endTimers = startTimers([
    [announce, ANNOUNCE_EVERY_MS],
    [elsewhere.sweep, FORGET_EVERY_MS],
    [own.sweep, SWEEP_EVERY_MS],
    [others.sweep, SWEEP_EVERY_MS],
  ]);

  return {
    watch(site, listener) {
      if (listeners.add(site, listener)) {
        askedAtMs.set(site, nowMs());
        const askAll = () => ask([site]);
        // others answer on the channel of the site
        if (subscriber.status === 'ready') subscriber.subscribe(hitsOf(site)).then(askAll, () => {});
      }
      return () => {
        if (!listeners.remove(site, listener)) return;
        askedAtMs.delete(site);
        others.forget(site);
        if (subscriber.status === 'ready') subscriber.unsubscribe(hitsOf(site)).catch(() => {});
      };
    },
    async recent(site) {
      const waitMs = (askedAtMs.get(site) ?? 0) + ANSWERS_MS - nowMs();
      if (waitMs > 0 && subscriber.status === 'ready') await delay(Math.min(waitMs, ANSWERS_MS));
      batches.flush(site);
      return others.addTo(site, own.of(site));
    },
    isWatched: (site) => listeners.has(site) || elsewhere.has(site),
    publish(hit) {
      const shown = liveHit(hit);
      own.add(hit.site, shown);
      if (listeners.has(hit.site) || elsewhere.has(hit.site)) batches.add(hit.site, shown);
    },
    state: () => ({ shared: isConnected() }),
    async close() {
      batches.close();
      endTimers();
      client.off('ready', makeUp);
      subscriber.disconnect();
    },
  };
}

function startTimers(all: ReadonlyArray<readonly [work: () => void, everyMs: number]>): () => void {
  const timers = all.map(([work, everyMs]) => setInterval(work, everyMs).unref());
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
