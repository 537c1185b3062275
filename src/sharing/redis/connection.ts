// The connections to Redis. Accepting a hit never waits for them.
import { type RedisOptions as AllOptions, Redis } from 'ioredis';

/** Without this option, replies keep their usual types. */
export type RedisOptions = Omit<AllOptions, 'replyMapping'>;

const COMMAND_MS_MAX = 2_000;
const RECONNECT_MS_MAX = 1_000;
/** How long ioredis waits for a socket to end. The default is so long that a command would seem to hang. */
const DISCONNECT_MS_MAX = 200;
const PING_EVERY_MS = 2_000;

/**
 * Closes and reopens a connection on which no answers arrive, because the server hangs or the network is interrupted.
 * Otherwise its status would be `ready`, and commands would pile up. Not for connections that block.
 */
export const NOTICES_SILENCE = { socketTimeout: 2_500 } as const satisfies RedisOptions;

export interface RedisConnection {
  /** For commands. While Redis is unavailable, a command fails at once. */
  readonly client: Redis;
  /** The prefix of every key and channel, so that several installations can share a Redis. */
  readonly namespace: string;
  /** Opens another connection, for blocking commands and subscriptions. The caller closes it. */
  connect(options?: RedisOptions): Redis;
  close(): Promise<void>;
}

/**
 * Commands fail while Redis is unavailable, and are not sent again after the connection broke, because they may have
 * been carried out.
 */
export const FAILS_FAST: RedisOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  ...NOTICES_SILENCE,
};

/** Does not wait for Redis: the service starts and counts without it. */
export function openRedis(url: string, namespace: string): RedisConnection {
  const connect = (options: RedisOptions = {}): Redis => {
    const defaults: RedisOptions = {
      retryStrategy: (attempt) => Math.min(RECONNECT_MS_MAX, 50 * attempt),
      disconnectTimeout: DISCONNECT_MS_MAX,
    };
    const redis = new Redis(url, { ...defaults, ...options });
    redis.on('error', () => {}); // ioredis connects again by itself, and each part handles the time without Redis
    if (redis.options.socketTimeout !== undefined) pingRegularly(redis);
    return redis;
  };
  const client = connect({ ...FAILS_FAST, commandTimeout: COMMAND_MS_MAX });
  return {
    client,
    namespace,
    connect,
    async close() {
      client.disconnect();
    },
  };
}

/** The socket timeout needs a command that waits for an answer. */
function pingRegularly(redis: Redis): void {
  const pinging = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(() => {});
  }, PING_EVERY_MS);
  pinging.unref();
  redis.on('end', () => clearInterval(pinging));
}
