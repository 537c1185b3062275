import { expect, it } from '@jest/globals';
import { exampleSite } from '../../../test/fixtures/site.js';
import type { ImportRecord, Imports } from '../../store/imports.js';
import type { Tombstone } from '../../store/tombstones.js';
import { SiteDeleted, withoutDeletedSites } from './import-filter.js';

it('no import begins into a site that was deleted after it had been found', async () => {
  const begun: string[] = [];
  const imports = {
    async begin(record: ImportRecord) {
      begun.push(record.site.id);
      return record;
    },
  } as unknown as Imports;
  const deleted: Tombstone[] = [
    { id: 'd1', site: 'gone', deleted: { kind: 'site' }, receivedUntilMs: 0 },
    { id: 'd2', site: 'garden', deleted: { kind: 'page', pattern: '/private' }, receivedUntilMs: 0 },
  ];
  const { begin } = withoutDeletedSites(imports, { read: async () => deleted });
  const recordOf = (id: string): ImportRecord => ({ id: 'i1', site: exampleSite({ id }), key: '', beginnings: [] });
  await begin(recordOf('garden'), () => false);
  await expect(begin(recordOf('gone'), () => false)).rejects.toThrow(SiteDeleted);
  expect(begun).toEqual(['garden']);
});
