import { expect, it } from '@jest/globals';
import { answersOf } from '../../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import type { Site } from '../../hit/site.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { createAsking } from './asked.js';
import { createReportKinds } from './query.js';

const reportSchemas = answersOf(DOCUMENT_KINDS);
const kinds = createReportKinds(DOCUMENT_KINDS, reportSchemas);

/** `reads`: how often the parameters of a report were read. */
function asking(from: string) {
  const state = { nowMs: Date.parse(from), reads: 0 };
  const { several } = createAsking({ reportSchemas, nowMs: () => state.nowMs }, (report) => {
    state.reads++;
    return kinds(report);
  });
  const ask = (parameters: Record<string, string>, site: Partial<Site> = {}, mayRead = true) => {
    const query = { reports: 'traffic,content', ...parameters };
    const req = { query, url: `/reports?${new URLSearchParams(query)}` };
    return several(req, { ...exampleSite, timezone: 'Europe/Berlin', ...site }, { mayRead: () => mayRead }).queries;
  };
  return { state, ask };
}

it('reads a question once for all who ask it in the same minute', () => {
  const { state, ask } = asking('2026-11-20T12:00:01Z');
  const first = ask({ period: '7d' });
  const { reads } = state;
  state.nowMs += 58_000;
  expect(ask({ period: '7d' })).toEqual(first);
  expect([reads > 0, state.reads]).toEqual([true, reads]);
  state.nowMs += 1_000;
  expect(ask({ period: '7d' })).toEqual(first);
  expect(state.reads).toBe(2 * reads);
});

it('distinguishes words, time zones, and the days before and after midnight', () => {
  const { state, ask } = asking('2026-11-20T22:59:59.999Z');
  const from = (queries: ReturnType<typeof ask>) => [queries.length, queries[0]?.from];
  expect(from(ask({ period: 'today' }))).toEqual([2, '2026-11-20']);
  expect(from(ask({ period: 'yesterday' }))).toEqual([2, '2026-11-19']);
  expect(from(ask({ period: 'today' }, { timezone: 'Asia/Tokyo' }))).toEqual([2, '2026-11-21']);
  state.nowMs += 1;
  expect(from(ask({ period: 'today' }))).toEqual([2, '2026-11-21']);
});

it('asks about the site of each reader, and about nothing that a reader must not see', () => {
  const { ask } = asking('2026-11-20T12:00:00Z');
  const sites = [{ id: 'garden' }, { id: 'moon' }].map((site) => ask({ period: '7d' }, site).map((query) => query.site));
  expect(sites).toEqual([
    ['garden', 'garden'],
    ['moon', 'moon'],
  ]);
  expect(() => ask({ period: '7d' }, {}, false)).toThrow('does not show this report');
});

it('refuses a wrong question each time, and keeps some hundred short ones', () => {
  const { state, ask } = asking('2026-11-20T12:00:00Z');
  for (let i = 0; i < 2; i++) expect(() => ask({ period: 'never' })).toThrow('period');
  for (let i = 0; i < 600; i++) expect(ask({ search: `word ${i}` })[1]?.search).toBe(`word ${i}`);
  for (const search of ['word 0', 'é'.repeat(190)]) {
    ask({ search });
    const { reads } = state;
    ask({ search });
    expect({ search, isRead: state.reads > reads }).toEqual({ search, isRead: search !== 'word 0' });
  }
});
