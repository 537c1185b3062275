// Salts and limits shared by all nodes through Redis. Each node has its own as well, and goes on with them while Redis is away.
import { setTimeout as delay } from 'node:timers/promises';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { utcDay } from '../../time/dates.js';
import { DAY_MS } from '../../time/units.js';
import { consume, createLimiters } from '../limiters.js';
import type { Limits, OwnSalts, Salts } from '../limits.js';
import { NOTICES_SILENCE, type RedisConnection } from './connection.js';

const SHARE_EVERY_MS = 60_000;
const SALT_BYTES = 32;
/** How long a start waits for the others' salts. */
const FIRST_MS_MAX = 1_000;
/** A caller must not feel that Redis hangs. */
const COMMAND_MS_MAX = 250;

/**
 * A date's salt is whichever node's was in Redis first. A node keeps what it has seen there in its own file, so that
 * neither its restart nor the loss of everything in Redis changes a salt that is in use. Waits for Redis for a second
 * at the most.
 */
export async function openRedisSalts({ client, namespace }: RedisConnection, own: OwnSalts, nowMs: () => number): Promise<Salts> {
  let shared = false;

  const shareOne = async (day: string): Promise<void> => {
    const key = `${namespace}:salt:${day}`;
    // over everywhere 36 hours after it began by UTC; a day more costs nothing
    const untilMs = Date.parse(day) + 3 * DAY_MS;
    await client.set(key, own.salt(day).toString('base64'), 'PXAT', untilMs, 'NX');
    const standing = Buffer.from((await client.get(key)) ?? '', 'base64');
    // a shorter one would make points that lead back to addresses
    if (standing.length !== SALT_BYTES) throw new Error(`what is kept as ${key} is no salt`);
    own.adopt(day, standing);
  };

  /** From yesterday, which is still today somewhere, to the day after tomorrow: so that a day without Redis changes nothing. */
  const share = async (): Promise<void> => {
    try {
      for (const step of [-1, 0, 1, 2]) await shareOne(utcDay(nowMs() + step * DAY_MS));
      shared = true;
    } catch {
      shared = false;
    }
  };

  const onReady = () => void share();
  client.on('ready', onReady);
  const sharing = setInterval(onReady, SHARE_EVERY_MS);
  sharing.unref();
  const onClose = () => {
    shared = false;
  };
  client.on('close', onClose);
  const first =
    client.status === 'ready' ? share() : new Promise<void>((resolve) => client.once('ready', () => void share().then(resolve)));
  await Promise.race([first, delay(FIRST_MS_MAX, undefined, { ref: false })]);

  return {
    salt: (day) => own.salt(day),
    retry: () => own.retry(),
    state: () => ({ ...own.state(), shared }),
    async close() {
      clearInterval(sharing);
      client.off('ready', onReady).off('close', onClose);
      await own.close();
    },
  };
}

export function openRedisLimits({ connect, namespace }: RedisConnection): Limits {
  const client = connect({
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS_MAX,
    ...NOTICES_SILENCE,
  });
  const limiters = createLimiters(
    (options) =>
      new RateLimiterRedis({
        ...options,
        keyPrefix: `${namespace}:limit:${options.keyPrefix}`,
        storeClient: client,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new RateLimiterMemory(options),
        // who is over the limit is not asked about again
        inMemoryBlockOnConsumed: options.points,
      }),
  );
  return {
    take: (name, caller) => consume(limiters[name], caller),
    state: () => ({ shared: client.status === 'ready' }),
    async close() {
      client.disconnect();
    },
  };
}
