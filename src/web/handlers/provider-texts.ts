// What people read when they could not sign in through the provider. Nothing of its answer is repeated.
import type { Text } from '../../language/languages.js';
import type { ProviderFailure } from '../../people/provider.js';
import type { ArrivalRefusal } from '../../people/provider-sign-ins.js';

export interface Told {
  readonly status: number;
  readonly text: Text;
}

export function failureOf(failure: ProviderFailure, host: string): Told {
  return { status: FAILURE_STATUS[failure], text: FAILURES[failure](host) };
}

const FAILURE_STATUS: Readonly<Record<ProviderFailure, number>> = {
  unavailable: 503,
  denied: 403,
  'other-sign-in': 400,
  unusable: 502,
};

const FAILURES: Readonly<Record<ProviderFailure, (host: string) => Text>> = {
  unavailable: (host) => ({
    en: `${host} does not answer. Try again in a minute, or sign in with your password.`,
    de: `${host} antwortet nicht. Versuchen Sie es in einer Minute noch einmal, oder melden Sie sich mit Ihrem Passwort an.`,
  }),
  denied: (host) => ({
    en: `You were not signed in: you cancelled, or ${host} does not allow it.`,
    de: `Sie wurden nicht angemeldet: Sie haben abgebrochen, oder ${host} erlaubt es nicht.`,
  }),
  'other-sign-in': () => ({
    en: 'Signing in took too long, or began in another tab or browser. Try again.',
    de: 'Die Anmeldung hat zu lange gedauert oder begann in einem anderen Tab oder Browser. Versuchen Sie es noch einmal.',
  }),
  unusable: (host) => ({
    en: `Signing in through ${host} does not work. The person who runs this service finds the reason in its log.`,
    de: `Die Anmeldung über ${host} funktioniert nicht. Die Person, die diesen Dienst betreibt, findet den Grund im Protokoll.`,
  }),
};

export function refusalOf(why: ArrivalRefusal, host: string): Told {
  const status = why === 'over' ? 409 : 403;
  return { status, text: REFUSALS[why](host) };
}

const ASK = {
  en: 'Ask the person who runs this service for an invitation.',
  de: 'Bitten Sie die Person, die diesen Dienst betreibt, um eine Einladung.',
};
const LINK = {
  en: 'If you have an account, sign in with its password, and link it on the page Account.',
  de: 'Wenn Sie ein Konto haben, melden Sie sich mit dessen Passwort an, und verknüpfen Sie es auf der Seite „Konto“.',
};

const REFUSALS: Readonly<Record<ArrivalRefusal, (host: string) => Text>> = {
  domain: (host) => ({
    en: `This service is only for people with an e-mail address of certain domains, which ${host} must have confirmed.`,
    de: `Dieser Dienst ist nur für Personen mit einer E-Mail-Adresse bestimmter Domains, die ${host} bestätigt haben muss.`,
  }),
  'no-email': (host) => ({
    en: `${host} has not confirmed your e-mail address, so you cannot get an account with it. ${LINK.en}`,
    de: `${host} hat Ihre E-Mail-Adresse nicht bestätigt, darum können Sie damit kein Konto bekommen. ${LINK.de}`,
  }),
  'no-account': (host) => ({
    en: `There is no account for your e-mail address at ${host}. ${ASK.en} ${LINK.en}`,
    de: `Für Ihre E-Mail-Adresse bei ${host} gibt es kein Konto. ${ASK.de} ${LINK.de}`,
  }),
  'not-set-up': () => ({
    en: 'This service has no operator yet, so nobody can sign in this way. Use the link in its log.',
    de:
      'Dieser Dienst hat noch keinen Betreiber, darum kann sich so niemand anmelden. Benutzen Sie den Link in ' +
      'seinem Protokoll.',
  }),
  'other-identity': (host) => ({
    en:
      `The account with your e-mail address is linked to another user of ${host}. If it is yours, ask the person who runs this ` +
      'service to unlink that user. Then try again.',
    de:
      `Das Konto mit Ihrer E-Mail-Adresse ist mit einem anderen Benutzer von ${host} verknüpft. Wenn es Ihres ist, bitten Sie ` +
      'die Person, die diesen Dienst betreibt, diesen Benutzer zu trennen. Versuchen Sie es dann noch einmal.',
  }),
  'other-account': (host) => ({
    en: `You are linked to another account here already. Sign out, and sign in through ${host}.`,
    de: `Sie sind hier schon mit einem anderen Konto verknüpft. Melden Sie sich ab, und melden Sie sich über ${host} an.`,
  }),
  'other-email': (host) => ({
    en:
      `The invitation is for another e-mail address than the one that ${host} knows. Open its link again and choose a ` +
      'password.',
    de:
      `Die Einladung gilt für eine andere E-Mail-Adresse als die, die ${host} kennt. Öffnen Sie ihren Link noch einmal, ` +
      'und wählen Sie ein Passwort.',
  }),
  over: () => ({
    en: 'This was done already, or the invitation was withdrawn. Try again.',
    de: 'Das ist schon geschehen, oder die Einladung wurde zurückgezogen. Versuchen Sie es noch einmal.',
  }),
};
