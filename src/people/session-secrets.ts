// The secret of a session is replaced once a day, so that a copy of it, such as one in a backup of a browser, soon becomes
// useless. The new secret is valid beside the old one until the browser has used it, since an answer can be lost.
import { MINUTE_MS } from '../time/units.js';
import type { Session } from './person.js';

/** Requests that were sent before the browser received the new secret still have the old one. */
const OVERLAP_MS = 5 * MINUTE_MS;

/** Whether this is the hash of a secret of the session. */
export function isSecretOf(session: Session, hash: string, nowMs: number): boolean {
  const { nextHash, previous } = session;
  return hash === currentOf(session) || hash === nextHash || (hash === previous?.hash && nowMs < previous.untilMs);
}

/**
 * The session after a request with the secret `hash`, which is one of its own. With the current secret, `offeredHash` is
 * the next one if this is the first use on `today`. Once the next one is used, it replaces the current one.
 */
export function afterUse(
  session: Session,
  hash: string,
  offeredHash: string,
  { today, nowMs }: { readonly today: string; readonly nowMs: number },
): Session {
  const current = currentOf(session);
  if (hash === session.nextHash)
    return {
      ...session,
      currentHash: hash,
      nextHash: undefined,
      previous: { hash: current, untilMs: nowMs + OVERLAP_MS },
      lastUsedDay: today,
    };
  if (hash !== current || session.lastUsedDay >= today) return session;
  return { ...session, nextHash: offeredHash, lastUsedDay: today };
}

function currentOf({ hash, currentHash = hash }: Session): string {
  return currentHash;
}
