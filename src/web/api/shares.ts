// The share links of a site.
import type { z } from 'zod';
import type { ShareField } from '../../people/share-rules.js';
import type { Share } from '../../people/shares.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import { createShare, revokeShare } from '../shares.js';
import { notStored, type shareAnswer } from './answers.js';
import { jsonBody, newShareBody, readBody } from './bodies.js';
import type { AddCall } from './calls.js';

const FIELD_NAMES: Readonly<Record<ShareField, string>> = {
  title: 'title',
  password: 'password',
  until: 'expiresAt',
  reports: 'reports',
};

export function addShares(addCall: AddCall, parts: AppParts): void {
  const { shares } = parts.people;
  addCall('GET /api/v1/sites/:site/shares', (_req, res, { site }) => {
    notStored(res).json({ shares: shares.ofSite(site.id).map(publicShare) });
  });

  addCall(
    'POST /api/v1/sites/:site/shares',
    async (req, res, { caller, site: { id: site } }) => {
      const { title, password = '', expiresAt, mayBeEmbedded = false, reports } = readBody(req, newShareBody, 'a new share link');
      const untilMs = expiresAt === undefined ? undefined : Date.parse(expiresAt);
      const created = await createShare(parts, caller, { site, title, password, untilMs, mayBeEmbedded, reports });
      if ('problem' in created) throw new WebError('bad-request', created.problem.message, FIELD_NAMES[created.problem.field]);
      const { id, link } = created;
      const share = shares.ofSite(site).find((one) => one.id === id);
      if (share === undefined) throw new WebError('unknown-share'); // somebody has revoked it already
      notStored(res)
        .status(201)
        .json({ ...publicShare(share), link });
    },
    jsonBody,
  );

  addCall('DELETE /api/v1/sites/:site/shares/:share', async (req, res, { caller, site }) => {
    if ((await revokeShare(parts, caller, site.id, String(req.params.share))) === 'unknown') throw new WebError('unknown-share');
    notStored(res).status(204).end();
  });
}

function publicShare(share: Share): z.input<typeof shareAnswer> {
  const { id, title, password, untilMs, mayBeEmbedded, reports, createdAtMs } = share;
  return {
    id,
    title,
    hasPassword: password !== undefined,
    expiresAt: untilMs === undefined ? null : new Date(untilMs).toISOString(),
    mayBeEmbedded,
    reports: reports === undefined ? null : [...reports],
    createdAt: new Date(createdAtMs).toISOString(),
  };
}
