// Passwords are hashed with Argon2id. The hashing runs on threads of the library, so that hits do not wait for it.
import { createLanes } from './lanes.js';

/** Loaded when it is first needed: most commands, and nodes without people who sign in, do not need it. */
const argon2 = () => import('@node-rs/argon2');

/** 19 MiB and two passes, as OWASP recommends. Argon2id is the default of the library. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Each hashing takes the memory above and a processor. More at once would slow down counting. */
const AT_ONCE = 2;
/** A sign-in that waits behind this many others takes one to two seconds. */
const WAITING_MAX = 64;
const WAITING_OF_KEY_MAX = 8;

/** For whom a password is hashed. They go on by turns, so that no site and no visitor of a share keeps people from signing in. */
export interface HashingFor {
  /** `person`: who chooses a password, or confirms something with it. `site`: a new share link. */
  readonly lane: 'sign-in' | 'person' | 'share' | 'site';
  /** The address, the id of a person, a share, or a site. */
  readonly key: string;
}

/** Both reject with a TooBusy if too many hashings are waiting. */
export interface Passwords {
  hash(password: string, of: HashingFor): Promise<string>;
  /**
   * False without a hash, or with an empty one. That takes as long as a wrong password, so that nobody learns which
   * addresses are known.
   */
  isRight(password: string, stored: string | undefined, of: HashingFor): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const inTurn = createLanes<HashingFor['lane']>({
    atOnce: AT_ONCE,
    waitingMax: WAITING_MAX,
    waitingOfKeyMax: WAITING_OF_KEY_MAX,
  });
  const hashOf = async (password: string): Promise<string> => (await argon2()).hash(normal(password), OPTIONS);
  /** Of a text that nobody knows. Made when it is first needed. */
  let unknown: Promise<string> | undefined;
  return {
    hash: (password, of) => inTurn(of, () => hashOf(password)),
    async isRight(password, stored, of) {
      unknown ??= hashOf(crypto.randomUUID());
      const compared = stored || (await unknown);
      // a damaged hash is no password's
      const isRight = await inTurn(of, async () => {
        const { verify } = await argon2();
        return verify(compared, normal(password)).catch(() => false);
      });
      return isRight && compared === stored;
    },
  };
}

/** Keyboards differ in how they compose letters such as "é". */
function normal(password: string): string {
  return password.normalize('NFKC');
}
