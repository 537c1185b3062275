// Reads exports of Google Analytics 4: tables of explorations with a column Date, in English. There are lines with `#`
// above them, a file may contain several tables, and a table may have a line with its grand total.
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
  /** Columns with more detail, such as the title of a page. */
  readonly details: readonly string[];
  rowOf(line: DimensionLine, reading: Reading): ImportedRow;
}

interface DimensionLine {
  readonly day: string;
  readonly count: number;
  /** The value of the dimension. */
  readonly name: string;
  /** Empty if there is no column for it. */
  readonly detail: string;
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
    details: ['Page title', 'Page title and screen class', 'Page title and screen name'],
    rowOf: ({ day, count, name, detail }, { settings }) => {
      const title = detail === '(not set)' ? '' : cleanText(detail, TITLE_CODEPOINTS_MAX);
      return { kind: 'page', day, path: pathOf(name, settings.site.queryParameters), title, views: count };
    },
  },
  {
    names: ['Session source / medium', 'Session source'],
    metric: SESSIONS,
    details: [],
    rowOf: ({ day, count, name }, { measured }) => {
      const source = name.split(' / ')[0] as string;
      return { kind: 'referrer', day, referrer: referrerNamed(source, measured), visits: count };
    },
  },
  {
    names: ['Browser'],
    metric: VIEWS,
    details: ['Browser version'],
    rowOf: ({ day, count, name, detail }) => ({ kind: 'browser', day, ...browserOf(name, detail), views: count }),
  },
  {
    names: ['Operating system', 'Operating system with version'],
    metric: VIEWS,
    details: [],
    rowOf: ({ day, count, name }) => ({ kind: 'platform', day, platform: platformOf(name), views: count }),
  },
  {
    names: ['Device category'],
    metric: VIEWS,
    details: [],
    rowOf: ({ day, count, name }) => ({ kind: 'device', day, device: deviceOf(name), views: count }),
  },
  {
    names: ['Language code', 'Language'],
    metric: VIEWS,
    details: [],
    rowOf: ({ day, count, name }) => ({ kind: 'language', day, language: languageOf(name), views: count }),
  },
];

/** The names of metrics, whose columns come after the dimensions. */
const METRIC = new RegExp(
  '^(?:views|event count|key events|conversions|entrances|exits|engagement rate' +
    '|.*(?:users?|sessions?|revenue|bounce rate)|.* per .*|average .*)$',
  'i',
);
/** Dimensions over which sessions add up. Over pages and events they do not, because a session has several of these. */
const OF_SESSIONS = /^(?:session|first user|landing page|country|region|city|continent|browser|operating|device|language|date$)/i;

export const ga4: Tool = {
  key: 'ga4',
  title: 'Google Analytics 4',
  expected:
    'tables in English with a column Date and one of Views, Active users or Sessions: an exploration (Explore, Free form) ' +
    'with the dimension Date, exported as CSV',
  isRemark: (fields) => (fields[0] as string).startsWith('#'),
  emptyLineEndsTable: true,

  table(header, _fileName, reading) {
    const columns = columnsOf(header);
    const firstMetric = columns.names.findIndex((name) => METRIC.test(name));
    if (firstMetric < 0) return undefined;
    const day = columns.find('Date');
    if (day < 0)
      return {
        leftOut: 'it has no column Date, so its numbers belong to no day; export an exploration with the dimension Date',
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

/** Views add up over all dimensions, so a line counts in each of its dimensions. */
function tableOf(columns: Columns, day: number, dimensions: readonly string[], reading: Reading): Table | { leftOut: string } {
  const known = DIMENSIONS.filter(({ names }) => columns.find(...names) >= 0);
  if (known.length === 0) return { leftOut: `${dimensions.join(' and ')} by day: not counted here` };
  const sessionsAddUp = dimensions.every((name) => OF_SESSIONS.test(name));
  const counted = known.filter(({ metric }) => columns.has(metric) && (metric === VIEWS || sessionsAddUp));
  if (counted.length === 0) {
    const missing = [...new Set(known.map(({ metric }) => metric))].join(' or ');
    return {
      leftOut:
        `for ${dimensions.join(' and ')} by day only ${missing} can be counted: add that metric, ` +
        'and do not combine pages with sources',
    };
  }
  const places = counted.map(({ names, metric, details, rowOf }) => ({
    name: columns.find(...names),
    metric: columns.find(metric),
    detail: columns.find(...details),
    rowOf,
  }));
  return dailyTable({
    columns,
    day,
    site: reading.settings.site.id,
    counts: [...new Set(places.map(({ metric }) => metric))],
    texts: places.flatMap(({ name, detail }) => [name, detail]),
    rowsOf: (line: Line) =>
      places.map(({ name, metric, detail, rowOf }) =>
        rowOf({ day: line.day, count: line.count(metric), name: line.text(name), detail: line.text(detail) }, reading),
      ),
  });
}

/** Leaves out the line with the grand total, which has no day. Its label is in a field that other lines do not have. */
function withoutTotals(day: number, { entriesOf }: Table): Table['entriesOf'] {
  return (fields) => ((fields[day] ?? '').trim() === '' && fields.length > 1 ? 'grand-total' : entriesOf(fields));
}
