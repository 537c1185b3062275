import { describe, expect, it } from '@jest/globals';
import { Counters } from '../src/counters/counters.js';
import { documentKind } from './document-kind.js';
import {
  cappedMap,
  classes,
  closedList,
  declareKeys,
  detail,
  details,
  family,
  type Keys,
  levels,
  pathsOf,
  sketch,
  sum,
  sums,
  text,
} from './keys.js';
import type { Report } from './report.js';

const reportWith = (name: string, keys: Keys) => ({ name, keys }) as Report;
const kindOf = (...reports: readonly Report[]) => documentKind({ name: 'traffic', keep: { day: 'always' }, reports });

describe('declared keys', () => {
  it('are an error when one report declares the same key twice in one place', () => {
    expect(() => declareKeys({ views: sum('v'), visitors: sum('v') })).toThrow(/"v".*declared twice.*by one report/);
    expect(() => declareKeys({ days: levels('D', { views: sum('v'), titles: text('v') }) })).toThrow(/"D\/\*\/v"/);
    expect(() => declareKeys({ entries: detail('e'), devices: details('e') })).toThrow(/"~e"/);
    expect(() => declareKeys({ browsers: closedList('b'), versions: sum('bd') })).toThrow(/"bd"/);
  });

  it('may be the same in different places', () => {
    const each = { views: sum('v') };
    expect(() =>
      declareKeys({
        ...each,
        days: levels('D', { ...each, hours: levels('h', each) }),
        pages: cappedMap('p', { rowsMax: 1, row: each }),
      }),
    ).not.toThrow();
  });

  it('include every path at which a report counts', () => {
    const keys = {
      total: sum('v'),
      seen: sketch('s'),
      reasons: sums('r'),
      days: levels('D', { views: sum('v') }),
      pages: cappedMap('p', { rowsMax: 5, row: { views: sum('v'), read: classes('b', [1, 30]), sources: details('s') } }),
      other: family('*-*'),
    };
    expect(pathsOf(keys).map((path) => path.join('/'))).toEqual([
      'v',
      's',
      'r',
      'D/*/v',
      'p/r/*/v',
      'p/r/*/~b1',
      'p/r/*/~b30',
      'p/r/*/~s*',
      '*-*',
    ]);
  });

  it('keep the compiler from reading one kind of counter as another', () => {
    const document = new Counters();
    const keys = declareKeys({ views: sum('v'), title: text('t') });
    document.sum(keys.views);
    document.max(keys.title, 'A');
    // @ts-expect-error: a text is not a sum
    expect(document.get(keys.title)).toBe(0);
    // @ts-expect-error: a sum is not a text
    expect(document.text(keys.views)).toBe('');
  });
});

describe('a document kind', () => {
  it('is an error when two of its reports count under the same key', () => {
    const [traffic, visits] = [reportWith('traffic', { views: sum('v') }), reportWith('visits', { visits: sum('v') })];
    expect(() => kindOf(traffic, visits)).toThrow(/"v".*by traffic and visits/);
  });

  it('is an error when one report counts below the key of another report', () => {
    const days = levels('D', { views: sum('v') });
    expect(() => kindOf(reportWith('traffic', { days }), reportWith('visits', { days: sums('D') }))).toThrow(
      /traffic and visits/,
    );
  });

  it('lets reports share the levels of days when their keys there differ', () => {
    const inDays = (key: string) => ({ days: levels('D', { number: sum(key) }) });
    expect(() => kindOf(reportWith('traffic', inDays('v')), reportWith('visits', inDays('b')))).not.toThrow();
    expect(() => kindOf(reportWith('traffic', inDays('v')), reportWith('visits', inDays('v')))).toThrow(/"D\/\*\/v"/);
  });

  it('derives its caps, and the pages and referrers of its rows, from the keys of its reports', () => {
    const row = { views: sum('v'), sources: details('s', (name) => (name === 'own' ? {} : { referrer: [name] })) };
    const pages = cappedMap('p', { rowsMax: 7, row, subjectsOf: (path) => ({ page: [path] }) });
    const versions = cappedMap('w', { rowsMax: 9, row: { views: sum('v') } });
    const { caps, rowSubjects, detailSubjects } = kindOf(
      reportWith('content', { pages }),
      reportWith('technology', { versions }),
    );
    expect(caps).toEqual({ p: 7, w: 9 });
    expect(Object.keys(rowSubjects)).toEqual(['p']);
    expect(rowSubjects.p?.('/a')).toEqual({ page: ['/a'] });
    expect(['~sblog.example', '~sown', '~e'].map((key) => detailSubjects.p?.(key))).toEqual([
      { referrer: ['blog.example'] },
      {},
      {},
    ]);
  });
});
