// Switching two-step sign-in on and off.

import { twoStepOffMail } from '../../mail/mails.js';
import { twoStepChange } from '../../operations/audit/changes.js';
import { codeUri, isCodeSecret, newCodeSecret } from '../../people/one-time-codes.js';
import type { FieldProblem, Person } from '../../people/person.js';
import { basePathOf } from '../base-path.js';
import type { Caller } from '../callers.js';
import { WebError } from '../errors.js';
import { mailLanguage } from '../language.js';
import { navigation } from '../pages/navigation.js';
import { recoveryCodesPage, twoStepPage } from '../pages/two-step.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { problemOfConfirmation } from './confirm.js';
import { fieldProblem, form, goTo, show, textField } from './form.js';
import { createShowAccount } from './show-account.js';

const WRONG_CODE = fieldProblem('code', {
  en: 'This code is wrong. Check that the clock of the device with the app is right, and enter the code that it shows now.',
  de: 'Dieser Code ist falsch. Prüfen Sie die Uhr des Geräts mit der App, und geben Sie den Code ein, den sie jetzt zeigt.',
});

export function addTwoStep(addRoute: AddRoute, parts: AppParts): void {
  const { people, audit, mailer, publicUrl } = parts;
  const showAccount = createShowAccount(parts);
  const base = () => basePathOf(publicUrl());
  const view = (caller: Caller, person: Person, secret: string, problems: readonly FieldProblem[] = []) => {
    const uri = codeUri(secret, person.email, `Hitherto ${new URL(publicUrl()).hostname.replaceAll(':', '.')}`);
    return twoStepPage({ base: base(), nav: navigation(base(), caller), person, secret, uri, problems });
  };

  addRoute('GET /account/two-step', (_req, res, { caller, signedIn }) => {
    show(res, view(caller, signedIn.person, newCodeSecret()));
  });

  // The secret is part of the form, and is stored only with a right code and the password.
  addRoute(
    'POST /account/two-step',
    async (req, res, { caller, signedIn }) => {
      const { person, session } = signedIn;
      const secret = textField(req, 'secret');
      const code = textField(req, 'code');
      if (!isCodeSecret(secret)) throw new WebError('bad-request');
      const problems = await problemOfConfirmation(parts, signedIn, { field: 'current', password: textField(req, 'current') });
      if (problems.length > 0) return show(res, view(caller, person, secret, problems), 400);
      const codes = await people.twoSteps.switchOn(person.id, { secret, code, session });
      if (codes === 'wrong-code') return show(res, view(caller, person, secret, [WRONG_CODE]), 400);
      await audit.record(caller.who, twoStepChange(person, true));
      show(res, recoveryCodesPage(base(), navigation(base(), caller), codes));
    },
    form,
  );

  addRoute(
    'POST /account/two-step/off',
    async (req, res, { caller, signedIn }) => {
      const { person } = signedIn;
      const typed = { field: 'offPassword', password: textField(req, 'offPassword') };
      const problems = await problemOfConfirmation(parts, signedIn, typed);
      if (problems.length > 0) return showAccount(res, caller, signedIn, { problems });
      await people.twoSteps.switchOff(person.id);
      await audit.record(caller.who, twoStepChange(person, false));
      if (person.twoStep !== undefined) void mailer?.send(twoStepOffMail(person, publicUrl())[mailLanguage(res, person)]);
      goTo(res, `${base()}/account?done=off`);
    },
    form,
  );
}
