// Google Analytics 4: tables with a column Date, as its explorations export them, in English. Above them are lines
// that begin with #, several tables may be in a file, and one line of each may be its grand total.
import type { ImportedRow } from '../../../hit/imported.js';
import { cleanText, TITLE_CODEPOINTS_MAX } from '../../../hit/text.js';
import { type Columns, columnsOf } from './columns.js';
import { dailyTable, type Line } from './daily.js';
import { pathOf } from './paths.js';
import { referrerNamed } from './referrals.js';
import { browserOf, deviceOf, languageOf, platformOf } from './technology-names.js';
import type { Reading, Table, Tool } from './tool.js';

const VIEWS = 'Views';
const SESSIONS = 'Sessions';
const VISITORS = ['Active users', 'Total users'];

interface Dimension {
  readonly names: readonly string[];
  readonly metric: typeof VIEWS | typeof SESSIONS;
  /** Columns that say more of it. */
  readonly beside: readonly string[];
  rowOf(day: string, count: number, name: string, beside: string, reading: Reading): ImportedRow;
}

const DIMENSIONS: readonly Dimension[] = [
  {
    names: [
      'Page path and screen class',
      'Page path + query string and screen class',
      'Page path',
      'Page path + query string',
      'Page path and query string',
      'Page location',
    ],
    metric: VIEWS,
    beside: ['Page title', 'Page title and screen class', 'Page title and screen name'],
    rowOf: (day, views, name, beside, { settings }) => {
      const title = beside === '(not set)' ? '' : cleanText(beside, TITLE_CODEPOINTS_MAX);
      return { kind: 'page', day, path: pathOf(name, settings.site.queryParameters), title, views };
    },
  },
  {
    names: ['Session source / medium', 'Session source'],
    metric: SESSIONS,
    beside: [],
    rowOf: (day, visits, name, _beside, { measured }) => {
      const source = name.split(' / ')[0] as string;
      return { kind: 'referrer', day, referrer: referrerNamed(source, measured), visits };
    },
  },
  {
    names: ['Browser'],
    metric: VIEWS,
    beside: ['Browser version'],
    rowOf: (day, views, name, version) => ({ kind: 'browser', day, ...browserOf(name, version), views }),
  },
  {
    names: ['Operating system', 'Operating system with version'],
    metric: VIEWS,
    beside: [],
    rowOf: (day, views, name) => ({ kind: 'platform', day, platform: platformOf(name), views }),
  },
  {
    names: ['Device category'],
    metric: VIEWS,
    beside: [],
    rowOf: (day, views, name) => ({ kind: 'device', day, device: deviceOf(name), views }),
  },
  {
    names: ['Language code', 'Language'],
    metric: VIEWS,
    beside: [],
    rowOf: (day, views, name) => ({ kind: 'language', day, language: languageOf(name), views }),
  },
];

/** Metrics stand behind the dimensions. */
const METRIC =
  /^(?:views|event count|key events|conversions|entrances|exits|engagement rate|.*(?:users?|sessions?|revenue|bounce rate)|.* per .*|average .*)$/i;
/** Dimensions over which sessions add up; a session is in the lines of each of its pages and events. */
const OF_SESSIONS = /^(?:session|first user|landing page|country|region|city|continent|browser|operating|device|language|date$)/i;

export const ga4: Tool = {
  key: 'ga4',
  title: 'Google Analytics 4',
  expected:
    'tables in English with a column Date and one of Views, Active users or Sessions: an exploration (Explore, Free form) with the dimension Date, exported as CSV',
  isRemark: (fields) => (fields[0] as string).startsWith('#'),
  emptyLineEndsTable: true,

  table(header, _fileName, reading) {
    const columns = columnsOf(header);
    const firstMetric = columns.names.findIndex((name) => METRIC.test(name));
    if (firstMetric < 0) return undefined;
    const day = columns.find('Date');
    if (day < 0)
      return {
        leftOut: 'it has no column Date, so its numbers are of no day; export an exploration that has the dimension Date',
      };
    const dimensions = columns.names.slice(0, firstMetric).filter((_, place) => place !== day);
    const table = dimensions.length === 0 ? tableOfDays(columns, day, reading) : tableOf(columns, day, dimensions, reading);
    return 'leftOut' in table ? table : { ...table, entriesOf: withoutTotals(day, table) };
  },
};

function tableOfDays(columns: Columns, day: number, { settings }: Reading): Table | { leftOut: string } {
  const [views, visitors] = [columns.find(VIEWS), columns.find(...VISITORS)];
  if (views < 0 && visitors < 0) return { leftOut: 'it has neither Views nor Active users' };
  return dailyTable({
    columns,
    day,
    site: settings.site.id,
    counts: [views, visitors],
    texts: [],
    rowsOf: (line) => [
      { kind: 'views', day: line.day, views: line.count(views) },
      { kind: 'visitors', day: line.day, visitors: line.count(visitors) },
    ],
  });
}

/** Views add up over all dimensions, so a line counts in each that it names. */
function tableOf(columns: Columns, day: number, dimensions: readonly string[], reading: Reading): Table | { leftOut: string } {
  const known = DIMENSIONS.filter(({ names }) => columns.find(...names) >= 0);
  if (known.length === 0) return { leftOut: `${dimensions.join(' and ')} by day: not counted here` };
  const sessionsAddUp = dimensions.every((name) => OF_SESSIONS.test(name));
  const counted = known.filter(({ metric }) => columns.has(metric) && (metric === VIEWS || sessionsAddUp));
  if (counted.length === 0) {
    const missing = [...new Set(known.map(({ metric }) => metric))].join(' or ');
    return {
      leftOut: `of ${dimensions.join(' and ')} by day ${missing} can be counted: add that metric, and let there be no dimension of pages beside sources`,
    };
  }
  const places = counted.map(({ names, metric, beside, rowOf }) => ({
    name: columns.find(...names),
    metric: columns.find(metric),
    beside: columns.find(...beside),
    rowOf,
  }));
  return dailyTable({
    columns,
    day,
    site: reading.settings.site.id,
    counts: [...new Set(places.map(({ metric }) => metric))],
    texts: places.flatMap(({ name, beside }) => [name, beside]),
    rowsOf: (line: Line) =>
      places.map(({ name, metric, beside, rowOf }) =>
        rowOf(line.day, line.count(metric), line.text(name), line.text(beside), reading),
      ),
  });
}

/** The line of grand totals has no day; the words stand in a field that other lines do not have. */
function withoutTotals(day: number, { entriesOf }: Table): Table['entriesOf'] {
  return (fields) => ((fields[day] ?? '').trim() === '' && fields.length > 1 ? 'grand-total' : entriesOf(fields));
}
