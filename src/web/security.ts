// Who may call which route, and the headers that every answer carries. A route that is not in the table cannot be registered;
// a request that meets none is refused.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { Accounts, Token } from '../accounts/port.js';
import { addressKey } from '../hit/address.js';
import { SITE_ID, type Site } from '../hit/site.js';
import type { LimitName } from '../limits/port.js';
import { TooOften, WebError } from './errors.js';
import type { AppParts } from './parts.js';

/**
 * - `anyone`: no token needed, though one is read if it is there
 * - `reader`: any token that is known
 * - `site-reader`: a token that reads the site in the address; any other site is answered as one that does not exist
 * - `first-run`: who knows the set-up secret, as long as there is no site and no token at all
 */
export type Role = 'anyone' | 'reader' | 'site-reader' | 'first-run';

export const ROUTES = {
  'GET /health': 'anyone',
  'GET /track.js': 'anyone',
  'GET /page.js': 'anyone',
  'GET /page.css': 'anyone',
  'GET /uPlot.min.css': 'anyone',
  'GET /': 'anyone',
  'POST /sign-in': 'anyone',
  'POST /sign-out': 'anyone',
  'GET /setup/:secret': 'first-run',
  'POST /setup/:secret': 'first-run',
  'GET /sites/:site': 'site-reader',
  'GET /api/v1/openapi.json': 'anyone',
  'GET /api/v1/sites': 'reader',
  'GET /api/v1/sites/:site': 'site-reader',
  'GET /api/v1/sites/:site/live': 'site-reader',
  'GET /api/v1/sites/:site/:report': 'site-reader',
} as const satisfies Record<string, Role>;

export type Route = keyof typeof ROUTES;

/** What the guard found out, by role. */
interface Callers {
  anyone: { readonly token: Token | undefined };
  reader: { readonly token: Token; readonly secret: string };
  'site-reader': { readonly token: Token; readonly secret: string; readonly site: Site };
  'first-run': object;
}

export type Handler<Key extends Route> = (
  req: Request,
  res: Response,
  caller: Callers[(typeof ROUTES)[Key]],
) => void | Promise<void>;

export type AddRoute = <Key extends Route>(route: Key, handler: Handler<Key>, ...before: RequestHandler[]) => void;

/** `before` (a body parser) runs only once the guard has let the request through. */
export function createRoutes(
  app: Express,
  parts: Pick<AppParts, 'accounts' | 'setupSecret' | 'limits' | 'clientAddress'>,
): AddRoute {
  const { accounts, setupSecret } = parts;
  const guards: { [R in Role]: (req: Request) => Callers[R] } = {
    anyone: (req) => ({ token: signedIn(req, accounts)?.token }),
    reader: (req) => demandToken(req, accounts),
    'site-reader': (req) => {
      const signed = demandToken(req, accounts);
      return { ...signed, site: demandSite(String(req.params.site), signed.token, accounts) };
    },
    'first-run': (req) => {
      if (!isFirstRun(accounts) || !sameSecret(String(req.params.secret), setupSecret)) throw new WebError('not-found');
      return {};
    },
  };

  return (route, handler, ...before) => {
    const [method, path] = route.split(' ') as ['GET' | 'POST', string];
    const guard = guards[ROUTES[route]] as (req: Request) => never;
    const check: RequestHandler = async (req, res, next) => {
      const caller = guard(req);
      const counted = countedCall(route, caller, req, parts);
      if (counted !== undefined) {
        const taken = await parts.limits.take(...counted);
        if (!taken.allowed) throw new TooOften(taken.retryAfterSeconds);
      }
      res.locals.caller = caller;
      next();
    };
    const handle: RequestHandler = (req, res) => handler(req, res, res.locals.caller as never);
    app[method === 'GET' ? 'get' : 'post'](path, check, ...before, handle);
  };
}

/** Which limit a call counts against, and as whose; undefined: none. Without a token the API answers nothing worth asking for often. */
function countedCall(
  route: Route,
  caller: Callers[Role],
  req: Request,
  { clientAddress }: Pick<AppParts, 'clientAddress'>,
): [LimitName, string] | undefined {
  if (route === 'POST /sign-in') return ['sign-in', addressKey(clientAddress(req))];
  return route.startsWith('GET /api/') && 'secret' in caller ? ['api', caller.secret] : undefined;
}

export function mayRead(token: Token, siteId: string): boolean {
  return token.sites === 'all' || token.sites.includes(siteId);
}

export function isFirstRun(accounts: Accounts): boolean {
  return accounts.sites().length === 0 && accounts.tokens().length === 0;
}

function signedIn(req: Request, accounts: Accounts): { token: Token; secret: string } | undefined {
  const secret = secretOf(req);
  const token = secret === undefined ? undefined : accounts.token(secret);
  return token === undefined ? undefined : { token, secret: secret as string };
}

function demandToken(req: Request, accounts: Accounts): { token: Token; secret: string } {
  const signed = signedIn(req, accounts);
  if (signed !== undefined) return signed;
  if (secretOf(req) !== undefined) throw new WebError('unknown-token');
  throw new WebError(/[?&=]hit_/.test(req.url) ? 'token-in-address' : 'not-signed-in');
}

/** A site that the token does not read is answered exactly as one that is not there. */
function demandSite(id: string, token: Token, accounts: Accounts): Site {
  const site = SITE_ID.test(id) && mayRead(token, id) ? accounts.site(id) : undefined;
  if (site === undefined) throw new WebError('unknown-site');
  return site;
}

const COOKIE = 'hitherto';
/** Browsers keep no cookie longer than 400 days; a person who comes every quarter stays signed in. */
const COOKIE_AGE_MS = 100 * 86_400_000;

/** From the Authorization header, else the cookie; never from the address. */
function secretOf(req: Request): string | undefined {
  const { authorization, cookie } = req.headers;
  if (authorization !== undefined) return /^Bearer +([^\s]+)$/i.exec(authorization)?.[1] ?? '';
  return cookie === undefined ? undefined : /(?:^|; *)hitherto=([^;\s]+)/.exec(cookie)?.[1];
}

export function setCookie(res: Response, secret: string, publicUrl: string): void {
  res.cookie(COOKIE, secret, { ...cookieOptions(publicUrl), maxAge: COOKIE_AGE_MS });
}

export function clearCookie(res: Response, publicUrl: string): void {
  res.clearCookie(COOKIE, cookieOptions(publicUrl));
}

function cookieOptions(publicUrl: string) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: publicUrl.startsWith('https:') } as const;
}

/**
 * A form on another site must not act in the owner's name. Browsers say where a request comes from; what says nothing of it is no
 * browser, and has no cookie that it was not given.
 */
export function refuseOtherOrigins(publicUrl: () => string): RequestHandler {
  return (req, _res, next) => {
    if (!['GET', 'HEAD', 'OPTIONS'].includes(req.method) && !isSameOrigin(req, publicUrl())) throw new WebError('other-origin');
    next();
  };
}

function isSameOrigin(req: Request, publicUrl: string): boolean {
  const { origin, host } = req.headers;
  const fetchSite = req.headers['sec-fetch-site'];
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
  if (origin === undefined) return true;
  return (
    URL.canParse(origin) && (new URL(origin).host === host || (URL.canParse(publicUrl) && new URL(publicUrl).origin === origin))
  );
}

export function securityHeaders(publicUrl: () => string): RequestHandler {
  const headers = helmet({
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
  return (req: Request, res: Response, next: NextFunction) => {
    if (publicUrl().startsWith('https:')) res.setHeader('Strict-Transport-Security', 'max-age=31536000');
    headers(req, res, next);
  };
}

/** In constant time, whatever the lengths. */
function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return secret !== '' && timingSafeEqual(digest(given), digest(secret));
}
