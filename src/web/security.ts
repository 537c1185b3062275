// Who may call which route, and the headers of every answer. A route that is not in the table cannot be registered, and a
// request that matches none is refused.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { SITE_ID, type Site } from '../hit/site.js';
import type { Accounts, Token } from '../store/accounts.js';
import { hashOf } from '../store/token-secrets.js';
import { basePathOf } from './base-path.js';
import { type ErrorCode, type Problem, TooOften, WebError } from './errors.js';
import type { AppParts } from './parts.js';

/**
 * - `open`: the same answer for everyone
 * - `anyone`: no token is needed
 * - `reader`: any known token
 * - `site-reader`: a token that reads the site in the address; other sites are answered as if they did not exist
 * - `first-run`: the set-up secret, until the first site is created
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

/** What the guard passes to the handler, by role. */
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

/** `before`, a body parser, runs only after the guard has allowed the request. */
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

  /** Another process may have just created the site, so the store is asked before the site is reported as unknown. */
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
      // without a token, the API answers nothing that is worth limiting
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

/** Whether the request has the set-up secret and nothing is set up yet. */
export function mayBegin(given: string, accounts: Accounts, setupSecret: string): boolean {
  return accounts.isNew() && sameSecret(given, setupSecret);
}

/** Returns the token of a request if it is known. */
export function signedIn(req: IncomingMessage, accounts: Accounts): { token: Token; secret: string } | undefined {
  const secret = secretOf(req);
  const token = secret === undefined ? undefined : accounts.token(secret);
  return token === undefined ? undefined : { token, secret: secret as string };
}

/** Whether the request has a token that is unknown to this process; another process may have just created it. */
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

/** A site that the token may not read is answered exactly like one that does not exist. */
function demandSite(id: string, token: Token, accounts: Accounts): Site {
  const readable = SITE_ID.test(id) && mayRead(token, id);
  const site = readable ? accounts.site(id) : undefined;
  if (site !== undefined) return site;
  const isDamaged = readable && accounts.damagedSites().some((one) => one.id === id);
  throw new WebError(isDamaged ? 'damaged-site' : 'unknown-site');
}

const COOKIE = 'hitherto';
/** Browsers keep cookies for at most 400 days; a person who visits every quarter stays signed in. */
const COOKIE_AGE_MS = 100 * 86_400_000;

/** Reads the Authorization header, or else the cookie; never the address. */
function secretOf(req: IncomingMessage): string | undefined {
  const { authorization, cookie } = req.headers;
  if (authorization !== undefined) return /^Bearer +([^\s]+)$/i.exec(authorization)?.[1] ?? '';
  return cookie === undefined ? undefined : /(?:^|; *)hitherto=([^;\s]+)/.exec(cookie)?.[1];
}

export function setCookie(res: Response, secret: string, publicUrl: string): void {
  res.cookie(COOKIE, secret, { ...cookieOptions(publicUrl), maxAge: COOKIE_AGE_MS });
}

/** Returns the header that deletes the cookie. */
export function clearedCookie(publicUrl: string): string {
  const { path, secure } = cookieOptions(publicUrl);
  const parts = [`${COOKIE}=`, `Path=${path}`, `Expires=${new Date(0).toUTCString()}`, 'HttpOnly', 'SameSite=Lax'];
  return [...parts, ...(secure ? ['Secure'] : [])].join('; ');
}

function cookieOptions(publicUrl: string) {
  return { httpOnly: true, sameSite: 'lax', path: basePathOf(publicUrl) || '/', secure: publicUrl.startsWith('https:') } as const;
}

/** A form on another site must not act for the owner. Browsers name the origin of a request. A client that does not is not a
 * browser, and has no cookies except its own.
 */
export function problemOfOrigin(req: IncomingMessage, publicUrl: string): Problem | undefined {
  if (['GET', 'HEAD', 'OPTIONS'].includes(req.method ?? '')) return undefined;
  const { origin, host } = req.headers;
  const fetchSite = req.headers['sec-fetch-site'];
  // No page can forge this header, and it is right even if a proxy changes `Host`; but browsers send it only by https or
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
    message:
      `This form was sent from ${from.origin}, which this service does not know as its own address. If the address bar shows ` +
      `that address, set PUBLIC_URL=${wanted} and restart the service, or let the proxy pass on the Host header. If it does ` +
      'not, another web site sent the form.',
  };
}

/** The headers of every answer except the beacon's. */
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
        // so that no plain string can become a script or markup
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

/** In constant time for any lengths. */
function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return secret !== '' && timingSafeEqual(digest(given), digest(secret));
}
