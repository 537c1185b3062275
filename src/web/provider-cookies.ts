// The cookies of a sign-in through the provider. Nothing about it is stored here before the browser comes back, so that any
// node can answer then. They are sent only to the pages of the sign-in.
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { FIVE_MINUTES_MS, MINUTE_MS } from '../time/units.js';
import { basePathOf } from './base-path.js';

/** People may have to enter a password and a code at the provider. */
const AWAY_MS_MAX = 15 * MINUTE_MS;

const AWAY_COOKIE = 'hitherto-oidc';
const LINK_COOKIE = 'hitherto-oidc-link';

/** `invitation`: its secret. */
export type AwayFor =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'link' }
  | { readonly kind: 'accept'; readonly invitation: string };

/** A browser that is at the provider. */
export interface Away {
  /** See `ProviderSignIn`. */
  readonly secret: string;
  readonly purpose: AwayFor;
}

export function setAway(res: Response, { secret, purpose }: Away, publicUrl: string): void {
  const value = `${secret}.${purpose.kind === 'accept' ? purpose.invitation : purpose.kind}`;
  res.cookie(AWAY_COOKIE, value, { ...options(publicUrl), maxAge: AWAY_MS_MAX });
}

export function awayIn({ headers: { cookie = '' } }: IncomingMessage): Away | undefined {
  const [, secret, purpose] = /(?:^|; *)hitherto-oidc=([\w-]{43})\.(sign-in|link|[\w-]{43})(?:;|$)/.exec(cookie) ?? [];
  if (secret === undefined || purpose === undefined) return undefined;
  const isKind = purpose === 'sign-in' || purpose === 'link';
  return { secret, purpose: isKind ? { kind: purpose } : { kind: 'accept', invitation: purpose } };
}

export function clearAway(res: Response, publicUrl: string): void {
  res.clearCookie(AWAY_COOKIE, options(publicUrl));
}

/** A browser that has to show the password of the account. */
export interface LinkCookie {
  /** Of `Identities.propose`; an empty text if there is none. */
  readonly secret: string;
  /** The secret of the invitation with which the browser has come. */
  readonly invitation: string | undefined;
}

export function setLinkCookie(res: Response, { secret, invitation }: LinkCookie, publicUrl: string): void {
  const value = invitation === undefined ? secret : `${secret}~${invitation}`;
  res.cookie(LINK_COOKIE, value, { ...options(publicUrl), maxAge: FIVE_MINUTES_MS });
}

export function linkCookieIn({ headers: { cookie = '' } }: IncomingMessage): LinkCookie {
  const [, secret = '', invitation] = /(?:^|; *)hitherto-oidc-link=([\w.-]+)(?:~([\w-]{43}))?(?:;|$)/.exec(cookie) ?? [];
  return { secret, invitation };
}

export function clearLinkCookie(res: Response, publicUrl: string): void {
  res.clearCookie(LINK_COOKIE, options(publicUrl));
}

/** `lax`: the provider sends the browser here, so a strict cookie would be missing. */
function options(publicUrl: string) {
  const path = `${basePathOf(publicUrl)}/sign-in/oidc`;
  return { httpOnly: true, sameSite: 'lax', path, secure: publicUrl.startsWith('https:') } as const;
}
