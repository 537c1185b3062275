// Carries out a deletion. It is recorded first, so if the process is stopped or killed, the same command continues it.
// Each step can be repeated, and does not change other sites.
import { setTimeout as delay } from 'node:timers/promises';
import type { DocumentKind } from '../../../collections/document-kind.js';
import { isDayDeleted } from '../../counting/deleted/filter.js';
import { removeSiteFromPeople, type SiteRecords } from '../../people/removed-site.js';
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
  readonly accounts: Pick<Accounts, 'removeSite'> & SiteRecords;
  readonly imports: { removeSite(site: string): Promise<number> };
  readonly ledger: Pick<Ledger, 'removeSite'>;
  readonly tombstones: Tombstones;
  readonly archives: Archives;
  readonly nodes: NodeProgress;
  readonly kinds: readonly DocumentKind[];
  overwriteRemoved(): Promise<void>;
  readonly nowMs: () => number;
}

export interface DeletionRun {
  readonly isStopped: () => boolean;
  /** Describes the present step, with its progress from 0 to 1 if it is known. */
  onProgress(what: string, share?: number): void;
  /** Called once the deletion is stored: if it ends early, the same command continues it. */
  readonly onStored?: () => Promise<void>;
  /** How long to wait for the nodes to apply the tombstone, and to clean their journals. */
  readonly applyMs?: number;
  readonly cleanMs?: number;
  /** Imports do not acknowledge tombstones. After this time an import has finished what it was adding. */
  readonly importMs?: number;
}

export interface DeletionOutcome {
  readonly complete: boolean;
  readonly removed: number;
  readonly changed: number;
  /** Nothing could be removed from these documents, because some of the parts that they are the merge of have expired. */
  readonly incomplete: readonly DocumentId[];
  /** Nodes that have not applied the tombstone, so that they may still count deleted data. */
  readonly notApplied: readonly string[];
  /** Nodes whose journal may still contain deleted data. */
  readonly notCleaned: readonly string[];
  /** Nodes that were stopped. They clean their journal when they start. */
  readonly stopped: readonly string[];
}

const APPLY_MS = 30_000;
const CLEAN_MS = 120_000;
const IMPORT_MS = 3_000;
/** How many documents are rewritten together. Meanwhile the embedded store blocks its other writers. */
const AT_ONCE = 20;

export async function carryOut(parts: DeletionParts, tombstone: Tombstone, run: DeletionRun): Promise<DeletionOutcome> {
  const { tombstones, nodes, archives } = parts;
  const { site, deleted } = tombstone;
  const done: Done = { removed: 0, changed: 0, incomplete: [] };
  const stopped = (): DeletionOutcome => ({ ...done, complete: false, notApplied: [], notCleaned: [], stopped: [] });

  await tombstones.put(tombstone);
  await run.onStored?.();
  const putAtMs = parts.nowMs();
  if (deleted.kind === 'site') await parts.accounts.removeSite(site);
  run.onProgress('waiting for the nodes to stop counting it');
  const notApplied = await nodes.waitFor(tombstone, 'obeys', run.applyMs ?? APPLY_MS);
  if (run.isStopped()) return stopped();

  if (!(await changeAll(parts, tombstone, run, done))) return stopped();
  run.onProgress('archives');
  await archives.remove(tombstone);
  if (deleted.kind === 'site') await removeSiteFromPeople(parts.accounts, site);
  if (run.isStopped()) return stopped();

  run.onProgress('waiting for the nodes to rewrite their journals');
  const notCleaned = await nodes.waitFor(tombstone, 'cleaned', run.cleanMs ?? CLEAN_MS);
  await delay(Math.max(0, putAtMs + (run.importMs ?? IMPORT_MS) - parts.nowMs()));
  if (!(await changeAll(parts, tombstone, run, done))) return stopped();
  if (deleted.kind === 'site') {
    // only now: an import that has not seen the tombstone may have begun since
    await parts.imports.removeSite(site);
    await parts.ledger.removeSite(site);
  }
  run.onProgress('overwriting the freed space');
  await parts.overwriteRemoved();
  const complete = notApplied.length === 0 && notCleaned.length === 0;
  if (complete) await tombstones.finish(tombstone.id, parts.nowMs());
  return { ...done, complete, notApplied, notCleaned, stopped: await nodes.stopped(tombstone) };
}

/** Changes all documents once. Returns false if it was stopped. */
async function changeAll(parts: DeletionParts, tombstone: Tombstone, run: DeletionRun, done: Done): Promise<boolean> {
  const affected = await affectedDocuments(parts.documents, tombstone);
  done.incomplete = [];
  for (let i = 0; i < affected.length; ) {
    if (run.isStopped()) return false;
    run.onProgress('documents', i / affected.length);
    i += await changeSome(parts, tombstone, affected.slice(i), done);
  }
  await parts.documents.rewriteRejected((of, delta) => rejectedWithout(parts.kinds, tombstone, of, delta));
  return true;
}

interface Done {
  removed: number;
  changed: number;
  incomplete: DocumentId[];
}

/** Changes the first document, or the first few that can be changed together. Returns how many. */
async function changeSome(
  { documents, kinds }: DeletionParts,
  tombstone: Tombstone,
  affected: readonly AffectedDocument[],
  done: Done,
): Promise<number> {
  const [first] = affected as [AffectedDocument, ...AffectedDocument[]];
  const { collection, id, act } = first;
  const change = { document: first, tombstone, caps: capsOf(collection, kinds) };
  if (act === 'month' || act === 'year') {
    let isIncomplete = false;
    const outcome = await documents.rebuild(first, first.parts, (whole, found) => {
      const changed = changeOf(change, whole, found);
      isIncomplete = changed === 'incomplete';
      return changed === 'incomplete' ? 'keep' : changed;
    });
    if (outcome === 'busy') throw new Error(`other processes kept counting into ${collection} ${id}; run the same command again`);
    if (isIncomplete) done.incomplete.push({ collection, id });
    else if (outcome !== 'kept') done.changed++;
    return 1;
  }
  const end = affected.findIndex((other) => other.collection !== collection || other.act !== act);
  const some = affected.slice(0, Math.min(AT_ONCE, end < 0 ? affected.length : end));
  const { rewritten, removed } = await documents.rewrite(
    collection,
    some.map(({ id }) => id),
    (_, whole) => {
      if (whole === undefined) return 'keep';
      const changed = changeOf(change, whole, []);
      return changed === 'incomplete' ? 'keep' : changed;
    },
  );
  done.removed += removed;
  done.changed += rewritten;
  return some.length;
}

/** A month's delta cannot be divided into days, so if one of its days is deleted, all of the delta is removed. */
function rejectedWithout(
  kinds: readonly DocumentKind[],
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
  return removeRows(collection, delta, capsOf(collection, kinds), deleted) ?? 'keep';
}
