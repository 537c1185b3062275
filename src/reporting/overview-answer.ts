// What an overview answers.
import { z } from 'zod';
import { OVERVIEW_DAYS } from './port.js';

const views = z.int().min(0).describe('Page views.');

const day = z.object({
  views,
  visitors: z.int().min(0).describe('Unique visitors of the day.'),
  error: z.int().min(0).optional().describe('One standard error of `visitors`, if that is an estimate.'),
});

const untilHour = z.object({
  views,
  visitors: z
    .int()
    .min(0)
    .describe('Visitors with a record of each hour, added up: somebody who came in two hours counts twice, on both days.'),
});

/** All of it but the teams of the caller, which the reports do not know. */
export const overviewOfSites = z.object({
  asOf: z.iso.datetime().describe('Every hit taken before this moment is in the numbers of today.'),
  sites: z.array(
    z.object({
      site: z.string(),
      title: z.string(),
      timezone: z.string(),
      createdAt: z.iso.datetime(),
      day: z.iso.date().describe('Today, in the time zone of the site.'),
      today: day,
      yesterday: day.describe('All of yesterday.'),
      sameHours: z
        .object({ until: z.string().describe('The hour that is not over yet, `13`.'), today: untilHour, yesterday: untilHour })
        .nullable()
        .describe(
          'The hours of today that are over, and the same hours of yesterday. `null` if no hour is over yet, or yesterday has ' +
            'no hours to compare: it was imported, or the site was created on it or later.',
        ),
      online: z
        .object({ visitors: z.int().min(0), views: z.int().min(0) })
        .nullable()
        .describe('Who is here now, as in the minutes report. `null` if a share link does not show that report.'),
      days: z
        .array(z.int().min(0))
        .describe(`The views of the last ${OVERVIEW_DAYS} days, the oldest first; the last one is today.`),
    }),
  ),
  damaged: z
    .array(z.string())
    .optional()
    .describe('Sites that are not in `sites` because a document of theirs is damaged. `hitherto verify --store` names it.'),
});
