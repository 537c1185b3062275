// Linking an identity at the provider to an account, with its password, and unlinking it.

import type { Request } from 'express';
import { providerLinkedMail } from '../../mail/mails.js';
import { providerChange, signInChange } from '../../operations/audit/changes.js';
import { hasPassword, type Person } from '../../people/person.js';
import { basePathOf } from '../base-path.js';
import { actorOf, type Callers } from '../callers.js';
import { setCookieOf } from '../code-cookie.js';
import { WebError } from '../errors.js';
import { mailLanguage } from '../language.js';
import { errorPage } from '../pages/error.js';
import { linkIdentityPage } from '../pages/provider.js';
import type { AppParts } from '../parts.js';
import { clearLinkCookie, linkCookieIn } from '../provider-cookies.js';
import type { AddRoute } from '../security.js';
import { problemOfPassword } from './confirm.js';
import { browserOf, form, goTo, show, textField } from './form.js';
import { refusalOf } from './provider-texts.js';
import { createShowAccount } from './show-account.js';

export function addProviderLinks(addRoute: AddRoute, parts: AppParts, callers: Callers): void {
  addLinking(addRoute, parts, callers);
  addUnlinking(addRoute, parts);
}

function addLinking(addRoute: AddRoute, parts: AppParts, callers: Callers): void {
  const { accounts, people, provider, audit, mailer, publicUrl } = parts;
  const { identities } = people;
  const base = () => basePathOf(publicUrl());
  const host = provider?.host ?? '';
  /** The person whose account is to be linked, with the identity. */
  const find = async (req: Request): Promise<Person | undefined> => {
    const { secret } = linkCookieIn(req);
    if (secret === '') return undefined;
    if (identities.proposedTo(secret) === undefined) await accounts.refresh(); // another process may have proposed it
    return identities.proposedTo(secret);
  };

  addRoute('GET /sign-in/oidc/link', async (req, res) => {
    const person = await find(req);
    if (person === undefined) return goTo(res, `${base()}/`);
    show(res, linkIdentityPage({ base: base(), host, person }));
  });

  addRoute(
    'POST /sign-in/oidc/link',
    async (req, res) => {
      const person = await find(req);
      const over = refusalOf('over', host);
      if (person === undefined) return show(res, errorPage(base(), over.text), over.status);
      const typed = { field: 'linkPassword', password: textField(req, 'linkPassword') };
      const problems = await problemOfPassword(parts, person, typed);
      if (problems.length > 0) return show(res, linkIdentityPage({ base: base(), host, person, problems }), 401);
      clearLinkCookie(res, publicUrl());
      const { secret, invitation } = linkCookieIn(req);
      const outcome = await identities.accept(secret);
      if (outcome !== 'linked') {
        const { status, text } = refusalOf(outcome === 'taken' ? 'other-account' : 'over', host);
        return show(res, errorPage(base(), text), status);
      }
      await audit.record(actorOf(person), providerChange(person, true));
      void mailer?.send(providerLinkedMail(person, host, publicUrl())[mailLanguage(res, person)]);
      if (callers.of(req)?.signedIn?.person.id === person.id) return goTo(res, `${base()}/account?done=linked`);
      // as it was when the password was compared, so that nothing begins if the password was changed since then
      const linked = { ...person, identity: person.proposedIdentity };
      const begun = await people.sessions.beginAfterFirstStep(linked, browserOf(req));
      if (begun === undefined) return goTo(res, `${base()}/`);
      if (begun.kind === 'session') await audit.record(actorOf(person), signInChange(browserOf(req)));
      const next = setCookieOf(res, begun, publicUrl());
      goTo(res, begun.kind === 'session' && invitation !== undefined ? `${base()}/invitations/${invitation}` : next);
    },
    form,
  );
}

function addUnlinking(addRoute: AddRoute, parts: AppParts): void {
  const { people, audit, publicUrl } = parts;
  const showAccount = createShowAccount(parts);
  addRoute(
    'POST /account/oidc/unlink',
    async (req, res, { caller, signedIn }) => {
      const { person, session } = signedIn;
      // without a password, nobody could sign in to the account any more
      if (!hasPassword(person)) throw new WebError('password-needed');
      const typed = { field: 'unlinkPassword', password: textField(req, 'unlinkPassword') };
      const problems = await problemOfPassword(parts, person, typed);
      if (problems.length > 0) return showAccount(res, caller, signedIn, { problems });
      await people.identities.unlink(person.id, session);
      await audit.record(caller.who, providerChange(person, false));
      goTo(res, `${basePathOf(publicUrl())}/account?done=unlinked`);
    },
    form,
  );
}
