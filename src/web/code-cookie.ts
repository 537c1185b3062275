// The cookie of a sign-in that waits for a code. It is sent only to the pages of the sign-in.
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import type { Begun } from '../people/sessions.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import { basePathOf } from './base-path.js';
import { setCookie } from './callers.js';

const COOKIE = 'hitherto-code';

/** Sets the cookie for what the right password began, and returns the address of the next page. */
export function setCookieOf(res: Response, { kind, secret }: Begun, publicUrl: string): string {
  const base = basePathOf(publicUrl);
  if (kind === 'pending') {
    res.cookie(COOKIE, secret, { ...options(publicUrl), maxAge: FIVE_MINUTES_MS });
    return `${base}/sign-in/code`;
  }
  setCookie(res, secret, publicUrl);
  // Always the start page: an address taken from the request could lead to any other site.
  return `${base}/`;
}

/** An empty text if there is none. */
export function codeSecretOf({ headers: { cookie = '' } }: IncomingMessage): string {
  return /(?:^|; *)hitherto-code=([^;\s]+)/.exec(cookie)?.[1] ?? '';
}

export function clearCodeCookie(res: Response, publicUrl: string): void {
  res.clearCookie(COOKIE, options(publicUrl));
}

/** `lax`: after a sign-in through the provider, which sends the browser here, a strict cookie would be missing. */
function options(publicUrl: string) {
  const path = `${basePathOf(publicUrl)}/sign-in`;
  return { httpOnly: true, sameSite: 'lax', path, secure: publicUrl.startsWith('https:') } as const;
}
