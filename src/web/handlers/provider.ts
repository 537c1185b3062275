// Signing in through the provider: going there and coming back.
import type { Request, Response } from 'express';
import { fieldChange, providerChange, signInChange } from '../../operations/audit/changes.js';
import type { Person } from '../../people/person.js';
import { ProviderProblem, type SignInProvider } from '../../people/provider.js';
import type { Arrival, Purpose } from '../../people/provider-sign-ins.js';
import { newLinkSecret } from '../../people/secrets.js';
import { basePathOf } from '../base-path.js';
import { actorOf, type Callers } from '../callers.js';
import { setCookieOf } from '../code-cookie.js';
import { WebError } from '../errors.js';
import { errorPage } from '../pages/error.js';
import { linkOverPage } from '../pages/links.js';
import { signInPage } from '../pages/sign-in.js';
import type { AppParts } from '../parts.js';
import { type AwayFor, awayIn, clearAway, setAway, setLinkCookie } from '../provider-cookies.js';
import type { AddRoute } from '../security.js';
import { signInFrame } from '../sign-in-frame.js';
import { browserOf, goTo, show } from './form.js';
import { recordAccepted } from './links.js';
import { addProviderLinks } from './provider-links.js';
import { failureOf, refusalOf, type Told } from './provider-texts.js';

export function addProvider(addRoute: AddRoute, parts: AppParts, callers: Callers): void {
  addStarts(addRoute, parts, callers);
  addCallback(addRoute, parts, callers);
  addProviderLinks(addRoute, parts, callers);
}

/** Shows why somebody could not sign in. */
type Tell = (req: Request, res: Response, told: Told) => void;

function createTell(parts: AppParts, callers: Callers): Tell {
  return (req, res, { status, text }) => {
    const frame = signInFrame(parts);
    const isSignedIn = callers.of(req)?.signedIn !== undefined;
    show(res, isSignedIn ? errorPage(frame.base, text) : signInPage(frame, { problem: text }), status);
  };
}

function demandProvider({ provider }: AppParts): SignInProvider {
  if (provider === undefined) throw new WebError('not-found');
  return provider;
}

function callbackOf({ publicUrl }: AppParts): string {
  return `${publicUrl()}/sign-in/oidc/callback`;
}

/** These are links and not forms, because a form may not lead to another host; see security-headers.ts. */
function addStarts(addRoute: AddRoute, parts: AppParts, callers: Callers): void {
  const { accounts, people, publicUrl } = parts;
  const tell = createTell(parts, callers);

  const start = async (req: Request, res: Response, purpose: AwayFor): Promise<void> => {
    const provider = demandProvider(parts);
    const secret = newLinkSecret();
    try {
      const address = await provider.authorizationUrl({ secret, callback: callbackOf(parts) });
      setAway(res, { secret, purpose }, publicUrl());
      goTo(res, address);
    } catch (error) {
      if (!(error instanceof ProviderProblem)) throw error;
      tell(req, res, failureOf(error.failure, provider.host));
    }
  };

  addRoute('GET /sign-in/oidc', (req, res) => start(req, res, { kind: 'sign-in' }));
  addRoute('GET /account/oidc', (req, res) => start(req, res, { kind: 'link' }));
  addRoute('GET /invitations/:secret/oidc', async (req, res) => {
    const invitation = String(req.params.secret);
    if (people.invitations.find(invitation) === undefined) await accounts.refresh(); // it may be new
    if (people.invitations.find(invitation) === undefined) {
      return show(res, linkOverPage(basePathOf(publicUrl())), 404);
    }
    await start(req, res, { kind: 'accept', invitation });
  });
}

function addCallback(addRoute: AddRoute, parts: AppParts, callers: Callers): void {
  const { accounts, people, publicUrl } = parts;
  const tell = createTell(parts, callers);
  const finish = createFinish(parts, tell);

  /** Undefined: the invitation or the session is over. */
  const purposeOf = (wanted: AwayFor, req: Request): Purpose | undefined => {
    if (wanted.kind === 'sign-in') return { kind: 'sign-in' };
    if (wanted.kind === 'link') {
      const person = callers.of(req)?.signedIn?.person;
      return person && { kind: 'link', person };
    }
    const invitation = people.invitations.find(wanted.invitation);
    return invitation && { kind: 'accept', invitation };
  };

  addRoute('GET /sign-in/oidc/callback', async (req, res) => {
    const provider = demandProvider(parts);
    const away = awayIn(req);
    clearAway(res, publicUrl());
    if (away === undefined) return tell(req, res, failureOf('other-sign-in', provider.host));
    try {
      const query = req.url.slice(req.url.indexOf('?') + 1);
      const claims = await provider.identify({ secret: away.secret, callback: callbackOf(parts) }, query);
      await accounts.refresh(); // another process may have just linked the identity
      const purpose = purposeOf(away.purpose, req);
      if (purpose === undefined && away.purpose.kind === 'link') throw new WebError('session-ended');
      if (purpose === undefined) return show(res, linkOverPage(basePathOf(publicUrl())), 404);
      await finish(req, res, await people.providerSignIns.arrive(claims, purpose, provider.rules), away.purpose);
    } catch (error) {
      if (!(error instanceof ProviderProblem)) throw error;
      tell(req, res, failureOf(error.failure, provider.host));
    }
  });
}

type Finish = (req: Request, res: Response, arrival: Arrival, wanted: AwayFor) => Promise<void>;

function createFinish(parts: AppParts, tell: Tell): Finish {
  const { people, audit, publicUrl } = parts;
  const base = () => basePathOf(publicUrl());

  const signIn = async (req: Request, res: Response, person: Person, invitation?: string): Promise<void> => {
    const begun = await people.sessions.beginAfterFirstStep(person, browserOf(req));
    if (begun === undefined) return tell(req, res, refusalOf('over', demandProvider(parts).host));
    // with a code, it is recorded when the code was right
    if (begun.kind === 'session') await audit.record(actorOf(person), signInChange(browserOf(req)));
    const next = setCookieOf(res, begun, publicUrl());
    goTo(res, begun.kind === 'session' && invitation !== undefined ? `${base()}/invitations/${invitation}` : next);
  };

  return async (req, res, arrival, wanted) => {
    const invitation = wanted.kind === 'accept' ? wanted.invitation : undefined;
    switch (arrival.kind) {
      case 'refused':
        return tell(req, res, refusalOf(arrival.why, demandProvider(parts).host));
      case 'password-needed':
        setLinkCookie(res, { secret: arrival.secret, invitation }, publicUrl());
        return goTo(res, `${base()}/sign-in/oidc/link`);
      case 'joined':
        await recordJoined(parts, arrival);
        return signIn(req, res, arrival.person);
      case 'linked':
        await audit.record(actorOf(arrival.person), providerChange(arrival.before, true));
        return signIn(req, res, arrival.person, invitation);
      case 'known':
        if (wanted.kind === 'link') return goTo(res, `${base()}/account?done=linked`);
        return signIn(req, res, arrival.person, invitation);
    }
  };
}

async function recordJoined(
  { people, audit }: AppParts,
  { person, invitation }: Arrival & { readonly kind: 'joined' },
): Promise<void> {
  if (invitation !== undefined) return recordAccepted({ people, audit }, person, invitation, 'person.joined');
  const changes = [fieldChange('sitesMax', undefined, person.sitesMax)];
  await audit.record(actorOf(person), { action: 'person.joined', changes });
}
