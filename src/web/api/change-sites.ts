// Creating sites, and changing their settings.
import { isDeepStrictEqual } from 'node:util';
import type { Response } from 'express';
import type { z } from 'zod';
import type { Site, SiteKeep } from '../../hit/site.js';
import { forPrograms } from '../../language/sentence.js';
import { settingsChange } from '../../operations/audit/changes.js';
import { changeSite } from '../../operations/settings/change-site.js';
import { includes } from '../../people/rights.js';
import { checkSite, type Problem, type SiteField } from '../../store/account-rules.js';
import { zoneChangeText } from '../../time/zone-change.js';
import type { Caller } from '../callers.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import { createSite } from '../sites.js';
import { type changedSiteAnswer, editableSite, notStored } from './answers.js';
import { jsonBody, newSiteBody, readBody, siteChangesBody } from './bodies.js';
import type { AddCall } from './calls.js';

export function addSiteChanges(addCall: AddCall, parts: AppParts): void {
  const { accounts, siteDeletion, nowMs } = parts;

  addCall(
    'POST /api/v1/sites',
    async (req, res, { caller }) => {
      const given = readBody(req, newSiteBody, 'a new site');
      const checked = checkSite({ ...given, keep: keepOf(given.keep) });
      if ('problems' in checked) throw problemOf(checked.problems);
      const site = { ...checked.settings, createdAtMs: nowMs() };
      if ((await createSite(parts, caller, site)) === 'added') return answerSite(res, editableSite(site), 201);
      const same = await sameSite(caller, site, Object.keys(given) as SiteField[]);
      if (same === undefined) throw new WebError('site-id-taken', undefined, 'id');
      answerSite(res, editableSite(same), 200);
    },
    jsonBody,
  );

  /** The caller's own site that has this id and these settings already, so that a call can be repeated. */
  const sameSite = async ({ rightOn }: Caller, wanted: Site, given: readonly SiteField[]): Promise<Site | undefined> => {
    if (accounts.site(wanted.id) === undefined) await accounts.refresh();
    const site = accounts.site(wanted.id);
    if (site === undefined || !includes(rightOn(wanted.id), 'own')) return undefined;
    const stored = { ...site, keep: site.keep ?? {} };
    return given.every((field) => isDeepStrictEqual(stored[field], wanted[field])) ? site : undefined;
  };

  addCall('DELETE /api/v1/sites/:site', (_req, res, { site, caller }) => {
    siteDeletion.start(site.id, caller.who);
    notStored(res).status(202).end();
  });

  addCall(
    'PATCH /api/v1/sites/:site',
    async (req, res, { site, caller }) => {
      const { keep, ...same } = readBody(req, siteChangesBody, 'the settings of a site');
      const changed = await changeSite(parts, site, (before) => ({
        ...same,
        ...(keep && { keep: keepOf({ ...before.keep, ...keep }) }),
      }));
      if (changed === 'unknown') throw new WebError('unknown-site');
      if ('problems' in changed) throw problemOf(changed.problems);
      await parts.audit.record(caller.who, settingsChange(changed.before, changed.site));
      const { zoneChange } = changed;
      const text = zoneChange && zoneChangeText(site.timezone, changed.site.timezone, zoneChange).map(forPrograms);
      answerSite(res, { ...editableSite(changed.site), ...(zoneChange && text && { zoneChange: { ...zoneChange, text } }) }, 200);
    },
    jsonBody,
  );
}

function answerSite(res: Response, answer: z.input<typeof changedSiteAnswer>, status: number): void {
  notStored(res).status(status).json(answer);
}

type GivenKeep = { readonly [Grain in keyof SiteKeep]?: SiteKeep[Grain] | null | undefined };

/** Null is the default, which is not stored. */
function keepOf(given: GivenKeep = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, months]) => months !== null && months !== undefined));
}

function problemOf([problem]: readonly Problem[]): WebError {
  return new WebError('bad-request', problem?.message, problem?.field);
}
