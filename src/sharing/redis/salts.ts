// Salts that all nodes share through Redis.
import { setTimeout as delay } from 'node:timers/promises';
import { utcDay } from '../../time/dates.js';
import { DAY_MS, MINUTE_MS } from '../../time/units.js';
import type { OwnSalts, Salts } from '../salts.js';
import type { RedisConnection } from './connection.js';

const SHARE_EVERY_MS = MINUTE_MS;
const SALT_BYTES = 32;
/** How long the start waits for the other nodes' salts. */
const START_MS_MAX = 1_000;

/**
 * The salt of a date is the first one that a node writes to Redis. A node stores it in its own file as well, so that
 * neither its restart nor the loss of all data in Redis changes a salt that is in use. Waits for Redis for one second at
 * most.
 */
export async function openRedisSalts({ client, namespace }: RedisConnection, own: OwnSalts, nowMs: () => number): Promise<Salts> {
  let shared = false;

  const shareOne = async (day: string): Promise<void> => {
    const key = `${namespace}:salt:${day}`;
    // A date is over in all zones 36 hours after it began in UTC. Its salt is stored for at least one more day.
    const untilMs = Date.parse(day) + 3 * DAY_MS;
    await client.set(key, own.salt(day).toString('base64'), 'PXAT', untilMs, 'NX');
    const stored = Buffer.from((await client.get(key)) ?? '', 'base64');
    // With a shorter salt, addresses could be computed from points.
    if (stored.length !== SALT_BYTES) throw new Error(`the value of ${key} is not a salt`);
    own.adopt(day, stored);
  };

  /**
   * Yesterday is still today in some time zones. The following two days are shared in advance, so that a day without
   * Redis changes nothing.
   */
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
  await Promise.race([first, delay(START_MS_MAX, undefined, { ref: false })]);

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
