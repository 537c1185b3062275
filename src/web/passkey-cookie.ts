// The cookie of a browser whose authenticator is asked for a passkey. Nothing about it is stored here, so that any node can
// check the answer. It is sent only with the answer.
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import type { Ceremony } from '../people/passkeys.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import { basePathOf } from './base-path.js';

const COOKIE = 'hitherto-passkey';

/** Where the answer is sent. */
export type PasskeyPath = '/sign-in/passkey' | '/account/passkeys';

export function setCeremony(res: Response, { secret, beganAtMs }: Ceremony, path: PasskeyPath, publicUrl: string): void {
  res.cookie(COOKIE, `${secret}.${beganAtMs}`, { ...options(path, publicUrl), maxAge: FIVE_MINUTES_MS });
}

export function ceremonyIn({ headers: { cookie = '' } }: IncomingMessage): Ceremony | undefined {
  const [, secret, beganAt] = /(?:^|; *)hitherto-passkey=([\w-]{43})\.(\d{1,15})(?:;|$)/.exec(cookie) ?? [];
  return secret === undefined ? undefined : { secret, beganAtMs: Number(beganAt) };
}

export function clearCeremony(res: Response, path: PasskeyPath, publicUrl: string): void {
  res.clearCookie(COOKIE, options(path, publicUrl));
}

function options(path: PasskeyPath, publicUrl: string) {
  const secure = publicUrl.startsWith('https:');
  return { httpOnly: true, sameSite: 'strict', path: basePathOf(publicUrl) + path, secure } as const;
}
