// The tokens of one site, as its owners see and revoke them.
import { setTimeout as delay } from 'node:timers/promises';
import type { AccountVersions, IssuedToken, Token, TokenFields, Tokens, TokenUses } from './accounts.js';
import { TOKENS_OF_SITE_MAX, TooMany } from './too-many.js';

export const TOKEN_TITLE_CODEPOINTS_MAX = 100;

export const TOKEN_TITLE_RULE = `Give the token a title of one line and at most ${TOKEN_TITLE_CODEPOINTS_MAX} characters.`;

/** The title may be empty; callers that demand one check that themselves. */
export function isTokenTitle(title: string): boolean {
  return [...title].length <= TOKEN_TITLE_CODEPOINTS_MAX && !/\p{Cc}/u.test(title);
}

/** The tokens that can read this site, except those for all sites, which belong to the operators. */
export function tokensOfSite(accounts: Pick<Tokens, 'tokens'>, site: string): Token[] {
  return accounts.tokens().filter(({ sites }) => sites !== 'all' && sites.includes(site));
}

/** Rejects with a TooMany if one of its sites has too many tokens. May reject with an AccountsUnavailable. */
export async function addTokenOfSites(accounts: Pick<Tokens, 'tokens' | 'addToken'>, fields: TokenFields): Promise<IssuedToken> {
  for (const site of fields.sites === 'all' ? [] : fields.sites) {
    if (tokensOfSite(accounts, site).length >= TOKENS_OF_SITE_MAX)
      throw new TooMany({
        en: `${site} has ${TOKENS_OF_SITE_MAX} tokens, which is the most. Revoke those that nobody uses any more.`,
        de: `${site} hat ${TOKENS_OF_SITE_MAX} Token, mehr sind nicht möglich. Widerrufen Sie die, die niemand mehr benutzt.`,
      });
  }
  return accounts.addToken(fields);
}

/** A person should not wait longer for a store that does not answer. */
const USES_WAIT_MS = 2_000;

/** The same, each with its last use by any process. If the store does not answer, it is the last one known here. */
export async function tokensOfSiteWithUses(
  accounts: Pick<Tokens, 'tokens'> & Pick<TokenUses, 'tokenUses'>,
  site: string,
): Promise<Token[]> {
  const tokens = tokensOfSite(accounts, site);
  if (tokens.length === 0) return [];
  const reading = accounts.tokenUses(tokens.map(({ prefix }) => prefix)).catch(() => undefined);
  const uses = await Promise.race([reading, delay(USES_WAIT_MS, undefined, { ref: false })]);
  return tokens.map((token) => {
    const lastUsedDay = uses?.get(token.prefix);
    return lastUsedDay === undefined ? token : { ...token, lastUsedDay };
  });
}

/** Whether the owners of this site may revoke a token: it must not belong to other sites as well. */
export function isOnlyOfSite({ sites }: Token, site: string): boolean {
  return sites !== 'all' && sites.length === 1 && sites[0] === site;
}

/** `unknown`: there is no such token, or it is not only for this site. May reject with an AccountsUnavailable. */
export async function revokeTokenOfSite(
  accounts: Pick<Tokens, 'tokens' | 'revokeToken'> & Pick<AccountVersions, 'refresh'>,
  site: string,
  prefix: string,
): Promise<'revoked' | 'unknown'> {
  const isOwn = (): boolean => accounts.tokens().some((token) => token.prefix === prefix && isOnlyOfSite(token, site));
  if (!isOwn()) await accounts.refresh(); // it may be new
  return isOwn() ? accounts.revokeToken(prefix) : 'unknown';
}
