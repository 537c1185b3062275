import { expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { describeStores } from '../../../test/fixtures/stores.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { readMissingPeriods } from '../../upkeep/expired.js';
import { noteDaysWithoutDetail } from './without-detail.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const VIEWS = { '2015-05-17': 3, '2015-05-18': 2, '2015-05-20': 1, '2026-11-01': 7 };

describeStores((open) => {
  it('marks old days of a log as expired in documents that exist by day only, and in no others', async () => {
    const store = await open();
    const site = exampleSite.id;
    await store.imports.begin({ id: 'i1', site: exampleSite, key: 'ab', beginnings: [], format: { layouts: [] } }, () => false);
    await store.imports.decide('i1', { number: 1, skipped: [], hours: '', views: VIEWS });
    await store.documents.apply({ node: 'i1', number: 1, checksum: 1 }, [], NOW);
    for (let i = 0; i < 2; i++) await noteDaysWithoutDetail(store, DOCUMENT_KINDS, site, NOW);
    const expired = async (name: string) => {
      const gone = await readMissingPeriods(
        store.ledger,
        DOCUMENT_KINDS.find((one) => one.name === name) as (typeof DOCUMENT_KINDS)[number],
        site,
      );
      return Object.keys(VIEWS).filter((day) => gone.isExpired({ grain: 'day', key: day }));
    };
    expect(await expired('minutes')).toEqual(['2015-05-17', '2015-05-18', '2015-05-20']);
    expect(await expired('traffic')).toEqual([]);
  });
});
