// Creating and revoking share links: the same for the page and the API.
import { shareChange } from '../operations/audit/changes.js';
import { checkShare, type ShareProblem } from '../people/share-rules.js';
import type { NewShare } from '../people/shares.js';
import type { Caller } from './callers.js';
import type { AppParts } from './parts.js';
import { sharePath } from './shared.js';

type ShareParts = Pick<AppParts, 'people' | 'audit' | 'reportSchemas' | 'nowMs' | 'publicUrl'>;

export interface CreatedShare {
  readonly id: string;
  /** The address to send to others. It cannot be shown again. */
  readonly link: string;
}

/** May reject with an AccountsUnavailable. */
export async function createShare(
  { people, audit, reportSchemas, nowMs, publicUrl }: ShareParts,
  { who }: Caller,
  { site, ...given }: NewShare,
): Promise<CreatedShare | { readonly problem: ShareProblem }> {
  const result = checkShare(given, { nowMs: nowMs(), reports: Object.keys(reportSchemas) });
  if ('problem' in result) return result;
  const share = { site, ...result.checked };
  const { id, secret } = await people.shares.create(share);
  await audit.record(who, shareChange('share.created', share));
  return { id, link: `${publicUrl()}${sharePath(secret)}/` };
}

/** `unknown`: the site has no such link. May reject with an AccountsUnavailable. */
export async function revokeShare(
  { people, audit }: ShareParts,
  { who }: Caller,
  site: string,
  id: string,
): Promise<'revoked' | 'unknown'> {
  const revoked = await people.shares.revoke(site, id);
  if (revoked === undefined) return 'unknown';
  await audit.record(who, shareChange('share.revoked', revoked));
  return 'revoked';
}
