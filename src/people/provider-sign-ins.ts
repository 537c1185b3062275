// Whose account somebody gets who has signed in at the provider. An identity leads to its account. An address alone leads
// to no account, even if the provider has verified it: here, nobody has. Somebody else may have created the account with
// this address and know its password. So the password is asked for once, before the identity is linked.
import { randomBytes } from 'node:crypto';
import type { Directory } from './directory.js';
import type { Identities } from './identities.js';
import type { Invitation, Invitations } from './invitations.js';
import { hasPassword, type Person } from './person.js';
import { mayUseProvider, nameFor, type ProviderClaims, type ProviderRules, userName, verifiedEmail } from './provider.js';

/**
 * - `domain`: only people with a verified address in one of the domains may sign in
 * - `no-email`: a newcomer without a verified address
 * - `no-account`: newcomers get no account
 * - `not-set-up`: there is no operator yet
 * - `other-identity`: another person at the provider has the account with this address
 * - `other-account`: the identity is linked to another account
 * - `other-email`: the invitation is for another address
 * - `over`: the invitation was used or withdrawn, or two requests wanted the same
 */
export type ArrivalRefusal =
  | 'domain'
  | 'no-email'
  | 'no-account'
  | 'not-set-up'
  | 'other-identity'
  | 'other-account'
  | 'other-email'
  | 'over';

export type Arrival =
  | { readonly kind: 'known'; readonly person: Person }
  /** Linked without a password, because the account has none. `before`: as it was then. */
  | { readonly kind: 'linked'; readonly person: Person; readonly before: Person }
  /** The person has a new account, by an invitation or without one. */
  | { readonly kind: 'joined'; readonly person: Person; readonly invitation?: Invitation }
  /** The secret is for `Identities.accept`, after the password. */
  | { readonly kind: 'password-needed'; readonly person: Person; readonly secret: string }
  | { readonly kind: 'refused'; readonly why: ArrivalRefusal };

/** What somebody wants who goes to the provider. */
export type Purpose =
  | { readonly kind: 'sign-in' }
  /** To link the identity to the account of the person who is signed in. */
  | { readonly kind: 'link'; readonly person: Person }
  | { readonly kind: 'accept'; readonly invitation: Invitation };

export interface ProviderSignIns {
  /** May reject with an AccountsUnavailable. */
  arrive(claims: ProviderClaims, purpose: Purpose, rules: ProviderRules): Promise<Arrival>;
}

interface ProviderSignInParts {
  readonly directory: Directory;
  readonly identities: Identities;
  readonly invitations: Pick<Invitations, 'acceptAsNew'>;
}

const ID_BYTES = 12;

export function createProviderSignIns(
  { directory, identities, invitations }: ProviderSignInParts,
  nowMs: () => number,
): ProviderSignIns {
  const refused = (why: ArrivalRefusal): Arrival => ({ kind: 'refused', why });

  const ofKnown = (person: Person, purpose: Purpose): Arrival =>
    purpose.kind === 'link' && purpose.person.id !== person.id ? refused('other-account') : { kind: 'known', person };

  const ofAccount = async (person: Person, claims: ProviderClaims, purpose: Purpose): Promise<Arrival> => {
    const { identity } = claims;
    if (hasPassword(person)) {
      return { kind: 'password-needed', person, secret: await identities.propose(person.id, identity, userName(claims)) };
    }
    // Without a password, the account is the identity's, which is a former user of the address if the issuer is the same.
    if (purpose.kind === 'link' || person.identity?.issuer === identity.issuer) return refused('other-identity');
    const outcome = await identities.replace(person.id, identity);
    const linked = directory.person(person.id);
    return outcome === 'linked' && linked !== undefined ? { kind: 'linked', person: linked, before: person } : refused('over');
  };

  const asInvited = async (invitation: Invitation, claims: ProviderClaims, email: string): Promise<Arrival> => {
    if (invitation.email !== email) return refused('other-email');
    const fields = { name: nameFor(claims, email), identity: claims.identity };
    const person = await invitations.acceptAsNew(invitation, fields);
    return person === undefined ? refused('over') : { kind: 'joined', person, invitation };
  };

  const asNewcomer = async ({ identity, name }: ProviderClaims, email: string, sitesMax: number): Promise<Arrival> => {
    const person: Person = {
      id: randomBytes(ID_BYTES).toString('base64url'),
      name: nameFor({ name }, email),
      email,
      password: '',
      identity,
      isOperator: false,
      sitesMax,
      sites: {},
      sessions: [],
      createdAtMs: nowMs(),
    };
    return (await directory.add(person)) === 'added' ? { kind: 'joined', person } : refused('over');
  };

  return {
    async arrive(claims, purpose, rules) {
      const email = verifiedEmail(claims);
      if (!mayUseProvider(email, rules)) return refused('domain');
      const known = identities.personOf(claims.identity);
      if (known !== undefined) return ofKnown(known, purpose);
      const byEmail = email === undefined ? undefined : directory.byEmail(email);
      const account = purpose.kind === 'link' ? purpose.person : byEmail;
      if (account !== undefined) return ofAccount(account, claims, purpose);
      if (!directory.hasOperator()) return refused('not-set-up');
      if (email === undefined) return refused('no-email');
      if (purpose.kind === 'accept') return asInvited(purpose.invitation, claims, email);
      return rules.newcomers === 'refuse' ? refused('no-account') : asNewcomer(claims, email, rules.newcomers);
    },
  };
}
