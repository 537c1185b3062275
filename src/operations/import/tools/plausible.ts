// Reads Plausible's export: files of daily numbers, recognised by their headers. Days are those of the site's time zone
// in Plausible.
import type { ImportedRow } from '../../../hit/imported.js';
import { columnsOf } from './columns.js';
import { dailyTable, type Line } from './daily.js';
import { pathOf } from './paths.js';
import { referrerAt, referrerNamed } from './referrals.js';
import { browserOf, deviceOf, platformOf } from './technology-names.js';
import type { Reading, Tool } from './tool.js';
import { dailyVisits } from './visits.js';

/** Tables that are not read, recognised by columns that no other table has. */
const LEFT_OUT: ReadonlyArray<readonly [columns: readonly string[], what: string]> = [
  [['entry_page'], 'entry pages'],
  [['exit_page'], 'exit pages'],
  [['name', 'events'], 'events'],
  [['country'], 'places'],
];

interface Kind {
  readonly count: string;
  /** No other table has the first of them. */
  readonly texts: readonly string[];
  rowOf(day: string, count: number, texts: readonly string[], reading: Reading): ImportedRow;
}

const KINDS: readonly Kind[] = [
  {
    count: 'pageviews',
    texts: ['page'],
    // the hostname is ignored: Plausible adds up a page of several hosts in one line, with any of these hosts
    rowOf: (day, views, [page = ''], { settings }) => {
      const path = pathOf(page, settings.site.queryParameters);
      return { kind: 'page', day, path, title: '', views };
    },
  },
  {
    count: 'visits',
    texts: ['source', 'referrer'],
    rowOf: (day, visits, [source = '', address = ''], { measured }) => {
      const referrer = address === '' ? undefined : referrerAt(address, measured);
      const known = referrer !== undefined && referrer.medium !== 'direct' ? referrer : referrerNamed(source, measured);
      return { kind: 'referrer', day, referrer: known, visits };
    },
  },
  {
    count: 'pageviews',
    texts: ['browser', 'browser_version'],
    rowOf: (day, views, [name = '', version = '']) => ({ kind: 'browser', day, ...browserOf(name, version), views }),
  },
  {
    count: 'pageviews',
    texts: ['operating_system'],
    rowOf: (day, views, [name = '']) => ({ kind: 'platform', day, platform: platformOf(name), views }),
  },
  {
    count: 'pageviews',
    texts: ['device'],
    rowOf: (day, views, [name = '']) => ({ kind: 'device', day, device: deviceOf(name), views }),
  },
];

export const plausible: Tool = {
  key: 'plausible',
  title: 'Plausible',
  expected: 'the files of its CSV export, such as imported_visitors_20240101_20241231.csv',
  isRemark: () => false,
  emptyLineEndsTable: false,

  table(header, _fileName, reading) {
    const columns = columnsOf(header);
    const day = columns.find('date');
    if (day < 0) return undefined;
    const leftOut = LEFT_OUT.find(([names]) => columns.has(...names));
    if (leftOut !== undefined) return { leftOut: `${leftOut[1]} are not counted here` };
    const common = { columns, day, site: reading.settings.site.id };
    const kind = KINDS.find(({ texts }) => columns.has(texts[0] as string));
    if (kind !== undefined) {
      const count = columns.find(kind.count);
      if (count < 0) return { leftOut: `it has no column ${kind.count}, which newer versions of Plausible export` };
      const texts = kind.texts.map((name) => columns.find(name));
      const rowsOf = (line: Line) => [kind.rowOf(line.day, line.count(count), texts.map(line.text), reading)];
      return dailyTable({ ...common, counts: [count], texts, rowsOf });
    }
    const [views, visitors] = [columns.find('pageviews'), columns.find('visitors')];
    if (views < 0 && visitors < 0) return undefined;
    const [visits, bounces, seconds] = [columns.find('visits'), columns.find('bounces'), columns.find('visit_duration')];
    const ofVisits = dailyVisits({ visits, bounces, views, seconds });
    return dailyTable({
      ...common,
      counts: [views, visitors, ...ofVisits.counts],
      texts: [],
      rowsOf: (line) => [
        { kind: 'views', day: line.day, views: line.count(views) },
        { kind: 'visitors', day: line.day, visitors: line.count(visitors) },
        ...ofVisits.rowsOf(line),
      ],
    });
  },
};
