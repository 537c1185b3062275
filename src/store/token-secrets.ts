// How tokens are made and stored: their secrets only as hashes.
import { createHash, randomBytes } from 'node:crypto';
import type { Token, TokenFields } from './accounts.js';

const SECRET_BYTES = 32;
const PREFIX_CHARACTERS = 8;
/** Anything else cannot be a token and is not even hashed. */
const SECRET = /^hit_[A-Za-z0-9_-]{43}$/;
const SETUP_SECRET_BYTES = 24;

export interface NewToken {
  readonly secret: string;
  readonly hash: string;
  readonly token: Token;
}

/** Its prefix may already be taken by another token: then the adapter creates another one. */
export function newToken(fields: TokenFields): NewToken {
  const { title, sites, scope = 'read', nowMs } = fields;
  const random = randomBytes(SECRET_BYTES).toString('base64url');
  if (random.startsWith('-')) return newToken(fields); // `token revoke -…` would read as an option
  const secret = `hit_${random}`;
  const prefix = random.slice(0, PREFIX_CHARACTERS);
  const token: Token = {
    prefix,
    title,
    sites: sites === 'all' ? 'all' : [...sites],
    ...(scope === 'write' && { scope }),
    createdAtMs: nowMs,
  };
  return { secret, hash: hash(secret), token };
}

/** The hash under which a token is stored; undefined if the text cannot be a token. */
export function hashOf(secret: string): string | undefined {
  return SECRET.test(secret) ? hash(secret) : undefined;
}

export function byDate(a: Token, b: Token): number {
  return a.createdAtMs - b.createdAtMs || (a.prefix < b.prefix ? -1 : 1);
}

/** The token without this site. Returns the same object if nothing changes, and undefined if no site is left. */
export function withoutSite(token: Token, site: string): Token | undefined {
  if (token.sites === 'all' || !token.sites.includes(site)) return token;
  const sites = token.sites.filter((id) => id !== site);
  return sites.length === 0 ? undefined : { ...token, sites };
}

export function newSetupSecret(): string {
  return randomBytes(SETUP_SECRET_BYTES).toString('base64url');
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
