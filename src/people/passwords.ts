// Passwords are hashed with Argon2id. The hashing runs on threads of the library, so that hits do not wait for it.
import { createTurns } from '../system/turns.js';

/** Loaded when it is first needed: most commands, and nodes without people who sign in, do not need it. */
const argon2 = () => import('@node-rs/argon2');

/** 19 MiB and two passes, as OWASP recommends. Argon2id is the default of the library. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Each hashing takes the memory above and a processor. More at once would slow down counting. */
const AT_ONCE = 2;

export interface Passwords {
  hash(password: string): Promise<string>;
  /**
   * False without a hash, or with an empty one. That takes as long as a wrong password, so that nobody learns which
   * addresses are known.
   */
  isRight(password: string, stored: string | undefined): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const inTurn = createTurns(AT_ONCE);
  /** Of a text that nobody knows. Made when it is first needed. */
  let unknown: Promise<string> | undefined;
  return {
    hash: (password) => inTurn(async () => (await argon2()).hash(normal(password), OPTIONS)),
    async isRight(password, stored) {
      unknown ??= inTurn(async () => (await argon2()).hash(crypto.randomUUID(), OPTIONS));
      const compared = stored || (await unknown);
      // a damaged hash is no password's
      const isRight = await inTurn(async () => {
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
