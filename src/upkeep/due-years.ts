// Which collections are due to be summarised, and which years to be archived.

import { type DocumentCollections, partsOfName } from '../store/documents.js';
import type { Imports } from '../store/imports.js';
import type { Ledger } from '../store/ledger.js';
import type { NodeRegistry } from '../store/nodes.js';
import { countedUntilMs, isClosed } from './closed.js';
import { restoredYears } from './expired.js';
import { isSummarised } from './summarise.js';
import { unfinishedSinceMs } from './unfinished-imports.js';

export interface YearsParts {
  readonly documents: DocumentCollections;
  readonly nodes: Pick<NodeRegistry, 'get' | 'list'>;
  readonly ledger: Ledger;
  readonly imports: Imports;
}

/** The names of all closed collections, such as `content.2024`. */
export async function closedCollections({ documents, nodes, imports }: YearsParts, nowMs: number): Promise<string[]> {
  const until = await countedUntilMs(nodes, await unfinishedSinceMs(imports, nodes), nowMs);
  return (await documents.collections()).filter((name) => isClosed(name, until)).sort();
}

/** The closed collections whose months are in no summary yet. */
export async function collectionsToSummarise(parts: YearsParts, closed: readonly string[]): Promise<string[]> {
  const restored = await restoredYears(parts.ledger);
  const due: string[] = [];
  for (const name of closed) {
    if (!restored.has(yearOf(name)) && !(await isSummarised(parts.ledger, name))) due.push(name);
  }
  return due;
}

/**
 * The years that ended at least `afterYears` whole years ago, with their collections, if all of these are closed and
 * summarised. Years that are restored at present are not included.
 */
export async function yearsToArchive(
  { ledger }: YearsParts,
  closed: readonly string[],
  afterYears: number,
  nowMs: number,
): Promise<Map<string, string[]>> {
  const restored = await restoredYears(ledger);
  const byYear = new Map<string, string[]>();
  for (const name of closed) byYear.set(yearOf(name), [...(byYear.get(yearOf(name)) ?? []), name]);
  const due = new Map<string, string[]>();
  for (const [year, names] of byYear) {
    if (new Date(nowMs).getUTCFullYear() - Number(year) <= afterYears || restored.has(year)) continue;
    const summarised = await Promise.all(names.map((name) => isSummarised(ledger, name)));
    if (summarised.every((is) => is)) due.set(year, names);
  }
  return due;
}

function yearOf(name: string): string {
  return partsOfName(name)?.year ?? '';
}
