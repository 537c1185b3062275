// Another e-mail address for a person: at once, or once the person has confirmed it by a link that was sent there.
import type { AccountVersions } from '../store/accounts.js';
import { HOUR_MS } from '../time/units.js';
import type { Directory } from './directory.js';
import type { NewEmail, Person } from './person.js';
import type { Reservations } from './reservations.js';
import { newResetSecret, sha256 } from './secrets.js';

export const CONFIRM_HOURS = 24;

/** The parts of the store that are needed to change the address of a person. */
interface ChangeEmailParts {
  readonly directory: Directory;
  readonly addresses: Reservations;
  readonly records: Pick<AccountVersions, 'refresh'>;
}

export interface EmailChanges {
  /**
   * Returns the secret of a link that confirms the address. It works for a day, and replaces an earlier link. `email`: in its
   * normal form; see `checkPerson`. The caller must have checked the password.
   */
  begin(personId: string, email: string): Promise<string | 'taken'>;
  /** The address that the person waits to confirm. */
  pendingOf(person: Person): string | undefined;
  /** The address that this link confirms. Undefined: it was used, replaced or cancelled, is too old, or is not this person's. */
  addressOfLink(person: Person, secret: string): string | undefined;
  /** `over`: as above. */
  confirm(person: Person, secret: string): Promise<'changed' | 'over' | 'taken'>;
  cancel(personId: string): Promise<void>;
}

export function createEmailChanges(parts: ChangeEmailParts, nowMs: () => number): EmailChanges {
  const { directory } = parts;
  const liveOf = ({ newEmail }: Person): NewEmail | undefined =>
    newEmail !== undefined && newEmail.untilMs > nowMs() ? newEmail : undefined;
  const addressOfLink = (person: Person, secret: string): string | undefined => {
    const pending = liveOf(person);
    return pending?.hash === sha256(secret) ? pending.email : undefined;
  };
  return {
    async begin(personId, email) {
      const owner = directory.byEmail(email);
      if (owner !== undefined && owner.id !== personId) return 'taken';
      const secret = newResetSecret(personId);
      const newEmail = { email, hash: sha256(secret), untilMs: nowMs() + CONFIRM_HOURS * HOUR_MS };
      await directory.change(personId, (person) => ({ ...person, newEmail }));
      return secret;
    },
    pendingOf: (person) => liveOf(person)?.email,
    addressOfLink,
    async confirm(person, secret) {
      const email = addressOfLink(person, secret);
      if (email === undefined) return 'over';
      // in the meantime, the link may have been cancelled, or ended by a new password
      const isStill = (stored: Person): boolean => addressOfLink(stored, secret) === email;
      const outcome = await changeEmail(parts, person.id, email, isStill);
      return outcome === 'unknown' ? 'over' : outcome;
    },
    async cancel(personId) {
      await directory.change(personId, (person) => ({ ...person, newEmail: undefined }));
    },
  };
}

/**
 * `email`: in its normal form; see `checkPerson`. The caller must have checked the password, or pass `mayChange`, which is
 * asked about the person as stored now; if it is false, the answer is `unknown`. Links that were sent to the former address
 * end. May reject with an AccountsUnavailable.
 */
export async function changeEmail(
  { directory, addresses, records }: ChangeEmailParts,
  personId: string,
  email: string,
  mayChange: (person: Person) => boolean = () => true,
): Promise<'changed' | 'unknown' | 'taken'> {
  if (directory.person(personId)?.email === email) return 'changed';
  if (!(await addresses.reserve(email, personId))) return 'taken';
  let former = '';
  let isChanged = false;
  await directory.change(personId, (person) => {
    former = person.email;
    isChanged = mayChange(person);
    return isChanged ? { ...person, email, reset: undefined, newEmail: undefined } : person;
  });
  await records.refresh();
  // As when a person is added: of two people who want an address, it decides whose it is.
  const isOwn = isChanged && addresses.ownerOf(email) === personId;
  if (isChanged && !isOwn) {
    await directory.change(personId, (person) => (person.email === email ? { ...person, email: former } : person));
  }
  // Only now. If the process ends before, the address that is left without a person can be reserved by anybody.
  const [kept, left] = isOwn ? [email, former] : [former, email];
  // They are the same if two requests have changed the address at the same time.
  if (left !== kept) await addresses.release(left, personId);
  if (!isChanged) return 'unknown';
  return isOwn ? 'changed' : 'taken';
}
