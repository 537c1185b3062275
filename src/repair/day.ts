// What is known of one site's day: its documents with what they hold, and what the journals say that they should be.
import type { Collection } from '../../collections/collection.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import { type Documents, type Held, collectionName, lateFromMs, partsOfName } from '../documents/port.js';
import type { Site } from '../hit/site.js';
import type { Ledger } from '../ledger/port.js';
import { type Covered, coverage } from './coverage.js';
import { FOREIGN, REZONED, type Received, receivedOn } from './period.js';
import type { Journals, Part } from './port.js';

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
  readonly held: ReadonlyMap<string, Held>;
  /** By collection: what the journals give for exactly the segments that the document as it was read holds. */
  readonly journalled: ReadonlyMap<string, Counters>;
}

export async function readDay(parts: RepairParts, site: Site, day: string): Promise<DayAsJournalled> {
  const { documents, journals, collections } = parts;
  const received = receivedOn(day, site.timezone, await parts.ledger.days(REZONED, site.id));
  const foreign = (await parts.ledger.days(FOREIGN, site.id)).some(({ from, to }) => from <= day && day <= to);
  const held = new Map<string, Held>();
  for (const { name } of collections) {
    const collection = collectionName(name, day.slice(0, 4));
    const [found] = await documents.held(collection, [`${site.id}:${day}`]);
    if (found !== undefined) held.set(collection, found);
  }
  const upTo = new Map([...held].map(([collection, { upTo }]) => [collection, upTo]));
  const answers = await journals.ask({ site: site.id, day, upTo });
  const nodes = await documents.nodes('all');
  const covered = coverage(nodes, latest([...upTo.values()]), answers, received);
  return {
    received,
    missing: [
      ...(parts.nowMs() > lateFromMs(day)
        ? [
            `its year ended more than 35 days ago: what came for it later is in documents of its own, which the journals do not tell`,
          ]
        : []),
      ...(foreign ? ['something was counted into it elsewhere, which no journal has'] : []),
      ...importsIn(held),
      ...covered.missing,
      ...tooLargeIn(covered),
    ],
    held,
    journalled: mergedByCollection(covered.parts),
  };
}

/** By collection, of all nodes. */
export function mergedByCollection(parts: readonly Part[]): Map<string, Counters> {
  const merged = new Map<string, Counters>();
  for (const { trees } of parts) {
    for (const [name, tree] of trees) merged.set(name, mergeInto(merged.get(name) ?? new Counters(), tree));
  }
  return merged;
}

function importsIn(held: ReadonlyMap<string, Held>): string[] {
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
