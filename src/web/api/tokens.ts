// The tokens of a site.
import type { z } from 'zod';
import type { Token } from '../../store/accounts.js';
import { addTokenOfSites, isOnlyOfSite, isTokenTitle, TOKEN_TITLE_RULE, tokensOfSiteWithUses } from '../../store/site-tokens.js';
import { demandDirectOwner } from '../direct-owner.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import { recordToken, revokeToken } from '../tokens.js';
import { notStored, type tokenAnswer } from './answers.js';
import { jsonBody, newTokenBody, readBody } from './bodies.js';
import type { AddCall } from './calls.js';

export function addTokens(addCall: AddCall, parts: AppParts): void {
  const { accounts, nowMs } = parts;
  addCall('GET /api/v1/sites/:site/tokens', async (_req, res, { site: { id } }) => {
    const tokens = await tokensOfSiteWithUses(accounts, id);
    notStored(res).json({ tokens: tokens.map((token) => publicToken(token, id)) });
  });

  addCall(
    'POST /api/v1/sites/:site/tokens',
    async (req, res, { caller, site: { id } }) => {
      const { title, scope } = readBody(req, newTokenBody, 'a new token');
      if (scope === 'write') demandDirectOwner(caller, id);
      const trimmed = title.trim();
      if (trimmed === '' || !isTokenTitle(trimmed)) throw new WebError('bad-request', TOKEN_TITLE_RULE, 'title');
      const { secret, token } = await addTokenOfSites(accounts, { title: trimmed, sites: [id], scope, nowMs: nowMs() });
      await recordToken(parts, caller, 'token.created', token);
      notStored(res)
        .status(201)
        .json({ ...publicToken(token, id), secret });
    },
    jsonBody,
  );

  addCall('DELETE /api/v1/sites/:site/tokens/:prefix', async (req, res, { caller, site }) => {
    if ((await revokeToken(parts, caller, site.id, String(req.params.prefix))) === 'unknown')
      throw new WebError('unknown-token-prefix');
    notStored(res).status(204).end();
  });
}

function publicToken(token: Token, site: string): z.input<typeof tokenAnswer> {
  const { prefix, title, scope = 'read', createdAtMs, lastUsedDay } = token;
  const createdAt = new Date(createdAtMs).toISOString();
  return {
    prefix,
    title,
    scope,
    createdAt,
    ...(lastUsedDay !== undefined && { lastUsedDay }),
    isRevocable: isOnlyOfSite(token, site),
  };
}
