import { describe, expect, it } from '@jest/globals';
import type { Observation } from '../../src/hit/observation.js';
import { type RecordFields, readRecord } from '../../src/hit/record.js';
import { BERLIN as CALENDAR, pinged, plainHit } from '../../test/fixtures/hits.js';
import { type Seen, sentBy } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const BERLIN = 'Europe/Berlin';

const browser = (...isos: string[]) =>
  sentBy(
    isos.map((iso) => ({ browser: 0, atMs: Date.parse(iso), path: '/', source: '' }) as Seen),
    BERLIN,
  );
const report = (hits: ReturnType<typeof browser>, from: string, to: string) => reporting({ hits }).get('retention', from, to);

/** A view at noon with any fields of a record. */
function viewOf(fields: Partial<RecordFields>): Observation[] {
  const receivedAtMs = Date.parse('2026-11-20T12:00:00Z');
  const at = CALENDAR.localTime(receivedAtMs);
  const none = { age: undefined, firstViewDaysAgo: '0', visitNumber: '1', pageNumber: '1', pageAge: undefined, previousPath: '' };
  const view = { site: 'one', path: '/', receivedAtMs, at, calendar: CALENDAR, siteSinceMs: 0 };
  return [...(readRecord({ ...none, ...fields }, view)?.observations ?? [])];
}

describe('the retention report', () => {
  it('counts the browsers whose first view was in a week, and how many of them came in each week since', async () => {
    const hits = [
      ...browser('2026-11-02T00:00:00Z', '2026-11-08T23:59:59Z', '2026-11-09T00:00:00Z', '2026-11-09T12:00:00Z'),
      ...browser('2026-11-04T12:00:00Z', '2026-11-24T12:00:00Z'),
      ...browser('2026-11-10T12:00:00Z'),
    ];
    expect((await report(hits, '2026-11-02', '2026-11-30')).weeks).toEqual([
      { key: '2026-11-02', browsers: 2, returned: [1, 0, 1, 0] },
      { key: '2026-11-09', browsers: 1, returned: [0, 0, 0] },
    ]);
  });

  it('counts the same by months, over New Year', async () => {
    const hits = browser('2025-12-31T12:00:00Z', '2026-01-01T12:00:00Z', '2026-01-02T12:00:00Z', '2026-03-01T12:00:00Z');
    expect((await report(hits, '2025-12-01', '2026-04-30')).months).toEqual([
      { key: '2025-12', browsers: 1, returned: [1, 0, 1, 0] },
    ]);
  });

  it('excludes weeks and months that began before the range, because their first views are unknown', async () => {
    const hits = [...browser('2026-11-03T12:00:00Z', '2026-12-02T12:00:00Z'), ...browser('2026-11-18T12:00:00Z')];
    const { weeks, months } = await report(hits, '2026-11-10', '2026-12-31');
    expect(weeks.map(({ key }: { key: string }) => key)).toEqual(['2026-11-16']);
    expect(months).toEqual([]);
    expect((await report(hits, '2026-11-01', '2026-11-30')).months).toEqual([{ key: '2026-11', browsers: 2, returned: [] }]);
  });

  it('counts no browser without a record, no ping and no impossible age', async () => {
    const atMs = Date.parse('2026-11-20T12:00:00Z');
    const hits = [
      [plainHit(atMs)],
      pinged({ path: '/', atMs, z: 60, x: 5 }),
      viewOf({ firstViewDaysAgo: '700', age: '3456000' }),
    ];
    const answer = await reporting({ hits }).get('retention', '2024-01-01', '2026-12-31');
    expect(answer).toMatchObject({ weeks: [], months: [] });
  });
});
