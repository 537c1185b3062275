import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { signal } from '@preact/signals';
import { answersOf } from '../../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { cohortRange } from '../../../collections/retention/cohorts.js';
import { type Address, COMPARISONS, readAddress } from '../../browser/dashboard/address.js';
import type { Engagement } from '../../browser/dashboard/answers.js';
import { type Answers, askForLists, askForPage, createAskForBefore, isNew, questionOf } from '../../browser/dashboard/ask.js';
import type { Card } from '../../browser/dashboard/card.js';
import { fetchReport, fetchReports } from '../../browser/dashboard/fetch.js';
import { PERIODS, rangeOf } from '../../browser/dashboard/ranges.js';
import { createAskForPart } from '../../browser/dashboard/show-all/ask.js';
import { addressesOf } from '../../browser/dashboard/state.js';
import { openApiDocument } from './openapi.js';
import { priceOfFirstView, priceOfReports } from './price.js';
import { createReportKinds } from './query.js';
import { readSeveral } from './several.js';

/** What the page asks for. */
const askForAll = (...[asked, address, also]: Parameters<typeof questionOf> & [{ readonly site: string }, ...unknown[]]) =>
  fetchReports<Answers>(asked.site, questionOf(asked, address, also));

const schemas = answersOf(DOCUMENT_KINDS);
interface Described {
  readonly name: string;
  readonly in: string;
  readonly schema: { default?: unknown };
}
const { paths, components } = openApiDocument(schemas, createReportKinds(DOCUMENT_KINDS, schemas), '') as {
  paths: Record<string, { get: { parameters: Array<Described | { $ref: string }> } }>;
  components: { parameters: Record<string, Described> };
};

/** As scripts/build-browser.mjs collects them. */
async function readCards(): Promise<Card[]> {
  const folder = join(import.meta.dirname, '../../../collections');
  const files = readdirSync(folder).map((name) => join(folder, name, 'card.tsx'));
  const cards: Card[] = [];
  // one after the other: jest cannot import modules that share others side by side
  for (const file of files) if (existsSync(file)) cards.push((await import(file)).card);
  return cards;
}

/** What the API's own description says that a report takes. */
function taken(report: string): string[] {
  return parametersOf(report).map(({ name }) => name);
}

function parametersOf(report: string) {
  const { parameters } = (paths[`/api/v1/sites/{site}/${report}`] as (typeof paths)[string]).get;
  return parameters
    .map((one) => ('$ref' in one ? (components.parameters[one.$ref.split('/').at(-1) as string] as Described) : one))
    .filter((parameter) => parameter.in === 'query');
}

/** The reports of a request for several. */
function namesOf(parameters: URLSearchParams): readonly string[] | undefined {
  return parameters.get('reports')?.split(',');
}

const WHOLE = { from: '2026-01-01', to: '2026-11-20' };

describe("the site's page", () => {
  const real = globalThis.fetch;
  beforeEach(() => {
    Object.assign(globalThis, { document: { body: { dataset: {} } } });
  });
  afterEach(() => {
    globalThis.fetch = real;
    Reflect.deleteProperty(globalThis, 'document');
  });

  it('asks for everything that it shows in one request', async () => {
    const asked: URL[] = [];
    globalThis.fetch = (async (address: string) => {
      asked.push(new URL(address, 'http://here.example'));
      return Response.json({});
    }) as typeof fetch;
    const address: Address = { shown: '7d', comparison: 'previous', page: undefined, tabs: {} };
    await askForAll({ site: 'garden', shows: () => true }, address, { ofCards: ['referrers', 'technology'], whole: WHOLE });
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/api/v1/sites/garden/reports']);
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
      reports: 'traffic,visits,engagement,content,referrers,technology,minutes',
      period: '7d',
      by: 'hour',
      'traffic.compare': 'previous',
      'visits.compare': 'previous',
      'engagement.compare': 'previous',
      'minutes.period': 'now',
    });
  });

  it('asks for what a first view counts as, when it shows today', async () => {
    const asked: string[] = [];
    globalThis.fetch = (async (address: string) => {
      asked.push(address);
      return Response.json({});
    }) as typeof fetch;
    const ofCards = (await readCards()).filter(({ asksItself }) => !asksItself).map(({ report }) => report);
    await askForAll({ site: 'garden', shows: () => true }, readAddress(''), { ofCards, whole: WHOLE });
    const { search, searchParams } = new URL(asked[0] as string, 'http://here.example');
    const query = Object.fromEntries(searchParams);
    const at = { timezone: 'Europe/Berlin', nowMs: Date.parse('2026-11-20T12:00:00Z') };
    const names = query.reports?.split(',') as string[];
    const requests = readSeveral({ query, url: search }, names, createReportKinds(DOCUMENT_KINDS, schemas), at);
    expect(priceOfReports(requests)).toBe(priceOfFirstView(undefined));
  });

  it('requests each report once, with parameters that the report accepts', async () => {
    const asked: URL[] = [];
    globalThis.fetch = (async (address: string) => {
      asked.push(new URL(address, 'http://here.example'));
      return Response.json({ rows: [], entries: [], exits: [], total: { views: 0 } });
    }) as typeof fetch;
    const range = { from: '2026-11-01', to: '2026-11-20' };
    const GARDEN = { site: 'garden', shows: () => true };
    const cards = await readCards();
    const ofCards = cards.filter(({ asksItself }) => !asksItself).map(({ report }) => report);
    for (const shown of [...PERIODS, range]) {
      for (const comparison of COMPARISONS) {
        const address: Address = { shown, comparison, page: '/a', tabs: {} };
        const answers = await askForAll(GARDEN, address, { ofCards, whole: WHOLE });
        const traffic = { ...answers.traffic, ...rangeOf(shown, '2026-11-20') };
        const engagement = { rows: [] } as unknown as Engagement;
        await askForPage(GARDEN, '/a', address, { ...answers, traffic, engagement, today: '2026-11-20' });
      }
    }
    const compared = cards.filter(({ isCompared }) => isCompared).map(({ report }) => report);
    await createAskForBefore(askForLists('garden'), compared)({ here: range, there: range }, '2026-11-20', {} as Answers);
    const askForPart = createAskForPart(addressesOf('garden', signal(readAddress(''))).reportAddress);
    for (const report of [...compared, 'pages']) {
      const list = { report, list: 'rows', search: 'a', offset: 50 };
      const part = report === 'pages' ? undefined : { here: range, there: range, today: '2026-11-20' };
      await askForPart({ list, shown: '7d', page: part ? undefined : '/a', part });
    }
    await isNew(GARDEN);
    await fetchReport('garden', 'retention', cohortRange('2026-11-20'));

    const reports = new Set<string>();
    for (const { pathname, searchParams } of asked) {
      const report = pathname.split('/').at(-1) as string;
      for (const name of namesOf(searchParams) ?? [report]) reports.add(name);
      const names = [...searchParams.keys()];
      expect({ report, names: names.filter((name) => !taken(report).includes(name)) }).toEqual({ report, names: [] });
      expect(names).toEqual([...new Set(names)]);
    }
    expect([...reports].sort()).toEqual(Object.keys(schemas).sort());
  });

  it('requests no report that a share link does not show', async () => {
    const asked = new Set<string>();
    globalThis.fetch = (async (address: string) => {
      const { pathname, searchParams } = new URL(address, 'http://here.example');
      for (const name of namesOf(searchParams) ?? [pathname.split('/').at(-1) as string]) asked.add(name);
      return Response.json({ rows: [], total: { views: 0 } });
    }) as typeof fetch;
    const range = { from: '2026-11-20', to: '2026-11-20' };
    const shown = ['traffic', 'pages', 'referrers'];
    const limited = { site: 'garden', shows: (name: string) => shown.includes(name) };
    const address: Address = { shown: 'today', comparison: 'previous', page: '/a', tabs: {} };
    const answers = await askForAll(limited, address, { ofCards: ['referrers'], whole: WHOLE });
    const traffic = { ...answers.traffic, ...range };
    expect(await askForPage(limited, '/a', address, { ...answers, traffic, today: '2026-11-20' })).toMatchObject({
      row: undefined,
      reading: undefined,
    });
    expect(await isNew(limited)).toBe(false);
    expect([...asked].sort()).toEqual([...shown].sort());
  });
});
