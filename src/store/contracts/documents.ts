// Tests that every adapter of store/documents.ts must pass. Each adapter's test runs these cases.
import { describe, expect, it } from '@jest/globals';
import { plain } from '../../../test/fixtures/trees.js';
import { errorOf, ROWS, row, SLACK, VIEWS } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { ANY_KEY, type Part, part } from '../../counters/part.js';
import type { Delta, Documents } from '../documents.js';
import type { NodeRegistry } from '../nodes.js';

export interface Opened {
  readonly documents: Documents;
  readonly nodes: NodeRegistry;
  /** The same documents, as another process or thread opens them. */
  readonly other: Documents;
}

/** `open` returns an empty store. The adapter's test closes it. */
export function documentsContract(open: () => Promise<Opened>): void {
  const views = (id: string, count: number, collection = 'traffic.2026'): Delta => {
    const counters = new Counters();
    counters.sum('v', count);
    return { collection, id, counters, caps: {} };
  };
  const counted = (count: number): Counters => views('', count).counters;
  /** More ids than an adapter lists at once, sorted. */
  const many = (site: string) => Array.from({ length: 1500 }, (_, i) => `${site}:${10_000 + i}`);
  const segment = (number: number, node = 'node') => ({ node, number, checksum: number * 11 });

  describe('documents', () => {
    it('add a segment once, even if it is applied several times', async () => {
      const { documents, nodes } = await open();
      const applied = [
        await documents.apply(segment(1), [views('a:2026-11-20', 3)], 5),
        await documents.apply(segment(1), [views('a:2026-11-20', 3)], 5),
        await documents.apply(segment(2), [views('a:2026-11-20', 4)], 6),
        await documents.apply(segment(1), [views('a:2026-11-20', 3)], 7),
      ];
      expect(applied.map(({ outcome }) => outcome)).toEqual(['applied', 'already', 'applied', 'already']);
      const [document] = await documents.read([{ collection: 'traffic.2026', id: 'a:2026-11-20' }]);
      expect(document?.get('v')).toBe(7);
      expect(await nodes.get('node')).toMatchObject({ number: 2, checksum: 22, countedUntilMs: 6 });
    });

    it('do not mix up the many documents of a segment', async () => {
      const { documents } = await open();
      const deltas = Array.from({ length: 100 }, (_, i) => {
        const delta = views(`a:${i}`, i + 1);
        for (let row = 0; row < i; row++) delta.counters.at('x').sum(`row ${row}`, row);
        return delta;
      });
      await documents.apply(segment(1), deltas, 5);
      await documents.apply(segment(2), deltas, 5);
      const read = await documents.read(deltas);
      expect(read.map((document) => [document?.get('v'), document?.below('x').fields.size])).toEqual(
        deltas.map((_, i) => [2 * (i + 1), i]),
      );
    });

    it('add segments of different nodes with the same number', async () => {
      const { documents } = await open();
      await documents.apply(segment(1, 'one'), [views('a:2026-11-20', 3)], 5);
      await documents.apply(segment(1, 'two'), [views('a:2026-11-20', 4)], 5);
      const [document] = await documents.read([{ collection: 'traffic.2026', id: 'a:2026-11-20' }]);
      expect(document?.get('v')).toBe(7);
    });

    it('are returned in the order of the call, and undefined if they do not exist', async () => {
      const { documents, nodes } = await open();
      await documents.apply(segment(1), [views('a:2026-11-20', 3)], 5);
      const read = await documents.read([
        { collection: 'traffic.2026', id: 'b:2026-11-20' },
        { collection: 'traffic.2026', id: 'a:2026-11-20' },
        { collection: 'traffic.2025', id: 'a:2026-11-20' },
      ]);
      expect(read.map((document) => document?.get('v'))).toEqual([undefined, 3, undefined]);
      expect(await nodes.get('nobody')).toBeUndefined();
    });

    it('are read in part, with everything that the part names', async () => {
      const { documents } = await open();
      const deltas = ['a', 'b'].map((site, i) => {
        const delta = views(`${site}:2026-11`, 100);
        for (const day of ['2026-11-19', '2026-11-20', '$.%']) {
          const level = delta.counters.at('D').at(day);
          level.sum('v', i + 1);
          level.sketch('t').add(7, i + 1);
          for (const hour of ['08', '09'])
            level
              .at('h')
              .at(hour)
              .sum('v', i + 10);
        }
        return delta;
      });
      await documents.apply(segment(1), deltas, 5);
      const day: Part = new Map([...part('v', 't'), ['h', new Map([[ANY_KEY, part('v')]])]]);
      const wanted: Part = new Map([
        [
          'D',
          new Map<string, Part>([
            ['2026-11-20', day],
            ['$.%', part('v')],
            ['never', day],
          ]),
        ],
      ]);
      const ids = ['b:2026-11', 'none:2026-11', 'a:2026-11'].map((id) => ({ collection: 'traffic.2026', id }));
      const [b, none, a] = await documents.readPart(ids, wanted);
      const read = [a, b].map((document) => {
        const level = document?.below('D').below('2026-11-20');
        const hour = level?.below('h').below('09');
        return [level?.get('v'), level?.sketchOf('t').size, hour?.get('v'), document?.below('D').below('$.%').get('v')];
      });
      expect(read).toEqual([
        [1, 1, 10, 1],
        [2, 1, 11, 2],
      ]);
      expect(none).toBeUndefined();
      expect([a?.below('D').fields.has('2026-11-19'), a?.get('v')]).toEqual([false, 0]);
      expect(await documents.readPart(ids.slice(1, 2), wanted)).toEqual([undefined]);
    });

    it('are visible to others once applied, and lose nothing when two processes apply at once', async () => {
      const { documents, other } = await open();
      const applies = [1, 2, 3, 4, 5].flatMap((number) => [
        documents.apply(segment(number, 'one'), [views('a:2026-11-20', 1)], 5),
        other.apply(segment(number, 'two'), [views('a:2026-11-20', 10)], 5),
      ]);
      await Promise.all(applies);
      const [document] = await other.read([{ collection: 'traffic.2026', id: 'a:2026-11-20' }]);
      expect(document?.get('v')).toBe(55);
    });

    it('add a segment once when two processes apply it at the same time', async () => {
      const { documents, other } = await open();
      const deltas = Array.from({ length: 20 }, (_, i) => views(`a:${i}`, 1));
      await Promise.all([documents.apply(segment(1), deltas, 5), other.apply(segment(1), deltas, 5)]);
      const read = await documents.read(deltas);
      expect(read.map((document) => document?.get('v'))).toEqual(deltas.map(() => 1));
    });

    it('lose nothing when two nodes create the same documents at the same time', async () => {
      const { documents, other } = await open();
      for (let round = 1; round <= 5; round++) {
        const deltas = Array.from({ length: 40 }, (_, i) => views(`a:${round}-${i}`, 1));
        await Promise.all([
          documents.apply(segment(round, 'one'), deltas, 5),
          other.apply(segment(round, 'two'), [...deltas].reverse(), 5),
        ]);
        const read = await documents.read(deltas);
        expect(read.map((document) => document?.get('v'))).toEqual(deltas.map(() => 2));
      }
    });

    it('store rejected deltas with the reason, and add all others', async () => {
      const { documents } = await open();
      await documents.apply(segment(1), [views('a:2026-11-20', 3), views('b:2026-11-20', 3)], 5);
      const wrong = new Counters();
      wrong.at('v').sum('a level where a number is');
      const bad = { collection: 'traffic.2026', id: 'b:2026-11-20', counters: wrong, caps: {} };
      const { outcome, rejected } = await documents.apply(segment(2), [views('a:2026-11-20', 4), bad], 6);
      expect(outcome).toBe('applied');
      expect(rejected).toEqual([{ collection: 'traffic.2026', id: 'b:2026-11-20', reason: expect.stringMatching(/./) }]);
      await documents.apply(segment(3), [views('b:2026-11-20', 5)], 6);
      const read = await documents.read([views('a:2026-11-20', 0), views('b:2026-11-20', 0)]);
      expect(read.map((document) => document?.get('v'))).toEqual([7, 8]);
    });

    it('list the years in which late hits arrived', async () => {
      const { documents } = await open();
      const late = ['traffic.2015.late2016', 'traffic.2015.late2026', 'content.2015.late2020', 'traffic.20150.late2021'];
      await documents.apply(
        segment(1),
        late.map((collection) => views('a:2015-05-17', 1, collection)),
        5,
      );
      expect(await documents.lateYears('traffic', '2015')).toEqual(['2016', '2026']);
      expect(await documents.lateYears('traffic', '2014')).toEqual([]);
    });

    it('keep a capped map within its rows, and its bounds', async () => {
      const { documents } = await open();
      const truth = new Map<string, number>();
      for (let number = 1; number <= 30; number++) {
        const counters = new Counters();
        for (let i = 0; i < 50; i++) {
          const key = i % 2 === 0 ? `/often/${i % 6}` : `/once/${number}/${i}`;
          row(counters, 'p', key).sum(VIEWS);
          truth.set(key, (truth.get(key) ?? 0) + 1);
        }
        await documents.apply(
          segment(number),
          [{ collection: 'content.2026', id: 'a:2026-11-20', counters, caps: { p: 40 } }],
          5,
        );
      }
      const [document] = await documents.read([{ collection: 'content.2026', id: 'a:2026-11-20' }]);
      const map = (document as Counters).below('p');
      expect(map.below(ROWS).fields.size).toBeLessThanOrEqual(40 * SLACK);
      for (const [key, views] of truth) {
        const counted = map.below(ROWS).below(key).get(VIEWS);
        expect(counted).toBeLessThanOrEqual(views);
        expect(views).toBeLessThanOrEqual(counted + errorOf(map, key, VIEWS));
      }
      expect(map.below(ROWS).below('/often/0').get(VIEWS)).toBe(truth.get('/often/0'));
    });

    it('keep a capped map of long keys within its bytes', async () => {
      const { documents } = await open();
      for (let number = 1; number <= 10; number++) {
        const counters = new Counters();
        for (let i = 0; i < 90; i++) row(counters, 'p', `/${number}/${i}/${'x'.repeat(1000)}`).sum(VIEWS);
        await documents.apply(
          segment(number),
          [{ collection: 'content.2026', id: 'a:2026-11-20', counters, caps: { p: 1000 } }],
          5,
        );
      }
      const [document] = await documents.read([{ collection: 'content.2026', id: 'a:2026-11-20' }]);
      const rows = (document as Counters).below('p').below(ROWS).fields.size;
      expect(rows).toBeGreaterThan(100);
      expect(rows * 1000).toBeLessThan(256 * 1024);
    });

    it('are within their caps after compaction, and otherwise unchanged', async () => {
      const { documents } = await open();
      const counters = new Counters();
      counters.sum('v', 12);
      counters.max('t', 'newest');
      for (let register = 0; register < 300; register++) counters.sketch('s').add(register * 3, 1 + (register % 9));
      const rows = new Counters();
      for (let i = 1; i <= 9; i++) row(rows, 'p', `/${i}`).sum(VIEWS, i);
      const caps = { p: 8 };
      const id = { collection: 'content.2026', id: 'a:2026-11-20' };
      for (let number = 1; number <= 2; number++) {
        await documents.apply(segment(number), [{ ...id, counters: number === 1 ? counters : rows, caps }], 5);
      }
      const [before] = await documents.read([id]);
      expect(await documents.compact(id, caps)).toBe('compacted');
      expect(await documents.compact(id, caps)).toBe('compact');
      const [after] = await documents.read([id]);
      expect(plain(after as Counters)).not.toEqual(plain(before as Counters));
      expect((after as Counters).below('p').below(ROWS).fields.size).toBe(8);
      for (const tree of [before as Counters, after as Counters]) tree.fields.delete('p');
      expect(plain(after as Counters)).toEqual(plain(before as Counters));
      // hits can still be counted into it
      await documents.apply(segment(3), [{ ...id, counters, caps }], 5);
      const [later] = await documents.read([id]);
      expect(later?.get('v')).toBe(24);
      expect(later?.sketchOf('s').size).toBe(300);
      expect(await documents.compact({ ...id, id: 'nobody:2026-11-20' }, caps)).toBe('compact');
    });

    it('are listed by collection and site', async () => {
      const { documents } = await open();
      const listed = async (collection: string, site?: string) => {
        const ids: string[] = [];
        for await (const id of documents.ids(collection, site)) ids.push(id);
        return ids;
      };
      expect(await documents.collections()).toEqual([]);
      const ids = ['b:2026-11', 'a:2026-11-20', 'a-1:2026-11', 'a:2026-11', 'aa:2026-11', ...many('c')];
      const deltas = [
        ...ids.map((id) => views(id, 1)),
        views('a:2015-05', 1, 'traffic.2015.late2026'),
        views('a:2025', 1, 'traffic.years'),
      ];
      await documents.apply(segment(1), deltas, 5);
      expect(await documents.collections()).toEqual(['traffic.2015.late2026', 'traffic.2026', 'traffic.years']);
      expect(await listed('traffic.2026')).toEqual([...ids].sort());
      expect(await listed('traffic.2026', 'a')).toEqual(['a:2026-11', 'a:2026-11-20']);
      expect(await listed('traffic.2026', 'c')).toEqual(many('c'));
      expect(await listed('traffic.2026', 'nobody')).toEqual([]);
      expect(await listed('content.2026')).toEqual([]);
    });

    it('are rewritten, removed and created as the caller decides for each', async () => {
      const { documents } = await open();
      const name = 'traffic.2026';
      await documents.apply(
        segment(1),
        ['a:1', 'a:2', 'a:3'].map((id) => views(id, 7)),
        5,
      );
      const seen: Array<[string, number | undefined]> = [];
      const done = await documents.rewrite(name, ['a:1', 'a:2', 'a:3', 'a:4', 'a:5'], (id, counters) => {
        seen.push([id, counters?.get('v')]);
        if (id === 'a:1') return 'keep';
        return id === 'a:2' || id === 'a:5' ? 'remove' : counted(100);
      });
      expect(seen.sort()).toEqual([
        ['a:1', 7],
        ['a:2', 7],
        ['a:3', 7],
        ['a:4', undefined],
        ['a:5', undefined],
      ]);
      expect(done).toEqual({ rewritten: 2, removed: 1, kept: 2 });
      const read = async () =>
        (await documents.read(['a:1', 'a:2', 'a:3', 'a:4'].map((id) => views(id, 0)))).map((found) => found?.get('v'));
      expect(await read()).toEqual([7, undefined, 100, 100]);
      // hits can be counted into them as before
      await documents.apply(segment(1), [views('a:3', 7)], 5);
      await documents.apply(
        segment(2),
        ['a:1', 'a:2', 'a:3', 'a:4'].map((id) => views(id, 1)),
        5,
      );
      expect(await read()).toEqual([8, 1, 101, 101]);
    });

    it('lose nothing that is counted while they are rewritten', async () => {
      const { documents, other } = await open();
      const ids = Array.from({ length: 20 }, (_, i) => `a:${i}`);
      await documents.apply(
        segment(1),
        ids.map((id) => views(id, 1)),
        5,
      );
      const rewriting = Array.from({ length: 5 }, () =>
        other.rewrite('traffic.2026', ids, (_id, counters) => counted((counters?.get('v') ?? 0) + 1000)),
      );
      for (let number = 2; number <= 10; number++)
        await documents.apply(
          segment(number),
          ids.map((id) => views(id, 1)),
          5,
        );
      await Promise.all(rewriting);
      const read = await documents.read(ids.map((id) => views(id, 0)));
      expect(read.map((found) => found?.get('v'))).toEqual(ids.map(() => 5010));
    });

    it('rebuild a document from its parts while others count into them', async () => {
      const { documents, other } = await open();
      const [first, second, third] = ['a:2026-11-19', 'a:2026-11-20', 'a:2026-11-21'] as const;
      const month = { collection: 'traffic.2026', id: 'a:2026-11' };
      const parts = [first, second, third].map((id) => ({ collection: 'traffic.2026', id }));
      const apply = (number: number) =>
        documents.apply(segment(number), [views(first, 1), views(second, 10), views(month.id, 11)], 5);
      await apply(1);
      // Removes the second day from the month, while hits are counted into both.
      const seen: Array<[number | undefined, ...Array<number | undefined>]> = [];
      const applied = (async () => {
        for (let number = 2; number <= 30; number++) await apply(number);
      })();
      let outcome = 'busy';
      for (let tries = 0; outcome !== 'rebuilt' && tries < 20; tries++) {
        outcome = await other.rebuild(month, parts, (whole, days) => {
          seen.push([whole.get('v'), ...days.map((day) => day?.get('v'))]);
          return counted(days[0]?.get('v') ?? 0);
        });
      }
      await applied;
      expect(outcome).toBe('rebuilt');
      for (const [whole, one = 0, two = 0, three] of seen)
        expect({ whole, three }).toEqual({ whole: one + two, three: undefined });
      const last = seen.at(-1)?.[1] ?? 0;
      expect((await documents.read([month]))[0]?.get('v')).toBe(last + 11 * (30 - last));
      expect(await other.rebuild(month, parts, () => 'keep')).toBe('kept');
      expect(await other.rebuild(month, parts, () => 'remove')).toBe('removed');
      expect(await other.rebuild(month, parts, () => 'remove')).toBe('kept');
      expect(await documents.read([month])).toEqual([undefined]);
    });

    it('change and remove rejected deltas', async () => {
      const { documents, other } = await open();
      const text = new Counters();
      text.max('v', 'text');
      for (const id of ['a:1', 'a:2', 'b:1'])
        await documents.apply(segment(1, `one${id.length}${id}`.replace(':', '')), [{ ...views(id, 1), counters: text }], 5);
      for (const id of ['a:1', 'a:2', 'b:1'])
        await documents.apply(segment(2, `one${id.length}${id}`.replace(':', '')), [views(id, 7)], 5);
      const seen: unknown[] = [];
      const change = await other.rewriteRejected(({ collection, id }, delta) => {
        seen.push([collection, id, delta?.get('v')]);
        if (id === 'a:1') return 'remove';
        return id === 'a:2' ? counted(3) : 'keep';
      });
      expect(change).toBe(2);
      expect(seen.sort()).toEqual([
        ['traffic.2026', 'a:1', 7],
        ['traffic.2026', 'a:2', 7],
        ['traffic.2026', 'b:1', 7],
      ]);
      const left: unknown[] = [];
      await documents.rewriteRejected(({ id }, delta) => {
        left.push([id, delta?.get('v')]);
        return 'keep';
      });
      expect(left.sort()).toEqual([
        ['a:2', 3],
        ['b:1', 7],
      ]);
    });

    it('drop a collection only if it is empty', async () => {
      const { documents, other } = await open();
      await documents.apply(segment(1), [views('a:1', 1)], 5);
      expect(await other.drop('traffic.2026')).toBe('in use');
      await other.rewrite('traffic.2026', ['a:1'], () => 'remove');
      for (const documents of [other, other]) expect(await documents.drop('traffic.2026')).toBe('dropped');
      expect(await documents.collections()).toEqual([]);
      await documents.apply(segment(2), [views('a:1', 1)], 5);
      expect(await documents.collections()).toEqual(['traffic.2026']);
    });

    it('can be prepared more than once', async () => {
      const { documents } = await open();
      await documents.prepare(['traffic.2027', 'content.2027']);
      await documents.prepare(['traffic.2027', 'content.2027']);
      expect(await documents.read([{ collection: 'traffic.2027', id: 'a:2027-01-01' }])).toEqual([undefined]);
    });

    it('store any key unchanged', async () => {
      const { documents } = await open();
      const counters = new Counters();
      for (const key of ['__proto__', 'constructor', 'a.b', '$inc', '', '\0', '0', '1e3', 'k', '_id', '😀'])
        row(counters, 'p', key).sum(VIEWS);
      const delta = { collection: 'content.2026', id: 'a:2026-11-20', counters, caps: { p: 40 } };
      await documents.apply(segment(1), [delta], 5);
      await documents.apply(segment(2), [delta], 5);
      const [document] = await documents.read([delta]);
      const twice = new Counters();
      for (const key of counters.below('p').below(ROWS).fields.keys()) row(twice, 'p', key).sum(VIEWS, 2);
      expect(plain(document as Counters)).toEqual(plain(twice));
    });
  });
}
