// The parts of API answers that are the same for all reports.
import { z } from 'zod';
import type { Site } from '../../hit/site.js';
import { ERRORS, type ErrorCode } from '../errors.js';

const kept = z.union([z.int(), z.literal('always')]).nullable();

export const siteAnswer = z.object({
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

export const sitesAnswer = z.object({ sites: z.array(siteAnswer) });

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
});

/** The beginning of every report. */
export const reportAnswer = z.object({ site: z.string(), timezone: z.string(), ...rangeAnswer.shape });

export const errorAnswer = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    message: z.string().describe('What was wrong and what to do.'),
    field: z.string().optional().describe('The parameter that was wrong.'),
  }),
});

/** What a reader may see of a site. Excluded addresses are left out, since they belong to the owner. */
export function publicSite(site: Site): z.infer<typeof siteAnswer> {
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
