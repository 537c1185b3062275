import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../test/fixtures/until.js';
import type { ReportQuery } from '../reporting/port.js';
import { severalReports } from '../reporting/several.js';
import { type AskedReports, createSharedReports } from '../reporting/shared.js';
import { trackSiteChanges } from '../store/site-changes.js';
import type { DayRange } from '../time/day-range.js';
import type { SharedEvent } from './event-stream.js';
import { createPushes, type Followed } from './pushes.js';

const ends: Array<() => void> = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Two reports: `traffic` counts hits, `languages` does not change. */
function start({ isAlone = true } = {}) {
  const state = {
    counted: 0,
    nowMs: Date.parse('2026-11-20T12:00:00Z'),
    made: 0,
    /** How often a question was read again. */
    asks: 0,
    isFailing: false,
    padding: '',
    /** By the first day of a question: how long it takes, and what has to happen until it is made. */
    tookMs: {} as Record<string, number>,
    waits: {} as Record<string, Promise<void>>,
  };
  const logged: unknown[] = [];
  const changes = trackSiteChanges(isAlone);
  const report = async ({ report, asOfMs }: ReportQuery): Promise<string> => {
    if (state.isFailing) throw new Error('the store is away');
    const { padding } = state;
    return JSON.stringify({ views: report === 'traffic' ? state.counted : 7, padding, asOf: new Date(asOfMs).toISOString() });
  };
  const shared = createSharedReports({
    reports: {
      async several(queries) {
        state.made++;
        const [{ from }] = queries as [ReportQuery];
        const made = await severalReports(report, queries);
        await state.waits[from];
        return { ...made, tookMs: state.tookMs[from] ?? 0 };
      },
    },
    changes,
    countedUntilMs: () => state.nowMs,
    clockMs: () => state.nowMs,
  });
  const context = { shared, changes, tickMs: 2, clockMs: () => state.nowMs, logError: (error: unknown) => logged.push(error) };
  const pushes = createPushes(context);
  const count = (site = 'garden'): void => {
    if (site === 'garden') state.counted++;
    changes.counted([site]);
  };
  type Range = DayRange & Pick<ReportQuery, 'compare'>;
  const follow = (key = 'today', range: Range = { from: '2026-11-20', to: '2026-11-20' }, isSlow = false) => {
    const query = { site: 'garden', timezone: 'UTC', ...range, limit: 100, search: '', page: '' };
    const queries = ['traffic', 'languages'].map((report) => ({ ...query, report }));
    const asked = { site: 'garden', queries };
    const ask = (): AskedReports => {
      state.asks++;
      return asked;
    };
    const followed: Followed = { site: 'garden', key, asked, ask };
    const got: Array<{ asOf: string; reports: Record<string, { views: number }> }> = [];
    const reader = {
      followed,
      isSlow,
      hasEnded: false,
      got,
      events: [] as SharedEvent[],
      sendShared(event: SharedEvent): boolean {
        if (reader.isSlow) return false;
        reader.events.push(event);
        const { plain } = event;
        const [, data = ''] = /^event: reports\ndata: (.*)\n\n$/.exec(String(plain)) ?? [];
        got.push(JSON.parse(data));
        return true;
      },
      waiting: [] as Array<() => void>,
      /** Reads all that was sent. */
      read() {
        reader.isSlow = false;
        for (const callback of reader.waiting.splice(0)) callback();
      },
      end: () => {},
    };
    const end = () => {
      reader.hasEnded = true;
    };
    const whenRead = (callback: () => void) => void reader.waiting.push(callback);
    reader.end = pushes.follow(followed, { sendShared: reader.sendShared, whenRead, end });
    ends.push(reader.end);
    return reader;
  };
  return { state, logged, count, follow, pushes };
}

const turns = () => new Promise((resolve) => setTimeout(resolve, 30));
const views = ({ got }: { got: ReadonlyArray<{ reports: object }> }) => got.map(({ reports }) => reports);

describe('reports that are followed', () => {
  it('are sent completely at first, and then those whose numbers have changed', async () => {
    const { state, count, follow } = start();
    const reader = follow();
    await until(() => reader.got.length >= 1);
    count();
    state.nowMs += 2_100;
    await until(() => reader.got.some(({ reports }) => reports.traffic?.views === 1));
    expect(reader.got[0]?.reports).toEqual({
      traffic: { views: 0, padding: '', asOf: expect.any(String) },
      languages: { views: 7, padding: '', asOf: expect.any(String) },
    });
    expect(reader.got.at(-1)).toEqual({
      asOf: new Date(state.nowMs).toISOString(),
      reports: { traffic: { views: 1, padding: '', asOf: new Date(state.nowMs).toISOString() } },
    });
  });

  it('are made once for all who follow them, whenever they began', async () => {
    const { state, count, follow } = start();
    const early = [follow(), follow(), follow()];
    await until(() => early.every(({ got }) => got.length > 0));
    count();
    state.nowMs += 2_100;
    await until(() => early.every((reader) => JSON.stringify(views(reader)).includes('"views":1')));
    await turns();
    const { made } = state;
    const late = follow();
    await until(() => late.got.length > 0);
    expect(state.made).toBe(made);
    expect(late.got[0]?.reports).toMatchObject({ traffic: { views: 1 }, languages: { views: 7 } });
    count();
    state.nowMs += 2_100;
    await until(() => [...early, late].every((reader) => JSON.stringify(views(reader).at(-1)).includes('"views":2')));
    expect(state.made).toBe(made + 1);
  });

  it('are not made while nothing is counted, but for a sign of life every fifteen seconds', async () => {
    const { state, count, follow } = start();
    const reader = follow();
    await until(() => reader.got.length > 0);
    state.nowMs += 2_100;
    await turns();
    count('moon');
    state.nowMs += 2_100;
    await turns();
    const { made } = state;
    state.nowMs += 5_000;
    await turns();
    expect(state.made).toBe(made);
    state.nowMs += 10_000;
    await until(() => reader.got.at(-1)?.asOf === new Date(state.nowMs).toISOString());
    expect(reader.got.at(-1)?.reports).toEqual({});
  });

  it('are made again after a pause where other nodes count as well', async () => {
    const { state, follow } = start({ isAlone: false });
    const reader = follow();
    await until(() => reader.got.length > 0);
    state.counted++; // on another node
    state.nowMs += 2_100;
    await until(() => JSON.stringify(views(reader)).includes('"views":1'));
  });

  it('are made less often for a range that is over, long, or compared with a long one', async () => {
    for (const [range, pauseMs] of [
      [{ from: '2026-11-19', to: '2026-11-19' }, 60_000],
      [{ from: '2026-01-01', to: '2026-12-31' }, 30_000],
      [{ from: '2026-11-20', to: '2026-11-20', compare: { from: '2016-01-01', to: '2025-12-31' } }, 30_000],
    ] as const) {
      const { state, count, follow } = start();
      const reader = follow('other', range);
      await until(() => reader.got.length > 0);
      await turns();
      const { made } = state;
      count();
      state.nowMs += pauseMs - 100;
      await turns();
      expect(state.made).toBe(made);
      state.nowMs += 200;
      await until(() => state.made === made + 1);
    }
  });

  it('are made less often if that takes long', async () => {
    for (const [tookMs, pauseMs] of [
      [10, 1_000],
      [400, 8_000],
      [5_000, 30_000],
    ] as const) {
      const { state, count, follow } = start();
      state.tookMs = { '2026-11-20': tookMs };
      const reader = follow();
      await until(() => reader.got.length > 0);
      await turns();
      count();
      state.nowMs += pauseMs - 100;
      await turns();
      expect(state.made).toBe(1);
      state.nowMs += 200;
      await until(() => state.made === 2);
    }
  });

  const YESTERDAY = { from: '2026-11-19', to: '2026-11-20' };

  it('do not wait for others that take long, whether these are followed for the first time or again', async () => {
    const { state, count, follow } = start();
    let finish = () => {};
    const wait = () => {
      state.waits = { [YESTERDAY.from]: new Promise<void>((resolve) => (finish = resolve)) };
    };
    state.tookMs = { [YESTERDAY.from]: 200 };
    wait();
    const [slow, quick] = [follow('slow', YESTERDAY), follow()];
    await until(() => quick.got.length === 1);
    await turns();
    for (let round = 1; round <= 2; round++) {
      count();
      state.nowMs += 1_100;
      await until(() => quick.got.at(-1)?.reports.traffic?.views === round);
      expect(slow.got).toEqual([]);
    }
    finish();
    await until(() => slow.got.length === 1);
    await turns();
    wait();
    count();
    state.nowMs += 10_000;
    await until(() => quick.got.at(-1)?.reports.traffic?.views === 3);
    count();
    state.nowMs += 1_100;
    await until(() => quick.got.at(-1)?.reports.traffic?.views === 4);
    expect(slow.got).toHaveLength(1);
    finish();
    await until(() => slow.got.length === 2);
  });

  it('leave the report thread to others after one that took long, and all have their turn', async () => {
    const { state, count, follow } = start();
    state.tookMs = { [YESTERDAY.from]: 1_000 };
    const slow = ['a', 'b', 'c'].map((key, i) => follow(key, { ...YESTERDAY, to: `2026-11-2${i}` }));
    await until(() => slow.every(({ got }) => got.length === 1));
    await turns();
    count();
    const arrived = () => slow.filter(({ got }) => got.length === 2).length;
    state.nowMs += 20_100;
    for (let turn = 1; turn <= 3; turn++) {
      await until(() => arrived() === turn);
      state.nowMs += 3_900;
      await turns();
      expect(arrived()).toBe(turn);
      state.nowMs += 200;
    }
  });

  it('are encoded once for all who come while the answer is used', async () => {
    const { follow } = start();
    const [one, two] = [follow(), follow()];
    await until(() => one.got.length + two.got.length === 2);
    const three = follow();
    await until(() => three.got.length === 1);
    expect([two.events[0] === one.events[0], three.events[0] === one.events[0]]).toEqual([true, true]);
  });

  it('never reach somebody who has just come after newer ones', async () => {
    const { state, count, follow } = start();
    const early = follow();
    await until(() => early.got.length === 1);
    const push = async (padding: string, ms: number): Promise<void> => {
      count();
      state.padding = padding;
      state.nowMs += ms;
    };
    await push(randomBytes(1_500_000).toString('base64'), 1_100);
    await until(() => early.got.length === 2);
    await turns();
    await push('', 1_100);
    const late = follow(); // gets the large answer, which takes a while to pack, and the small one at once
    await until(() => late.got.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(late.got.map(({ reports }) => reports.traffic?.views)).toEqual([2]);
  });

  it('end a stream for which they are too large', async () => {
    const { state, follow } = start();
    state.padding = 'x'.repeat(2.2 * 2 ** 20);
    const readers = [follow(), follow()];
    await until(() => readers.every(({ hasEnded }) => hasEnded));
    expect(readers.map(({ got }) => got)).toEqual([[], []]);
  });

  it('reach a slow reader with all that has changed, once it reads again', async () => {
    const { state, count, follow } = start();
    const [slow, quick] = [follow(), follow()];
    await until(() => slow.got.length > 0 && quick.got.length > 0);
    slow.isSlow = true;
    count();
    state.nowMs += 2_100;
    await until(() => JSON.stringify(views(quick)).includes('"views":1'));
    slow.read();
    await until(() => slow.got.length === 2);
    expect(views(slow).at(-1)).toEqual({ traffic: { views: 1, padding: '', asOf: expect.any(String) } });
  });

  it('reach somebody who first has to read much else, once that is read, although their range is over', async () => {
    const { state, follow } = start();
    const range = { from: '2026-11-19', to: '2026-11-19' };
    const readers = [follow('over', range, true), follow('over', range, true)];
    await until(() => state.made === 1 && readers.every(({ waiting }) => waiting.length === 1));
    for (const reader of readers) reader.read();
    await until(() => readers.every(({ got }) => got.length === 1));
    expect(readers.map(({ got }) => Object.keys(got[0]?.reports ?? {}))).toEqual(Array(2).fill(['traffic', 'languages']));
  });

  it('are asked for as they were read when the stream was opened', async () => {
    const { state, count, follow, pushes } = start();
    const one = follow();
    expect(pushes.has(one.followed)).toBe(true);
    await until(() => one.got.length === 1);
    const two = follow();
    await until(() => two.got.length === 1);
    expect(state.asks).toBe(0);
    count();
    state.nowMs += 1_100;
    await until(() => two.got.length === 2);
    expect(state.asks).toBe(1);
  });

  it('survive a failure, which is logged once', async () => {
    const { state, logged, count, follow } = start();
    const reader = follow();
    await until(() => reader.got.length > 0);
    state.isFailing = true;
    for (let i = 0; i < 3; i++) {
      count();
      state.nowMs += 5_100;
      await turns();
    }
    expect(logged).toHaveLength(1);
    state.isFailing = false;
    state.nowMs += 5_100;
    await until(() => JSON.stringify(views(reader)).includes('"views":3'));
  });

  it('are not made twice at once if somebody who comes meanwhile cannot be answered, as after midnight', async () => {
    const { state, logged, follow } = start();
    let finish = () => {};
    state.waits = { [YESTERDAY.from]: new Promise<void>((resolve) => (finish = resolve)) };
    const one = follow('today', YESTERDAY);
    await turns();
    state.isFailing = true;
    const two = follow('today');
    await until(() => logged.length === 1);
    state.isFailing = false;
    state.nowMs += 5_100;
    await turns();
    finish();
    await until(() => one.got.length === 1 && two.got.length === 1);
    await turns();
    expect(state.made).toBe(2);
  });

  it('are not made any more when nobody follows them', async () => {
    const { state, count, follow, pushes } = start();
    const readers = [follow(), follow()] as const;
    const [{ followed }] = readers;
    await until(() => readers.every(({ got }) => got.length > 0));
    state.nowMs += 60_000;
    expect(pushes.has(followed)).toBe(true);
    for (const { end } of readers) end();
    expect(pushes.has(followed)).toBe(false);
    const { made } = state;
    count();
    state.nowMs += 60_000;
    await turns();
    expect(state.made).toBe(made);
  });
});
