// The second step of signing in: the code.
import type { Request } from 'express';
import { signInChange } from '../../operations/audit/changes.js';
import type { Person } from '../../people/person.js';
import { basePathOf } from '../base-path.js';
import { actorOf, setCookie } from '../callers.js';
import { clearCodeCookie, codeSecretOf } from '../code-cookie.js';
import { demandFewGuesses } from '../guesses.js';
import { signInPage } from '../pages/sign-in.js';
import { codePage } from '../pages/two-step.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { signInFrame } from '../sign-in-frame.js';
import { browserOf, fieldProblem, form, goTo, show, textField } from './form.js';

const NO_CODE = { en: 'Enter a code.', de: 'Geben Sie einen Code ein.' };
const OVER = {
  en: 'Signing in took too long, or too many codes were wrong. Sign in again.',
  de: 'Die Anmeldung hat zu lange gedauert, oder zu viele Codes waren falsch. Melden Sie sich noch einmal an.',
};
const WRONG = {
  en: 'This code is wrong or was used already. Wait for the next one.',
  de: 'Dieser Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten.',
};
const WRONG_RECOVERY = {
  en: 'This recovery code is wrong or was used already.',
  de: 'Dieser Wiederherstellungscode ist falsch oder wurde schon benutzt.',
};

export function addSignInCode(addRoute: AddRoute, parts: AppParts): void {
  const { accounts, people, audit, limits, publicUrl } = parts;
  const { pendingSignIns, sessions } = people;
  const base = () => basePathOf(publicUrl());
  const find = async (req: Request): Promise<Person | undefined> => {
    const secret = codeSecretOf(req);
    if (secret === '') return undefined;
    if (pendingSignIns.personOf(secret) === undefined) await accounts.refresh(); // another process may have begun it
    return pendingSignIns.personOf(secret);
  };

  addRoute('GET /sign-in/code', async (req, res) => {
    if ((await find(req)) === undefined) return goTo(res, `${base()}/`);
    show(res, codePage(base()));
  });

  addRoute(
    'POST /sign-in/code',
    async (req, res) => {
      const recovery = textField(req, 'recovery');
      const code = recovery === '' ? textField(req, 'code') : recovery;
      const person = await find(req);
      const field = recovery === '' ? 'code' : 'recovery';
      if (person !== undefined && code.trim() === '') return show(res, codePage(base(), [fieldProblem(field, NO_CODE)]), 400);
      if (person !== undefined) await demandFewGuesses(limits, 'code', person.id);
      const outcome = person === undefined ? 'over' : await pendingSignIns.finish(codeSecretOf(req), code);
      if (outcome === 'wrong')
        return show(res, codePage(base(), [fieldProblem(field, field === 'code' ? WRONG : WRONG_RECOVERY)]), 401);
      clearCodeCookie(res, publicUrl());
      if (outcome === 'over') return show(res, signInPage(signInFrame(parts), { problem: OVER }), 400);
      const secret = await sessions.beginAfterCode(outcome, browserOf(req));
      if (secret === undefined) return show(res, signInPage(signInFrame(parts), { problem: OVER }), 400);
      await audit.record(actorOf(outcome), signInChange(browserOf(req)));
      setCookie(res, secret, publicUrl());
      goTo(res, `${base()}/`);
    },
    form,
  );
}
