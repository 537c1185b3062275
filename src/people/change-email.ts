import type { AccountVersions } from '../store/accounts.js';
import type { Addresses } from './addresses.js';
import type { Directory } from './directory.js';

/** The parts of the store that are needed to change the address of a person. */
interface ChangeEmailParts {
  readonly directory: Directory;
  readonly addresses: Addresses;
  readonly records: Pick<AccountVersions, 'refresh'>;
}

/**
 * `email`: in its normal form; see `checkPerson`. The caller must have checked the password. A link for a new password
 * ends, because it was sent to the former address. May reject with an AccountsUnavailable.
 */
export async function changeEmail(
  { directory, addresses, records }: ChangeEmailParts,
  personId: string,
  email: string,
): Promise<'changed' | 'unknown' | 'taken'> {
  if (directory.person(personId)?.email === email) return 'changed';
  if (!(await addresses.reserve(email, personId))) return 'taken';
  let former = '';
  const outcome = await directory.change(personId, (person) => {
    former = person.email;
    return { ...person, email, reset: undefined };
  });
  await records.refresh();
  // As when a person is added: of two people who want an address, it decides whose it is.
  const isOwn = outcome === 'changed' && addresses.ownerOf(email) === personId;
  if (outcome === 'changed' && !isOwn) {
    await directory.change(personId, (person) => (person.email === email ? { ...person, email: former } : person));
  }
  // Only now. If the process ends before, the address that is left without a person can be reserved by anybody.
  await addresses.release(isOwn ? former : email, personId);
  return outcome === 'changed' && !isOwn ? 'taken' : outcome;
}
