// Carries a deletion out. It is recorded first, so whoever is stopped or killed here goes on by asking for the same
// again; each step may be repeated, and leaves other sites alone.
import { setTimeout as delay } from 'node:timers/promises';
import type { DocumentKind } from '../../../collections/document-kind.js';
import { isDayDeleted } from '../../counting/deleted/filter.js';
import type { Accounts } from '../../store/accounts.js';
import type { DocumentId, Documents } from '../../store/documents.js';
import type { Ledger } from '../../store/ledger.js';
import type { Tombstone, Tombstones } from '../../store/tombstones.js';
import { capsOf } from '../caps.js';
import { type AffectedDocument, affectedDocuments } from './affected-documents.js';
import type { Archives } from './archives.js';
import { changeOf } from './changes.js';
import type { NodeProgress } from './node-progress.js';
import { removeRows } from './remove-rows.js';

export interface DeletionParts {
  readonly documents: Documents;
  readonly accounts: Pick<Accounts, 'removeSite'>;
  readonly imports: { removeSite(site: string): Promise<number> };
  readonly ledger: Pick<Ledger, 'removeSite'>;
  readonly tombstones: Tombstones;
  readonly archives: Archives;
  readonly nodes: NodeProgress;
  readonly collections: readonly DocumentKind[];
  overwriteRemoved(): Promise<void>;
  readonly nowMs: () => number;
}

export interface DeletionRun {
  readonly isStopped: () => boolean;
  /** What is being done, in a few words; and how far, from 0 to 1, where that can be told. */
  onProgress(what: string, share?: number): void;
  /** For the nodes to obey, and for each to rewrite its journal. */
  readonly obeyMs?: number;
  readonly cleanMs?: number;
  /** An import says to nobody that it obeys: what it was adding at the moment is in the documents by then. */
  readonly importMs?: number;
}

export interface Deleted {
  readonly complete: boolean;
  readonly removed: number;
  readonly changed: number;
  /** Out of these nothing could be taken: what they are the merge of has expired. */
  readonly incomplete: readonly DocumentId[];
  /** Nodes that have not said yet that they count nothing of it any more, and those whose journal may still hold some. */
  readonly notObeying: readonly string[];
  readonly notCleaned: readonly string[];
  /** Nodes that were stopped, whose journal may hold some until they start. */
  readonly stopped: readonly string[];
}

const OBEY_MS = 30_000;
const CLEAN_MS = 120_000;
const IMPORT_MS = 3_000;
/** The embedded store holds its other writers up for as long as it rewrites so many. */
const AT_ONCE = 20;

export async function carryOut(parts: DeletionParts, tombstone: Tombstone, run: DeletionRun): Promise<Deleted> {
  const { tombstones, nodes, archives } = parts;
  const { site, deleted } = tombstone;
  const done: Done = { removed: 0, changed: 0, incomplete: [] };
  const stopped = (): Deleted => ({ ...done, complete: false, notObeying: [], notCleaned: [], stopped: [] });

  await tombstones.put(tombstone);
  const putAtMs = parts.nowMs();
  if (deleted.kind === 'site') await parts.accounts.removeSite(site);
  run.onProgress('waiting until no node counts it any more');
  const notObeying = await nodes.until(tombstone, 'obeys', run.obeyMs ?? OBEY_MS);
  if (run.isStopped()) return stopped();

  if (!(await changeAll(parts, tombstone, run, done))) return stopped();
  run.onProgress('archives');
  await archives.remove(tombstone);
  if (deleted.kind === 'site') {
    await parts.imports.removeSite(site);
    await parts.ledger.removeSite(site);
  }
  if (run.isStopped()) return stopped();

  run.onProgress('waiting until the journals are rewritten');
  const notCleaned = await nodes.until(tombstone, 'cleaned', run.cleanMs ?? CLEAN_MS);
  await delay(Math.max(0, putAtMs + (run.importMs ?? IMPORT_MS) - parts.nowMs()));
  if (!(await changeAll(parts, tombstone, run, done))) return stopped();
  run.onProgress('overwriting what was freed');
  await parts.overwriteRemoved();
  const complete = notObeying.length === 0 && notCleaned.length === 0;
  if (complete) await tombstones.finish(tombstone.id, parts.nowMs());
  return { ...done, complete, notObeying, notCleaned, stopped: await nodes.stopped(tombstone) };
}

/** Goes through the documents once; false when it was stopped. */
async function changeAll(parts: DeletionParts, tombstone: Tombstone, run: DeletionRun, done: Done): Promise<boolean> {
  const targets = await affectedDocuments(parts.documents, tombstone);
  done.incomplete = [];
  for (let i = 0; i < targets.length; ) {
    if (run.isStopped()) return false;
    run.onProgress('documents', i / targets.length);
    i += await changeSome(parts, tombstone, targets.slice(i), done);
  }
  await parts.documents.rewriteRejected((of, delta) => asideWithout(parts.collections, tombstone, of, delta));
  return true;
}

interface Done {
  removed: number;
  changed: number;
  incomplete: DocumentId[];
}

/** The first of these targets, or the first few that can be changed in one go; gives their number. */
async function changeSome(
  { documents, collections }: DeletionParts,
  tombstone: Tombstone,
  targets: readonly AffectedDocument[],
  done: Done,
): Promise<number> {
  const [first] = targets as [AffectedDocument, ...AffectedDocument[]];
  const { collection, id, act } = first;
  const caps = capsOf(collection, collections);
  if (act === 'month' || act === 'year') {
    let isIncomplete = false;
    const outcome = await documents.rebuild(first, first.parts, (whole, found) => {
      const changed = changeOf(first, tombstone, caps, whole, found);
      isIncomplete = changed === 'incomplete';
      return changed === 'incomplete' ? 'keep' : changed;
    });
    if (outcome === 'busy') throw new Error(`${collection} ${id} is counted into all the time; run the same command again`);
    if (isIncomplete) done.incomplete.push({ collection, id });
    else if (outcome !== 'kept') done.changed++;
    return 1;
  }
  const end = targets.findIndex((target) => target.collection !== collection || target.act !== act);
  const some = targets.slice(0, Math.min(AT_ONCE, end < 0 ? targets.length : end));
  const { rewritten, removed } = await documents.rewrite(
    collection,
    some.map(({ id }) => id),
    (_, whole) => {
      if (whole === undefined) return 'keep';
      const changed = changeOf(first, tombstone, caps, whole, []);
      return changed === 'incomplete' ? 'keep' : changed;
    },
  );
  done.removed += removed;
  done.changed += rewritten;
  return some.length;
}

/** A month's delta cannot be parted into days: with a day that is deleted, what was set aside of its month goes too. */
function asideWithout(
  collections: readonly DocumentKind[],
  tombstone: Tombstone,
  { collection, id }: DocumentId,
  delta: Parameters<Parameters<Documents['rewriteRejected']>[0]>[1],
): ReturnType<Parameters<Documents['rewriteRejected']>[0]> {
  const { site, deleted, receivedUntilMs } = tombstone;
  if (!id.startsWith(`${site}:`)) return 'keep';
  const key = id.slice(site.length + 1);
  if (deleted.kind === 'period') {
    const isMonthOfIt =
      key.length < '2026-11-20'.length && deleted.from.slice(0, key.length) <= key && key <= deleted.to.slice(0, key.length);
    return isMonthOfIt || isDayDeleted(tombstone, key, receivedUntilMs) ? 'remove' : 'keep';
  }
  if (deleted.kind === 'site') return 'remove';
  if (delta === undefined) return 'keep';
  return removeRows(collection, delta, capsOf(collection, collections), deleted) ?? 'keep';
}
