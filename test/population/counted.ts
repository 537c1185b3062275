// Counts the journal's lines in segments, as the service does, and makes reports of them. In memory.
import type { DocumentKind } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { compact, isFull, ROWS, rowsThatFit } from '../../src/counters/cap.js';
import { Counters } from '../../src/counters/counters.js';
import { mergeInto } from '../../src/counters/merge.js';
import { createFold } from '../../src/counting/fold.js';
import { createLineReader } from '../../src/journal/line.js';
import { linesOf } from '../../src/journal/segment.js';
import type { ReportQuery } from '../../src/reporting/port.js';
import { createReporter } from '../../src/reporting/report.js';
import type { Delta } from '../../src/store/documents.js';
import { memoryLedger } from '../fixtures/ledger.js';
import type { Random } from '../simulator/random.js';
import type { Journal, Line, Raised } from './beacon.js';
import type { SiteSetup } from './sites.js';

const SEGMENT_LINES_MAX = 6000;
/** The API's limit. */
const ROWS_MAX = 1000;

export interface Counted {
  /** The answer of the API. `any`, because clients read JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: the answers of every report
  report(report: string, from: string, to: string, more?: Partial<ReportQuery>): Promise<any>;
  /** The same from months that are merged from their days, and years that are merged from these months. */
  fromDays(): Counted;
}

type Kept = ReadonlyMap<string, Counters>;

export function count(setup: SiteSetup, { hits, points }: Journal, random: Random): Counted {
  const kinds = collectionsOf(setup);
  const documents = new Map<string, Counters>();
  const byTime = <One extends { readonly atMs: number }>(all: readonly One[]) => [...all].sort((a, b) => a.atMs - b.atMs);
  const [lines, raised] = [byTime(hits), byTime(points)];
  for (let [start, pointStart] = [0, 0]; start < lines.length; ) {
    const segment = lines.slice(start, start + 1 + random.below(SEGMENT_LINES_MAX));
    start += segment.length;
    const endMs = (segment.at(-1) as Line).atMs;
    let pointEnd = pointStart;
    while ((raised[pointEnd]?.atMs ?? Number.POSITIVE_INFINITY) <= endMs) pointEnd++;
    apply(documents, deltasOf(segment, raised.slice(pointStart, pointEnd), kinds));
    pointStart = pointEnd;
  }
  return reportsOf(setup, kinds, documents);
}

/** With lists as long as the setup allows. */
function collectionsOf({ capsDividedBy }: SiteSetup): readonly DocumentKind[] {
  const fewer = (caps: DocumentKind['caps']) =>
    Object.fromEntries(Object.entries(caps).map(([map, rows]) => [map, Math.ceil(rows / capsDividedBy)]));
  return DOCUMENT_KINDS.map((kind) => ({ ...kind, caps: fewer(kind.caps) }));
}

const readLine = createLineReader();

function deltasOf(segment: readonly Line[], points: readonly Raised[], kinds: readonly DocumentKind[]): Delta[] {
  const fold = createFold(kinds);
  for (const text of segment.flatMap(({ text }) => linesOf(text))) {
    const line = readLine(text);
    if (line === undefined) throw new Error(`no line of a journal: ${text}`);
    if ('hit' in line) fold.hit(line.hit);
    else if ('observation' in line) fold.observation(line.observation, line.times);
    else fold.refusal(line.refusal);
  }
  for (const { point } of points) fold.point(point);
  return fold.deltas();
}

function apply(documents: Map<string, Counters>, deltas: readonly Delta[]): void {
  for (const { collection, id, counters, caps } of deltas) {
    const key = `${collection}/${id}`;
    const document = mergeInto(documents.get(key) ?? new Counters(), counters);
    for (const [map, rowsMax] of Object.entries(caps)) {
      // Paths are short here, so rows run out before bytes.
      const size = { entries: document.below(map).below(ROWS).fields.size, bytes: 0 };
      if (isFull(size, rowsMax)) compact(document.at(map), rowsThatFit(size, rowsMax));
    }
    documents.set(key, document);
  }
}

function reportsOf(setup: SiteSetup, kinds: readonly DocumentKind[], documents: Kept): Counted {
  const answerTo = createReporter(
    {
      read: async (ids) => ids.map(({ collection, id }) => documents.get(`${collection}/${id}`)),
      lateYears: async () => [],
      collections: async () => [],
    },
    memoryLedger(),
    kinds,
  );
  const asked = { site: setup.site.id, timezone: setup.site.timezone, limit: ROWS_MAX, search: '', page: '', asOfMs: 0 };
  return {
    report: async (report, from, to, more) => JSON.parse(await answerTo({ ...asked, report, from, to, ...more })),
    fromDays: () => reportsOf(setup, kinds, withoutMonths(documents)),
  };
}

/** `content.2026/berlin:2026-11-20` is merged into `content.2026/berlin:2026-11`. */
function withoutMonths(documents: Kept): Kept {
  const made = new Map<string, Counters>();
  for (const [key, day] of documents) {
    if (!DAY_KEY.test(key)) continue;
    made.set(key, day);
    const month = key.slice(0, -3);
    if (documents.has(month)) made.set(month, mergeInto(made.get(month) ?? new Counters(), day));
  }
  return made;
}

const DAY_KEY = /:\d{4}-\d\d-\d\d$/;
