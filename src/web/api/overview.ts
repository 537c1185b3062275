// The overview of all sites: one call for the page that lists them.
import { z } from 'zod';
import type { Site } from '../../hit/site.js';
import type { Team } from '../../people/team.js';
import { overviewOfSites } from '../../reporting/overview-answer.js';
import type { OverviewQuery } from '../../reporting/port.js';
import type { Caller } from '../callers.js';
import { withTeams } from '../first-view.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { createDemandWithin } from '../within-limits.js';
import { notStored } from './answers.js';
import { checkParameters, wrong } from './parameters.js';
import { priceOfOverview } from './price.js';
import { FORMATS } from './query.js';
import { SITES, sitesIn } from './sites-parameter.js';

export const overviewQuery = z.object({
  sites: SITES,
  format: z
    .string()
    .pipe(z.enum(FORMATS, { error: `must be one of ${FORMATS.join(', ')}` }))
    .optional()
    .describe(
      '`json`, the default, or `csv`: a row for each site, for a spreadsheet. A site with a damaged document then has a row ' +
        'without numbers.',
    ),
});

export const overviewAnswer = overviewOfSites.extend({
  teams: z
    .array(z.object({ id: z.string(), name: z.string(), sites: z.array(z.string()) }))
    .describe('The teams of the caller, with those of their sites that are in this answer.'),
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
    const [issue] = parsed.error?.issues ?? [];
    if (!parsed.success) throw wrong(String(issue?.path[0]), issue?.message ?? 'cannot be understood');
    const sites = sitesIn(parsed.data.sites, accounts, caller);
    await demandWithin('api', caller, req, priceOfOverview(sites.length));
    const query = overviewQueryOf(sites, caller, countedUntilMs());
    if (parsed.data.format === 'csv') {
      const csv = await reports.overview({ ...query, isCsv: true });
      return void notStored(res).type('text/csv').attachment('sites.csv').send(csv);
    }
    const text = await reports.overview(query);
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
