// Who sends a request: a person by the cookie of a session, or a token by the Authorization header or the cookie.
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import type { People } from '../people/people.js';
import { mayCreateSite, type Right, rightOf } from '../people/rights.js';
import { personIdOf } from '../people/secrets.js';
import { SESSION_DAYS, type SignedIn } from '../people/sessions.js';
import type { Accounts, Token } from '../store/accounts.js';
import { hashOf } from '../store/token-secrets.js';
import { DAY_MS } from '../time/units.js';
import { basePathOf } from './base-path.js';
import type { ErrorCode } from './errors.js';

export interface Caller {
  /** Of the token or the session. */
  readonly secret: string;
  /** What limits are counted by: all sessions of a person share them. */
  readonly limitKey: string;
  /** Undefined for a token. */
  readonly signedIn: SignedIn | undefined;
  /** The right on a site that exists; undefined: none. */
  rightOn(site: string): Right | undefined;
  readonly isOperator: boolean;
  readonly mayCreateSites: boolean;
}

export interface Callers {
  /** Cheap. Undefined if the request has no secret, or an unknown one. */
  of(req: IncomingMessage): Caller | undefined;
  withSecret(secret: string): Caller | undefined;
  /** Whether the request has a secret that is unknown to this process; another process may have just created it. */
  mayBeNew(req: IncomingMessage): boolean;
}

export function createCallers(accounts: Pick<Accounts, 'token'>, people: People): Callers {
  const withSecret = (secret: string): Caller | undefined => {
    const signedIn = people.sessions.find(secret);
    if (signedIn !== undefined) return ofPerson(secret, signedIn);
    const token = accounts.token(secret);
    return token && ofToken(secret, token);
  };
  return {
    withSecret,
    of(req) {
      const secret = secretOf(req);
      return secret === undefined ? undefined : withSecret(secret);
    },
    mayBeNew(req) {
      const secret = secretOf(req);
      if (secret === undefined || (hashOf(secret) === undefined && personIdOf(secret) === undefined)) return false;
      return withSecret(secret) === undefined;
    },
  };
}

function ofPerson(secret: string, signedIn: SignedIn): Caller {
  const { person } = signedIn;
  return {
    secret,
    limitKey: person.id,
    signedIn,
    rightOn: (site) => rightOf(person, site),
    isOperator: person.isOperator,
    mayCreateSites: mayCreateSite(person),
  };
}

function ofToken(secret: string, { prefix, sites, scope = 'read' }: Token): Caller {
  return {
    secret,
    limitKey: prefix,
    signedIn: undefined,
    rightOn(site) {
      if (sites !== 'all' && !sites.includes(site)) return undefined;
      return scope === 'write' ? 'own' : 'view';
    },
    isOperator: false,
    mayCreateSites: scope === 'write' && sites === 'all',
  };
}

/** Why a request without a known secret is refused. */
export function whyNotSignedIn(req: IncomingMessage): ErrorCode {
  const secret = secretOf(req);
  if (secret?.startsWith('ses_')) return 'session-ended';
  if (secret !== undefined) return 'unknown-token';
  return /[?&=]hit_/.test(req.url ?? '') ? 'token-in-address' : 'not-signed-in';
}

const COOKIE = 'hitherto';

/** Reads the Authorization header, or else the cookie; never the address. */
function secretOf(req: IncomingMessage): string | undefined {
  const { authorization, cookie } = req.headers;
  if (authorization !== undefined) return /^Bearer +([^\s]+)$/i.exec(authorization)?.[1] ?? '';
  return cookie === undefined ? undefined : /(?:^|; *)hitherto=([^;\s]+)/.exec(cookie)?.[1];
}

export function setCookie(res: Response, secret: string, publicUrl: string): void {
  res.cookie(COOKIE, secret, { ...cookieOptions(publicUrl), maxAge: SESSION_DAYS * DAY_MS });
}

export function clearCookie(res: Response, publicUrl: string): void {
  res.clearCookie(COOKIE, cookieOptions(publicUrl));
}

function cookieOptions(publicUrl: string) {
  return { httpOnly: true, sameSite: 'lax', path: basePathOf(publicUrl) || '/', secure: publicUrl.startsWith('https:') } as const;
}
