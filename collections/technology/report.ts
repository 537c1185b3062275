// Browsers, platforms, devices, languages and sizes. All except versions are from closed lists, so they are exact and short.
import { z } from 'zod';
import { VIEWS } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import { browserTitle, deviceTitle, platformTitle } from '../../src/hit/agent.js';
import { isSplit } from '../../src/hit/hit.js';
import type { TechnologySeen } from '../../src/hit/observation.js';
import { type ClosedList, cappedMap, closedList, declareKeys } from '../keys.js';
import { report } from '../report.js';
import { countFirst, countInList, firstKeys } from '../row-visitors.js';
import { cappedRows, closedRowSchema, closedRows, paged, rowIn, rowSchema, totalRowsSchema } from '../rows.js';

/** More versions than all browsers together release in years. There is a limit because anyone may claim any number. */
const VERSIONS_MAX = 500;

const keys = declareKeys({
  views: VIEWS,
  browsers: closedList('b'),
  /** Rows such as `firefox 140-0`. */
  versions: cappedMap('bv', { rowsMax: VERSIONS_MAX, row: { views: VIEWS, ...firstKeys } }),
  platforms: closedList('p'),
  devices: closedList('d'),
  languages: closedList('l'),
  screens: closedList('s'),
  windowWidths: closedList('w'),
  windowHeights: closedList('h'),
});

export const answer = z.object({
  total: z.object({
    views: z.int().min(0).describe('The sum of the fullest list. All lists have the same sum, except for imported days.'),
  }),
  browsers: z
    .array(
      closedRowSchema.extend({
        versions: z
          .array(rowSchema.extend({ title: z.string(), key: z.string().describe('Major and minor version, `130-0`.') }))
          .describe('The versions of the browser.'),
      }),
    )
    .describe('Views by browser.'),
  platforms: z.array(closedRowSchema).describe('Views by operating system.'),
  devices: z.array(closedRowSchema).describe('Views by type of device.'),
  languages: z.array(closedRowSchema).describe('Views by language.'),
  screens: z.array(closedRowSchema).describe('Views by screen width. `1280` means 1280 to 1439 CSS pixels; `unknown`: not sent.'),
  windowWidths: z.array(closedRowSchema).describe('Views by window width.'),
  windowHeights: z.array(closedRowSchema).describe('Views by window height.'),
  totalRows: totalRowsSchema('browsers', 'platforms', 'devices', 'languages', 'screens', 'windowWidths', 'windowHeights'),
});
export type Answer = z.infer<typeof answer>;

export const technology = report({
  name: 'technology',
  summary: 'browsers with versions, platforms, devices, languages and sizes',
  about: `All names except versions come from closed lists, which include \`other\`. Every list adds up to the views,
except for imported days, for which an export may contain only some of the lists. A size is the lower bound of
its class.

A visitor is counted in one row of each list, as in *referrers*: the technology of the first view of the day,
month or year.`,
  keys,

  count({ kind, technology, sizes, language, visitor }, into) {
    if (kind === 'view' && !isSplit(technology)) add({ technology, sizes, language, first: visitor.first }, 1, into);
  },

  observe(observation, times, into) {
    if (observation.kind === 'technology') add(observation, times, into);
  },

  imported(row, into) {
    if (row.kind === 'browser') {
      countInList(keys.browsers, row.browser, '', into, row.views);
      if (row.version !== '') rowIn(into, keys.versions, `${row.browser} ${row.version}`).sum(VIEWS, row.views);
    } else if (row.kind === 'platform') countInList(keys.platforms, row.platform, '', into, row.views);
    else if (row.kind === 'device') countInList(keys.devices, row.device, '', into, row.views);
    else if (row.kind === 'language') countInList(keys.languages, row.language, '', into, row.views);
  },

  report(document, view) {
    const closed = (list: ClosedList, title: (key: string) => string) => closedRows(document, list, view, title);
    const versions = cappedRows(document, keys.versions, { ...view, search: '' }).slice(0, VERSIONS_MAX);
    const { browsers, ...lists } = paged(
      {
        browsers: closed(keys.browsers, browserTitle),
        platforms: closed(keys.platforms, platformTitle),
        devices: closed(keys.devices, deviceTitle),
        languages: closed(keys.languages, (key) => key),
        screens: closed(keys.screens, (key) => key),
        windowWidths: closed(keys.windowWidths, (key) => key),
        windowHeights: closed(keys.windowHeights, (key) => key),
      },
      view,
    );
    return {
      total: { views: totalOf(document) },
      browsers: browsers.map((browser) => ({
        ...browser,
        versions: versions
          .filter((version) => version.key.startsWith(`${browser.key} `))
          .slice(0, view.limit)
          .map((version) => {
            const key = version.key.slice(browser.key.length + 1);
            return { ...version, key, title: key.replace('-', '.') };
          }),
      })),
      ...lists,
    };
  },

  answer,
});

type Seen = Pick<TechnologySeen, 'technology' | 'sizes' | 'language' | 'first'>;

function add({ technology, sizes, language, first }: Seen, times: number, into: Counters): void {
  const { browser, version, platform, device } = technology;
  into.sum(keys.views, times);
  countInList(keys.browsers, browser, first, into, times);
  countInList(keys.platforms, platform, first, into, times);
  countInList(keys.devices, device, first, into, times);
  countInList(keys.languages, language, first, into, times);
  countInList(keys.screens, sizes.screenWidth, first, into, times);
  countInList(keys.windowWidths, sizes.windowWidth, first, into, times);
  countInList(keys.windowHeights, sizes.windowHeight, first, into, times);
  if (version === '') return;
  const row = rowIn(into, keys.versions, `${browser} ${version}`);
  row.sum(VIEWS, times);
  countFirst(first, row, times);
}

/** Each view is in every list. For an imported day, an export may contain only some lists, so the fullest one gives the total. */
function totalOf(document: Counters): number {
  const viewsOf = (list: ClosedList) =>
    document
      .below(list.views)
      .sums()
      .reduce((sum, [, views]) => sum + views, 0);
  const lists = [keys.browsers, keys.platforms, keys.devices, keys.languages];
  return Math.max(document.get(keys.views), ...lists.map(viewsOf));
}
