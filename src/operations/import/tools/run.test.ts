// Every day is counted exactly once, however often exports are given and whatever fails; in both stores.
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWith } from '../../../../test/fixtures/servers.js';
import { lmdbStore, mongodbStore, type Store } from '../../../../test/fixtures/stores.js';
import {
  amounts,
  everythingIn,
  GARDEN,
  importingInto,
  linesOf,
  reportOf,
  sample,
  samples,
  sums,
  temporaryFiles,
  total,
} from '../../../../test/fixtures/tool-exports.js';
import type { Documents } from '../../../store/documents.js';
import type { NumbersSummary } from './summary.js';

const files = temporaryFiles();
afterAll(files.remove);

function suite(open: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());
  const importing = importingInto(() => store);

  describe('is counted once', () => {
    const all: ReadonlyArray<readonly [string]> = [['plausible'], ['ga4'], ['goatcounter'], ['matomo']];

    it.each(all)('when the same export is given again: %s', async (tool) => {
      await importing(tool, [samples(tool)]);
      const before = await everythingIn(store);
      const again = await importing(tool, [samples(tool)]);
      expect(again.reports.every(({ days, amount, daysBefore }) => days === 0 && amount === 0 && daysBefore > 0)).toBe(true);
      expect(again.differing).toEqual([]);
      expect(await everythingIn(store)).toEqual(before);
    });

    it.each(all)('when it fails before or after any write and is given again: %s', async (tool) => {
      const straight = await open();
      const tried = store;
      try {
        store = straight;
        await importing(tool, [samples(tool)]);
        const expected = await everythingIn(store);
        store = tried;
        for (let step = 0, complete = false; !complete; step++) {
          const failing: Documents = {
            ...tried.documents,
            async apply(...args) {
              if (step % 2 === 0) await tried.documents.apply(...args);
              throw new Error('killed');
            },
          };
          let calls = 0;
          const some: Documents = {
            ...tried.documents,
            apply: (...args) => (calls++ < 2 ? tried.documents.apply(...args) : failing.apply(...args)),
          };
          complete = await importing(tool, [samples(tool)], {}, some).then(
            () => true,
            (error: Error) => {
              expect(error.message).toBe('killed');
              return false;
            },
          );
        }
        expect(withoutPoints(await everythingIn(store))).toEqual(withoutPoints(expected));
      } finally {
        store = tried;
        await straight.close();
      }
    });

    it('when it is stopped and continued', async () => {
      const straight = amounts(await importing('plausible', [samples('plausible')], { dryRun: true }));
      let applied = 0;
      const counting: Documents = {
        ...store.documents,
        apply: (...args) => {
          applied++;
          return store.documents.apply(...args);
        },
      };
      const first = await importing('plausible', [samples('plausible')], { isStopped: () => applied >= 3 }, counting);
      expect(first.complete).toBe(false);
      expect(applied).toBe(3);
      const second = await importing('plausible', [samples('plausible')]);
      expect(second.complete).toBe(true);
      for (const [report, amount] of Object.entries(straight)) {
        const part = ({ reports }: NumbersSummary) => reports.find((candidate) => candidate.report === report)?.amount ?? 0;
        expect(part(first) + part(second)).toBe(amount);
      }
    });

    it('when two commands import it at the same time', async () => {
      await Promise.allSettled([1, 2].map(() => importing('plausible', [samples('plausible')])));
      await importing('plausible', [samples('plausible')]);
      expect((await reportOf(store, 'traffic', '2024-12-30', '2025-01-05')).total.views).toBe(
        total(sums(linesOf(sample('plausible', 'imported_visitors')), 'date', 'pageviews')),
      );
    });

    const visitors = (...lines: string[]) =>
      `"date","visitors","pageviews","bounces","visits","visit_duration"\n${lines.join('\n')}\n`;

    it('when a later export overlaps: counted days do not change, and different numbers are reported', async () => {
      await importing('plausible', [files.file('a.csv', visitors('"2025-01-30",1,10,0,1,0', '"2025-01-31",2,20,0,2,0'))]);
      const later = files.file(
        'b.csv',
        visitors('"2025-01-31",2,20,0,2,0', '"2025-01-30",1,11,0,1,0', '"2025-02-01",3,30,0,3,0'),
      );
      const summary = await importing('plausible', [later]);
      expect(amounts(summary)).toEqual({ views: 30, visitors: 3, visits: 3 });
      expect(summary.differing).toEqual([
        { report: 'views', from: '2025-01-30', to: '2025-01-31' },
        { report: 'visits', from: '2025-01-30', to: '2025-01-31' }, // their number of views differs
      ]);
      const { rows } = await reportOf(store, 'traffic', '2025-01-30', '2025-02-01');
      expect(rows.map((row: { views: number }) => row.views)).toEqual([10, 20, 30]);
    });

    it('when two files have the same numbers for a day, and is refused when they have different ones', async () => {
      const [a, b] = [
        files.file('a.csv', visitors('"2025-01-30",1,10,0,1,0')),
        files.file('b.csv', visitors('"2025-01-30",1,10,0,1,0')),
      ];
      expect(amounts(await importing('plausible', [a, b]))).toEqual({ views: 10, visitors: 1, visits: 1 });
      const c = files.file('c.csv', visitors('"2025-03-30",1,10,0,1,0'));
      const d = files.file('d.csv', visitors('"2025-03-30",1,12,0,1,0'));
      const before = await everythingIn(store);
      await expect(importing('plausible', [c, d])).rejects.toThrow(
        /c\.csv and .*d\.csv have different numbers for 2025-03-30 \(views\)/,
      );
      // the same number of visits, but different ones
      const e = files.file('e.csv', visitors('"2025-03-30",1,10,0,1,7'));
      await expect(importing('plausible', [c, e])).rejects.toThrow(/have different numbers for 2025-03-30 \(visits\)/);
      expect(await everythingIn(store)).toEqual(before);
    });

    it('when two tables of a file have the same numbers for a day, and is refused when they have different ones', async () => {
      const tables = (views: number) =>
        'Date,Browser,Views\n20250101,Chrome,5\n20250101,Safari,2\n\n# more\n\n' +
        `Date,Browser,Views\n20250101,Safari,2\n20250101,Chrome,${views}\n`;
      expect(amounts(await importing('ga4', [files.file('a.csv', tables(5))]))).toEqual({ browser: 7 });
      await expect(importing('ga4', [files.file('b.csv', tables(6))])).rejects.toThrow(
        /b\.csv and table 2 of .*b\.csv have different numbers for 2025-01-01 \(browser\)/,
      );
    });

    it('when an unfinished import continues, which requires the same numbers', async () => {
      const broken: Documents = { ...store.documents, apply: () => Promise.reject(new Error('killed')) };
      await expect(
        importing('plausible', [files.file('a.csv', visitors('"2025-01-30",1,10,0,1,0'))], {}, broken),
      ).rejects.toThrow('killed');
      const other = files.file('b.csv', visitors('"2025-01-30",1,11,0,1,0'));
      await expect(importing('plausible', [other])).rejects.toThrow(
        /an unfinished import of views from 2025-01-30 to 2025-01-30 began with other numbers/,
      );
      // the same lines in another file, in another order, with other columns
      const same = files.file('c.csv', 'visit_duration,pageviews,more,date,visits,visitors,bounces\n0,10,x,2025-01-30,1,1,0\n');
      expect(amounts(await importing('plausible', [same]))).toEqual({ views: 10, visitors: 1, visits: 1 });
    });

    it('and reports that an earlier version did not count are added when the day is given again', async () => {
      // as it was before visits were counted: the same lines without them
      await importing('plausible', [files.file('a.csv', 'date,pageviews,visitors\n2025-01-30,10,1\n')]);
      const again = await importing('plausible', [files.file('a.csv', visitors('"2025-01-30",1,10,0,1,7'))]);
      expect(again.differing).toEqual([]);
      expect(again.reports.map(({ report, days, daysBefore }) => [report, days, daysBefore])).toEqual([
        ['views', 0, 1],
        ['visitors', 0, 1],
        ['visits', 1, 0],
      ]);
      expect((await reportOf(store, 'visits', '2025-01-30')).total).toMatchObject({ visits: 1, views: 10, seconds: 7 });
      expect((await reportOf(store, 'traffic', '2025-01-30')).total).toEqual({ views: 10, visitors: 1 });
    });

    it('with the settings of the first import', async () => {
      await importing('goatcounter', [sample('goatcounter', 'version-1')]);
      await importing('goatcounter', [sample('goatcounter', 'goat')], {
        site: { ...GARDEN, timezone: 'Pacific/Auckland', queryParameters: ['x'] },
      });
      expect(
        (await reportOf(store, 'content', '2025-03-01', '2025-04-30')).rows.map(({ key }: { key: string }) => key),
      ).toContain('/b');
    });
  });

  it('stores nothing in a dry run, which has the same summary', async () => {
    const dry = await importing('goatcounter', [samples('goatcounter')], { dryRun: true });
    expect(await everythingIn(store)).toEqual({});
    expect(await store.imports.begun(GARDEN.id)).toEqual([]);
    const real = await importing('goatcounter', [samples('goatcounter')]);
    expect(real).toEqual(dry);
    const again = await importing('goatcounter', [samples('goatcounter')], { dryRun: true });
    expect(amounts(again)).toEqual({ hits: 0 });
  });

  it('leaves out days after the last requested one, and counts them later', async () => {
    const first = await importing('plausible', [sample('plausible', 'imported_visitors')], { lastDay: '2024-12-31' });
    expect(first.leftOut).toEqual({ 'later-day': 3 });
    const second = await importing('plausible', [sample('plausible', 'imported_visitors')]);
    expect(second.reports.map(({ days, daysBefore }) => [days, daysBefore])).toEqual([
      [3, 2],
      [3, 2],
      [3, 2],
    ]);
  });

  it('goes to late collections if the year is long over, and otherwise to those of the year', async () => {
    const text = 'date,pageviews\n2024-05-01,5\n2026-05-01,7\n';
    await importing('plausible', [files.file('a.csv', text)]);
    expect(Object.keys(await everythingIn(store)).sort()).toEqual([
      'traffic.2024.late2026/garden:2024-05',
      'traffic.2024.late2026/garden:2024-05-01',
      'traffic.2026/garden:2026-05',
      'traffic.2026/garden:2026-05-01',
    ]);
  });
}

/** Each import has its own salts, so that points differ between imports, although their number hardly does. */
function withoutPoints(documents: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify(documents, (key, value) => (key === 'sketch' ? undefined : value)));
}

describe('an import into the embedded store', () => suite(lmdbStore));
describeWith('MONGODB_URI')('an import into MongoDB', () => suite(mongodbStore));
