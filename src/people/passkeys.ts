// The passkeys of people. Who signs in with one needs no password and no code: the authenticator has the key, and has verified
// the person. Each is part of the record of its person, who is found by the *user handle* that authenticators return.
import { createHmac } from 'node:crypto';
import { utcDay } from '../time/dates.js';
import { FIVE_MINUTES_MS, MINUTE_MS } from '../time/units.js';
import type { Directory } from './directory.js';
import { ALGORITHMS, counterAfter, createdIn, type Expected, useIn } from './passkey-answers.js';
import type { Passkey, Person, Session } from './person.js';
import type { RelyingParty } from './relying-party.js';
import { newLinkSecret, sha256 } from './secrets.js';

/** Of one person. */
export const PASSKEYS_MAX = 10;
/** How far the clocks of two nodes may differ. */
const CLOCK_MS_MAX = MINUTE_MS;
const HANDLE_CHARACTERS = 16;

/** Kept by the browser until its authenticator has answered. Nothing is stored here, so any node can check the answer. */
export interface Ceremony {
  readonly secret: string;
  readonly beganAtMs: number;
}

export interface Answered {
  readonly ceremony: Ceremony;
  /** In JSON, from the browser. */
  readonly answer: string;
  readonly party: RelyingParty;
}

export interface PasskeyUse {
  readonly person: Person;
  readonly passkeyId: string;
}

export interface Passkeys {
  begin(): Ceremony;
  /** For `navigator.credentials.create` of the browser. */
  creationOptions(person: Person, ceremony: Ceremony, party: RelyingParty): object;
  /**
   * The caller must have checked the password. `wrong`: the answer is no answer to these options, or is too late. `known`: the
   * person has this passkey already. `browser`: such as "Firefox on Linux".
   */
  add(personId: string, answered: Answered, browser: string): Promise<'added' | 'wrong' | 'known' | 'full'>;
  /** For `navigator.credentials.get` of the browser. */
  requestOptions(ceremony: Ceremony, party: RelyingParty): object;
  /** Accepts an answer once. Undefined: it is wrong, too late or was used, or the passkey was removed. */
  use(answered: Answered): Promise<PasskeyUse | undefined>;
  /** Ends all sessions except `kept`: they may have begun with the passkey. False: there is no such passkey. */
  remove(personId: string, passkeyId: string, kept: Session): Promise<boolean>;
  /** Ends all sessions. The caller must be an operator. */
  removeAll(personId: string): Promise<'changed' | 'unknown'>;
}

export function createPasskeys(directory: Directory, nowMs: () => number): Passkeys {
  const isInTime = ({ beganAtMs }: Ceremony): boolean =>
    beganAtMs > nowMs() - FIVE_MINUTES_MS && beganAtMs <= nowMs() + CLOCK_MS_MAX;

  const changeIf = async (personId: string, changed: (person: Person) => Person | undefined): Promise<boolean> => {
    let isChanged = false;
    await directory.change(personId, (person) => {
      const after = changed(person);
      isChanged = after !== undefined;
      return after ?? person;
    });
    return isChanged;
  };

  return {
    begin: () => ({ secret: newLinkSecret(), beganAtMs: nowMs() }),
    creationOptions: (person, ceremony, { id }) => ({
      challenge: challengeOf(ceremony, purposeOf(person.id)),
      rp: { id, name: 'Hitherto' },
      user: { id: base64url(handleOf(person)), name: person.email, displayName: person.name },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: FIVE_MINUTES_MS,
      attestation: 'none',
      excludeCredentials: passkeysOf(person).map(({ id, transports }) => ({ type: 'public-key', id, transports })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    }),
    async add(personId, { ceremony, answer, party }, browser) {
      const expected: Expected = { challenge: challengeOf(ceremony, purposeOf(personId)), party };
      const created = isInTime(ceremony) ? await createdIn(answer, expected) : undefined;
      if (created === undefined) return 'wrong';
      const passkey: Passkey = { ...created, browser, createdDay: utcDay(nowMs()), lastChallengeMs: ceremony.beganAtMs };
      let outcome: 'added' | 'known' | 'full' = 'added';
      const isChanged = await changeIf(personId, (person) => {
        const passkeys = passkeysOf(person);
        outcome = passkeys.some(({ id }) => id === passkey.id) ? 'known' : passkeys.length >= PASSKEYS_MAX ? 'full' : 'added';
        return outcome === 'added' ? { ...person, passkeys: [...passkeys, passkey] } : undefined;
      });
      return isChanged || outcome !== 'added' ? outcome : 'wrong'; // the person was deleted
    },
    requestOptions: (ceremony, { id }) => ({
      challenge: challengeOf(ceremony, SIGN_IN),
      rpId: id,
      timeout: FIVE_MINUTES_MS,
      userVerification: 'required',
      allowCredentials: [],
    }),
    async use({ ceremony, answer, party }) {
      const use = useIn(answer);
      if (use === undefined || !isInTime(ceremony)) return undefined;
      const person = personOfHandle(use.response.userHandle, directory);
      const passkey = person && passkeysOf(person).find(({ id }) => id === use.id);
      if (person === undefined || passkey === undefined) return undefined;
      const counter = await counterAfter(use, passkey, { challenge: challengeOf(ceremony, SIGN_IN), party });
      if (counter === undefined) return undefined;
      // In one change, so that of two requests with the same answer only one succeeds, also if the authenticator counts nothing.
      const isFirst = await changeIf(person.id, (before) => {
        const stored = passkeysOf(before).find(({ id }) => id === passkey.id);
        if (stored === undefined || stored.publicKey !== passkey.publicKey) return undefined;
        if (stored.lastChallengeMs >= ceremony.beganAtMs || (counter > 0 && stored.counter >= counter)) return undefined;
        const used = { ...stored, counter, lastUsedDay: utcDay(nowMs()), lastChallengeMs: ceremony.beganAtMs };
        return { ...before, passkeys: passkeysOf(before).map((one) => (one === stored ? used : one)) };
      });
      return isFirst ? { person, passkeyId: passkey.id } : undefined;
    },
    remove: (personId, passkeyId, kept) =>
      changeIf(personId, (person) => {
        const passkeys = passkeysOf(person).filter(({ id }) => id !== passkeyId);
        if (passkeys.length === passkeysOf(person).length) return undefined;
        return { ...person, passkeys, sessions: person.sessions.filter(({ hash }) => hash === kept.hash) };
      }),
    removeAll: (personId) => directory.change(personId, (person) => ({ ...person, passkeys: undefined, sessions: [] })),
  };
}

export function passkeysOf({ passkeys = [] }: Pick<Person, 'passkeys'>): readonly Passkey[] {
  return passkeys;
}

const SIGN_IN = 'sign-in';

function purposeOf(personId: string): string {
  return `passkey of ${personId}`;
}

/** An authenticator signs it. It depends on the time, so nobody can use the answer as one to a later challenge. */
function challengeOf({ secret, beganAtMs }: Ceremony, purpose: string): string {
  return createHmac('sha256', secret).update(`${beganAtMs} ${purpose}`).digest('base64url');
}

/**
 * By which authenticators tell accounts apart. It begins with the id of the person. The first person of every installation has
 * the same id, so the rest depends on the person: two installations may share a host.
 */
function handleOf({ id, createdAtMs }: Person): string {
  return `${id}.${sha256(`${id} ${createdAtMs}`).slice(0, HANDLE_CHARACTERS)}`;
}

function personOfHandle(encoded: string, directory: Pick<Directory, 'person'>): Person | undefined {
  const handle = Buffer.from(encoded, 'base64url').toString();
  const id = /^([\w-]{1,32})\./.exec(handle)?.[1];
  const person = id === undefined ? undefined : directory.person(id);
  return person !== undefined && handleOf(person) === handle ? person : undefined;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
