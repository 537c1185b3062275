// Two-step sign-in of a person: switching it on and off.
import type { Directory } from './directory.js';
import { hashOfRecoveryCode, isCodeSecret, newRecoveryCodes, stepOfCode } from './one-time-codes.js';
import type { Session } from './person.js';

export interface NewTwoStep {
  /** In base32. */
  readonly secret: string;
  /** From the app, which proves that the app has the secret. */
  readonly code: string;
  /** The session in which it is switched on. All others end: they began without a code. */
  readonly session: Session;
}

export interface TwoSteps {
  /**
   * Returns the recovery codes, of which only hashes are stored. If two-step sign-in is on already, the secret and the
   * recovery codes are replaced. The caller must have checked the password.
   */
  switchOn(personId: string, choice: NewTwoStep): Promise<readonly string[] | 'wrong-code'>;
  /** The caller must have checked the password, or be an operator. */
  switchOff(personId: string): Promise<'changed' | 'unknown'>;
}

export function createTwoSteps(directory: Directory, nowMs: () => number): TwoSteps {
  return {
    async switchOn(personId, { secret, code, session }) {
      const step = isCodeSecret(secret) ? stepOfCode(secret, code, nowMs()) : undefined;
      if (step === undefined) return 'wrong-code';
      const recoveryCodes = newRecoveryCodes();
      const recoveryHashes = recoveryCodes.map(hashOfRecoveryCode);
      await directory.change(personId, (person) => {
        // a form that is sent again must not make used codes valid
        const used = person.twoStep?.secret === secret ? person.twoStep.lastStep : 0;
        return {
          ...person,
          twoStep: { secret, lastStep: Math.max(step, used), recoveryHashes },
          sessions: person.sessions.filter(({ hash }) => hash === session.hash),
          pendingSignIns: [],
        };
      });
      return recoveryCodes;
    },
    switchOff: (personId) =>
      directory.change(personId, (person) => ({ ...person, twoStep: undefined, pendingSignIns: undefined })),
  };
}
