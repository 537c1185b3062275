// The cookie of a browser in which somebody has signed in with a password. Guesses from such a browser are counted apart, so
// that strangers who guess the password of a person do not keep the person from signing in.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { hasPassword, type Person } from '../people/person.js';
import { DAY_MS } from '../time/units.js';
import { basePathOf } from './base-path.js';

const COOKIE = 'hitherto-known';
const KNOWN_DAYS = 365;

type Known = Pick<Person, 'id' | 'password'>;

/** Whether the person has signed in with the present password in the browser that sends the request. */
export function isKnownBrowser({ headers: { cookie = '' } }: IncomingMessage, person: Known | undefined): boolean {
  if (person === undefined || !hasPassword(person)) return false;
  const given = /(?:^|; *)hitherto-known=([^;\s]+)/.exec(cookie)?.[1] ?? '';
  const [a, b] = [Buffer.from(given), Buffer.from(markOf(person))];
  return a.length === b.length && timingSafeEqual(a, b);
}

export function setKnownBrowser(res: Response, person: Known, publicUrl: string): void {
  const path = `${basePathOf(publicUrl)}/sign-in`;
  const options = { httpOnly: true, sameSite: 'strict', path, secure: publicUrl.startsWith('https:') } as const;
  res.cookie(COOKIE, markOf(person), { ...options, maxAge: KNOWN_DAYS * DAY_MS });
}

/** Follows from the stored hash, so that it ends with the password, and nothing has to be stored. */
function markOf({ id, password }: Known): string {
  return createHmac('sha256', password).update(`known browser of ${id}`).digest('base64url');
}
