// Signing in and out, and the first set-up.
import type { Request, Response } from 'express';
import { fieldChange, signInChange } from '../../operations/audit/changes.js';
import { checkPerson, type FieldProblem, normalEmail } from '../../people/person.js';
import { checkSite } from '../../store/account-rules.js';
import { basePathOf } from '../base-path.js';
import { actorOf, type Callers, clearCookie, setCookie } from '../callers.js';
import { setCookieOf } from '../code-cookie.js';
import { textOf, WebError } from '../errors.js';
import { demandFewGuesses } from '../guesses.js';
import { isKnownBrowser, setKnownBrowser } from '../known-browser.js';
import { navigation } from '../pages/navigation.js';
import { type SetupTyped, setupPage, siteReadyPage } from '../pages/setup.js';
import { signInPage } from '../pages/sign-in.js';
import { NO_SITE_FIELDS } from '../pages/site-fields.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { signInFrame } from '../sign-in-frame.js';
import { browserOf, fieldProblem, form, goTo, hostsOf, show, textField } from './form.js';
import { addSignInCode } from './sign-in-code.js';

const HAS_ACCOUNT = {
  en: 'This address has an account already, which an invitation created. Use another address for the operator.',
  de: 'Diese Adresse hat schon ein Konto, das durch eine Einladung entstand. Verwenden Sie für den Betreiber eine ' + 'andere.',
};
const NOTHING_TYPED = {
  en: 'Enter your e-mail address and your password.',
  de: 'Geben Sie Ihre E-Mail-Adresse und Ihr Passwort ein.',
};
const WRONG = {
  en: 'The e-mail address or the password is wrong.',
  de: 'Die E-Mail-Adresse oder das Passwort ist falsch.',
};

export function addSignIn(addRoute: AddRoute, parts: AppParts, callers: Callers): void {
  const { accounts, people, audit, limits, publicUrl } = parts;
  const base = () => basePathOf(publicUrl());

  const byToken = async (secret: string, res: Response): Promise<void> => {
    if (accounts.token(secret) === undefined) await accounts.refresh(); // it may be new
    if (accounts.token(secret) === undefined)
      return show(res, signInPage(signInFrame(parts), { problem: textOf('unknown-token') }), 401);
    setCookie(res, secret, publicUrl());
    goTo(res, `${base()}/`);
  };

  const byPassword = async (req: Request, res: Response): Promise<void> => {
    const email = textField(req, 'email').trim();
    const password = textField(req, 'password');
    if (email === '' || password === '') return show(res, signInPage(signInFrame(parts), { email, problem: NOTHING_TYPED }), 400);
    const address = normalEmail(email);
    const isKnown = isKnownBrowser(req, people.directory.byEmail(email));
    await demandFewGuesses(limits, 'password', isKnown ? `known ${address}` : address);
    const begun = await people.sessions.signIn(email, password, browserOf(req));
    if (begun === undefined) return show(res, signInPage(signInFrame(parts), { email, problem: WRONG }), 401);
    const person = people.directory.byEmail(email);
    // with a code, it is recorded when the code was right
    if (begun.kind === 'session' && person !== undefined) await audit.record(actorOf(person), signInChange(browserOf(req)));
    const next = setCookieOf(res, begun, publicUrl());
    if (person !== undefined) setKnownBrowser(res, person, publicUrl());
    goTo(res, next);
  };

  addRoute(
    'POST /sign-in',
    (req, res) => {
      const secret = textField(req, 'token').trim();
      return secret === '' ? byPassword(req, res) : byToken(secret, res);
    },
    form,
  );

  addRoute('POST /sign-out', async (req, res) => {
    clearCookie(res, publicUrl());
    if (callers.mayBeNew(req)) await accounts.refresh(); // another process may have begun or renewed the session
    const signedIn = callers.of(req)?.signedIn;
    if (signedIn !== undefined) {
      const { person, session } = signedIn;
      await people.sessions.end(person.id, ({ hash }) => hash === session.hash);
    }
    goTo(res, `${base()}/`);
  });
  addSignInCode(addRoute, parts);
  addSetup(addRoute, parts);
}

function addSetup(addRoute: AddRoute, { accounts, people, audit, publicUrl, nowMs }: AppParts): void {
  const base = () => basePathOf(publicUrl());
  const hasSites = () => accounts.sites().length > 0;

  addRoute('GET /setup/:secret', (req, res) => {
    const typed = { name: '', email: '', site: hasSites() ? undefined : NO_SITE_FIELDS };
    show(res, setupPage(base(), req.path, typed, []));
  });

  addRoute(
    'POST /setup/:secret',
    async (req, res) => {
      const typed = setupTyped(req, hasSites());
      const { name, email, site } = typed;
      const person = checkPerson({ name, email, password: textField(req, 'password') });
      const settings = site && checkSite({ ...site, id: site.id.trim(), hosts: hostsOf(site.hosts) });
      const problems: FieldProblem[] = [
        ...('problems' in person ? person.problems : []),
        ...(people.directory.byEmail(email) === undefined ? [] : [fieldProblem('email', HAS_ACCOUNT)]),
        ...(settings !== undefined && 'problems' in settings ? settings.problems : []),
      ];
      if (problems.length > 0 || 'problems' in person) return show(res, setupPage(base(), req.path, typed, problems), 400);
      // the route's guard ran before the form was read, and two forms may arrive at once
      const first = await people.setUp(person.checked);
      if (first === 'over') throw new WebError('set-up-already');
      const who = actorOf(first);
      await audit.record(who, { action: 'person.joined', changes: [fieldChange('isOperator', undefined, true)] });
      const secret = await people.sessions.begin(first.id, browserOf(req));
      setCookie(res, secret, publicUrl());
      if (settings === undefined || 'problems' in settings) return goTo(res, `${base()}/`);
      const added = { ...settings.settings, createdAtMs: nowMs() };
      // Somebody else may have added it by a command meanwhile. The account is there; the site is not this person's.
      if ((await accounts.addSite(added)) === 'taken') return goTo(res, `${base()}/new-site`);
      await audit.record(who, { action: 'site.created', site: added.id });
      show(res, siteReadyPage(added, navigation(base(), { signedIn: undefined, isOperator: true }), publicUrl()));
    },
    form,
  );
}

function setupTyped(req: Request, hasSites: boolean): SetupTyped {
  const text = (name: string) => textField(req, name);
  const site = { title: text('title'), id: text('id'), timezone: text('timezone'), hosts: text('hosts') };
  return { name: text('name'), email: text('email'), site: hasSites ? undefined : site };
}
