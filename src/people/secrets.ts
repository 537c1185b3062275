// Secrets that people receive: in links, and in the cookie of a session. Only their hashes are stored.
import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const LINK_SECRET = /^[A-Za-z0-9_-]{43}$/;
const PERSONAL_SECRET = /^(?:ses_)?([A-Za-z0-9_-]{1,32})\.[A-Za-z0-9_-]{43}$/;
const ID_CHARACTERS = 16;

/**
 * The id of the person who accepts an invitation. It depends on the invitation alone, so an invitation that two requests
 * accept at the same time creates one person.
 */
export function idFor(invitation: string): string {
  return createHash('sha256').update(`person ${invitation}`).digest('base64url').slice(0, ID_CHARACTERS);
}

export function newLinkSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** The secrets of sessions and of links for passwords contain the id of the person, who is found without a search. */
export function newSessionSecret(personId: string): string {
  return `ses_${newResetSecret(personId)}`;
}

export function newResetSecret(personId: string): string {
  return `${personId}.${newLinkSecret()}`;
}

/** The id of the person; undefined if the text cannot be such a secret. */
export function personIdOf(secret: string): string | undefined {
  return PERSONAL_SECRET.exec(secret)?.[1];
}

/** The hash under which the secret of a link is stored; undefined if the text cannot be one. */
export function linkHashOf(secret: string): string | undefined {
  return LINK_SECRET.test(secret) ? sha256(secret) : undefined;
}

export function sha256(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
