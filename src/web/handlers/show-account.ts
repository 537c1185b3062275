import type { Response } from 'express';
import { relyingPartyAt } from '../../people/relying-party.js';
import { isOnlyOperator } from '../../people/rights.js';
import type { SignedIn } from '../../people/sessions.js';
import { basePathOf } from '../base-path.js';
import type { Caller } from '../callers.js';
import { usedBy } from '../limits.js';
import { type AccountParts, accountPage } from '../pages/account.js';
import { navigation } from '../pages/navigation.js';
import type { AppParts } from '../parts.js';
import { show } from './form.js';

/** Shows the page of an account. With problems, the status is 400. */
export type ShowAccount = (
  res: Response,
  caller: Caller,
  signedIn: SignedIn,
  more: Pick<AccountParts, 'problems' | 'done' | 'email'>,
) => Promise<void>;

export function createShowAccount(parts: AppParts): ShowAccount {
  const { accounts, people, provider, mailer, publicUrl } = parts;
  return async (res, caller, { person, session }, more) => {
    const base = basePathOf(publicUrl());
    const view: AccountParts = {
      base,
      nav: navigation(base, caller),
      person,
      current: session,
      used: await usedBy(parts, person),
      onlyOwned: people.members.onlyOwnedBy(person).flatMap((id) => accounts.site(id)?.title ?? []),
      newEmail: people.emailChanges.pendingOf(person),
      sendsMail: mailer !== undefined,
      onlyOwnedTeams: people.teamMembers.onlyOwnedBy(person.id).map(({ name }) => name),
      isOnlyOperator: person.isOperator && isOnlyOperator(person.id, people.directory.all()),
      providerHost: provider?.host,
      party: relyingPartyAt(publicUrl()),
      ...more,
    };
    show(res, accountPage(view), more.problems === undefined ? 200 : 400);
  };
}
