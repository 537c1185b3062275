// Every request except the beacon's passes here first. Requests without a token or a session get a prepared
// answer here, so that they cost the thread that accepts hits no more than a hit does. Only requests with one, and forms,
// go on to Express.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { addressKey } from '../hit/address.js';
import { isTooLarge } from './body.js';
import type { Callers } from './callers.js';
import { codeSecretOf } from './code-cookie.js';
import { type ErrorCode, errorAnswer, type Problem, wantsPage } from './errors.js';
import { problemOfOrigin } from './origin.js';
import type { Html } from './pages/html.js';
import { PAGE_HEADERS } from './pages/layout.js';
import { notSetUpPage, signInPage } from './pages/sign-in.js';
import type { AppParts } from './parts.js';
import type { Prepared, Preparing } from './prepared.js';
import { linkCookieIn } from './provider-cookies.js';
import { keyOf, type Reader, strangerOf } from './reader.js';
import { routeOf } from './route-of.js';
import { type OpenRoute, ROUTES, type Route } from './routes.js';
import { NEED_NO_CALLER, setUpProblem } from './security.js';
import { asSharedRequest } from './shared.js';
import { signInFrame } from './sign-in-frame.js';

export type Open = (req: IncomingMessage) => Prepared;

type FrontParts = Pick<
  AppParts,
  'accounts' | 'people' | 'provider' | 'limits' | 'clientAddress' | 'publicUrl' | 'setupSecret'
> & {
  readonly callers: Callers;
};

const TOO_LARGE_TEXT = {
  en: 'The body of the request exceeds 64 KB, which no call accepts.',
  de: 'Der Inhalt der Anfrage ist größer als 64 KB. Das wird nirgends angenommen.',
};
const TOO_LARGE: Problem = { code: 'bad-request', message: TOO_LARGE_TEXT.en, text: TOO_LARGE_TEXT };

/** Also for people who are signed in. Coming back from a provider causes requests to it. */
const LIMITED_FOR_ALL: readonly Route[] = ['POST /sign-in', 'POST /sign-in/passkey', 'GET /sign-in/oidc/callback'];

/** Their answers depend on nothing that the request contains. */
const NOTHING_TO_GUESS: readonly Route[] = [
  'GET /sign-in/oidc',
  'POST /sign-in/passkey/options',
  'POST /language',
  'POST /theme',
];

/** `open` answers the open routes; `further` handles all other requests that are allowed. */
export function createFront(
  parts: FrontParts,
  { prepare, error }: Preparing,
  open: ReadonlyMap<OpenRoute, Open>,
  further: RequestListener,
): RequestListener {
  const { accounts, people, callers, limits, clientAddress, publicUrl, setupSecret } = parts;
  const asPage = (make: () => Html) =>
    onceForEach(({ locale, theme }: Reader) => prepare({ status: 200, headers: PAGE_HEADERS, body: make().in(locale, theme) }));
  const notSetUp = asPage(() => notSetUpPage(signInFrame(parts).base));
  // not at the start, when the address may be unknown
  const signIn = asPage(() => signInPage(signInFrame(parts)));
  const tooLarge = onceForEach((reader: Reader | undefined) => prepare(errorAnswer(TOO_LARGE, reader, signInFrame(parts))));

  const beginning = (reader: Reader): Prepared =>
    accounts.isNew() && !people.directory.hasOperator() ? notSetUp(reader) : signIn(reader);

  /** Returns the prepared answer, or `undefined` if the request goes on to Express. */
  const answerTo = (req: IncomingMessage, path: string, route: Route | undefined): Prepared | undefined => {
    const refuse = (code: ErrorCode): Prepared => error({ code }, readerIn(req, path));
    const problem = problemOfOrigin(req, publicUrl());
    if (problem !== undefined) return error(problem, readerIn(req, path));
    const role = route && ROUTES[route];
    if (role === 'open') return open.get(route as OpenRoute)?.(req) ?? refuse('not-found');
    // also for known callers: Express reads some addresses differently, and would answer them without the limits
    if (role === undefined) return refuse('not-found');
    if (role === 'anyone' || callers.of(req) !== undefined) return undefined;
    if (role !== 'first-run') {
      const why = callers.whyRefused(req);
      return route === 'GET /' && !why.startsWith('share-') ? beginning(strangerOf(req)) : refuse(why);
    }
    const why = setUpProblem(path.split('/')[2] as string, people, setupSecret);
    return why && refuse(why);
  };

  const mayBeGuess = (req: IncomingMessage, route: Route | undefined): boolean => {
    if (route === undefined || ROUTES[route] !== 'anyone') return false;
    if (NOTHING_TO_GUESS.includes(route)) return false;
    // anybody may have a share link, and people with an account may guess the passwords of others
    if (!LIMITED_FOR_ALL.includes(route) && callers.of(req)?.limitKey !== undefined) return false;
    // after the right password or the right identity, guesses are limited by person
    if (route.endsWith(' /sign-in/code')) return people.pendingSignIns.personOf(codeSecretOf(req)) === undefined;
    return !route.endsWith(' /sign-in/oidc/link') || people.identities.proposedTo(linkCookieIn(req).secret) === undefined;
  };

  /** Guessing is slow, whether it is a password, a token or the secret of a link. */
  const limitGuesses = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const taken = await limits.take('sign-in', addressKey(clientAddress(req)));
    if (taken.allowed) further(req, res);
    else error({ code: 'too-often', retryAfterSeconds: taken.retryAfterSeconds }, strangerOf(req)).send(req, res);
  };

  return (req, res) => {
    asSharedRequest(req);
    const path = pathOf(req.url ?? '');
    if (isTooLarge(req)) {
      tooLarge(readerIn(req, path)).sendEarly(res);
      return;
    }
    const route = routeOf(req.method ?? '', path);
    const respond = (): void => {
      const answer = answerTo(req, path, route);
      if (answer !== undefined) answer.send(req, res);
      else if (mayBeGuess(req, route)) void limitGuesses(req, res);
      else further(req, res);
    };
    const needsCaller = route !== undefined && !NEED_NO_CALLER.has(ROUTES[route]);
    if (needsCaller && callers.mayBeNew(req))
      accounts.refresh().then(respond, () => error({ code: 'store-away' }, readerIn(req, path)).send(req, res));
    else respond();
  };
}

function pathOf(url: string): string {
  const question = url.indexOf('?');
  return question < 0 ? url : url.slice(0, question);
}

/** For whom the answer is a page; undefined: it is JSON. */
function readerIn(req: IncomingMessage, path: string): Reader | undefined {
  return wantsPage(path) ? strangerOf(req) : undefined;
}

function onceForEach<R extends Reader | undefined>(make: (reader: R) => Prepared): (reader: R) => Prepared {
  const made = new Map<string, Prepared>();
  return (reader) => {
    const key = keyOf(reader);
    const known = made.get(key) ?? make(reader);
    made.set(key, known);
    return known;
  };
}
