import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Counters } from '../src/counters/counters.js';
import type { ImportedRow } from '../src/hit/imported.js';
import { pagesOf } from '../src/hit/observation.js';
import { RESERVED } from '../src/store/document-metadata.js';
import { type Countables, isHit, pinged, plainHit } from '../test/fixtures/hits.js';
import { visiting } from '../test/fixtures/random-visits.js';
import { holdsPage, kindsByReport } from './document-kind.js';
import { DOCUMENT_KINDS } from './documents.js';
import { pathsOf } from './keys.js';
import type { Report } from './report.js';

const DAY = '2026-11-20';
const AT_MS = Date.parse(`${DAY}T12:00:00Z`);
const REPORTS = [...kindsByReport(DOCUMENT_KINDS)].map(
  ([name, { reports }]) => reports.find((one) => one.name === name) as Report,
);
const IMPORTED: readonly ImportedRow[] = [
  { kind: 'visitors', day: DAY, visitors: 1 },
  { kind: 'views', day: DAY, views: 1 },
  { kind: 'visits', day: DAY, visits: 1, bounces: 0, views: 2, seconds: 3 },
  { kind: 'page', day: DAY, path: '/a', title: 'A', views: 1 },
  { kind: 'referrer', day: DAY, referrer: plainHit(AT_MS).referrer, visits: 1 },
  { kind: 'browser', day: DAY, browser: 'firefox', version: '140-0', views: 1 },
  { kind: 'platform', day: DAY, platform: 'linux', views: 1 },
  { kind: 'device', day: DAY, device: 'Desktop', views: 1 },
  { kind: 'language', day: DAY, language: 'de', views: 1 },
];

/** The paths of all counters: the keys of the levels above each, and its own key. */
function countedPaths(level: Counters, above: readonly string[] = []): string[][] {
  return [...level.fields].flatMap(([key, value]) =>
    value instanceof Counters ? countedPaths(value, [...above, key]) : [[...above, key]],
  );
}

function countedBy(report: Report, hits: Countables): string[][] {
  const document = new Counters();
  const ping = pinged({ path: '/a', atMs: AT_MS, z: 60, x: 30, y: 50 });
  for (const one of [...hits.flat(), plainHit(AT_MS), ...ping]) {
    if (isHit(one)) report.count?.(one, document);
    else for (const page of ['', ...pagesOf(one)]) report.observe?.(one, 1, document, page);
  }
  const common = { site: 'one', day: DAY, receivedAtMs: AT_MS };
  for (const sketch of ['first', 'second'] as const) report.point?.({ ...common, sketch, register: 1, rank: 1 }, document);
  report.refusal?.({ ...common, reason: 'bot', hits: 1 }, document);
  for (const row of IMPORTED) report.imported?.(row, document);
  return countedPaths(document);
}

/** Whether a counter is at a declared path or below it. */
function isDeclared(counted: readonly string[], paths: readonly string[][]): boolean {
  return paths.some((path) => path.length <= counted.length && path.every((pattern, i) => isLike(counted[i] as string, pattern)));
}

function isLike(key: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '[^]*')}$`).test(key);
}

describe('the document kinds', () => {
  it('have unique names, and so do their reports', () => {
    const unique = (names: readonly string[]) => expect(new Set(names).size).toBe(names.length);
    unique(DOCUMENT_KINDS.map(({ name }) => name));
    unique(
      DOCUMENT_KINDS.filter(({ shard }) => (shard?.number ?? 0) === 0).flatMap(({ reports }) => reports.map(({ name }) => name)),
    );
  });

  it('do not use the keys of document metadata', () => {
    for (const { name, keys } of REPORTS) {
      for (const path of pathsOf(keys))
        expect({ name, reserved: RESERVED.includes(path[0] as string) }).toEqual({ name, reserved: false });
    }
  });

  it('list the shards of a kind in the order of their numbers', () => {
    for (const [index, { shard }] of DOCUMENT_KINDS.entries()) {
      if (shard === undefined || shard.number === 0) continue;
      expect(DOCUMENT_KINDS[index - 1]?.shard).toMatchObject({ of: shard.of, number: shard.number - 1 });
    }
  });

  it('hold each page once in each kind', () => {
    const bases = new Set(DOCUMENT_KINDS.map(({ name, shard }) => shard?.of ?? name));
    for (const path of ['', '/', '/about', '/é']) {
      expect(DOCUMENT_KINDS.filter((kind) => holdsPage(kind, path))).toHaveLength(bases.size);
    }
  });
});

describe('a report', () => {
  it.each(REPORTS.map((report) => [report.name, report] as const))(
    'called %s counts only under keys that it declares',
    (_, report) => {
      const paths = pathsOf(report.keys);
      fc.assert(
        fc.property(visiting, ({ hits }) => {
          const counted = countedBy(report, hits);
          expect(counted.length).toBeGreaterThan(0);
          expect(counted.filter((path) => !isDeclared(path, paths))).toEqual([]);
        }),
        { numRuns: 20 },
      );
    },
  );
});
