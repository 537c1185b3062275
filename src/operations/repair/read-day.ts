// What is known of one site's day: its documents with what they hold, and what the journals say that they should be.
import type { Collection } from '../../../collections/collection.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import type { Site } from '../../hit/site.js';
import { collectionName, type Documents, lateFromMs, partsOfName, type Snapshot } from '../../store/documents.js';
import type { Ledger } from '../../store/ledger.js';
import { type Covered, coverage } from './coverage.js';
import type { JournalPart, Journals, Question } from './port.js';
import { FOREIGN, REZONED, type Received, receivedOn } from './received.js';

export interface RepairParts {
  readonly documents: Documents;
  readonly ledger: Pick<Ledger, 'days' | 'add'>;
  readonly journals: Journals;
  readonly collections: readonly Collection[];
  readonly nowMs: () => number;
}

export interface DayAsJournalled {
  readonly received: Received;
  /** What is missing to know the day, in words; empty: it is known. */
  readonly missing: readonly string[];
  /** By collection: the document as it was read. */
  readonly held: ReadonlyMap<string, Snapshot>;
  /** By collection: what the journals give for exactly the segments that the document as it was read holds. */
  readonly journalled: ReadonlyMap<string, Counters>;
}

export interface SiteDay {
  readonly site: Site;
  readonly day: string;
}

export async function readDay(parts: RepairParts, site: Site, day: string): Promise<DayAsJournalled> {
  const [read] = await readDays(parts, [{ site, day }]);
  return read as DayAsJournalled;
}

/** Several at once: documents are read by collection, and nodes are asked for all of them together. */
export async function readDays(parts: RepairParts, days: readonly SiteDay[]): Promise<DayAsJournalled[]> {
  const held = await heldDocuments(parts, days);
  const upTo = held.map((documents) => new Map([...documents].map(([collection, { upTo }]) => [collection, upTo])));
  const questions = days.map(({ site, day }, i) => ({ site: site.id, day, upTo: upTo[i] as Question['upTo'] }));
  const answers = await parts.journals.ask(questions);
  const nodes = await parts.documents.nodes('all');
  return Promise.all(
    days.map(async ({ site, day }, i): Promise<DayAsJournalled> => {
      const documents = held[i] as ReadonlyMap<string, Snapshot>;
      const received = receivedOn(day, site.timezone, await parts.ledger.days(REZONED, site.id));
      const foreign = (await parts.ledger.days(FOREIGN, site.id)).some(({ from, to }) => from <= day && day <= to);
      const last = latest([...(upTo[i]?.values() ?? [])]);
      const covered = coverage(nodes, last, answers[i] ?? [], received);
      const missing = [...lateIn(day, parts.nowMs()), ...foreignIn(foreign), ...importsIn(documents)];
      return {
        received,
        missing: [...missing, ...covered.missing, ...tooLargeIn(covered)],
        held: documents,
        journalled: mergedByCollection(covered.parts),
      };
    }),
  );
}

/** By collection, of each of the days. */
async function heldDocuments(
  { documents, collections }: RepairParts,
  days: readonly SiteDay[],
): Promise<Array<Map<string, Snapshot>>> {
  const held = days.map(() => new Map<string, Snapshot>());
  for (const year of new Set(days.map(({ day }) => day.slice(0, 4)))) {
    const places = [...days.keys()].filter((i) => days[i]?.day.startsWith(year));
    const ids = places.map((i) => `${days[i]?.site.id}:${days[i]?.day}`);
    for (const { name } of collections) {
      const collection = collectionName(name, year);
      const found = await documents.snapshots(collection, ids);
      for (const [n, i] of places.entries()) held[i]?.set(collection, found[n] as Snapshot);
    }
  }
  return held;
}

function lateIn(day: string, nowMs: number): string[] {
  if (nowMs <= lateFromMs(day)) return [];
  return [
    'its year ended more than 35 days ago: what came for it later is in documents of its own, which the journals do not tell',
  ];
}

function foreignIn(isForeign: boolean): string[] {
  return isForeign ? ['something was counted into it elsewhere, which no journal has'] : [];
}

/** By collection, of all nodes. */
export function mergedByCollection(parts: readonly JournalPart[]): Map<string, Counters> {
  const merged = new Map<string, Counters>();
  for (const { trees } of parts) {
    for (const [name, tree] of trees) merged.set(name, mergeInto(merged.get(name) ?? new Counters(), tree));
  }
  return merged;
}

function importsIn(held: ReadonlyMap<string, Snapshot>): string[] {
  const imports = new Set([...held.values()].flatMap(({ imports }) => imports));
  return [...imports].map((id) => `an imported log (${id}) is counted into it, which no journal has`);
}

function tooLargeIn({ parts }: Covered): string[] {
  return parts.flatMap(({ node, tooLarge }) =>
    tooLarge.map((name) => `node ${node}: what it has for ${partsOfName(name)?.name ?? name} is too large to be sent`),
  );
}

function latest(all: ReadonlyArray<ReadonlyMap<string, number>>): Map<string, number> {
  const last = new Map<string, number>();
  for (const upTo of all) for (const [node, number] of upTo) last.set(node, Math.max(number, last.get(node) ?? 0));
  return last;
}
