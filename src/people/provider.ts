// The provider through which people sign in, such as the directory of a company (OpenID Connect), and what is believed of
// what it says about them.
import { domainToASCII } from 'node:url';
import { checkPerson, type Identity } from './person.js';

/** Who has signed in at the provider. */
export interface ProviderClaims {
  readonly identity: Identity;
  /** As the provider says it, in any form. */
  readonly email?: string | undefined;
  /** Whether the provider has checked that the address is this person's. */
  readonly isEmailVerified: boolean;
  readonly name?: string | undefined;
}

/**
 * - `unavailable`: the provider does not answer, or has a problem
 * - `denied`: the person has cancelled, or the provider does not let this person in
 * - `other-sign-in`: the answer does not belong to the sign-in that this browser has begun
 * - `unusable`: the answer cannot be trusted, or the provider refuses this service
 */
export type ProviderFailure = 'unavailable' | 'denied' | 'other-sign-in' | 'unusable';

export class ProviderProblem extends Error {
  constructor(
    readonly failure: ProviderFailure,
    /** Of one line, for the log. */
    reason: string,
  ) {
    super(reason);
  }
}

/** A sign-in at the provider that one browser has begun. Everything that protects it follows from the secret of its cookie. */
export interface ProviderSignIn {
  readonly secret: string;
  /** The address of this service to which the provider sends the browser back. */
  readonly callback: string;
}

/** Both reject with a ProviderProblem. */
export interface Provider {
  /** The address to which the browser goes. */
  authorizationUrl(signIn: ProviderSignIn): Promise<string>;
  /** `query`: of the address with which the browser has come back, which may contain anything. */
  identify(signIn: ProviderSignIn, query: string): Promise<ProviderClaims>;
}

export interface ProviderRules {
  /** Of e-mail addresses, in lower case and in ASCII. Only people with an address in one of them may sign in. Empty: all. */
  readonly domains: readonly string[];
  /** How many sites a person without an account may own, who then gets one; `refuse`: nobody gets an account. */
  readonly newcomers: number | 'refuse';
}

/** The provider of an installation. */
export interface SignInProvider extends Provider {
  readonly rules: ProviderRules;
  /** The text of the button, such as "Company login". */
  readonly label: string;
  /** By which sentences name the provider, such as "accounts.google.com". */
  readonly host: string;
}

/**
 * Returns the address in its normal form. Undefined if there is none that identifies the person: the provider has not
 * verified it, or another address has the same normal form.
 */
export function verifiedEmail({ email, isEmailVerified }: ProviderClaims): string | undefined {
  if (email === undefined || !isEmailVerified) return undefined;
  // The normal form replaces letters such as the Kelvin sign, and the result may be the address of somebody else.
  const inLowerCase = email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (email.normalize('NFC').toLowerCase() !== inLowerCase) return undefined;
  const checked = checkPerson({ email });
  return 'checked' in checked ? checked.checked.email : undefined;
}

/** `email`: verified. */
export function mayUseProvider(email: string | undefined, { domains }: Pick<ProviderRules, 'domains'>): boolean {
  if (domains.length === 0) return true;
  return email !== undefined && domains.includes(domainToASCII(email.slice(email.lastIndexOf('@') + 1)));
}

/** The name for a new account. */
export function nameFor({ name }: Pick<ProviderClaims, 'name'>, email: string): string {
  const checked = checkPerson({ name: name ?? '' });
  return 'checked' in checked ? checked.checked.name : email.slice(0, email.lastIndexOf('@')).slice(0, 64);
}

const USER_NAME_CHARACTERS_MAX = 254;

/** By which people recognise their user at the provider: its address, or else its name or its id. Of one line. */
export function userName({ email, name, identity }: ProviderClaims): string {
  const shown = [email, name].find((text) => text !== undefined && text.trim() !== '') ?? identity.subject;
  return shown.slice(0, USER_NAME_CHARACTERS_MAX).replaceAll(/[\p{C}\p{Z}]+/gu, ' ');
}
