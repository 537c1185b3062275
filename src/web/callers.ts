// Who sends a request: a person by the cookie of a session, a token by the Authorization header or the cookie, or a share
// link by the header that shared.ts sets.
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import type { People } from '../people/people.js';
import type { Person, SiteRole } from '../people/person.js';
import { mayCreateSite, ownsDirectly, type Right, rightOf } from '../people/rights.js';
import { linkHashOf, personIdOf } from '../people/secrets.js';
import { SESSION_DAYS, type SignedIn } from '../people/sessions.js';
import { isShared } from '../people/share-rules.js';
import { mayOpen, type Share } from '../people/shares.js';
import { roleIn } from '../people/team.js';
import type { Teams } from '../people/teams.js';
import type { Accounts, Token } from '../store/accounts.js';
import type { Actor } from '../store/audit-log.js';
import { hashOf } from '../store/token-secrets.js';
import { DAY_MS } from '../time/units.js';
import { basePathOf } from './base-path.js';
import type { ErrorCode } from './errors.js';
import { PROOF_COOKIE, shareIn } from './shared.js';

export interface Caller {
  /** Of the token or the session. */
  readonly secret: string;
  /** What limits are counted by: all sessions of a person share them. Undefined: by the address, for a share link. */
  readonly limitKey: string | undefined;
  /** For the audit log. */
  readonly who: Actor;
  /** The share link below which the request was sent. */
  readonly share: Share | undefined;
  readonly token: Token | undefined;
  /** Undefined for a token and for a share link. */
  readonly signedIn: SignedIn | undefined;
  /** The right on a site that exists; undefined: none. */
  rightOn(site: string): Right | undefined;
  /** Whether a share link shows this report, or `live`. True for all others. */
  mayRead(report: string): boolean;
  /** Whether the caller owns the site without a team; see rights.ts. */
  ownsDirectly(site: string): boolean;
  /** The role in a team; undefined: none, or there is no such team. Operators are owners of all teams. */
  roleInTeam(id: string): SiteRole | undefined;
  readonly isOperator: boolean;
  readonly mayCreateSites: boolean;
}

export interface Callers {
  /** Cheap. Undefined if the request has no secret, or an unknown one. */
  of(req: IncomingMessage): Caller | undefined;
  withSecret(secret: string): Caller | undefined;
  /** Whether the request has a secret that is unknown to this process; another process may have just created it. */
  mayBeNew(req: IncomingMessage): boolean;
  /** Why a request without a known secret is refused. */
  whyRefused(req: IncomingMessage): ErrorCode;
}

export function createCallers(accounts: Pick<Accounts, 'token'>, people: People): Callers {
  const withSecret = (secret: string): Caller | undefined => {
    const shared = shareIn(secret);
    if (shared !== undefined) {
      const share = people.shares.find(shared.secret);
      return share && mayOpen(share, shared.proof) ? ofShare(secret, share) : undefined;
    }
    const signedIn = people.sessions.find(secret);
    if (signedIn !== undefined) return ofPerson(secret, signedIn, people.teams);
    const token = accounts.token(secret);
    return token && ofToken(secret, token);
  };
  return {
    withSecret,
    of(req) {
      const secret = secretOf(req);
      return secret === undefined ? undefined : withSecret(secret);
    },
    whyRefused(req) {
      const secret = secretOf(req);
      if (secret === undefined) return /[?&=]hit_/.test(req.url ?? '') ? 'token-in-address' : 'not-signed-in';
      const shared = shareIn(secret);
      if (shared !== undefined) return people.shares.find(shared.secret) === undefined ? 'share-over' : 'share-locked';
      return secret.startsWith('ses_') ? 'session-ended' : 'unknown-token';
    },
    mayBeNew(req) {
      const secret = secretOf(req);
      if (secret === undefined || withSecret(secret) !== undefined) return false;
      const shared = shareIn(secret);
      if (shared !== undefined) return people.shares.find(shared.secret) === undefined && linkHashOf(shared.secret) !== undefined;
      return hashOf(secret) !== undefined || personIdOf(secret) !== undefined;
    },
  };
}

export function actorOf({ id, name }: Pick<Person, 'id' | 'name'>) {
  return { kind: 'person', id, name } as const;
}

function ofPerson(secret: string, signedIn: SignedIn, teams: Teams): Caller {
  const { person } = signedIn;
  return {
    secret,
    limitKey: person.id,
    who: actorOf(person),
    share: undefined,
    token: undefined,
    signedIn,
    rightOn: (site) => rightOf(person, site, teams),
    ownsDirectly: (site) => ownsDirectly(person, site),
    roleInTeam(id) {
      const team = teams.team(id);
      return team && (person.isOperator ? 'owner' : roleIn(team, person.id));
    },
    mayRead: () => true,
    isOperator: person.isOperator,
    mayCreateSites: mayCreateSite(person),
  };
}

function ofToken(secret: string, token: Token): Caller {
  const { prefix, title, sites, scope = 'read' } = token;
  const rightOn = (site: string): Right | undefined => {
    if (sites !== 'all' && !sites.includes(site)) return undefined;
    return scope === 'write' ? 'own' : 'view';
  };
  return {
    secret,
    limitKey: prefix,
    who: { kind: 'token', prefix, title },
    share: undefined,
    token,
    signedIn: undefined,
    rightOn,
    ownsDirectly: (site) => rightOn(site) === 'own',
    roleInTeam: () => undefined,
    mayRead: () => true,
    isOperator: false,
    mayCreateSites: scope === 'write' && sites === 'all',
  };
}

function ofShare(secret: string, share: Share): Caller {
  return {
    secret,
    limitKey: undefined,
    get who(): Actor {
      throw new Error('a share link changes nothing');
    },
    share,
    token: undefined,
    signedIn: undefined,
    rightOn: (site) => (site === share.site ? 'view' : undefined),
    mayRead: (report) => isShared(share, report),
    ownsDirectly: () => false,
    roleInTeam: () => undefined,
    isOperator: false,
    mayCreateSites: false,
  };
}

export const SESSION_COOKIE = 'hitherto';
/** How long a browser may show a shared page before it asks for the password again. */
const PROOF_DAYS = 30;

/** Reads the Authorization header, or else the cookie; never the address. */
function secretOf(req: IncomingMessage): string | undefined {
  const { authorization, cookie } = req.headers;
  if (authorization !== undefined) return /^Bearer +([^\s]+)$/i.exec(authorization)?.[1] ?? '';
  return cookie === undefined ? undefined : /(?:^|; *)hitherto=([^;\s]+)/.exec(cookie)?.[1];
}

export function setCookie(res: Response, secret: string, publicUrl: string): void {
  res.cookie(SESSION_COOKIE, secret, { ...cookieOptions(publicUrl), maxAge: SESSION_DAYS * DAY_MS });
}

/** `path`: of the share link. */
export function setProof(res: Response, proof: string, path: string, publicUrl: string): void {
  res.cookie(PROOF_COOKIE, proof, { ...cookieOptions(publicUrl), path, maxAge: PROOF_DAYS * DAY_MS });
}

export function clearCookie(res: Response, publicUrl: string): void {
  res.clearCookie(SESSION_COOKIE, cookieOptions(publicUrl));
}

function cookieOptions(publicUrl: string) {
  return { httpOnly: true, sameSite: 'lax', path: basePathOf(publicUrl) || '/', secure: publicUrl.startsWith('https:') } as const;
}
