// Signing in with a password, and the sessions of people.
import { utcDay } from '../time/dates.js';
import { DAY_MS } from '../time/units.js';
import type { Directory } from './directory.js';
import { type PasskeyUse, passkeysOf } from './passkeys.js';
import type { Passwords } from './passwords.js';
import type { PendingSignIns } from './pending-sign-ins.js';
import { normalEmail, type Person, type Session } from './person.js';
import { newSessionSecret, personIdOf, sha256 } from './secrets.js';
import { afterUse, isSecretOf } from './session-secrets.js';

/** A session ends after this time without use. Somebody who looks once a quarter stays signed in. */
export const SESSION_DAYS = 100;
/** Of one person. The oldest ends when another begins. */
const SESSIONS_MAX = 20;

export interface SignedIn {
  readonly person: Person;
  readonly session: Session;
}

export interface Begun {
  /** `pending`: a code is needed as well; see pending-sign-ins.ts. */
  readonly kind: 'session' | 'pending';
  /** For the cookie. */
  readonly secret: string;
}

export interface Sessions {
  /** Undefined: the address or the password is wrong, or was changed meanwhile. */
  signIn(email: string, password: string, browser: string): Promise<Begun | undefined>;
  /**
   * For a person, as stored when the password was entered or chosen, or when the provider said who it is. Undefined: the
   * password was changed meanwhile, or the provider unlinked, which ended all sessions.
   */
  beginAfterFirstStep(person: Person, browser: string): Promise<Begun | undefined>;
  /** For a person, as stored when the code was right. Returns the secret. Undefined: as above. */
  beginAfterCode(person: Person, browser: string): Promise<string | undefined>;
  /**
   * For a person who has just used this passkey, which needs no code. Returns the secret. Undefined: the passkey was removed
   * meanwhile.
   */
  beginAfterPasskey(use: PasskeyUse, browser: string): Promise<string | undefined>;
  /** Begins a session for a person who has just proved who they are in another way. Returns the secret. */
  begin(personId: string, browser: string): Promise<string>;
  /** Cheap. */
  find(secret: string): SignedIn | undefined;
  /**
   * Records that a session was used, which `secret` has found. Returns a new secret for the cookie once a day. May reject
   * with an AccountsUnavailable; the old secret then remains valid.
   */
  used(signedIn: SignedIn, secret: string): Promise<string | undefined>;
  /** Ends the sessions of a person for which `isEnded` is true. */
  end(personId: string, isEnded: (session: Session) => boolean): Promise<void>;
}

export function createSessions(
  directory: Directory,
  passwords: Passwords,
  pendingSignIns: Pick<PendingSignIns, 'begin'>,
  nowMs: () => number,
): Sessions {
  const isLive = ({ lastUsedDay }: Session): boolean => lastUsedDay >= utcDay(nowMs() - SESSION_DAYS * DAY_MS);

  /** Undefined: `mayBegin` is false for the person as stored now. */
  const beginIf = async (
    personId: string,
    browser: string,
    mayBegin: (person: Person) => boolean,
  ): Promise<string | undefined> => {
    const secret = newSessionSecret(personId);
    const session: Session = { hash: sha256(secret), createdAtMs: nowMs(), lastUsedDay: utcDay(nowMs()), browser };
    let hasBegun = true;
    await directory.change(personId, (person) => {
      hasBegun = mayBegin(person);
      if (!hasBegun) return person;
      return { ...person, sessions: [...person.sessions.filter(isLive).slice(1 - SESSIONS_MAX), session] };
    });
    return hasBegun ? secret : undefined;
  };

  const beginAfterFirstStep = async (before: Person, browser: string): Promise<Begun | undefined> => {
    const isSame = (person: Person): boolean => isFirstStepOf(person, before);
    const secret = await beginIf(before.id, browser, (person) => isSame(person) && person.twoStep === undefined);
    if (secret !== undefined) return { kind: 'session', secret };
    const pending = await pendingSignIns.begin(before.id, isSame);
    return pending === undefined ? undefined : { kind: 'pending', secret: pending };
  };

  return {
    async signIn(email, password, browser) {
      const person = directory.byEmail(email);
      const of = { lane: 'sign-in', key: normalEmail(email) } as const;
      if (!(await passwords.isRight(password, person?.password, of)) || person === undefined) return undefined;
      return beginAfterFirstStep(person, browser);
    },
    beginAfterFirstStep,
    beginAfterCode: (before, browser) => beginIf(before.id, browser, (person) => isFirstStepOf(person, before)),
    beginAfterPasskey: ({ person: { id }, passkeyId }, browser) =>
      beginIf(id, browser, (person) => passkeysOf(person).some((one) => one.id === passkeyId)),
    begin: async (personId, browser) => (await beginIf(personId, browser, () => true)) as string,
    find(secret) {
      const id = personIdOf(secret);
      const person = id === undefined ? undefined : directory.person(id);
      if (person === undefined) return undefined;
      const hash = sha256(secret);
      const session = person.sessions.find((one) => isSecretOf(one, hash, nowMs()));
      return session !== undefined && isLive(session) ? { person, session } : undefined;
    },
    async used({ person, session }, secret) {
      const now = { today: utcDay(nowMs()), nowMs: nowMs() };
      const hash = sha256(secret);
      const offered = newSessionSecret(person.id);
      const offeredHash = sha256(offered);
      if (afterUse(session, hash, offeredHash, now) === session) return undefined;
      let isOffered = false;
      await directory.change(person.id, (before) => {
        const sessions = before.sessions.map((one) => (one.hash === session.hash ? afterUse(one, hash, offeredHash, now) : one));
        isOffered = sessions.some(({ nextHash }) => nextHash === offeredHash);
        return { ...before, sessions };
      });
      return isOffered ? offered : undefined;
    },
    async end(personId, isEnded) {
      await directory.change(personId, (person) => ({ ...person, sessions: person.sessions.filter((one) => !isEnded(one)) }));
    },
  };
}

/** Whether the first step, as it was then, still leads to the account. */
function isFirstStepOf(person: Person, { password, identity }: Person): boolean {
  return (
    person.password === password && person.identity?.issuer === identity?.issuer && person.identity?.subject === identity?.subject
  );
}
