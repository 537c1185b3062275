// Guards the routes: checks who sends a request before its handler runs.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Express, Request, RequestHandler, Response } from 'express';
import { SITE_ID, type Site } from '../hit/site.js';
import type { People } from '../people/people.js';
import { includes, mayCreateTeam, type Right } from '../people/rights.js';
import type { SignedIn } from '../people/sessions.js';
import type { Team } from '../people/team.js';
import { type Accounts, AccountsUnavailable } from '../store/accounts.js';
import { type Caller, type Callers, setCookie } from './callers.js';
import { demandDirectOwner } from './direct-owner.js';
import { type ErrorCode, WebError } from './errors.js';
import type { AppParts } from './parts.js';
import { type GuardedRole, type GuardedRoute, ROUTES, type Role } from './routes.js';
import type { UseToken } from './token-uses.js';
import { createDemandWithin } from './within-limits.js';

interface OnSite {
  readonly caller: Caller;
  readonly site: Site;
}

interface OnTeam {
  readonly caller: Caller;
  readonly signedIn: SignedIn;
  readonly team: Team;
}

/** What the guard passes to the handler, by role. */
interface Guarded extends Record<GuardedRole, object> {
  anyone: object;
  'first-run': object;
  reader: { readonly caller: Caller };
  person: { readonly caller: Caller; readonly signedIn: SignedIn };
  'site-creator': { readonly caller: Caller };
  operator: { readonly caller: Caller; readonly signedIn: SignedIn };
  'site-viewer': OnSite;
  'site-editor': OnSite;
  'site-owner': OnSite;
  'site-direct-owner': OnSite;
  'team-creator': { readonly caller: Caller; readonly signedIn: SignedIn };
  'team-member': OnTeam;
  'team-owner': OnTeam;
}

type GuardParts = Pick<
  AppParts,
  'accounts' | 'people' | 'setupSecret' | 'limits' | 'clientAddress' | 'publicUrl' | 'logError'
> & {
  readonly useToken: UseToken;
};

export type Handler<Key extends GuardedRoute> = (
  req: Request,
  res: Response,
  guarded: Guarded[(typeof ROUTES)[Key]],
) => void | Promise<void>;

export type AddRoute = <Key extends GuardedRoute>(route: Key, handler: Handler<Key>, ...before: RequestHandler[]) => void;

/** Their handlers count what has to be made. An answer that others have asked for before costs nearly nothing. */
const OF_REPORTS: readonly GuardedRoute[] = [
  'GET /api/v1/sites/:site/reports',
  'GET /api/v1/sites/:site/:report',
  'GET /api/v1/overview',
  'GET /api/v1/rollup/:report',
];

/** Reading a request takes time for each report and each site that it names. */
function namesIn({ query: { reports, sites } }: Request): number {
  return Math.max(...[reports, sites].map((names) => (typeof names === 'string' ? names.split(',').length : 1)));
}

/** `before`, a body parser, runs only after the guard has allowed the request. */
export function createRoutes(app: Express, parts: GuardParts, callers: Callers): AddRoute {
  const { accounts, people, publicUrl, logError } = parts;
  const demandWithin = createDemandWithin(parts);
  const guards = createGuards(parts, callers);

  /** Another process may have just created the site or team, so the store is asked before it is reported as unknown. */
  const admit = async (guard: (req: Request) => object, req: Request): Promise<object> => {
    try {
      return guard(req);
    } catch (error) {
      if (!(error instanceof WebError) || !['unknown-site', 'unknown-team'].includes(error.code)) throw error;
    }
    await accounts.refresh();
    return guard(req);
  };

  /** The request is answered even if the store cannot record this. */
  const renewSession = async (res: Response, { signedIn, secret }: Caller): Promise<void> => {
    if (signedIn === undefined) return;
    try {
      const renewed = await people.sessions.used(signedIn, secret);
      if (renewed !== undefined) setCookie(res, renewed, publicUrl());
    } catch (error) {
      if (!(error instanceof AccountsUnavailable)) logError?.(error); // such as a full disk
    }
  };

  return (route, handler, ...before) => {
    const [method, path] = route.split(' ') as [string, string];
    const guard = guards[ROUTES[route]];
    const check: RequestHandler = async (req, res, next) => {
      const guarded = await admit(guard, req);
      const caller = 'caller' in guarded ? (guarded.caller as Caller) : undefined;
      if (caller !== undefined && method === 'GET') await renewSession(res, caller);
      if (caller !== undefined && (path.startsWith('/api/') || method !== 'GET')) {
        if (OF_REPORTS.includes(route)) await demandWithin('answers', caller, req, namesIn(req));
        else await demandWithin('api', caller, req);
      }
      res.locals.guarded = guarded;
      res.locals.language = caller?.signedIn?.person.language;
      next();
    };
    const handle: RequestHandler = (req, res) => handler(req, res, res.locals.guarded as never);
    app[method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'](path, check, ...before, handle);
  };
}

function createGuards(
  { accounts, people, setupSecret, useToken }: GuardParts,
  callers: Callers,
): { [R in GuardedRole]: (req: Request) => Guarded[R] } {
  const demandCaller = (req: Request): Caller => {
    const caller = callers.of(req);
    if (caller === undefined) throw new WebError(callers.whyRefused(req));
    if (caller.token !== undefined) useToken(caller.secret, caller.token);
    return caller;
  };
  const demandPerson = (req: Request): Guarded['person'] => {
    const caller = demandCaller(req);
    if (caller.signedIn === undefined) throw new WebError('person-needed');
    return { caller, signedIn: caller.signedIn };
  };
  const onSite =
    (needed: Right) =>
    (req: Request): OnSite => {
      const caller = demandCaller(req);
      const site = demandSite(String(req.params.site), caller, accounts);
      if (!includes(caller.rightOn(site.id), needed)) throw new WebError('not-allowed');
      return { caller, site };
    };
  const onTeam = (req: Request): OnTeam => {
    const person = demandPerson(req);
    const id = String(req.params.team);
    const team = person.caller.roleInTeam(id) === undefined ? undefined : people.teams.team(id);
    if (team === undefined) throw new WebError('unknown-team');
    return { ...person, team };
  };
  return {
    anyone: () => ({}),
    'first-run': (req) => {
      const problem = setUpProblem(String(req.params.secret), people, setupSecret);
      if (problem !== undefined) throw new WebError(problem);
      return {};
    },
    reader: (req) => ({ caller: demandCaller(req) }),
    person: demandPerson,
    'site-creator': (req) => {
      const caller = demandCaller(req);
      if (!caller.mayCreateSites) throw new WebError(caller.signedIn === undefined ? 'not-allowed' : 'sites-limit');
      return { caller };
    },
    operator: (req) => {
      const person = demandPerson(req);
      if (!person.caller.isOperator) throw new WebError('not-allowed');
      return person;
    },
    'site-viewer': onSite('view'),
    'site-editor': onSite('edit'),
    'site-owner': onSite('own'),
    'site-direct-owner': (req) => {
      const on = onSite('own')(req);
      demandDirectOwner(on.caller, on.site.id);
      return on;
    },
    'team-creator': (req) => {
      const person = demandPerson(req);
      if (!mayCreateTeam(person.signedIn.person)) throw new WebError('not-allowed', ONLY_OWNERS);
      return person;
    },
    'team-member': onTeam,
    'team-owner': (req) => {
      const on = onTeam(req);
      if (on.caller.roleInTeam(on.team.id) !== 'owner') throw new WebError('not-allowed', ONLY_TEAM_OWNERS);
      return on;
    },
  };
}

const ONLY_OWNERS = {
  en: 'You are not allowed to do this. People who own a site, or may create one, can create teams.',
  de: 'Das dürfen Sie nicht. Personen, denen eine Website gehört oder die eine anlegen dürfen, können Teams ' + 'anlegen.',
};
const ONLY_TEAM_OWNERS = {
  en: 'You are not allowed to do this. An owner of the team, or an operator, can.',
  de: 'Das dürfen Sie nicht. Ein Inhaber des Teams oder ein Betreiber kann es.',
};

/** The roles for which neither a token nor a session is needed. */
export const NEED_NO_CALLER: ReadonlySet<Role> = new Set(['open', 'anyone', 'first-run']);

/** Undefined: this is the set-up secret, and there is no operator yet. */
export function setUpProblem(given: string, people: People, setupSecret: string): ErrorCode | undefined {
  if (people.directory.hasOperator()) return 'set-up-already';
  return sameSecret(given, setupSecret) ? undefined : 'not-found';
}

/** A site that the caller may not view is answered exactly like one that does not exist. */
function demandSite(id: string, caller: Caller, accounts: Accounts): Site {
  const isReadable = SITE_ID.test(id) && includes(caller.rightOn(id), 'view');
  const site = isReadable ? accounts.site(id) : undefined;
  if (site !== undefined) return site;
  const isDamaged = isReadable && accounts.damagedSites().some((one) => one.id === id);
  throw new WebError(isDamaged ? 'damaged-site' : 'unknown-site');
}

/** In constant time for any lengths. */
function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return secret !== '' && timingSafeEqual(digest(given), digest(secret));
}
