// What people change about themselves.

import type { Text } from '../../language/languages.js';
import { passwordChangedMail } from '../../mail/mails.js';
import { fieldChange, removalChanges } from '../../operations/audit/changes.js';
import { checkPerson, type FieldProblem, hasPassword } from '../../people/person.js';
import type { SignedIn } from '../../people/sessions.js';
import { basePathOf } from '../base-path.js';
import { clearCookie, setCookie } from '../callers.js';
import { WebError } from '../errors.js';
import { mailLanguage } from '../language.js';
import { deletedPage } from '../pages/account.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { problemOfConfirmation, type TypedPassword } from './confirm.js';
import { addEmail } from './email.js';
import { browserOf, form, goTo, messageIn, show, textField } from './form.js';
import { createShowAccount, type ShowAccount } from './show-account.js';

const DONE: Readonly<Record<string, Text>> = {
  name: { en: 'Your name was saved.', de: 'Ihr Name wurde gespeichert.' },
  email: {
    en: 'Your e-mail address was changed. From now on, you sign in with the new one.',
    de: 'Ihre E-Mail-Adresse wurde geändert. Ab jetzt melden Sie sich mit der neuen an.',
  },
  'email-sent': {
    en: 'A mail with a link was sent to your new address. Open the link to use the address.',
    de: 'Eine Mail mit einem Link ging an Ihre neue Adresse. Öffnen Sie den Link, um die Adresse zu verwenden.',
  },
  'email-cancelled': { en: 'Your e-mail address stays as it is.', de: 'Ihre E-Mail-Adresse bleibt, wie sie ist.' },
  password: {
    en: 'Your password was changed, and all other sessions ended.',
    de: 'Ihr Passwort wurde geändert, und alle anderen Sitzungen sind beendet.',
  },
  'passkey-added': {
    en: 'The passkey was added. From now on, you can sign in with it.',
    de: 'Der Passkey wurde hinzugefügt. Ab jetzt können Sie sich damit anmelden.',
  },
  'passkey-removed': {
    en: 'The passkey was removed, and all other sessions ended.',
    de: 'Der Passkey wurde entfernt, und alle anderen Sitzungen sind beendet.',
  },
  linked: {
    en: 'You can also sign in through the provider now.',
    de: 'Sie können sich jetzt auch über den Anbieter anmelden.',
  },
  unlinked: {
    en: 'The provider is not linked to your account any more, and all other sessions ended.',
    de: 'Der Anbieter ist nicht mehr mit Ihrem Konto verknüpft, und alle anderen Sitzungen sind beendet.',
  },
  off: { en: 'Two-step sign-in is off.', de: 'Die Anmeldung in zwei Schritten ist ausgeschaltet.' },
  language: { en: 'Your language was saved.', de: 'Ihre Sprache wurde gespeichert.' },
  sessions: { en: 'The sessions ended.', de: 'Die Sitzungen sind beendet.' },
};

export function addAccount(addRoute: AddRoute, parts: AppParts): void {
  const { people, audit, publicUrl } = parts;
  const { directory, sessions } = people;
  const base = () => basePathOf(publicUrl());
  const showAccount = createShowAccount(parts);

  addRoute('GET /account', (req, res, { caller, signedIn }) =>
    showAccount(res, caller, signedIn, { done: messageIn(req, DONE) }),
  );

  addRoute(
    'POST /account/name',
    async (req, res, { caller, signedIn }) => {
      const checked = checkPerson({ name: textField(req, 'name') });
      if ('problems' in checked) return showAccount(res, caller, signedIn, checked);
      const { person: before } = signedIn;
      const { name } = checked.checked;
      await directory.change(before.id, (person) => ({ ...person, name }));
      const change = { action: 'person.name', changes: [fieldChange('name', before.name, name)] } as const;
      await audit.record(caller.who, name === before.name ? undefined : change);
      goTo(res, `${base()}/account?done=name`);
    },
    form,
  );

  addRoute(
    'POST /account/sessions',
    async (req, res, { caller, signedIn: { person, session } }) => {
      const chosen = textField(req, 'session');
      const isEnded = chosen === 'others' ? (hash: string) => hash !== session.hash : (hash: string) => hash === chosen;
      await sessions.end(person.id, ({ hash }) => isEnded(hash));
      const hasEnded = person.sessions.some(({ hash }) => isEnded(hash));
      await audit.record(caller.who, hasEnded ? { action: 'person.sessions-ended' } : undefined);
      goTo(res, `${base()}/account?done=sessions`);
    },
    form,
  );

  addPassword(addRoute, parts, showAccount);
  addEmail(addRoute, parts, showAccount);
  addDeletion(addRoute, parts, showAccount);
}

function addPassword(addRoute: AddRoute, parts: AppParts, showAccount: ShowAccount): void {
  const { people, audit, mailer, publicUrl } = parts;
  const { passwordChanges } = people;

  const change = async (signedIn: SignedIn, current: TypedPassword, next: string): Promise<FieldProblem[]> => {
    const { person } = signedIn;
    const problems = await problemOfConfirmation(parts, signedIn, current);
    if (problems.length > 0) return problems;
    const isChanged = hasPassword(person)
      ? (await passwordChanges.change(person, current.password, next)) === 'changed'
      : await passwordChanges.choose(person.id, next);
    return isChanged ? [] : [{ field: current.field, message: 'Your password was changed meanwhile. Sign in again.' }];
  };

  addRoute(
    'POST /account/password',
    async (req, res, { caller, signedIn }) => {
      const { person } = signedIn;
      const password = textField(req, 'password');
      const checked = checkPerson({ email: person.email, password });
      if ('problems' in checked) return showAccount(res, caller, signedIn, checked);
      const current = { field: 'current', password: textField(req, 'current') };
      const problems = await change(signedIn, current, password);
      if (problems.length > 0) return showAccount(res, caller, signedIn, { problems });
      await audit.record(caller.who, { action: 'person.password' });
      void mailer?.send(passwordChangedMail(person, publicUrl())[mailLanguage(res, person)]);
      setCookie(res, await people.sessions.begin(person.id, browserOf(req)), publicUrl());
      goTo(res, `${basePathOf(publicUrl())}/account?done=password`);
    },
    form,
  );
}

function addDeletion(addRoute: AddRoute, parts: AppParts, showAccount: ShowAccount): void {
  const { people, publicUrl } = parts;
  addRoute(
    'POST /account/delete',
    async (req, res, { caller, signedIn }) => {
      const { person } = signedIn;
      const typed = { field: 'deletePassword', password: textField(req, 'deletePassword') };
      const problems = await problemOfConfirmation(parts, signedIn, typed);
      if (problems.length > 0) return showAccount(res, caller, signedIn, { problems });
      const { outcome, withdrawn } = await people.removeAccount(person);
      if (outcome === 'last-operator') throw new WebError('only-operator');
      for (const change of removalChanges(person, withdrawn)) await parts.audit.record(caller.who, change);
      clearCookie(res, publicUrl());
      show(res, deletedPage(basePathOf(publicUrl())));
    },
    form,
  );
}
