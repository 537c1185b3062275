import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { grainsOf } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import {
  type Countable,
  type Countables,
  foldAll,
  parsedRequest,
  pinged,
  plainHit,
  points,
  refusals,
  viewAfter,
} from '../../test/fixtures/hits.js';
import { plain } from '../../test/fixtures/trees.js';
import { Counters } from '../counters/counters.js';
import { merge, mergeInto } from '../counters/merge.js';
import type { Hit, Point, Refusal } from '../hit/hit.js';
import { receivedOf } from '../store/document-metadata.js';
import type { Delta } from '../store/documents.js';
import { createFold } from './fold.js';

interface Batch {
  readonly hits: Countables;
  readonly points: readonly Point[];
  readonly refusals: readonly Refusal[];
}

function foldOf({ hits, points, refusals }: Batch): Delta[] {
  const fold = createFold(DOCUMENT_KINDS);
  foldAll(fold, hits);
  for (const point of points) fold.point(point);
  for (const refusal of refusals) fold.refusal(refusal);
  return fold.deltas();
}

/** The documents after these deltas were applied one after the other, as plain data. */
function documentsOf(deltas: readonly Delta[]): Record<string, unknown> {
  const documents = new Map<string, Counters>();
  for (const { collection, id, counters } of deltas) {
    const key = `${collection}/${id}`;
    documents.set(key, mergeInto(documents.get(key) ?? new Counters(), counters));
  }
  return Object.fromEntries([...documents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, tree]) => [key, plain(tree)]));
}

const batches = fc.record({
  hits: fc.array(parsedRequest, { maxLength: 40 }),
  points: fc.array(points, { maxLength: 10 }),
  refusals: fc.array(refusals, { maxLength: 5 }),
});

describe('folding', () => {
  it('gives the same documents for any batches in any order', () => {
    fc.assert(
      fc.property(batches, fc.array(fc.nat(40), { maxLength: 4 }), fc.boolean(), (all, cuts, backwards) => {
        const order = backwards ? [...all.hits].reverse() : all.hits;
        const edges = [0, ...cuts.sort((a, b) => a - b), order.length];
        const parts = edges.slice(1).map((end, i) => ({ hits: order.slice(edges[i], end), points: [], refusals: [] }));
        const deltas = [...parts, { hits: [], points: all.points, refusals: all.refusals }].flatMap(foldOf);
        expect(documentsOf(deltas)).toEqual(documentsOf(foldOf(all)));
      }),
    );
  });

  it('counts each hit in exactly one hour, day, month and year collection', () => {
    fc.assert(
      fc.property(fc.array(parsedRequest, { minLength: 1, maxLength: 40 }), (list) => {
        const deltas = foldOf({ hits: list, points: [], refusals: [] }).filter(({ collection }) =>
          collection.startsWith('traffic.'),
        );
        const views = list.flat().filter(({ kind }) => kind === 'view').length;
        for (const isGrain of [(id: string) => id.length === 14, (id: string) => id.length === 11]) {
          const documents = deltas.filter(({ id }) => isGrain(id));
          expect(documents.reduce((sum, { counters }) => sum + counters.get('v'), 0)).toBe(views);
          for (const { collection, id, counters } of documents) {
            expect(collection).toBe(`traffic.${id.slice(4, 8)}`);
            const days = [...counters.below('D').fields.values()] as Counters[];
            const hours = days.flatMap((day) => [...day.below('h').fields.values()] as Counters[]);
            expect(hours.reduce((sum, hour) => sum + hour.get('v'), 0)).toBe(counters.get('v'));
          }
        }
      }),
    );
  });

  it('creates a month document that is the merge of its days', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const deltas = foldOf(batch);
        const months = deltas.filter(({ id }) => /:\d{4}-\d\d$/.test(id));
        for (const month of months) {
          const days = deltas.filter(({ collection, id }) => collection === month.collection && id.startsWith(`${month.id}-`));
          expect(plain(merge(days.map(({ counters }) => counters)))).toEqual(plain(month.counters));
        }
        expect(deltas.length).toBeGreaterThanOrEqual(2 * months.length);
      }),
    );
  });

  it('puts hits that were received long after their year into a separate collection', () => {
    const atMs = Date.parse('2015-05-18T10:00:00Z');
    const received = (iso: string) =>
      foldOf({ hits: [plainHit(atMs, { receivedAtMs: Date.parse(iso) })], points: [], refusals: [] });
    expect(received('2026-11-21T00:00:00Z').map(({ collection }) => collection)).toContain('traffic.2015.late2026');
    expect(received('2016-02-05T00:00:00Z').map(({ collection }) => collection)).toContain('traffic.2015');
    expect(received('2016-02-05T00:00:00.001Z').map(({ collection }) => collection)).toContain('traffic.2015.late2016');
  });

  it('stores the time of receipt only in documents with hits that were received long after their day', () => {
    const atMs = Date.parse('2026-05-18T10:00:00Z');
    const receivedOfAll = (received: string[], more: Partial<Hit> = {}) =>
      Object.fromEntries(
        foldOf({
          hits: received.map((iso, i) => plainHit(atMs, { receivedAtMs: Date.parse(iso), ...(i > 0 ? more : {}) })),
          points: [],
          refusals: [],
        }).map(({ collection, id, counters }) => [`${collection}/${id}`, receivedOf(counters)]),
      );
    expect(new Set(Object.values(receivedOfAll(['2026-05-18T10:00:01Z', '2026-05-22T23:00:00Z'])))).toEqual(new Set(['']));
    const receivedTimes = ['2026-05-18T10:00:01Z', '2026-06-03T00:00:00Z', '2026-06-02T00:00:00Z'];
    expect(receivedOfAll(receivedTimes)['content.2026/one:2026-05-18']).toBe('2026-06-03');
    expect(receivedOfAll(receivedTimes)['content.2026/one:2026-05']).toBe('2026-06-03');
    expect(receivedOfAll(receivedTimes, { kind: 'event' } as Partial<Hit>)['content.2026/one:2026-05-18']).toBe('');
    expect(receivedOfAll(receivedTimes, { kind: 'event' } as Partial<Hit>)['traffic.2026/one:2026-05-18']).toBe('2026-06-03');
  });

  it('counts a browser once per hour, day, month and year by the age of its last view', () => {
    const views = [
      ['2026-10-24T21:50:00Z', undefined],
      ['2026-10-24T22:05:00Z', 900],
      ['2026-10-25T00:30:00Z', 8700],
      ['2026-10-25T01:30:00Z', 3600], // the same hour of the clock, for the second time
      ['2026-10-31T23:30:00Z', 6 * 86_400],
    ] as const;
    const list = views.map(([iso, age]) => viewAfter(iso, age));
    const traffic = foldOf({ hits: list, points: [], refusals: [] }).find(
      ({ collection, id }) => collection === 'traffic.2026' && id === 'one:2026-10',
    );
    const days = traffic?.counters.below('D') as Counters;
    expect(days.below('2026-10-24').get('d')).toBe(1);
    expect(days.below('2026-10-25').get('d')).toBe(1);
    expect(days.below('2026-10-25').get('m')).toBe(0);
    expect(days.below('2026-10-25').below('h').below('02').get('u')).toBe(1);
    expect(days.below('2026-10-25').below('h').below('02+').get('u')).toBe(1);
    expect(days.below('2026-10-24').get('y')).toBe(1);
  });

  it('counts an observation about an earlier view on the day of that view', () => {
    const [saturday, sunday] = ['2026-10-31', '2026-11-01'];
    const idsOf = (hits: Countables) =>
      foldOf({ hits, points: [], refusals: [] }).map(({ collection, id }) => `${collection}/${id}`);
    const view = idsOf([viewAfter(`${saturday}T23:10:00Z`, 1200)]);
    expect(view.filter((id) => /^(traffic|content)\./.test(id)).sort()).toEqual(
      ['2026-10', saturday, '2026-11', sunday].flatMap((key) => [`content.2026/one:${key}`, `traffic.2026/one:${key}`]).sort(),
    );
    // A step changes nothing in the referrers of the earlier day.
    expect(view.filter((id) => id.startsWith('referrers.')).sort()).toEqual(
      ['2026-11', sunday].map((key) => `referrers.2026/one:${key}`),
    );
    const ping = idsOf([pinged({ path: '/a', atMs: Date.parse(`${saturday}T23:10:00Z`), z: 1200, x: 5, y: 50 })]);
    expect(ping.filter((id) => id.startsWith('engagement.')).sort()).toEqual(
      ['2026-10', saturday].map((key) => `engagement.2026/one:${key}`),
    );
  });

  it('counts an observation in the year of that view, in a late collection if the day belongs there', () => {
    const atMs = Date.parse('2026-12-31T23:10:00Z'); // in Berlin it is 2027
    const all = viewAfter('2026-12-31T23:10:00Z', 1200);
    const visitsOf = (receivedAtMs: number) =>
      foldOf({ hits: all.map((parsedRequest): Countable => ({ ...parsedRequest, receivedAtMs })), points: [], refusals: [] })
        .map(({ collection, id }) => `${collection}/${id}`)
        .filter((id) => id.startsWith('traffic.'))
        .sort();
    expect(visitsOf(atMs)).toEqual([
      'traffic.2026/one:2026-12',
      'traffic.2026/one:2026-12-31',
      'traffic.2027/one:2027-01',
      'traffic.2027/one:2027-01-01',
    ]);
    expect(visitsOf(Date.parse('2027-03-01'))).toEqual([
      'traffic.2026.late2027/one:2026-12',
      'traffic.2026.late2027/one:2026-12-31',
      'traffic.2027/one:2027-01',
      'traffic.2027/one:2027-01-01',
    ]);
  });

  it('creates no month documents for kinds with documents of days only', () => {
    const daily = DOCUMENT_KINDS.filter((kind) => !grainsOf(kind).includes('month')).map(({ name }) => name);
    expect(daily).toEqual(expect.arrayContaining(['minutes', 'pagesa', 'pagesp']));
    const nameOf = (collection: string) => collection.slice(0, collection.indexOf('.'));
    fc.assert(
      fc.property(batches, (batch) => {
        const ofDaily = foldOf(batch).filter(({ collection }) => daily.includes(nameOf(collection)));
        for (const { id } of ofDaily) expect(id).toMatch(/:\d{4}-\d\d-\d\d$/);
        if (batch.hits.flat().some(({ kind }) => kind === 'view')) expect(ofDaily.length).toBeGreaterThan(0);
      }),
    );
  });

  it('counts imported rows in the day and the month, in late collections depending on when they were received', () => {
    const deltasReceived = (receivedAtMs: number) => {
      const fold = createFold(DOCUMENT_KINDS);
      for (const day of ['2026-10-31', '2026-11-01', '2026-11-01'])
        fold.imported('one', { kind: 'views', day, views: 3 }, receivedAtMs);
      return fold.deltas().map(({ collection, id, counters }) => [`${collection}/${id}`, counters.get('v')]);
    };
    const days = { '2026-10-31': 3, '2026-11-01': 6, '2026-10': 3, '2026-11': 6 };
    const expected = (collection: string) =>
      Object.fromEntries(Object.entries(days).map(([key, views]) => [`${collection}/one:${key}`, views]));
    expect(Object.fromEntries(deltasReceived(Date.parse('2027-02-01')))).toEqual(expected('traffic.2026'));
    expect(Object.fromEntries(deltasReceived(Date.parse('2027-02-10')))).toEqual(expected('traffic.2026.late2027'));
  });

  it('counts into daily kinds only if the hit was received soon enough after its day', () => {
    const received = (iso: string) => {
      const hit = plainHit(Date.parse('2026-03-10T10:00:00Z'), { receivedAtMs: Date.parse(iso) });
      return foldOf({ hits: [hit], points: [], refusals: [] }).map(({ collection }) => collection.split('.')[0]);
    };
    expect(received('2026-03-20T10:00:00Z')).toContain('minutes');
    const late = received('2026-11-20T10:00:00Z');
    expect(late).toContain('traffic');
    expect(late.filter((name) => name === 'minutes' || name?.startsWith('pages'))).toEqual([]);
  });
});
