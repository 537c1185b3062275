// Reads one day of a site: its documents, and what these should be according to the journals.
import type { DocumentKind } from '../../../collections/document-kind.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import type { Site } from '../../hit/site.js';
import { collectionName, type Documents, lateFromMs, partsOfName, type Snapshot } from '../../store/documents.js';
import type { Ledger } from '../../store/ledger.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { type Covered, coverage } from './coverage.js';
import type { JournalExtract, JournalQuery, Journals } from './port.js';
import { FOREIGN, REZONED, type Received, receivedOn } from './received.js';

export interface RepairParts {
  readonly documents: Documents;
  readonly nodes: Pick<NodeRegistry, 'list'>;
  readonly ledger: Pick<Ledger, 'days' | 'add'>;
  readonly journals: Journals;
  readonly kinds: readonly DocumentKind[];
  readonly nowMs: () => number;
}

export interface DayAsJournalled {
  readonly received: Received;
  /** The reasons why the day cannot be counted from the journals. Empty if it can. */
  readonly missing: readonly string[];
  /** The documents, by collection. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /** What the journals give for exactly the segments that each snapshot contains, by collection. */
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

/** Reads several days together: one read for each collection, and one query to the nodes. */
export async function readDays(parts: RepairParts, days: readonly SiteDay[]): Promise<DayAsJournalled[]> {
  const snapshots = await snapshotsOf(parts, days);
  const upTo = snapshots.map((documents) => new Map([...documents].map(([collection, { upTo }]) => [collection, upTo])));
  const queries = days.map(({ site, day }, i) => ({ site: site.id, day, upTo: upTo[i] as JournalQuery['upTo'] }));
  const answers = await parts.journals.query(queries);
  const nodes = await parts.nodes.list('all');
  return Promise.all(
    days.map(async ({ site, day }, i): Promise<DayAsJournalled> => {
      const documents = snapshots[i] as ReadonlyMap<string, Snapshot>;
      const received = receivedOn(day, site.timezone, await parts.ledger.days(REZONED, site.id));
      const foreign = (await parts.ledger.days(FOREIGN, site.id)).some(({ from, to }) => from <= day && day <= to);
      const last = latest([...(upTo[i]?.values() ?? [])]);
      const covered = coverage(nodes, last, answers[i] ?? [], received);
      const missing = [...lateIn(day, parts.nowMs()), ...foreignIn(foreign), ...importsIn(documents)];
      return {
        received,
        missing: [...missing, ...covered.missing, ...tooLargeIn(covered)],
        snapshots: documents,
        journalled: mergedByCollection(covered.extracts),
      };
    }),
  );
}

/** Returns a map by collection for each day. */
async function snapshotsOf({ documents, kinds }: RepairParts, days: readonly SiteDay[]): Promise<Array<Map<string, Snapshot>>> {
  const snapshots = days.map(() => new Map<string, Snapshot>());
  for (const year of new Set(days.map(({ day }) => day.slice(0, 4)))) {
    const places = [...days.keys()].filter((i) => days[i]?.day.startsWith(year));
    const ids = places.map((i) => `${days[i]?.site.id}:${days[i]?.day}`);
    for (const { name } of kinds) {
      const collection = collectionName(name, year);
      const found = await documents.snapshots(collection, ids);
      for (const [n, i] of places.entries()) snapshots[i]?.set(collection, found[n] as Snapshot);
    }
  }
  return snapshots;
}

function lateIn(day: string, nowMs: number): string[] {
  if (nowMs <= lateFromMs(day)) return [];
  return [
    'its year ended more than 35 days ago: hits that were received later are in separate documents, which this cannot compare',
  ];
}

function foreignIn(isForeign: boolean): string[] {
  return isForeign ? ['it contains data from another installation, which is in no journal here'] : [];
}

/** Merges the trees of all nodes, by collection. */
export function mergedByCollection(extracts: readonly JournalExtract[]): Map<string, Counters> {
  const merged = new Map<string, Counters>();
  for (const { trees } of extracts) {
    for (const [name, tree] of trees) merged.set(name, mergeInto(merged.get(name) ?? new Counters(), tree));
  }
  return merged;
}

function importsIn(snapshots: ReadonlyMap<string, Snapshot>): string[] {
  const imports = new Set([...snapshots.values()].flatMap(({ imports }) => imports));
  return [...imports].map((id) => `it contains an imported log (${id}), which is in no journal`);
}

function tooLargeIn({ extracts }: Covered): string[] {
  return extracts.flatMap(({ node, tooLarge }) =>
    tooLarge.map((name) => `node ${node}: its counters for ${partsOfName(name)?.name ?? name} are too large to be sent`),
  );
}

function latest(all: ReadonlyArray<ReadonlyMap<string, number>>): Map<string, number> {
  const last = new Map<string, number>();
  for (const upTo of all) for (const [node, number] of upTo) last.set(node, Math.max(number, last.get(node) ?? 0));
  return last;
}
