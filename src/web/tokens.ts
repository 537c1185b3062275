// Records changes of tokens: the same for the page and the API.
import { tokenChanges } from '../operations/audit/changes.js';
import type { Token } from '../store/accounts.js';
import { revokeTokenOfSite } from '../store/site-tokens.js';
import type { Caller } from './callers.js';
import type { AppParts } from './parts.js';

type TokenParts = Pick<AppParts, 'accounts' | 'audit'>;

export async function recordToken(
  { audit }: TokenParts,
  { who }: Caller,
  action: 'token.created' | 'token.revoked',
  token: Token,
): Promise<void> {
  for (const change of tokenChanges(action, token)) await audit.record(who, change);
}

/** `unknown`: there is no such token, or it is not only for this site. May reject with an AccountsUnavailable. */
export async function revokeToken(
  parts: TokenParts,
  caller: Caller,
  site: string,
  prefix: string,
): Promise<'revoked' | 'unknown'> {
  const { accounts } = parts;
  const find = (): Token | undefined => accounts.tokens().find((token) => token.prefix === prefix);
  if (find() === undefined) await accounts.refresh(); // it may be new
  const token = find();
  const outcome = await revokeTokenOfSite(accounts, site, prefix);
  if (outcome === 'revoked' && token !== undefined) await recordToken(parts, caller, 'token.revoked', token);
  return outcome;
}
