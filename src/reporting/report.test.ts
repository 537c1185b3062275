import { describe, expect, it } from '@jest/globals';
import { holdsPage } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { plainHit } from '../../test/fixtures/hits.js';
import { memoryLedger } from '../../test/fixtures/ledger.js';
import { reporting } from '../../test/fixtures/reporting.js';
import { ALL_SITES, ARCHIVED, expiredWork, RESTORED } from '../upkeep/expired.js';

const day = (date: string) => plainHit(Date.parse(`${date}T12:00:00Z`), { path: `/${date}` });
const hits = ['2023-02-01', '2023-11-20', '2024-03-01', '2024-03-02', '2024-04-01'].map(day);
const year = (name: string) => ({ from: `${name}-01-01`, to: `${name}-12-31` });

describe('a report of expired days', () => {
  it('covers whole months, and says so', async () => {
    const ledger = memoryLedger();
    await ledger.add(expiredWork('day', 'content'), 'one', { from: '2023-01-01', to: '2024-03-01' });
    const { get } = reporting({ hits, ledger });
    expect(await get('content', '2024-03-01', '2024-03-01')).toMatchObject({
      from: '2024-03-01',
      to: '2024-03-31',
      resolution: 'month',
      total: { views: 2 },
    });
    expect(await get('content', '2024-03-02', '2024-03-02')).toMatchObject({
      to: '2024-03-02',
      resolution: 'day',
      total: { views: 1 },
    });
    expect(await get('traffic', '2024-03-01', '2024-03-01')).toMatchObject({ resolution: 'day', total: { views: 1 } });
    expect(await get('content', '2024-03-01', '2024-03-01', { site: 'other' })).toMatchObject({ resolution: 'day' });
  });

  it('covers the whole year when the months are expired too, or archived', async () => {
    const ledger = memoryLedger();
    await ledger.add(expiredWork('month', 'content'), 'one', year('2023'));
    await ledger.add(ARCHIVED, ALL_SITES, year('2024'));
    const { get } = reporting({ hits, ledger });
    const content = await get('content', '2023-02-01', '2023-02-28');
    expect(content).toMatchObject({ ...year('2023'), resolution: 'year', total: { views: 2 } });
    expect(content.archived).toBeUndefined();
    expect(await get('traffic', '2023-02-01', '2023-02-28')).toMatchObject({ resolution: 'day' });
    expect(await get('traffic', '2024-04-01', '2024-04-01')).toMatchObject({
      ...year('2024'),
      resolution: 'year',
      archived: ['2024'],
      total: { views: 3 },
    });
    await ledger.add(RESTORED, 'one', year('2024'));
    const restored = await get('traffic', '2024-04-01', '2024-04-01');
    expect(restored).toMatchObject({ from: '2024-04-01', resolution: 'day', total: { views: 1 } });
    expect(restored.archived).toBeUndefined();
    expect(await get('traffic', '2024-04-01', '2024-04-01', { site: 'other' })).toMatchObject({ archived: ['2024'] });
  });

  it('names the years of which nothing is left', async () => {
    const ledger = memoryLedger();
    await ledger.add(expiredWork('month', 'content'), 'one', year('2022'));
    await ledger.add(expiredWork('year', 'content'), 'one', year('2022'));
    const { get } = reporting({ hits, ledger });
    expect(await get('content', '2022-05-01', '2023-12-31')).toMatchObject({
      from: '2022-05-01',
      expired: [{ from: '2022-05-01', to: '2022-12-31' }],
      total: { views: 2 },
    });
  });
});

describe('a report with days only', () => {
  it('reads one document for each day, even for whole months', async () => {
    const { get, read } = reporting({ hits: [day('2024-02-29')] });
    expect(await get('minutes', '2024-02-01', '2024-03-31')).toMatchObject({ resolution: 'day' });
    expect(read()).toHaveLength(29 + 31);
    expect(read()[28]).toBe('minutes.2024/one:2024-02-29');
    expect((await get('pages', '2024-02-01', '2024-02-29', { page: '/2024-02-29' })).total.views).toBe(1);
  });

  it('is not widened when days have expired, and names them', async () => {
    const ledger = memoryLedger();
    await ledger.add(expiredWork('day', 'minutes'), 'one', { from: '2024-01-01', to: '2024-03-01' });
    const { get } = reporting({ hits, ledger });
    const minutes = await get('minutes', '2024-02-29', '2024-03-02');
    expect(minutes).toMatchObject({
      from: '2024-02-29',
      to: '2024-03-02',
      resolution: 'day',
      expired: [{ from: '2024-02-29', to: '2024-03-01' }],
    });
    expect(minutes.rows).toHaveLength(3);
    expect(await get('minutes', '2024-03-02', '2024-03-02')).not.toHaveProperty('expired');
    expect(await get('minutes', '2024-03-01', '2024-03-01', { site: 'other' })).not.toHaveProperty('expired');
    // of a page, those of the collection that keeps it
    const page = '/2024-03-01';
    const name = DOCUMENT_KINDS.find((one) => one.shard && holdsPage(one, page))?.name as string;
    await ledger.add(expiredWork('day', name), 'one', { from: '2024-03-01', to: '2024-03-01' });
    expect(await get('pages', '2024-03-01', '2024-03-01', { page })).toMatchObject({
      expired: [{ from: '2024-03-01', to: '2024-03-01' }],
    });
  });

  it('names archived years, because nothing is read in their place', async () => {
    const ledger = memoryLedger();
    await ledger.add(ARCHIVED, ALL_SITES, year('2024'));
    const { get } = reporting({ hits, ledger });
    expect(await get('minutes', '2023-12-31', '2024-01-01')).toMatchObject({
      from: '2023-12-31',
      to: '2024-01-01',
      resolution: 'day',
      archived: ['2024'],
    });
    await ledger.add(RESTORED, ALL_SITES, year('2024'));
    expect(await get('minutes', '2023-12-31', '2024-01-01')).not.toHaveProperty('archived');
  });
});

describe('a report that is compared', () => {
  it('contains the whole other range, and says what is missing in each', async () => {
    const ledger = memoryLedger();
    await ledger.add(expiredWork('day', 'content'), 'one', { from: '2024-03-01', to: '2024-03-01' });
    const { get } = reporting({ hits, ledger });
    const { compared, ...report } = await get('content', '2024-03-02', '2024-03-02', { compare: 'previous' });
    expect(report).toEqual(await get('content', '2024-03-02', '2024-03-02'));
    const { site, timezone, ...body } = await get('content', '2024-03-01', '2024-03-01');
    expect(compared).toEqual(body);
    expect(compared).toMatchObject({ to: '2024-03-31', resolution: 'month', total: { views: 2 } });
    expect([site, timezone]).toEqual(['one', 'Europe/Berlin']);
  });

  it('never compares a range with a part of itself: a widened range is compared with one of the same width', async () => {
    const ledger = memoryLedger();
    await ledger.add(expiredWork('day', 'content'), 'one', { from: '2024-01-01', to: '2024-12-31' });
    const { get } = reporting({ hits, ledger });
    const { compared, ...report } = await get('content', '2024-03-10', '2024-03-16', { compare: 'previous' });
    expect(report).toMatchObject({ from: '2024-03-01', to: '2024-03-31' });
    expect(compared).toMatchObject({ from: '2024-02-01', to: '2024-02-29' });
  });
});

describe('a report as CSV', () => {
  it('has the rows of the same report as JSON', async () => {
    const { get, csv } = reporting({ hits });
    const { rows } = await get('content', '2024-03-01', '2024-03-31');
    expect(rows).toHaveLength(2);
    expect(await csv('content', '2024-03-01', '2024-03-31', 'rows')).toBe(
      [`\ufeff${COLUMNS.map(quoted).join(',')}`, ...rows.map(lineOf), ''].join('\r\n'),
    );
  });

  it('of a page is about the spelling that has views', async () => {
    const { csv } = reporting({ hits: [day('2024-03-01')] });
    const text = await csv('pages', '2024-03-01', '2024-03-01', 'rows', { page: '/other', otherSpellings: ['/2024-03-01'] });
    expect(text.split('\r\n')[1]).toMatch(/^"2024-03-01",1,/);
  });
});

const COLUMNS = ['key', 'views', 'visitors', 'visitorsError', 'error', 'title', 'entries', 'bounces', 'exits', 'recorded'];

function lineOf(row: Record<string, string | number>): string {
  return COLUMNS.map((name) => row[name])
    .map((cell) => (typeof cell === 'string' ? quoted(cell) : cell))
    .join(',');
}

function quoted(text: string): string {
  return `"${text}"`;
}
