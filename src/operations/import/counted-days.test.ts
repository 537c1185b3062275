import { beforeEach, describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { type Countables, foldAll, plainHit, viewAfter } from '../../../test/fixtures/hits.js';
import { describeStores, type Store } from '../../../test/fixtures/stores.js';
import { createFold } from '../../counting/fold.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { daysOfScript, daysOfTools } from './counted-days.js';

const SITE = { ...exampleSite, id: 'one', timezone: 'Europe/Berlin' };
const NOW = Date.parse('2026-11-25T12:00:00Z');

const deltasOf = (hits: Countables) => {
  const fold = createFold(DOCUMENT_KINDS);
  foldAll(
    fold,
    hits.flat().map((told) => ({ ...told, receivedAtMs: NOW })),
  );
  return fold.deltas();
};
const views = (day: string, count: number) => Array.from({ length: count }, () => plainHit(Date.parse(`${day}T12:00:00Z`)));

describeStores((open) =>
  describe('days that were counted without a log', () => {
    let opened: Store;
    const store = () => opened;
    beforeEach(async () => {
      opened = await open();
    });

    const byScript = async (hits: Countables, number = 1) => {
      const { documents, nodes } = store();
      if (number === 1) await nodes.claim('n1', 'boot', undefined);
      await documents.apply({ node: 'n1', number, checksum: number }, deltasOf(hits), NOW);
    };
    const byImport = async (id: string, hits: Countables, traced: Record<string, number> | undefined, tool?: string) => {
      const { documents, imports } = store();
      const format = { layouts: [] };
      await imports.begin({ id, site: SITE, key: 'ab', beginnings: [], format, ...(tool && { tool }) }, () => false);
      if (traced !== undefined) await imports.decide(id, { number: 1, skipped: [], hours: '', views: traced });
      await documents.apply({ node: id, number: 1, checksum: 1 }, deltasOf(hits), NOW);
    };
    const scriptDays = (fromDay = '2000-01-01') => daysOfScript(store(), SITE, fromDay);

    it('have more views than the logs have counted, and are not before the given day', async () => {
      await byScript([...views('2026-11-10', 3), ...views('2026-11-20', 2)]);
      await byImport('i1', [...views('2026-11-10', 4), ...views('2026-11-15', 5)], { '2026-11-10': 4, '2026-11-15': 5 });
      await byImport('i2', views('2026-11-15', 1), { '2026-11-15': 1 });
      expect(await scriptDays()).toEqual([
        { day: '2026-11-10', views: 3 },
        { day: '2026-11-20', views: 2 },
      ]);
      expect(await scriptDays('2026-11-11')).toEqual([{ day: '2026-11-20', views: 2 }]);
    });

    it('are recognised by browsers with a record when the number of imported views is unknown', async () => {
      await byScript([...views('2026-11-10', 3), ...viewAfter('2026-11-11T12:00:00Z')]);
      await byImport('i1', [...views('2026-11-10', 4), ...views('2026-11-11', 4)], undefined);
      expect(await scriptDays()).toEqual([{ day: '2026-11-11', views: 5 }]);
    });

    it('do not include days of another site, or days that only logs have counted', async () => {
      await byScript(views('2026-11-10', 3).map((hit) => ({ ...hit, site: 'one-more' })));
      await byImport('i1', views('2026-11-15', 5), { '2026-11-15': 5 });
      expect(await scriptDays()).toEqual([]);
    });

    it('include days of which another tool has exported all views', async () => {
      const { imports } = store();
      const begin = (id: string, tool: string) => imports.begin({ id, site: SITE, key: 'ab', beginnings: [], tool }, () => false);
      const range = (number: number, report: string, from: string, to: string) => ({
        ...{ number, report, receivedAtMs: 1, checksum: 1 },
        ...{ from: Date.parse(from) / 86_400_000, to: Date.parse(to) / 86_400_000 },
      });
      await begin('i1', 'plausible');
      await imports.plan('i1', range(1, 'page', '2026-01-01', '2026-06-01'));
      await imports.plan('i1', range(2, 'views', '2026-02-01', '2026-03-01'));
      await imports.plan('i1', range(3, 'views', '2026-01-01', '2026-02-01'));
      await begin('i2', 'goatcounter');
      await imports.plan('i2', range(1, 'hits', '2026-05-01', '2026-05-02'));
      expect(await daysOfTools(imports, 'one')).toEqual([
        { tool: 'plausible', days: [{ from: '2026-01-01', to: '2026-02-28' }] },
        { tool: 'goatcounter', days: [{ from: '2026-05-01', to: '2026-05-01' }] },
      ]);
      expect(await daysOfTools(imports, 'other')).toEqual([]);
    });
  }),
);
