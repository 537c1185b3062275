// What the API answers beside the reports' own bodies.
import { z } from 'zod';
import type { Site } from '../../hit/site.js';
import { ERRORS, type ErrorCode } from '../errors.js';

export const siteAnswer = z.object({
  id: z.string(),
  title: z.string(),
  timezone: z.string().describe('IANA name. Days and hours of this site are those of this zone.'),
  hosts: z.array(z.string()).describe('Host names whose pages count; empty: any.'),
  excludedAddresses: z.array(z.string()),
  queryParameters: z.array(z.string()).describe('Query parameters that are part of a page.'),
  storage: z.enum(['record', 'none']),
  signals: z.enum(['without-record', 'views-only', 'ignored']),
  createdAt: z.iso.datetime(),
});

export const sitesAnswer = z.object({ sites: z.array(siteAnswer) });

/** What every report begins with. */
export const reportAnswer = z.object({
  site: z.string(),
  timezone: z.string(),
  from: z.iso.date().describe('First local day. Earlier than asked for where days have expired and months are read instead.'),
  to: z.iso.date().describe('Last local day, inclusive.'),
  resolution: z.enum(['day', 'month']),
  asOf: z.iso.datetime().describe('Every hit taken before this moment is in the report.'),
});

export const errorAnswer = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    message: z.string().describe('What was wrong and what to do.'),
    field: z.string().optional().describe('The parameter that was wrong.'),
  }),
});

export function publicSite({ createdAtMs, ...site }: Site): z.infer<typeof siteAnswer> {
  const { hosts, excludedAddresses, queryParameters } = site;
  return {
    ...site,
    hosts: [...hosts],
    excludedAddresses: [...excludedAddresses],
    queryParameters: [...queryParameters],
    createdAt: new Date(createdAtMs).toISOString(),
  };
}
