// The salts of days for visitors in imported logs and exports, who have no record in a browser.
import { createHmac } from 'node:crypto';
import { memoize } from '../../time/memo.js';

/** More days than any import has. */
const DAYS_MAX = 100_000;

/** `key`: that of the import, in hex. The same key and day always give the same salt. */
export function createDaySalts(key: string): (day: string) => Buffer {
  return memoize((day: string) => createHmac('sha256', Buffer.from(key, 'hex')).update(day).digest(), DAYS_MAX);
}
