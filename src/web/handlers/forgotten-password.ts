// Asking for a link to choose a new password. The answer and its time are the same for known and unknown addresses: they are
// looked up after it was sent.

import type { Request } from 'express';
import { addressKey } from '../../hit/address.js';
import type { Language } from '../../language/languages.js';
import { newPasswordMail, noPasswordMail } from '../../mail/mails.js';
import { RESET_HOURS } from '../../people/password-changes.js';
import { checkPerson, type FieldProblem, hasPassword } from '../../people/person.js';
import { log } from '../../system/log.js';
import { basePathOf } from '../base-path.js';
import { mailLanguage } from '../language.js';
import { forgottenPasswordPage, linkRequestedPage } from '../pages/forgotten-password.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { fieldProblem, form, show, textField } from './form.js';

const TOO_OFTEN = {
  en: 'There were several requests already. Check your e-mail and the spam folder, or try again later.',
  de:
    'Es gab schon mehrere Anfragen. Prüfen Sie Ihre E-Mails und den Spam-Ordner, oder versuchen Sie es später ' + 'noch einmal.',
};

export function addForgottenPassword(addRoute: AddRoute, parts: AppParts): void {
  const { mailer, limits, clientAddress, publicUrl } = parts;
  const view = (email = '', problem?: FieldProblem) => {
    const problems = problem === undefined ? [] : [problem];
    return forgottenPasswordPage(basePathOf(publicUrl()), { sendsMail: mailer !== undefined, email, problems });
  };

  const retryAfterSeconds = async (req: Request, email: string): Promise<number | undefined> => {
    const client = await limits.take('password-mail-client', addressKey(clientAddress(req)));
    if (!client.allowed) return client.retryAfterSeconds;
    for (const name of ['password-mail', 'password-mail-day'] as const) {
      const taken = await limits.take(name, email);
      if (!taken.allowed) return taken.retryAfterSeconds;
    }
    return undefined;
  };

  addRoute('GET /passwords', (_req, res) => show(res, view()));

  addRoute(
    'POST /passwords',
    async (req, res) => {
      const typed = textField(req, 'email');
      const checked = checkPerson({ email: typed });
      if (mailer === undefined) return show(res, view(), 400);
      if ('problems' in checked) return show(res, view(typed, checked.problems[0]), 400);
      const { email } = checked.checked;
      const seconds = await retryAfterSeconds(req, email);
      if (seconds !== undefined)
        return show(res.set('Retry-After', String(seconds)), view(email, fieldProblem('email', TOO_OFTEN)), 429);
      const language = mailLanguage(res);
      res.once('close', () => void sendLink(parts, email, language));
      show(res, linkRequestedPage(basePathOf(publicUrl()), email));
    },
    form,
  );
}

/** Never rejects. */
async function sendLink({ accounts, people, mailer, publicUrl }: AppParts, email: string, language: Language): Promise<void> {
  try {
    if (people.directory.byEmail(email) === undefined) await accounts.refresh(); // the account may be new
    const person = people.directory.byEmail(email);
    if (person === undefined) return;
    if (!hasPassword(person)) return void (await mailer?.send(noPasswordMail(person, publicUrl())[person.language ?? language]));
    const secret = await people.passwordChanges.createLink(person.id);
    await mailer?.send(newPasswordMail(person, `${publicUrl()}/passwords/${secret}`, RESET_HOURS)[person.language ?? language]);
  } catch (error) {
    log(`a link for a new password could not be created: ${error instanceof Error ? error.message : String(error)}`);
  }
}
