// Reads answers of Matomo's Reporting API as CSV, one file for each method, by day. The columns do not identify the
// report, so the file's name must contain the method. Days are those of the site's time zone in Matomo.
import type { ImportedRow } from '../../../hit/imported.js';
import { type Columns, columnsOf } from './columns.js';
import { dailyTable, type Line } from './daily.js';
import { pathOf } from './paths.js';
import { referrerNamed } from './referrals.js';
import type { Reading, Tool } from './tool.js';
import { dailyVisits } from './visits.js';

/** The names of columns in the API, and their English translations. */
const DATE = ['date', 'Date'];
const LABEL = ['label', 'Label'];
const ADDRESS = ['metadata_url', 'url'];
const PAGE_VIEWS = ['nb_pageviews', 'Pageviews'];
const HITS = ['nb_hits', 'Pageviews'];
const VISITORS = ['nb_uniq_visitors', 'Unique visitors'];
const VISITS = ['nb_visits', 'Visits'];
const BOUNCES = ['bounce_count', 'Bounces'];
const ACTIONS = ['nb_actions', 'Actions'];
const VISIT_SECONDS = ['sum_visit_length', 'Total time spent by visitors (in seconds)'];

/** Reports by the method's name in lower case. Three methods return sources; each has a report of its own. */
const METHODS: ReadonlyMap<string, 'days' | 'pages' | `from ${string}`> = new Map([
  ['api.get', 'days'],
  ['visitssummary.get', 'days'],
  ['actions.get', 'days'],
  ['actions.getpageurls', 'pages'],
  ['referrers.getwebsites', 'from websites'],
  ['referrers.getsearchengines', 'from search engines'],
  ['referrers.getsocials', 'from social networks'],
]);
const METHOD = /(?:^|[^a-z])([a-z]+\.get[a-z]*)/i;

export const matomo: Tool = {
  key: 'matomo',
  title: 'Matomo',
  expected:
    'answers of its Reporting API with period=day, a range of dates and format=CSV, in files that are named by the method, ' +
    'such as Actions.getPageUrls-2024.csv',
  isRemark: () => false,
  emptyLineEndsTable: false,

  table(header, fileName, reading) {
    const columns = columnsOf(header);
    const name = METHOD.exec(fileName)?.[1];
    if (name === undefined) return undefined;
    const report = METHODS.get(name.toLowerCase());
    if (report === undefined) return { leftOut: `${name} is not counted here` };
    const day = columns.find(...DATE);
    if (day < 0)
      return {
        leftOut: 'it has no column date, so its numbers belong to no day; request period=day and date=2024-01-01,2024-12-31',
      };
    if (report === 'days') return days(columns, day, reading);
    return report === 'pages' ? pages(columns, day, reading) : referrers(columns, day, report, reading);
  },
};

/**
 * `nb_actions` include downloads, outlinks and searches. Visits use them as their views nevertheless: every method with
 * visits returns them, but not every one returns views, and all methods must agree about a day.
 */
function days(columns: Columns, day: number, { settings }: Reading) {
  const [views, visitors] = [columns.find(...PAGE_VIEWS), columns.find(...VISITORS)];
  const ofVisits = dailyVisits({
    visits: columns.find(...VISITS),
    bounces: columns.find(...BOUNCES),
    views: columns.find(...ACTIONS),
    seconds: columns.find(...VISIT_SECONDS),
  });
  if (views < 0 && visitors < 0 && ofVisits.counts.length === 0)
    return { leftOut: 'it has neither nb_pageviews (Actions.get) nor nb_uniq_visitors (VisitsSummary.get)' };
  const rowsOf = (line: Line): ImportedRow[] => [
    { kind: 'views', day: line.day, views: line.count(views) },
    { kind: 'visitors', day: line.day, visitors: line.count(visitors) },
    ...ofVisits.rowsOf(line),
  ];
  const counts = [views, visitors, ...ofVisits.counts];
  return dailyTable({ columns, day, site: settings.site.id, counts, texts: [], rowsOf });
}

function pages(columns: Columns, day: number, { settings: { site } }: Reading) {
  const [label, address, hits] = [columns.find(...LABEL), columns.find(...ADDRESS), columns.find(...HITS)];
  if (hits < 0 || (label < 0 && address < 0)) return { leftOut: 'it lacks label or nb_hits' };
  // the address is the requested page; labels omit the part that all pages have in common
  const rowsOf = (line: Line): ImportedRow[] => {
    const path = pathOf(line.text(address) || line.text(label), site.queryParameters);
    return [{ kind: 'page', day: line.day, path, title: '', views: line.count(hits) }];
  };
  return dailyTable({ columns, day, site: site.id, counts: [hits], texts: [label, address], rowsOf });
}

function referrers(columns: Columns, day: number, report: string, { settings, measured }: Reading) {
  const [label, visits] = [columns.find(...LABEL), columns.find(...VISITS)];
  if (label < 0 || visits < 0) return { leftOut: 'it lacks label or nb_visits' };
  const rowsOf = (line: Line): ImportedRow[] => [
    { kind: 'referrer', day: line.day, referrer: referrerNamed(line.text(label), measured), visits: line.count(visits) },
  ];
  return dailyTable({ columns, day, site: settings.site.id, report, counts: [visits], texts: [label], rowsOf });
}
