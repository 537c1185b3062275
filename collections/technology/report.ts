// What people browse with. All but the versions comes from closed lists, so these lists are exact and short.
import { z } from 'zod';
import { RANKING, row as rowOf } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import { browserTitle, deviceTitle, platformTitle } from '../../src/hit/agent.js';
import { isParted } from '../../src/hit/hit.js';
import type { TechnologySeen } from '../../src/hit/observation.js';
import { report } from '../report.js';
import { type ClosedList, closedList, countClosed, countFirst } from '../row-visitors.js';
import { cappedRows, closedRowSchema, closedRows, paged, rowSchema, totalRowsSchema } from '../rows.js';

const BROWSERS = closedList('b');
const VERSIONS = 'bv';
const PLATFORMS = closedList('p');
const DEVICES = closedList('d');
const LANGUAGES = closedList('l');
const SCREENS = closedList('s');
const WINDOW_WIDTHS = closedList('w');
const WINDOW_HEIGHTS = closedList('h');
/** More versions than all browsers together release in years; a limit, since anyone may claim any number. */
const VERSIONS_MAX = 500;

export const answer = z.object({
  total: z.object({ views: z.int().min(0).describe('The sum of the fullest list: all are equally full but for imported days.') }),
  browsers: z.array(
    closedRowSchema.extend({
      versions: z.array(rowSchema.extend({ title: z.string(), key: z.string().describe('Major and minor version, 130-0.') })),
    }),
  ),
  platforms: z.array(closedRowSchema),
  devices: z.array(closedRowSchema),
  languages: z.array(closedRowSchema),
  screens: z.array(closedRowSchema).describe('Screen widths in CSS pixels: the lower bounds of ranges.'),
  windowWidths: z.array(closedRowSchema),
  windowHeights: z.array(closedRowSchema),
  totalRows: totalRowsSchema('browsers', 'platforms', 'devices', 'languages', 'screens', 'windowWidths', 'windowHeights'),
});
export type Answer = z.infer<typeof answer>;

export const technology = report({
  name: 'technology',
  caps: { [VERSIONS]: VERSIONS_MAX },

  count({ kind, technology, sizes, language, visitor }, into) {
    if (kind === 'view' && !isParted(technology)) add({ technology, sizes, language, first: visitor.first }, 1, into);
  },

  observe(observation, times, into) {
    if (observation.kind === 'technology') add(observation, times, into);
  },

  imported(row, into) {
    if (row.kind === 'browser') {
      countClosed(BROWSERS, row.browser, '', into, row.views);
      if (row.version !== '') rowOf(into, VERSIONS, `${row.browser} ${row.version}`).sum(RANKING, row.views);
    } else if (row.kind === 'platform') countClosed(PLATFORMS, row.platform, '', into, row.views);
    else if (row.kind === 'device') countClosed(DEVICES, row.device, '', into, row.views);
    else if (row.kind === 'language') countClosed(LANGUAGES, row.language, '', into, row.views);
  },

  report(document, view) {
    const closed = (list: ClosedList, title: (key: string) => string) => closedRows(document, list, view, title);
    const versions = cappedRows(document.below(VERSIONS), { ...view, search: '' }).slice(0, VERSIONS_MAX);
    const { browsers, ...lists } = paged(
      {
        browsers: closed(BROWSERS, browserTitle),
        platforms: closed(PLATFORMS, platformTitle),
        devices: closed(DEVICES, deviceTitle),
        languages: closed(LANGUAGES, (key) => key),
        screens: closed(SCREENS, (key) => key),
        windowWidths: closed(WINDOW_WIDTHS, (key) => key),
        windowHeights: closed(WINDOW_HEIGHTS, (key) => key),
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
  into.sum(RANKING, times);
  countClosed(BROWSERS, browser, first, into, times);
  countClosed(PLATFORMS, platform, first, into, times);
  countClosed(DEVICES, device, first, into, times);
  countClosed(LANGUAGES, language, first, into, times);
  countClosed(SCREENS, sizes.screenWidth, first, into, times);
  countClosed(WINDOW_WIDTHS, sizes.windowWidth, first, into, times);
  countClosed(WINDOW_HEIGHTS, sizes.windowHeight, first, into, times);
  if (version === '') return;
  const row = rowOf(into, VERSIONS, `${browser} ${version}`);
  row.sum(RANKING, times);
  countFirst(first, row, times);
}

/** A hit is in every list. Of an imported day a tool may have told some lists only, so the total is that of the fullest. */
function totalOf(document: Counters): number {
  const sums = [BROWSERS, PLATFORMS, DEVICES, LANGUAGES].map((list) =>
    [...(document.below(list.views).fields as Map<string, number>).values()].reduce((sum, views) => sum + views, 0),
  );
  return Math.max(document.get(RANKING), ...sums);
}
