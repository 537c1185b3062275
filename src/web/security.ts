// Who may call which route, and the headers that every answer carries. A route that is not in the table cannot be registered;
// a request that meets none is refused.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { SITE_ID, type Site } from '../hit/site.js';
import { hashOf } from '../store/account-records.js';
import type { Accounts, Token } from '../store/accounts.js';
import { basePathOf } from './base-path.js';
import { type ErrorCode, type Problem, TooOften, WebError } from './errors.js';
import type { AppParts } from './parts.js';

/**
 * - `open`: the same answer for everyone, whoever asks
 * - `anyone`: no token needed
 * - `reader`: any token that is known
 * - `site-reader`: a token that reads the site in the address; any other site is answered as one that does not exist
 * - `first-run`: who knows the set-up secret, as long as nothing was set up
 */
export type Role = 'open' | 'anyone' | 'reader' | 'site-reader' | 'first-run';

export const ROUTES = {
  'GET /health': 'open',
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /track.js': 'open',
  'GET /page.js': 'open',
  'GET /page.css': 'open',
  'GET /uPlot.min.css': 'open',
  'GET /api/v1/openapi.json': 'open',
  'GET /': 'reader',
  'POST /sign-in': 'anyone',
  'POST /sign-out': 'open',
  'GET /setup/:secret': 'first-run',
  'POST /setup/:secret': 'first-run',
  'GET /sites/:site': 'site-reader',
  'GET /api/v1/sites': 'reader',
  'GET /api/v1/sites/:site': 'site-reader',
  'GET /api/v1/sites/:site/live': 'site-reader',
  'GET /api/v1/sites/:site/:report': 'site-reader',
} as const satisfies Record<string, Role>;

export type Route = keyof typeof ROUTES;
type GuardedRole = Exclude<Role, 'open'>;
export type OpenRoute = { [Key in Route]: (typeof ROUTES)[Key] extends 'open' ? Key : never }[Route];
export type GuardedRoute = Exclude<Route, OpenRoute>;

/** What the guard found out, by role. */
interface Callers {
  anyone: object;
  reader: { readonly token: Token; readonly secret: string };
  'site-reader': { readonly token: Token; readonly secret: string; readonly site: Site };
  'first-run': object;
}

type GuardParts = Pick<AppParts, 'accounts' | 'setupSecret' | 'limits'>;

export type Handler<Key extends GuardedRoute> = (
  req: Request,
  res: Response,
  caller: Callers[(typeof ROUTES)[Key]],
) => void | Promise<void>;

export type AddRoute = <Key extends GuardedRoute>(route: Key, handler: Handler<Key>, ...before: RequestHandler[]) => void;

/** `before` (a body parser) runs only once the guard has let the request through. */
export function createRoutes(app: Express, { accounts, setupSecret, limits }: GuardParts): AddRoute {
  const guards: { [R in GuardedRole]: (req: Request) => Callers[R] } = {
    anyone: () => ({}),
    reader: (req) => demandToken(req, accounts),
    'site-reader': (req) => {
      const signed = demandToken(req, accounts);
      return { ...signed, site: demandSite(String(req.params.site), signed.token, accounts) };
    },
    'first-run': (req) => {
      if (!mayBegin(String(req.params.secret), accounts, setupSecret)) throw new WebError('not-found');
      return {};
    },
  };

  /** A site may have been made a moment ago, by another process: before it is said not to exist, the store is asked. */
  const admit = async (guard: (req: Request) => never, req: Request): Promise<never> => {
    try {
      return guard(req);
    } catch (error) {
      if (!(error instanceof WebError) || error.code !== 'unknown-site') throw error;
    }
    await accounts.refresh();
    return guard(req);
  };

  return (route, handler, ...before) => {
    const [method, path] = route.split(' ') as ['GET' | 'POST', string];
    const guard = guards[ROUTES[route]] as (req: Request) => never;
    const check: RequestHandler = async (req, res, next) => {
      const caller = (await admit(guard, req)) as Callers[GuardedRole];
      // without a token the API answers nothing worth asking for often
      if (route.startsWith('GET /api/') && 'secret' in caller) {
        const taken = await limits.take('api', caller.secret);
        if (!taken.allowed) throw new TooOften(taken.retryAfterSeconds);
      }
      res.locals.caller = caller;
      next();
    };
    const handle: RequestHandler = (req, res) => handler(req, res, res.locals.caller as never);
    app[method === 'GET' ? 'get' : 'post'](path, check, ...before, handle);
  };
}

export function mayRead(token: Token, siteId: string): boolean {
  return token.sites === 'all' || token.sites.includes(siteId);
}

/** Whether a request has the set-up secret, and nothing was set up yet. */
export function mayBegin(given: string, accounts: Accounts, setupSecret: string): boolean {
  return accounts.isNew() && sameSecret(given, setupSecret);
}

/** The token that a request has, if it is known. */
export function signedIn(req: IncomingMessage, accounts: Accounts): { token: Token; secret: string } | undefined {
  const secret = secretOf(req);
  const token = secret === undefined ? undefined : accounts.token(secret);
  return token === undefined ? undefined : { token, secret: secret as string };
}

/** Whether a request has a token that is not known to this process: another may have made it a moment ago. */
export function mayBeNewToken(req: IncomingMessage, accounts: Accounts): boolean {
  const secret = secretOf(req);
  return secret !== undefined && hashOf(secret) !== undefined && accounts.token(secret) === undefined;
}

function demandToken(req: Request, accounts: Accounts): { token: Token; secret: string } {
  const signed = signedIn(req, accounts);
  if (signed === undefined) throw new WebError(whyNotSignedIn(req));
  return signed;
}

export function whyNotSignedIn(req: IncomingMessage): ErrorCode {
  if (secretOf(req) !== undefined) return 'unknown-token';
  return /[?&=]hit_/.test(req.url ?? '') ? 'token-in-address' : 'not-signed-in';
}

/** A site that the token does not read is answered exactly as one that is not there. */
function demandSite(id: string, token: Token, accounts: Accounts): Site {
  const readable = SITE_ID.test(id) && mayRead(token, id);
  const site = readable ? accounts.site(id) : undefined;
  if (site !== undefined) return site;
  const isDamaged = readable && accounts.damagedSites().some((one) => one.id === id);
  throw new WebError(isDamaged ? 'damaged-site' : 'unknown-site');
}

const COOKIE = 'hitherto';
/** Browsers keep no cookie longer than 400 days; a person who comes every quarter stays signed in. */
const COOKIE_AGE_MS = 100 * 86_400_000;

/** From the Authorization header, else the cookie; never from the address. */
function secretOf(req: IncomingMessage): string | undefined {
  const { authorization, cookie } = req.headers;
  if (authorization !== undefined) return /^Bearer +([^\s]+)$/i.exec(authorization)?.[1] ?? '';
  return cookie === undefined ? undefined : /(?:^|; *)hitherto=([^;\s]+)/.exec(cookie)?.[1];
}

export function setCookie(res: Response, secret: string, publicUrl: string): void {
  res.cookie(COOKIE, secret, { ...cookieOptions(publicUrl), maxAge: COOKIE_AGE_MS });
}

/** The header that takes the cookie away again. */
export function clearedCookie(publicUrl: string): string {
  const { path, secure } = cookieOptions(publicUrl);
  const parts = [`${COOKIE}=`, `Path=${path}`, `Expires=${new Date(0).toUTCString()}`, 'HttpOnly', 'SameSite=Lax'];
  return [...parts, ...(secure ? ['Secure'] : [])].join('; ');
}

function cookieOptions(publicUrl: string) {
  return { httpOnly: true, sameSite: 'lax', path: basePathOf(publicUrl) || '/', secure: publicUrl.startsWith('https:') } as const;
}

/**
 * A form on another site must not act in the owner's name. Browsers say where a request comes from; what says nothing of it is no
 * browser, and has no cookie that it was not given.
 */
export function problemOfOrigin(req: IncomingMessage, publicUrl: string): Problem | undefined {
  if (['GET', 'HEAD', 'OPTIONS'].includes(req.method ?? '')) return undefined;
  const { origin, host } = req.headers;
  const fetchSite = req.headers['sec-fetch-site'];
  // No page can make this header up, and it is right whatever a proxy does to `Host`; but it comes only by https, or
  // on this machine.
  if (fetchSite !== undefined) return fetchSite === 'same-origin' ? undefined : { code: 'other-origin' };
  if (origin === undefined) return undefined;
  if (!URL.canParse(origin)) return { code: 'other-origin' };
  const own = URL.canParse(publicUrl) ? new URL(publicUrl).origin : '';
  const from = new URL(origin);
  if (from.host === host || from.origin === own) return undefined;
  const wanted = from.origin + basePathOf(publicUrl);
  return {
    code: 'other-origin',
    message: `This form was sent from ${from.origin}, which this service does not know as its own address. If that is what the address bar shows, set PUBLIC_URL=${wanted} and restart the service, or let the proxy pass on the Host header. If it is not, another web site has sent the form.`,
  };
}

/** The headers that every answer has, but for the beacon's. */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const collecting = {
    setHeader: (name: string, value: string) => {
      headers[name] = value;
    },
    removeHeader: () => {},
  };
  const addTo = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // as plain strings nothing can become a script or markup
        requireTrustedTypesFor: ["'script'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false, // below: only where people do come by https
    xFrameOptions: { action: 'deny' },
  });
  addTo({} as IncomingMessage, collecting as unknown as ServerResponse, () => {});
  if (publicUrl.startsWith('https:')) headers['Strict-Transport-Security'] = 'max-age=31536000';
  return headers;
}

/** In constant time, whatever the lengths. */
function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return secret !== '' && timingSafeEqual(digest(given), digest(secret));
}
