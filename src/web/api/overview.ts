// The overview of all sites: one call for the page that lists them.
import { z } from 'zod';
import type { Site } from '../../hit/site.js';
import type { Team } from '../../people/team.js';
import { OVERVIEW_DAYS, type OverviewQuery } from '../../reporting/port.js';
import type { Caller } from '../callers.js';
import { withTeams } from '../first-view.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { createDemandWithin } from '../within-limits.js';
import { notStored } from './answers.js';
import { checkParameters, wrong } from './parameters.js';
import { priceOfOverview } from './price.js';
import { SITES, sitesIn } from './sites-parameter.js';

export const overviewQuery = z.object({ sites: SITES });

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

export const overviewAnswer = z.object({
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
  teams: z
    .array(z.object({ id: z.string(), name: z.string(), sites: z.array(z.string()) }))
    .describe('The teams of the caller, with those of their sites that are in this answer.'),
  damaged: z
    .array(z.string())
    .optional()
    .describe('Sites that are not in `sites` because a document of theirs is damaged. `hitherto verify --store` names it.'),
});

export function addOverview(
  addRoute: AddRoute,
  parts: Pick<AppParts, 'accounts' | 'people' | 'reports' | 'countedUntilMs' | 'limits' | 'clientAddress'>,
): void {
  const { accounts, people, reports, countedUntilMs } = parts;
  const demandWithin = createDemandWithin(parts);

  addRoute('GET /api/v1/overview', async (req, res, { caller }) => {
    checkParameters(req.query, Object.keys(overviewQuery.shape), 'the overview');
    const parsed = overviewQuery.safeParse(req.query);
    if (!parsed.success) throw wrong('sites', parsed.error.issues[0]?.message ?? 'cannot be understood');
    const sites = sitesIn(parsed.data.sites, accounts, caller);
    await demandWithin('api', caller, req, priceOfOverview(sites.length));
    const text = await reports.overview(overviewQueryOf(sites, caller, countedUntilMs()));
    notStored(res)
      .type('application/json')
      .send(withTeams(text, teamsOf(caller, people.teams.all(), sites)));
  });
}

export function overviewQueryOf(sites: readonly Site[], { mayRead }: Pick<Caller, 'mayRead'>, asOfMs: number): OverviewQuery {
  return {
    sites: sites.map(({ id, title, timezone, createdAtMs }) => ({ site: id, title, timezone, createdAtMs })),
    withOnline: mayRead('minutes'),
    asOfMs,
  };
}

/** As JSON. */
export function teamsOf({ roleInTeam }: Pick<Caller, 'roleInTeam'>, teams: readonly Team[], sites: readonly Site[]): string {
  const shown = new Set(sites.map(({ id }) => id));
  const found = teams
    .filter(({ id }) => roleInTeam(id) !== undefined)
    .map(({ id, name, sites }) => ({ id, name, sites: sites.filter((site) => shown.has(site)) }))
    .filter(({ sites }) => sites.length > 0);
  return JSON.stringify(found);
}
