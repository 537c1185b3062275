// The feed over Redis pub/sub. A node regularly announces which sites are watched on it. Only hits of announced sites are
// sent. While Redis is unavailable, each node still shows its own hits.
import { randomBytes } from 'node:crypto';
import { SITE_ID } from '../../hit/site.js';
import type { Feed, LiveHit } from '../feed.js';
import { createBatches, HITS_MAX } from '../feed-batches.js';
import { createListeners } from '../feed-listeners.js';
import { NOTICES_SILENCE, type RedisConnection } from './connection.js';

const ANNOUNCE_EVERY_MS = 5_000;
/** Long enough for two announcements to be lost. */
const WATCHED_MS = 15_000;
/** The maximum number of sites that are watched on other nodes. A larger number would be forged. */
const WATCHED_MAX = 10_000;

interface Message {
  /** The feed that sent the message. A feed also receives its own messages. */
  readonly from: string;
  readonly sites: readonly string[];
  readonly hits: readonly LiveHit[];
}

export function openRedisFeed({ client, namespace, connect }: RedisConnection, nowMs: () => number = Date.now): Feed {
  const id = randomBytes(6).toString('hex');
  const watchers = `${namespace}:watchers`;
  const hitsOf = (site: string) => `${namespace}:hits:${site}`;
  const listeners = createListeners();
  /** The time until which a site is watched on other nodes, by site. Milliseconds since 1970. */
  const elsewhere = new Map<string, number>();
  const subscriber = connect({ autoResubscribe: false, ...NOTICES_SILENCE });

  const send = (channel: string, message: Partial<Omit<Message, 'from'>>): void => {
    if (client.status !== 'ready') return;
    client.publish(channel, JSON.stringify({ from: id, ...message })).catch(() => {});
  };
  const announce = (): void => {
    if (listeners.sites().length > 0) send(watchers, { sites: listeners.sites() });
  };
  const batches = createBatches((site, hits) => {
    listeners.notify(site, hits);
    if (elsewhere.has(site)) send(hitsOf(site), { hits });
  });

  subscriber.on('ready', () => {
    subscriber.subscribe(watchers, ...listeners.sites().map(hitsOf)).then(announce, () => {});
  });
  client.on('ready', announce);
  subscriber.on('message', (channel: string, text: string) => {
    const { from, sites, hits } = read(text);
    if (from === id) return;
    if (channel !== watchers) {
      if (hits.length > 0) listeners.notify(channel.slice(hitsOf('').length), hits);
      return;
    }
    for (const site of sites)
      if ((elsewhere.has(site) || elsewhere.size < WATCHED_MAX) && SITE_ID.test(site)) elsewhere.set(site, nowMs() + WATCHED_MS);
  });
  const announcing = setInterval(announce, ANNOUNCE_EVERY_MS);
  announcing.unref();
  const forgetting = setInterval(() => {
    for (const [site, untilMs] of elsewhere) if (untilMs < nowMs()) elsewhere.delete(site);
  }, 1_000);
  forgetting.unref();

  return {
    watch(site, listener) {
      if (listeners.add(site, listener)) {
        if (subscriber.status === 'ready') subscriber.subscribe(hitsOf(site)).catch(() => {});
        send(watchers, { sites: [site] });
      }
      return () => {
        if (listeners.remove(site, listener) && subscriber.status === 'ready')
          subscriber.unsubscribe(hitsOf(site)).catch(() => {});
      };
    },
    isWatched: (site) => listeners.has(site) || elsewhere.has(site),
    publish: batches.add,
    state: () => ({ shared: client.status === 'ready' && subscriber.status === 'ready' }),
    async close() {
      batches.close();
      clearInterval(announcing);
      clearInterval(forgetting);
      client.off('ready', announce);
      subscriber.disconnect();
    },
  };
}

/** Other texts on these channels become an empty message: they must not end a process that accepts hits. */
function read(text: string): Message {
  let parsed: { from?: unknown; sites?: unknown; hits?: unknown } | null;
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    parsed = null;
  }
  return {
    from: String(parsed?.from ?? ''),
    sites: list(parsed?.sites).filter((site) => typeof site === 'string'),
    hits: list(parsed?.hits)
      .filter((hit): hit is LiveHit => typeof hit === 'object' && hit !== null)
      .slice(0, HITS_MAX),
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
