import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answersOf } from '../../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { type Address, COMPARISONS, PERIODS } from '../../browser/dashboard/address.js';
import { type Engagement, fetchReport, type Reports } from '../../browser/dashboard/answers.js';
import { askForAll, askForPage, isNew } from '../../browser/dashboard/ask.js';
import { cohortRange } from '../../browser/dashboard/cohorts.js';
import { openApiDocument } from './openapi.js';
import { createReportKinds } from './query.js';

const schemas = answersOf(DOCUMENT_KINDS);
const { paths } = openApiDocument(schemas, createReportKinds(DOCUMENT_KINDS, schemas), '') as {
  paths: Record<string, { get: { parameters: Array<{ name: string; in: string }> } }>;
};

/** What the API's own description says that a report takes. */
function taken(report: string): string[] {
  const { parameters } = (paths[`/api/v1/sites/{site}/${report}`] as (typeof paths)[string]).get;
  return parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
}

describe("the site's page", () => {
  const real = globalThis.fetch;
  beforeEach(() => {
    Object.assign(globalThis, { document: { body: { dataset: {} } } });
  });
  afterEach(() => {
    globalThis.fetch = real;
    Reflect.deleteProperty(globalThis, 'document');
  });

  it('requests each report once, with parameters that the report accepts', async () => {
    const asked: URL[] = [];
    globalThis.fetch = (async (address: string) => {
      asked.push(new URL(address, 'http://here.example'));
      return Response.json({ rows: [], entries: [], exits: [], total: { views: 0 } });
    }) as typeof fetch;
    for (const shown of PERIODS) {
      for (const comparison of COMPARISONS) {
        const address: Address = { shown, comparison, page: '/a' };
        const answers = await askForAll('garden', address);
        await askForPage('garden', '/a', address, { ...answers, engagement: { rows: [] } as unknown as Engagement });
      }
    }
    await isNew('garden');
    await fetchReport('garden', 'retention', cohortRange('2026-11-20'));

    const reports = new Set<string>();
    for (const { pathname, searchParams } of asked) {
      const report = pathname.split('/').at(-1) as keyof Reports;
      reports.add(report);
      const names = [...searchParams.keys()];
      expect({ report, names: names.filter((name) => !taken(report).includes(name)) }).toEqual({ report, names: [] });
      expect(names).toEqual([...new Set(names)]);
    }
    expect([...reports].sort()).toEqual(Object.keys(schemas).sort());
  });
});
