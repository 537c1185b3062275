// How the web answers errors: one table of all expected errors. Any other error is a 500 that reveals no details.
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Text } from '../language/languages.js';
import { TooBusy } from '../people/lanes.js';
import { ReportsBusy, ReportsUnavailable } from '../reporting/port.js';
import { AccountsUnavailable } from '../store/accounts.js';
import { TooMany } from '../store/too-many.js';
import type { Answer } from './answer.js';
import { GERMAN_ERRORS } from './german-errors.js';
import { errorPage } from './pages/error.js';
import type { Html } from './pages/html.js';
import { PAGE_HEADERS } from './pages/layout.js';
import { shareOverPage, sharePasswordPage } from './pages/share.js';
import { type SignInFrame, signInPage } from './pages/sign-in.js';
import { type Reader, readerOf } from './reader.js';

export const ERRORS = {
  'bad-request': { status: 400, message: 'The request is malformed. Check it against /api/v1/openapi.json.' },
  'not-signed-in': { status: 401, message: 'A token is needed. Send it as "Authorization: Bearer hit_…", or sign in at /.' },
  'token-in-address': {
    status: 401,
    message: 'Tokens in addresses are ignored, since addresses are logged. Send it as "Authorization: Bearer hit_…".',
  },
  'unknown-token': {
    status: 401,
    message: 'This token is unknown or was revoked. Create another with `hitherto token add`.',
  },
  'session-ended': { status: 401, message: 'Your session has ended. Sign in again.' },
  'share-locked': { status: 401, message: 'This shared page needs a password. Open its link in a browser to enter it.' },
  'share-over': { status: 404, message: 'This link was revoked, or it has expired.' },
  'person-needed': { status: 403, message: 'Only a person who has signed in with a password can do this; a token cannot.' },
  'not-shared': { status: 403, message: 'This link does not show this report. Ask the person who sent it for another link.' },
  'not-allowed': { status: 403, message: 'You are not allowed to do this. An owner of the site, or an operator, can.' },
  'sites-limit': {
    status: 403,
    message: 'You own as many sites as you may. An operator of this service can raise the limit.',
  },
  'hits-limit': {
    status: 403,
    message:
      'Your sites have reached their limit of hits this month, so you cannot create another one. All hits are still counted. ' +
      'An operator of this service can raise the limit.',
  },
  'other-origin': { status: 403, message: 'This request came from another web site. Use the form on the page itself.' },
  'direct-owner-needed': {
    status: 403,
    message: 'Only a person who owns the site without a team, or an operator, can do this.',
  },
  'not-found': { status: 404, message: 'There is nothing here. Check the address.' },
  'set-up-already': {
    status: 404,
    message: 'This service is set up already, so this link has ended. Sign in at the start page.',
  },
  'unknown-site': { status: 404, message: 'You have access to no such site. /api/v1/sites lists your sites.' },
  'damaged-site': {
    status: 500,
    message: 'The settings of this site are damaged in the store. `hitherto site list` explains what is wrong and what to do.',
  },
  'site-id-taken': { status: 409, message: 'This id is or was a site here, and ids are never used again. Choose another id.' },
  'unknown-token-prefix': { status: 404, message: 'There is no such token for this site.' },
  'unknown-share': { status: 404, message: 'There is no such share link for this site.' },
  'unknown-annotation': { status: 404, message: 'There is no such annotation of this site.' },
  'unknown-member': { status: 404, message: 'This person is not a member of the site.' },
  'unknown-team': { status: 404, message: 'You are in no such team. The page Teams lists your teams.' },
  'team-full': { status: 409, message: 'The team is full: it has as many sites or members as a team may have.' },
  'teams-limit': { status: 409, message: 'You own as many teams as a person may. Delete one that you do not need.' },
  'last-owner': { status: 409, message: 'This is the only owner of the site. Make somebody else an owner first.' },
  'password-needed': {
    status: 409,
    message: 'Your account has no password, so nobody could sign in to it any more. Choose a password first.',
  },
  'only-operator': {
    status: 409,
    message: 'You are the only operator, so your account cannot be deleted. Make somebody else an operator first.',
  },
  'too-many': { status: 409, message: 'There are too many of these already. Remove some first.' },
  'unknown-report': { status: 404, message: 'There is no such report. /api/v1/openapi.json lists them.' },
  'too-often': { status: 429, message: 'Too many calls in a short time. Wait for the number of seconds in Retry-After.' },
  'too-many-live-views': {
    status: 429,
    message: 'Too many live views are open with this token or from your address. Close some, or try again in a minute.',
  },
  'store-away': {
    status: 503,
    message: 'The store does not answer at the moment. Hits are still recorded. Try again in a minute.',
  },
  'too-busy': {
    status: 503,
    message: 'Too many passwords are being checked right now. Try again in a few seconds.',
  },
  'too-many-reports': {
    status: 503,
    message: 'Too many reports are being made right now. Try again in a few seconds.',
  },
  'too-many-watchers': { status: 503, message: 'Too many live views are open. Close some, or try again in a minute.' },
  internal: { status: 500, message: 'An internal error occurred and was logged. Try again.' },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** Where pages need another sentence than programs. */
const ON_PAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  'unknown-site': 'There is no such site, or you have no access to it. The start page lists your sites.',
};

/** The message of an error as pages show it. */
export function textOf(code: ErrorCode): Text {
  const german: Readonly<Record<ErrorCode, string>> = GERMAN_ERRORS;
  return { en: ON_PAGES[code] ?? ERRORS[code].message, de: german[code] };
}

/** The default. */
const RETRY_AFTER_SECONDS = 60;
const RETRY_AFTER_BUSY_SECONDS = 5;
const BUSY: readonly ErrorCode[] = ['too-busy', 'too-many-reports'];

/** An error as it is reported; the default message is in the table. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message?: string;
  /** The message as pages show it. Absent: the message, or the default in every language. */
  readonly text?: Text | undefined;
  /** The parameter, or the field of the body, that is wrong. */
  readonly field?: string | undefined;
  readonly retryAfterSeconds?: number;
}

/** An expected error; the table says how it is answered. */
export class WebError extends Error implements Problem {
  readonly text: Text | undefined;

  constructor(
    readonly code: ErrorCode,
    message?: string | Text,
    readonly field?: string,
  ) {
    super((typeof message === 'object' ? message.en : message) ?? ERRORS[code].message);
    this.text = typeof message === 'object' ? message : message === undefined ? textOf(code) : undefined;
  }
}

/** Tells the client how many seconds to wait. */
export class TooOften extends WebError {
  constructor(readonly retryAfterSeconds: number) {
    super('too-often');
  }
}

export function createErrorHandler(logError: (error: unknown) => void, frame: () => SignInFrame): ErrorRequestHandler {
  return (thrown: unknown, req: Request, res: Response, _next) => {
    const error = expected(thrown);
    if (error.code === 'internal' && !hasLeft(thrown)) logError(thrown);
    if (res.headersSent) {
      res.destroy();
      return;
    }
    const { status, headers, body } = errorAnswer(error, wantsPage(req.path) ? readerOf(res) : undefined, frame());
    res.status(status).set(headers).send(body);
  };
}

/** Returns a page for its reader; if that is undefined, JSON for programs. */
export function errorAnswer(
  { code, message, text, field, retryAfterSeconds }: Problem,
  reader: Reader | undefined,
  frame: SignInFrame,
): Answer {
  const { status } = ERRORS[code];
  const isLater = status === 429 || status === 503;
  const headers = {
    'Cache-Control': 'no-store',
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(isLater && {
      'Retry-After': String(retryAfterSeconds ?? (BUSY.includes(code) ? RETRY_AFTER_BUSY_SECONDS : RETRY_AFTER_SECONDS)),
    }),
  };
  if (reader !== undefined) {
    const shown = pageOf(code, text ?? message ?? textOf(code), frame);
    return { status, headers: { ...headers, ...PAGE_HEADERS }, body: shown.in(reader.locale, reader.theme) };
  }
  const error = { code, message: message ?? ERRORS[code].message, ...(field !== undefined && { field }) };
  return { status, headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify({ error }) };
}

function pageOf(code: ErrorCode, message: string | Text, frame: SignInFrame): Html {
  const { base } = frame;
  if (code === 'share-locked') return sharePasswordPage(base);
  if (code === 'share-over') return shareOverPage(base);
  if (ERRORS[code].status !== 401) return errorPage(base, message, ERRORS[code].status === 404);
  return signInPage(frame, { problem: code === 'not-signed-in' ? undefined : message });
}

/** A client that disconnects before its answer is sent is nothing an operator could fix. */
function hasLeft(thrown: unknown): boolean {
  return ['ECONNABORTED', 'ECONNRESET', 'EPIPE'].includes((thrown as NodeJS.ErrnoException | null)?.code ?? '');
}

/** Whether a path is for people, who see a page, rather than for programs. */
export function wantsPage(path: string): boolean {
  return !/^\/(api|health)(\/|$)/.test(path);
}

/** Express and its parsers throw errors with a status. Those below 500 are the caller's, and their messages may echo input. */
function expected(error: unknown): WebError {
  if (error instanceof WebError) return error;
  if (error instanceof ReportsBusy) return new WebError('too-many-reports');
  if (error instanceof ReportsUnavailable || error instanceof AccountsUnavailable)
    return new WebError('store-away', { en: error.message, de: GERMAN_ERRORS['store-away'] });
  if (error instanceof TooMany) return new WebError('too-many', error.text);
  if (error instanceof TooBusy) return new WebError('too-busy');
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 404) return new WebError('not-found');
  return new WebError(typeof status === 'number' && status >= 400 && status < 500 ? 'bad-request' : 'internal');
}
