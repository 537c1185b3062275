// Changing the address of an account, and deleting it. The caller must have checked the password.
import type { AccountVersions } from '../store/accounts.js';
import type { Addresses } from './addresses.js';
import type { Directory } from './directory.js';
import { isOnlyOperator } from './rights.js';

export interface AccountChanges {
  /** `email`: in its normal form; see `checkPerson`. A link for a new password ends. */
  changeEmail(personId: string, email: string): Promise<'changed' | 'unknown' | 'taken'>;
  /** With its sessions and roles. Its sites remain. `only-operator`: nothing was changed. */
  delete(personId: string): Promise<'deleted' | 'only-operator'>;
}

export function createAccountChanges(
  directory: Directory,
  addresses: Addresses,
  { refresh }: Pick<AccountVersions, 'refresh'>,
): AccountChanges {
  return {
    async changeEmail(personId, email) {
      if (directory.person(personId)?.email === email) return 'changed';
      if (!(await addresses.reserve(email, personId))) return 'taken';
      let former = '';
      const outcome = await directory.change(personId, (person) => {
        former = person.email;
        return { ...person, email, reset: undefined }; // the link was sent to the former address
      });
      await refresh();
      // As when a person is added: of two people who want the address, it decides whose it is.
      const isOwn = outcome === 'changed' && addresses.ownerOf(email) === personId;
      if (outcome === 'changed' && !isOwn)
        await directory.change(personId, (person) => (person.email === email ? { ...person, email: former } : person));
      // Only now. If the process ends before, the address that is left without a person can be reserved by anybody.
      await addresses.release(isOwn ? former : email, personId);
      return outcome === 'changed' && !isOwn ? 'taken' : outcome;
    },
    async delete(personId) {
      if (directory.person(personId)?.isOperator === true) {
        if (isOnlyOperator(personId, directory.all())) return 'only-operator';
        await directory.change(personId, (person) => ({ ...person, isOperator: false }));
        // Two operators may delete their accounts at the same time, also in two processes.
        await refresh();
        if (isOnlyOperator(personId, directory.all())) {
          await directory.change(personId, (person) => ({ ...person, isOperator: true }));
          return 'only-operator';
        }
      }
      await directory.change(personId, () => undefined);
      return 'deleted';
    },
  };
}
