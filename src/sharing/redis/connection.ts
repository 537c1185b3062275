// The connections to Redis in the distributed mode. Nothing that a hit needs waits for them.
import { type RedisOptions as AllOptions, Redis } from 'ioredis';

/** Replies keep the shapes that Redis has always had. */
export type RedisOptions = Omit<AllOptions, 'replyMapping'>;

const COMMAND_MS_MAX = 2_000;
const RECONNECT_MS_MAX = 1_000;
/** ioredis waits this long for a socket to end that may be gone already; a command line tool would wait with it. */
const DISCONNECT_MS_MAX = 200;
const PING_EVERY_MS = 2_000;

/**
 * For a connection whose status is asked: one on which no answer comes (a server that hangs, a cable that is out) is
 * noticed, closed and opened again, instead of being taken for a good one and gathering what is sent. Not for one
 * that blocks.
 */
export const NOTICES_SILENCE = { socketTimeout: 2_500 } as const satisfies RedisOptions;

export interface RedisConnection {
  /** For commands. A command fails at once while Redis is away, instead of waiting for it. */
  readonly client: Redis;
  /** Stands before every key and channel, so that several installations can share a Redis. */
  readonly namespace: string;
  /** Another connection, for what blocks or subscribes; whoever asks for it closes it. */
  connect(options?: RedisOptions): Redis;
  close(): Promise<void>;
}

/** Does not wait for Redis: the service starts and counts without it. */
export function openRedis(url: string, namespace: string): RedisConnection {
  const connect = (options: RedisOptions = {}): Redis => {
    const defaults: RedisOptions = {
      retryStrategy: (attempt) => Math.min(RECONNECT_MS_MAX, 50 * attempt),
      disconnectTimeout: DISCONNECT_MS_MAX,
    };
    const redis = new Redis(url, { ...defaults, ...options });
    redis.on('error', () => {}); // each part says what it does without Redis; ioredis connects again by itself
    if (redis.options.socketTimeout !== undefined) askNowAndThen(redis);
    return redis;
  };
  // A command that was sent when the connection broke is not sent again: it may have been carried out.
  const client = connect({
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS_MAX,
    ...NOTICES_SILENCE,
  });
  return {
    client,
    namespace,
    connect,
    async close() {
      client.disconnect();
    },
  };
}

/** Silence is noticed only where an answer is expected. */
function askNowAndThen(redis: Redis): void {
  const asking = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(() => {});
  }, PING_EVERY_MS);
  asking.unref();
  redis.on('end', () => clearInterval(asking));
}
