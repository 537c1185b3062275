// The answers of the API, and the parts of them that are the same for all reports.
import type { Response } from 'express';
import { z } from 'zod';
import type { Site } from '../../hit/site.js';
import { LANGUAGES } from '../../language/languages.js';
import { SITE_ROLES } from '../../people/person.js';
import { ERRORS, type ErrorCode } from '../errors.js';

const kept = z.union([z.int(), z.literal('always')]).nullable();

const readableSite = z.object({
  id: z.string(),
  title: z.string(),
  timezone: z.string().describe('IANA name. Days and hours of this site are those of this zone.'),
  hosts: z.array(z.string()).describe('Host names whose pages count; empty: any.'),
  queryParameters: z.array(z.string()).describe('Query parameters that are part of a page.'),
  storage: z.enum(['record', 'none']),
  signals: z.enum(['without-record', 'views-only', 'ignored']),
  keep: z
    .object({ day: kept, month: kept, year: kept })
    .describe('How long days, months and years are kept, in months; null: as each report says.'),
  createdAt: z.iso.datetime(),
});

export const sitesAnswer = z.object({ sites: z.array(readableSite) });

export const siteAnswer = readableSite.extend({
  excludedAddresses: z
    .array(z.string())
    .optional()
    .describe('Addresses and ranges whose hits are not counted. Only for callers who may change the site, as the next two.'),
  excludedPaths: z.array(z.string()).optional().describe('Patterns of paths whose hits are not counted.'),
  excludedReferrers: z.array(z.string()).optional().describe('Hosts whose views are counted as direct.'),
});

export const zoneChangeAnswer = z.object({
  minutes: z.number().describe('Positive: local times are skipped. Negative: they occur twice. 0: nothing changes now.'),
  from: z.string().describe('The first local time that is skipped or occurs twice, `2026-11-20 14:05`; empty if none is.'),
  to: z.string().describe('The end of these local times.'),
  firstDay: z.iso.date().describe('The first local day that the change affects.'),
  lastDay: z.iso.date(),
  text: z.array(z.string()).describe('The effect of the change in sentences.'),
});

export const changedSiteAnswer = siteAnswer.extend({
  zoneChange: zoneChangeAnswer.optional().describe('Only if the time zone has changed.'),
});

export const tokenAnswer = z.object({
  prefix: z.string().describe('The first characters after `hit_`, by which the token is revoked.'),
  title: z.string(),
  scope: z.enum(['read', 'write']),
  createdAt: z.iso.datetime(),
  lastUsedDay: z.iso.date().optional().describe('The last day, in UTC, on which the token was used; absent if none is known.'),
  isRevocable: z.boolean().describe('False for a token of several sites: only an operator can revoke it.'),
});

export const tokensAnswer = z.object({ tokens: z.array(tokenAnswer) });

export const newTokenAnswer = tokenAnswer.extend({ secret: z.string().describe('The token. It cannot be shown again.') });

export const shareAnswer = z.object({
  id: z.string().describe('The link is revoked by it. It is not the secret in the link.'),
  title: z.string(),
  hasPassword: z.boolean(),
  expiresAt: z.iso.datetime().nullable().describe('null: it works until it is revoked.'),
  mayBeEmbedded: z.boolean().describe('Whether other sites may show the page in a frame.'),
  reports: z.array(z.string()).nullable().describe('The reports that it shows, and `live`; null: everything.'),
  createdAt: z.iso.datetime(),
});

export const sharesAnswer = z.object({ shares: z.array(shareAnswer) });

export const newShareAnswer = shareAnswer.extend({
  link: z.url().describe('Send it to those who may see the reports. It cannot be shown again.'),
});

export const annotationAnswer = z.object({
  id: z.string().describe('It is changed and removed by this id.'),
  day: z.iso.date().describe('A local day of the site.'),
  time: z.string().nullable().describe('In the time zone of the site, `14:05`; null: the note is about the whole day.'),
  text: z.string(),
  createdAt: z.iso.datetime(),
});

export const annotationsAnswer = z.object({ annotations: z.array(annotationAnswer).describe('By day and time.') });

export const memberAnswer = z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(SITE_ROLES) });

export const invitationAnswer = z.object({
  email: z.string(),
  role: z.enum(SITE_ROLES),
  invitedBy: z.string(),
  expiresAt: z.iso.datetime(),
});

export const membersAnswer = z.object({
  members: z.array(memberAnswer),
  invitations: z.array(invitationAnswer),
  teams: z
    .array(z.object({ id: z.string(), name: z.string(), members: z.array(memberAnswer) }))
    .describe('The teams that contain this site. Each of their members has the role on this site.'),
});

export const newInvitationAnswer = invitationAnswer.extend({
  link: z.url().describe('It cannot be shown again, and works once.'),
  mailed: z.boolean().describe('Whether a mail with the link was sent to the invited person. If not, send the link.'),
});

/** The part of a report that names its range. */
export const rangeAnswer = z.object({
  from: z.iso
    .date()
    .describe('First local day. Earlier than asked for where days are not kept any more and months or years are read instead.'),
  to: z.iso.date().describe('Last local day, inclusive.'),
  resolution: z.enum(['day', 'month', 'year']).describe('The shortest periods that this range could be cut at.'),
  archived: z
    .array(z.string())
    .optional()
    .describe('Years in the range whose days and months are in an archive. Their summary is in the report.'),
  expired: z
    .array(z.object({ from: z.iso.date(), to: z.iso.date() }))
    .optional()
    .describe('Days in the range of which nothing is kept any more.'),
  asOf: z.iso.datetime().describe('Every hit taken before this moment is in the report.'),
  until: z.iso.datetime().describe('No hit taken at this moment or later is in the report. Between the two, some are.'),
});

/** The beginning of every report. */
export const reportAnswer = z.object({ site: z.string(), timezone: z.string(), ...rangeAnswer.shape });

/** The beginning of every report of several sites. */
export const rollupAnswer = z.object({
  sites: z.array(z.string()).describe('The ids of the sites.'),
  timezones: z.array(z.string()).describe('The time zones of the sites. Each site was counted by its own days and hours.'),
  ...rangeAnswer.shape,
});

export const accountAnswer = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  language: z.enum(LANGUAGES).nullable().describe('Of pages and mails; null: that of the browser.'),
});

export const errorAnswer = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    message: z.string().describe('What was wrong and what to do.'),
    field: z.string().optional().describe('The parameter, or the field of the body, that was wrong.'),
  }),
});

/** What a reader may see of a site. Exclusions are left out: addresses belong to the owner, and paths may be secret. */
export function publicSite(site: Site): z.infer<typeof readableSite> {
  const { id, title, timezone, hosts, queryParameters, storage, signals, createdAtMs } = site;
  const { day = null, month = null, year = null } = site.keep ?? {};
  return {
    id,
    title,
    timezone,
    hosts: [...hosts],
    queryParameters: [...queryParameters],
    storage,
    signals,
    keep: { day, month, year },
    createdAt: new Date(createdAtMs).toISOString(),
  };
}

/** For callers who may change the site. */
export function editableSite(site: Site): z.infer<typeof siteAnswer> {
  const { excludedAddresses, excludedPaths, excludedReferrers } = site;
  return {
    ...publicSite(site),
    excludedAddresses: [...excludedAddresses],
    excludedPaths: [...excludedPaths],
    excludedReferrers: [...excludedReferrers],
  };
}

export function notStored(res: Response): Response {
  return res.set('Cache-Control', 'no-store');
}
