import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Counters } from '../src/counters/counters.js';
import type { NotCounted } from '../src/hit/hit.js';
import { type AllTold, isHit } from '../test/fixtures/hits.js';
import { visiting } from '../test/fixtures/random-visits.js';
import { DOCUMENT_KINDS } from './documents.js';
import type { Report } from './report.js';

const AT_MS = Date.parse('2026-11-20T12:00:00Z');

/** The names of all counters, with those of the levels above. */
function namesIn(level: Counters, above = ''): string[] {
  return [...level.fields].flatMap(([key, value]) =>
    value instanceof Counters ? namesIn(value, `${above}${key}/`) : [above + key],
  );
}

function countedBy(report: Report, hits: AllTold): string[] {
  const document = new Counters();
  for (const told of hits.flat()) {
    if (isHit(told)) report.count?.(told, document);
    else report.observe?.(told, 1, document);
  }
  const [site, day, receivedAtMs] = ['one', '2026-11-20', AT_MS];
  for (const sketch of ['first', 'second'] as const) {
    report.point?.({ site, day, receivedAtMs, sketch, register: 1, rank: 1 }, document);
  }
  report.refusal?.({ site, day, receivedAtMs, reason: 'bot' as NotCounted, hits: 1 }, document);
  report.imported?.({ kind: 'visitors', day, visitors: 1 }, document);
  report.imported?.({ kind: 'views', day, views: 1 }, document);
  report.imported?.({ kind: 'visits', day, visits: 1, bounces: 0, views: 2, seconds: 3 }, document);
  return namesIn(document);
}

describe('reports that are read from the same documents', () => {
  const together = DOCUMENT_KINDS.filter(({ reports }) => reports.length > 1);

  it('count each under names of its own, whatever comes', () => {
    expect(together.map(({ name }) => name)).toEqual(['traffic']);
    fc.assert(
      fc.property(visiting, ({ hits }) => {
        for (const collection of together) {
          const names = collection.reports.flatMap((report) => [...new Set(countedBy(report, hits))]);
          expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
        }
      }),
    );
  });
});
