// What people read when they could not sign in through the provider. Nothing of its answer is repeated.
import type { ProviderFailure } from '../../people/provider.js';
import type { ArrivalRefusal } from '../../people/provider-sign-ins.js';

export interface Told {
  readonly status: number;
  readonly text: string;
}

export function failureOf(failure: ProviderFailure, host: string): Told {
  switch (failure) {
    case 'unavailable':
      return { status: 503, text: `${host} does not answer. Try again in a minute, or sign in with your password.` };
    case 'denied':
      return { status: 403, text: `You were not signed in: you cancelled, or ${host} does not allow it.` };
    case 'other-sign-in':
      return { status: 400, text: 'Signing in took too long, or began in another tab or browser. Try again.' };
    case 'unusable':
      return {
        status: 502,
        text: `Signing in through ${host} does not work. The person who runs this service finds the reason in its log.`,
      };
  }
}

export function refusalOf(why: ArrivalRefusal, host: string): Told {
  const status = why === 'over' ? 409 : 403;
  return { status, text: REFUSALS[why](host) };
}

const ASK = 'Ask the person who runs this service for an invitation.';
const LINK = 'If you have an account, sign in with its password, and link it on the page Account.';

const REFUSALS: Readonly<Record<ArrivalRefusal, (host: string) => string>> = {
  domain: (host) =>
    `This service is only for people with an e-mail address of certain domains, which ${host} must have confirmed.`,
  'no-email': (host) => `${host} has not confirmed your e-mail address, so you cannot get an account with it. ${LINK}`,
  'no-account': (host) => `There is no account for your e-mail address at ${host}. ${ASK} ${LINK}`,
  'not-set-up': () => 'This service has no operator yet, so nobody can sign in this way. Use the link in its log.',
  'other-identity': (host) =>
    `The account with your e-mail address is linked to another user of ${host}. If it is yours, ask the person who runs this ` +
    'service to unlink that user. Then try again.',
  'other-account': (host) => `You are linked to another account here already. Sign out, and sign in through ${host}.`,
  'other-email': (host) =>
    `The invitation is for another e-mail address than the one that ${host} knows. Open its link again and choose a password.`,
  over: () => 'This was done already, or the invitation was withdrawn. Try again.',
};
