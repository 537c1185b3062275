// Another e-mail address of a person. If the service sends mail, the address is used once the person has confirmed it.

import type { Request } from 'express';
import type { Language } from '../../language/languages.js';
import { confirmEmailMail, emailChangedMail } from '../../mail/mails.js';
import { fieldChange } from '../../operations/audit/changes.js';
import { CONFIRM_HOURS } from '../../people/change-email.js';
import { checkPerson, type FieldProblem, type Person } from '../../people/person.js';
import { basePathOf } from '../base-path.js';
import type { Caller } from '../callers.js';
import { mailLanguage } from '../language.js';
import { mailByCaller } from '../mails.js';
import { confirmEmailPage, emailLinkOverPage } from '../pages/confirm-email.js';
import { navigation } from '../pages/navigation.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { problemOfConfirmation } from './confirm.js';
import { fieldProblem, form, goTo, show, textField } from './form.js';
import type { ShowAccount } from './show-account.js';

const TAKEN = fieldProblem('email', {
  en: 'There is another account with this address.',
  de: 'Es gibt ein anderes Konto mit dieser Adresse.',
});
const NOT_SENT = fieldProblem('email', {
  en: 'The mail to this address could not be sent, so your address was not changed. Check it, or try again later.',
  de:
    'Die Mail an diese Adresse konnte nicht gesendet werden, darum wurde Ihre Adresse nicht geändert. Prüfen Sie sie, oder ' +
    'versuchen Sie es später noch einmal.',
});
const TOO_OFTEN = fieldProblem('email', {
  en: 'Too many mails were sent to this address, or by you, so your address was not changed. Try again tomorrow.',
  de:
    'Zu viele Mails gingen an diese Adresse oder von Ihnen, darum wurde Ihre Adresse nicht geändert. Versuchen Sie es morgen ' +
    'noch einmal.',
});

/** A person who wants another address. */
interface Change {
  readonly caller: Caller;
  readonly person: Person;
  readonly email: string;
  /** The language of the mail. */
  readonly language: Language;
}

export function addEmail(addRoute: AddRoute, parts: AppParts, showAccount: ShowAccount): void {
  const { people, mailer, publicUrl } = parts;
  const account = () => `${basePathOf(publicUrl())}/account`;
  addRoute(
    'POST /account/email',
    async (req, res, { caller, signedIn }) => {
      const { person } = signedIn;
      if (textField(req, 'act') === 'cancel') {
        await people.emailChanges.cancel(person.id);
        return goTo(res, `${account()}?done=email-cancelled`);
      }
      const typed = textField(req, 'email');
      const refuse = (...problems: FieldProblem[]) => showAccount(res, caller, signedIn, { email: typed, problems });
      const checked = checkPerson({ email: typed });
      if ('problems' in checked) return refuse(...checked.problems);
      const password = { field: 'emailPassword', password: textField(req, 'emailPassword') };
      const problems = await problemOfConfirmation(parts, signedIn, password);
      if (problems.length > 0) return refuse(...problems);
      const { email } = checked.checked;
      if (email === person.email) return goTo(res, `${account()}?done=email`);
      const change = { caller, person, email, language: mailLanguage(res, person) };
      const problem = await (mailer === undefined ? changeNow(parts, change) : sendLink(parts, change));
      if (problem !== undefined) return refuse(problem);
      goTo(res, `${account()}?done=${mailer === undefined ? 'email' : 'email-sent'}`);
    },
    form,
  );
  addConfirmation(addRoute, parts, showAccount);
}

async function changeNow(parts: AppParts, { caller, person, email }: Change): Promise<FieldProblem | undefined> {
  if ((await parts.people.changeEmail(person.id, email)) === 'taken') return TAKEN;
  await parts.audit.record(caller.who, { action: 'person.email', changes: [fieldChange('email', person.email, email)] });
  return undefined;
}

async function sendLink(parts: AppParts, { caller, person, email, language }: Change): Promise<FieldProblem | undefined> {
  const { emailChanges } = parts.people;
  const secret = await emailChanges.begin(person.id, email);
  if (secret === 'taken') return TAKEN;
  const mails = confirmEmailMail(person, email, `${parts.publicUrl()}/account/email/${secret}`, CONFIRM_HOURS);
  const mailed = await mailByCaller(parts, caller, mails[language]);
  if (mailed === 'sent') return undefined;
  await emailChanges.cancel(person.id);
  return mailed === 'too-often' ? TOO_OFTEN : NOT_SENT;
}

/** Only for the person who is signed in: the address that was entered may be that of somebody else. */
function addConfirmation(addRoute: AddRoute, parts: AppParts, showAccount: ShowAccount): void {
  const { accounts, people, audit, mailer, publicUrl } = parts;
  const { directory, emailChanges } = people;
  const base = () => basePathOf(publicUrl());

  /** Undefined: the link is over, or is not for this person. */
  const find = async (req: Request, { id }: Person): Promise<{ person: Person; email: string; secret: string } | undefined> => {
    const secret = String(req.params.secret);
    const read = () => {
      const person = directory.person(id);
      const email = person && emailChanges.addressOfLink(person, secret);
      return person && email !== undefined ? { person, email, secret } : undefined;
    };
    if (read() === undefined) await accounts.refresh(); // it may be new
    return read();
  };

  addRoute('GET /account/email/:secret', async (req, res, { caller, signedIn }) => {
    const found = await find(req, signedIn.person);
    const nav = navigation(base(), caller);
    if (found === undefined) return show(res, emailLinkOverPage(base(), nav), 404);
    show(res, confirmEmailPage({ base: base(), nav, path: req.path, from: found.person.email, to: found.email }));
  });

  addRoute('POST /account/email/:secret', async (req, res, { caller, signedIn }) => {
    const found = await find(req, signedIn.person);
    const outcome = found === undefined ? 'over' : await emailChanges.confirm(found.person, found.secret);
    if (found === undefined || outcome === 'over') return show(res, emailLinkOverPage(base(), navigation(base(), caller)), 404);
    if (outcome === 'taken') return showAccount(res, caller, signedIn, { email: found.email, problems: [TAKEN] });
    const { person, email } = found;
    await audit.record(caller.who, { action: 'person.email', changes: [fieldChange('email', person.email, email)] });
    void mailer?.send(emailChangedMail(person, email, publicUrl())[mailLanguage(res, person)]);
    goTo(res, `${base()}/account?done=email`);
  });
}
