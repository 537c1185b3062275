// Signing in with passkeys, adding and removing them. A script asks for the options, has the browser ask its authenticator, and
// sends the answer as a form.
import type { Response } from 'express';
import type { Text } from '../../language/languages.js';
import { languageOf } from '../../language/locale.js';
import { passkeyAddedMail, passkeysRemovedMail } from '../../mail/mails.js';
import { passkeysChange, signInChange } from '../../operations/audit/changes.js';
import { type Answered, PASSKEYS_MAX, type PasskeyUse, passkeysOf } from '../../people/passkeys.js';
import type { FieldProblem } from '../../people/person.js';
import { type RelyingParty, relyingPartyAt } from '../../people/relying-party.js';
import { basePathOf } from '../base-path.js';
import { actorOf, setCookie } from '../callers.js';
import { WebError } from '../errors.js';
import { localeOfAnswer, mailLanguage } from '../language.js';
import { signInPage } from '../pages/sign-in.js';
import type { AppParts } from '../parts.js';
import { ceremonyIn, clearCeremony, setCeremony } from '../passkey-cookie.js';
import type { AddRoute } from '../security.js';
import { signInFrame } from '../sign-in-frame.js';
import { problemOfConfirmation } from './confirm.js';
import { browserOf, fieldProblem, form, goTo, show, textField } from './form.js';
import { createShowAccount } from './show-account.js';

const NOT_SIGNED_IN = {
  en:
    'You could not be signed in with this passkey. It may have been removed from the account here, or you took longer than ' +
    'five minutes. Try again, or sign in in another way.',
  de:
    'Mit diesem Passkey konnten Sie nicht angemeldet werden. Vielleicht wurde er hier aus dem Konto entfernt, oder es hat ' +
    'länger als fünf Minuten gedauert. Versuchen Sie es noch einmal, oder melden Sie sich auf andere Weise an.',
};
const NO_ANSWER = {
  en: 'Your browser has sent no passkey. Try again, or sign in in another way.',
  de: 'Ihr Browser hat keinen Passkey gesendet. Versuchen Sie es noch einmal, oder melden Sie sich auf andere Weise an.',
};

/** About adding, as problems of the form. */
const PROBLEMS = {
  wrong: {
    en: 'The passkey was not added, because the answer of your browser is not valid or took longer than five minutes. Try again.',
    de:
      'Der Passkey wurde nicht hinzugefügt, weil die Antwort Ihres Browsers ungültig ist oder länger als fünf Minuten gedauert ' +
      'hat. Versuchen Sie es noch einmal.',
  },
  known: { en: 'This passkey is in the list already.', de: 'Dieser Passkey steht schon in der Liste.' },
  full: {
    en: `You have ${PASSKEYS_MAX} passkeys, which is the limit. Remove one first.`,
    de: `Sie haben ${PASSKEYS_MAX} Passkeys, mehr sind nicht möglich. Entfernen Sie zuerst einen.`,
  },
} as const;

export function addPasskeys(addRoute: AddRoute, parts: AppParts): void {
  addSigningIn(addRoute, parts);
  addAdding(addRoute, parts);
  addRemoving(addRoute, parts);
}

function demandParty({ publicUrl }: AppParts): RelyingParty {
  const party = relyingPartyAt(publicUrl());
  if (party === undefined) throw new WebError('not-found');
  return party;
}

function sendJson(res: Response, value: object, status = 200): void {
  res.status(status).set('Cache-Control', 'no-store').json(value);
}

function addSigningIn(addRoute: AddRoute, parts: AppParts): void {
  const { accounts, people, audit, publicUrl } = parts;
  const { passkeys, sessions } = people;
  const useOf = async (answered: Answered): Promise<PasskeyUse | undefined> => {
    const use = await passkeys.use(answered);
    if (use !== undefined) return use;
    await accounts.refresh(); // another process may have just added it
    return passkeys.use(answered);
  };

  addRoute('POST /sign-in/passkey/options', (_req, res) => {
    const party = demandParty(parts);
    const ceremony = passkeys.begin();
    setCeremony(res, ceremony, '/sign-in/passkey', publicUrl());
    sendJson(res, passkeys.requestOptions(ceremony, party));
  });

  addRoute(
    'POST /sign-in/passkey',
    async (req, res) => {
      const party = demandParty(parts);
      const ceremony = ceremonyIn(req);
      const answer = textField(req, 'answer');
      if (answer === '') return show(res, signInPage(signInFrame(parts), { problem: NO_ANSWER }), 400);
      clearCeremony(res, '/sign-in/passkey', publicUrl());
      const use = ceremony && (await useOf({ ceremony, answer, party }));
      const secret = use && (await sessions.beginAfterPasskey(use, browserOf(req)));
      if (use === undefined || secret === undefined) {
        return show(res, signInPage(signInFrame(parts), { problem: NOT_SIGNED_IN }), 401);
      }
      await audit.record(actorOf(use.person), signInChange(browserOf(req)));
      setCookie(res, secret, publicUrl());
      goTo(res, `${basePathOf(publicUrl())}/`);
    },
    form,
  );
}

function addAdding(addRoute: AddRoute, parts: AppParts): void {
  const { people, audit, mailer, publicUrl } = parts;
  const { passkeys } = people;
  const showAccount = createShowAccount(parts);
  const confirmation = (password: string) => ({ field: 'passkeyPassword', password });

  // The password is asked for before the browser makes a key, so that no key is left over. Only the answer counts.
  addRoute(
    'POST /account/passkeys/options',
    async (req, res, { signedIn }) => {
      const { person } = signedIn;
      const party = demandParty(parts);
      const typed = confirmation(textField(req, 'passkeyPassword'));
      const [problem] = await problemOfConfirmation(parts, signedIn, typed);
      if (problem !== undefined) return sendJson(res, { problem: inLanguageOf(res, problem.text ?? problem.message) }, 400);
      if (passkeysOf(person).length >= PASSKEYS_MAX) return sendJson(res, { problem: inLanguageOf(res, PROBLEMS.full) }, 400);
      const ceremony = passkeys.begin();
      setCeremony(res, ceremony, '/account/passkeys', publicUrl());
      sendJson(res, passkeys.creationOptions(person, ceremony, party));
    },
    form,
  );

  addRoute(
    'POST /account/passkeys',
    async (req, res, { caller, signedIn }) => {
      const { person } = signedIn;
      const party = demandParty(parts);
      const ceremony = ceremonyIn(req);
      clearCeremony(res, '/account/passkeys', publicUrl());
      const typed = confirmation(textField(req, 'passkeyPassword'));
      const problems: FieldProblem[] = await problemOfConfirmation(parts, signedIn, typed);
      if (problems.length > 0) return showAccount(res, caller, signedIn, { problems });
      const answered = ceremony && { ceremony, answer: textField(req, 'answer'), party };
      const outcome = answered === undefined ? 'wrong' : await passkeys.add(person.id, answered, browserOf(req));
      if (outcome !== 'added') {
        return showAccount(res, caller, signedIn, { problems: [fieldProblem('passkey', PROBLEMS[outcome])] });
      }
      await audit.record(caller.who, passkeysChange(person, passkeysOf(person).length + 1));
      void mailer?.send(passkeyAddedMail(person, publicUrl())[mailLanguage(res, person)]);
      goTo(res, `${basePathOf(publicUrl())}/account?done=passkey-added`);
    },
    form,
  );
}

function addRemoving(addRoute: AddRoute, parts: AppParts): void {
  const { people, audit, mailer, publicUrl } = parts;
  const showAccount = createShowAccount(parts);
  addRoute(
    'POST /account/passkeys/remove',
    async (req, res, { caller, signedIn }) => {
      const { person, session } = signedIn;
      const typed = { field: 'removalPassword', password: textField(req, 'removalPassword') };
      const problems = await problemOfConfirmation(parts, signedIn, typed);
      if (problems.length > 0) return showAccount(res, caller, signedIn, { problems });
      if (await people.passkeys.remove(person.id, textField(req, 'passkey'), session)) {
        await audit.record(caller.who, passkeysChange(person, passkeysOf(person).length - 1));
        void mailer?.send(passkeysRemovedMail(person, publicUrl())[mailLanguage(res, person)]);
      }
      goTo(res, `${basePathOf(publicUrl())}/account?done=passkey-removed`);
    },
    form,
  );
}

/** For the script of the page. */
function inLanguageOf(res: Response, text: Text | string): string {
  return typeof text === 'string' ? text : text[languageOf(localeOfAnswer(res))];
}
