// Notices when MongoDB is unavailable, so that a caller can fail at once instead of waiting.
import type { MongoClient, MongoClientOptions, TopologyDescription } from 'mongodb';
import { StoreUnavailable } from '../unavailable.js';

/**
 * The driver checks the servers twice a second, on connections that it uses for nothing else, and a command waits one
 * second for a server.
 */
export const FREQUENT_CHECKS: MongoClientOptions = {
  heartbeatFrequencyMS: 500,
  serverMonitoringMode: 'poll',
  serverSelectionTimeoutMS: 1_000,
};

/**
 * Polls are counted instead of time, because a thread that was busy could not receive the servers' answers meanwhile.
 */
const POLL_EVERY_MS = 250;
/**
 * Unavailable after this many polls without a reachable server. After a connection was cut, the driver checks the
 * server again within half a second.
 */
const UNREACHED_POLLS_MAX = 4;
/** Unavailable after this many polls without an answer from a server that is connected. */
const SILENT_POLLS_MAX = 6;

export interface Availability {
  /** Rejects with a StoreUnavailable as soon as MongoDB is known to be unavailable, at once if it is known already. */
  failFast<Result>(act: () => Promise<Result>): Promise<Result>;
  close(): void;
}

/** Call this before the client connects, and give the client the FREQUENT_CHECKS. */
export function watchAvailability(client: MongoClient): Availability {
  /** The servers that would receive a command. */
  let addresses: ReadonlySet<string> = new Set();
  let [unreachedPolls, silentPolls] = [0, 0];
  const waiting = new Set<(error: Error) => void>();

  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    addresses = usableServers(newDescription);
  });
  client.on('serverHeartbeatSucceeded', ({ connectionId }) => {
    if (addresses.has(connectionId)) silentPolls = 0;
  });

  const isUnavailable = (): boolean => unreachedPolls >= UNREACHED_POLLS_MAX || silentPolls >= SILENT_POLLS_MAX;
  const timer = setInterval(() => {
    unreachedPolls = addresses.size === 0 ? unreachedPolls + 1 : 0;
    // the driver does not check load balancers
    silentPolls = client.options.loadBalanced ? 0 : silentPolls + 1;
    if (!isUnavailable()) return;
    for (const reject of waiting) reject(unavailable());
    waiting.clear();
  }, POLL_EVERY_MS);
  timer.unref();

  return {
    failFast(act) {
      if (isUnavailable()) return Promise.reject(unavailable());
      return new Promise((resolve, reject) => {
        waiting.add(reject);
        act()
          .then(resolve, reject)
          .finally(() => waiting.delete(reject));
      });
    },
    close: () => clearInterval(timer),
  };
}

function usableServers({ type, servers }: TopologyDescription): ReadonlySet<string> {
  const usable = [...servers.values()].filter((server) =>
    type === 'Single' ? server.type !== 'Unknown' : server.isWritable || server.type === 'LoadBalancer',
  );
  return new Set(usable.map(({ address }) => address));
}

function unavailable(): StoreUnavailable {
  return new StoreUnavailable('MongoDB does not answer');
}
