// Whether MongoDB answers at the moment, for those who would rather hear at once that it does not than wait for it.
import type { MongoClient, MongoClientOptions, TopologyDescription } from 'mongodb';
import { StoreUnavailable } from '../unavailable.js';

/**
 * The driver asks the servers twice a second, on connections that are for nothing else, and a command waits a second
 * for a server.
 */
export const ASKING_OFTEN: MongoClientOptions = {
  heartbeatFrequencyMS: 500,
  serverMonitoringMode: 'poll',
  serverSelectionTimeoutMS: 1_000,
};

/** Looks are counted, not time: a thread that was busy with something else has heard nobody meanwhile. */
const LOOK_EVERY_MS = 250;
/**
 * No server could be reached for so many looks. One whose connection was cut is asked again by the driver after half
 * a second.
 */
const UNREACHED_LOOKS_MAX = 4;
/** A server is reached, but has said nothing for so many looks. */
const SILENT_LOOKS_MAX = 6;

export interface Presence {
  /**
   * Does what is asked; rejects with a StoreUnavailable at once while MongoDB is known to be away, and as soon as
   * that is known.
   */
  soon<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): void;
}

/** To be called before the client connects, with ASKING_OFTEN among its options. */
export function watchPresence(client: MongoClient): Presence {
  /** Of the servers that would be asked. */
  let addresses: ReadonlySet<string> = new Set();
  let [unreachedLooks, silentLooks] = [0, 0];
  const waiting = new Set<(error: Error) => void>();

  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    addresses = askedIn(newDescription);
  });
  client.on('serverHeartbeatSucceeded', ({ connectionId }) => {
    if (addresses.has(connectionId)) silentLooks = 0;
  });

  const isUnavailable = (): boolean => unreachedLooks >= UNREACHED_LOOKS_MAX || silentLooks >= SILENT_LOOKS_MAX;
  const timer = setInterval(() => {
    unreachedLooks = addresses.size === 0 ? unreachedLooks + 1 : 0;
    // the driver does not ask a load balancer how it is
    silentLooks = client.options.loadBalanced ? 0 : silentLooks + 1;
    if (!isUnavailable()) return;
    for (const reject of waiting) reject(away());
    waiting.clear();
  }, LOOK_EVERY_MS);
  timer.unref();

  return {
    soon(work) {
      if (isUnavailable()) return Promise.reject(away());
      return new Promise((resolve, reject) => {
        waiting.add(reject);
        work()
          .then(resolve, reject)
          .finally(() => waiting.delete(reject));
      });
    },
    close: () => clearInterval(timer),
  };
}

function askedIn({ type, servers }: TopologyDescription): ReadonlySet<string> {
  const asked = [...servers.values()].filter((server) =>
    type === 'Single' ? server.type !== 'Unknown' : server.isWritable || server.type === 'LoadBalancer',
  );
  return new Set(asked.map(({ address }) => address));
}

function away(): StoreUnavailable {
  return new StoreUnavailable('MongoDB does not answer at the moment');
}
