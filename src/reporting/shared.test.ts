import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainHit } from '../../test/fixtures/hits.js';
import { reporting } from '../../test/fixtures/reporting.js';
import { trackSiteChanges } from '../store/site-changes.js';
import type { ReportQuery } from './port.js';
import { severalReports } from './several.js';
import { type AskedReports, createSharedReports, type SharedAnswer } from './shared.js';

const textOf = ({ body }: Pick<SharedAnswer, 'body'>): string => Buffer.from(body).toString();

const query = {
  site: 'garden',
  timezone: 'Europe/Berlin',
  from: '2026-11-20',
  to: '2026-11-20',
  limit: 100,
  search: '',
  page: '',
};
const asked = (...reports: string[]): AskedReports => ({
  site: 'garden',
  queries: reports.map((report) => ({ ...query, report })),
});

/** Reports that say how many hits were counted when they were made. They are made when `finish` is called, or at once. */
function start({ isAlone = true } = {}) {
  const state = { counted: 0, nowMs: 1_000, made: 0, isSlow: false, isFailing: false, padding: '' };
  const changes = trackSiteChanges(isAlone);
  const waiting: Array<() => void> = [];
  const report = async ({ report, asOfMs }: ReportQuery): Promise<string> => {
    const text = JSON.stringify({ report, views: state.counted, padding: state.padding, asOf: new Date(asOfMs).toISOString() });
    if (state.isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
    if (state.isFailing) throw new Error('the store is away');
    return text;
  };
  const shared = createSharedReports({
    reports: {
      several(queries) {
        state.made++;
        return severalReports(report, queries);
      },
    },
    changes,
    countedUntilMs: () => state.nowMs,
    clockMs: () => state.nowMs,
  });
  const count = (...sites: string[]): void => {
    state.counted++;
    changes.counted(sites);
  };
  const finish = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { shared, state, count, finish };
}

describe('a shared answer', () => {
  it('is made once for the same question, and again for another one', async () => {
    const { shared, state } = start();
    const first = await shared.answer(asked('traffic', 'content'));
    expect(await shared.answer(asked('traffic', 'content'))).toBe(first);
    expect(state.made).toBe(1);
    const others: AskedReports[] = [
      asked('content', 'traffic'),
      asked('traffic'),
      { ...asked('traffic'), isSingle: true },
      { ...asked('traffic', 'content'), site: 'moon' },
      { site: 'garden', queries: asked('traffic').queries.map((one) => ({ ...one, limit: 10 })) },
      { site: 'garden', queries: asked('traffic').queries.map((one) => ({ ...one, timezone: 'UTC' })) },
      { site: 'garden', queries: asked('traffic').queries.map((one) => ({ ...one, to: '2026-11-21' })) },
    ];
    for (const other of others) await shared.answer(other);
    expect(state.made).toBe(1 + others.length);
  });

  it('is the report itself where one was asked for by its own call', async () => {
    const { shared } = start();
    const alone = textOf(await shared.answer({ ...asked('traffic'), isSingle: true }));
    expect(textOf(await shared.answer(asked('traffic')))).toBe(`{"traffic":${alone}}`);
  });

  it('is made again when hits of the site were counted, and not when those of another site were', async () => {
    const { shared, state, count } = start();
    await shared.answer(asked('traffic'));
    count('moon');
    await shared.answer(asked('traffic'));
    expect(state.made).toBe(1);
    count('garden', 'moon');
    expect(textOf(await shared.answer(asked('traffic')))).toContain('"views":2');
    expect(state.made).toBe(2);
  });

  it('is made again after a second although nothing was counted, and after half of one where others count', async () => {
    for (const [isAlone, life] of [
      [true, 1000],
      [false, 500],
    ] as const) {
      const { shared, state } = start({ isAlone });
      await shared.answer(asked('traffic'));
      state.nowMs += life - 1;
      await shared.answer(asked('traffic'));
      expect(state.made).toBe(1);
      state.nowMs += 1;
      await shared.answer(asked('traffic'));
      expect(state.made).toBe(2);
    }
  });

  it('may be as old as a reader accepts, but is never older than one given before', async () => {
    const { shared, state, count } = start();
    await shared.answer(asked('traffic'));
    count('garden');
    state.nowMs += 1500;
    expect(textOf(await shared.answer(asked('traffic'), { maxAgeMs: 2000 }))).toContain('"views":0');
    expect(textOf(await shared.answer(asked('traffic')))).toContain('"views":1');
    expect(textOf(await shared.answer(asked('traffic'), { maxAgeMs: 2000 }))).toContain('"views":1');
    expect(state.made).toBe(2);
  });

  it('is waited for by all who ask while it is made', async () => {
    const { shared, state, finish } = start();
    state.isSlow = true;
    const answers = Array.from({ length: 50 }, () => shared.answer(asked('traffic')));
    await finish();
    expect(new Set(await Promise.all(answers)).size).toBe(1);
    expect(state.made).toBe(1);
  });

  it('is made once more for all who ask after hits were counted while it was made', async () => {
    const { shared, state, count, finish } = start();
    state.isSlow = true;
    const before = shared.answer(asked('traffic'));
    count('garden');
    const after = [1, 2, 3].map(() => shared.answer(asked('traffic')));
    for (let turn = 0; turn < 3; turn++) await finish();
    expect(textOf(await before)).toContain('"views":0');
    expect((await Promise.all(after)).map(textOf)).toEqual(Array(3).fill(expect.stringContaining('"views":1')));
    expect(state.made).toBe(2);
  });

  it('says up to when hits are counted, as of the moment before it was made', async () => {
    const { shared, state, finish } = start();
    state.isSlow = true;
    const answer = shared.answer(asked('traffic'));
    state.nowMs += 700;
    await finish();
    expect((await answer).asOfMs).toBe(1000);
    expect(textOf(await answer)).toContain(new Date(1000).toISOString());
  });

  it('has a tag that changes with its numbers, and not with the time alone', async () => {
    const { shared, state, count } = start();
    const first = await shared.answer(asked('traffic'));
    state.nowMs += 5000;
    const later = await shared.answer(asked('traffic'));
    expect([later.asOfMs, later.tag]).toEqual([first.asOfMs + 5000, first.tag]);
    count('garden');
    expect((await shared.answer(asked('traffic'))).tag).not.toBe(first.tag);
  });

  it('is packed once for all, and not if it is small', async () => {
    const { shared, state, count } = start();
    expect((await shared.answer(asked('traffic'))).packed('gzip')).toBeUndefined();
    state.padding = 'x'.repeat(2000);
    count('garden');
    const answer = await shared.answer(asked('traffic'));
    const packed = answer.packed('gzip');
    expect(answer.packed('gzip')).toBe(packed);
    expect(gunzipSync(await (packed as Promise<Uint8Array>)).toString()).toBe(textOf(answer));
  });

  it('that could not be made is not kept, and everybody who waits is told', async () => {
    const { shared, state } = start();
    state.isFailing = true;
    const answers = [shared.answer(asked('traffic')), shared.answer(asked('traffic'))];
    expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    state.isFailing = false;
    expect(textOf(await shared.answer(asked('traffic')))).toContain('"views":0');
  });

  it('is paid for by the reader for whom it is made, and by nobody else', async () => {
    const { shared, state } = start();
    let paid = 0;
    const pay = async () => void paid++;
    await shared.answer(asked('traffic'), { pay });
    for (let reader = 0; reader < 500; reader++) await shared.answer(asked('traffic'), { pay });
    expect(paid).toBe(1);
    const refuse = async () => {
      throw new Error('too often');
    };
    await expect(shared.answer(asked('content'), { pay: refuse })).rejects.toThrow('too often');
    expect(textOf(await shared.answer(asked('traffic'), { pay: refuse }))).toContain('"views":0');
    expect(state.made).toBe(1);
  });

  it('is dropped when there are too many bytes, the one that was used longest ago first', async () => {
    const { shared, state } = start();
    state.padding = 'x'.repeat(4 * 2 ** 20);
    const names = Array.from({ length: 12 }, (_, i) => `report-${i}`);
    for (const name of names) {
      await shared.answer(asked(name));
      await shared.answer(asked('report-0'));
    }
    expect(shared.kept().bytes).toBeLessThan(33 * 2 ** 20);
    const { made } = state;
    await shared.answer(asked('report-0'));
    await shared.answer(asked('report-11'));
    expect(state.made).toBe(made);
    await shared.answer(asked('report-1'));
    expect(state.made).toBe(made + 1);
  });

  it('is not kept if it is so large that it would displace most others', async () => {
    const { shared, state } = start();
    await shared.answer(asked('traffic'));
    state.padding = 'x'.repeat(9 * 2 ** 20);
    const large = await Promise.all([1, 2, 3].map(() => shared.answer(asked('content'))));
    expect([new Set(large).size, state.made]).toEqual([1, 2]);
    expect(shared.kept().answers).toBe(1);
    await shared.answer(asked('traffic'));
    expect(state.made).toBe(2);
    await shared.answer(asked('content'));
    expect(state.made).toBe(3);
  });

  it('is dropped when nobody has asked for it for a minute', async () => {
    const { shared, state } = start();
    for (let i = 0; i < 100; i++) await shared.answer(asked(`report-${i}`));
    state.nowMs += 61_000;
    await shared.answer(asked('traffic'));
    expect(shared.kept().answers).toBe(1);
  });
});

describe('a shared answer of real reports', () => {
  const DAY = '2026-11-20';
  const NAMES = ['traffic', 'content', 'technology'];

  /** What happens to a site, in any order. */
  const happening = fc.oneof(
    fc.record({ kind: fc.constant('hit' as const), path: fc.constantFrom('/', '/a', '/b"\n') }),
    fc.record({ kind: fc.constant('deletion' as const), path: fc.constantFrom('/', '/a') }),
    fc.record({ kind: fc.constant('ask' as const), names: fc.subarray(NAMES, { minLength: 1 }) }),
  );

  it('equals one that is made afresh, whatever was counted and deleted before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 20 }), async (happened) => {
        let hits: Array<ReturnType<typeof plainHit>> = [];
        const changes = trackSiteChanges(true);
        let nowMs = Date.parse(`${DAY}T12:00:00Z`);
        const report = async ({ report, from, to, asOfMs, ...options }: ReportQuery): Promise<string> =>
          JSON.stringify(await reporting({ hits }).get(report, from, to, { ...options, asOf: new Date(asOfMs).toISOString() }));
        const shared = createSharedReports({
          reports: { several: (queries) => severalReports(report, queries) },
          changes,
          countedUntilMs: () => nowMs,
          clockMs: () => nowMs,
        });
        for (const one of happened) {
          nowMs += 10;
          if (one.kind === 'hit') {
            hits = [...hits, plainHit(nowMs, { path: one.path })];
            changes.counted(['one']);
          } else if (one.kind === 'deletion') {
            hits = hits.filter(({ path }) => path !== one.path);
            nowMs += 1000; // a deletion is not announced
          } else {
            const queries = one.names.map((name) => ({ ...query, site: 'one', report: name }));
            const answer = await shared.answer({ site: 'one', queries });
            const { asOfMs } = answer;
            const fresh = await Promise.all(queries.map((each) => report({ ...each, asOfMs })));
            const texts = answer.parts.map(({ begin, end }) => Buffer.from(answer.body.subarray(begin, end)).toString());
            expect(texts.map(timeless)).toEqual(fresh.map(timeless));
            expect(Object.keys(JSON.parse(textOf(answer)))).toEqual(one.names);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  const timeless = (text: string): string => text.replaceAll(/"until":"[^"]*"/g, '');
});
