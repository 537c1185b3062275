// Imports a site from a file. The batches of the file are segments of a node whose id is derived from the export. So
// each batch is added exactly once, even if the command is run again and hits of the same site are being counted.
import { createHash } from 'node:crypto';
import type { Site } from '../../hit/site.js';
import { checkSite } from '../../store/account-rules.js';
import type { Accounts } from '../../store/accounts.js';
import type { Delta, DocumentId, Documents } from '../../store/documents.js';
import type { Ledger } from '../../store/ledger.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { DAY_MS } from '../../time/units.js';
import { RESTORED } from '../../upkeep/expired.js';
import { createAnnotations } from '../annotations/annotations.js';
import { capsOf } from '../caps.js';
import { checkFile, chunksIn, type Header } from './site-file.js';

/** Hits may still be counted into newer documents. The worker compacts these when they are finished. */
const FINISHED_AFTER_MS = 3 * DAY_MS;

export interface ImportSiteOptions {
  readonly path: string;
  /** The id that the site gets here, if it is not the exported one. */
  readonly as?: string | undefined;
  /** The existing site with this id is the same one, so the file may be added to it. */
  readonly same: boolean;
  nowMs(): number;
  onShare(share: number): void;
  isStopped(): boolean;
}

export interface ImportSiteSummary {
  readonly id: string;
  readonly documents: number;
  /** The file had already been imported completely. */
  readonly already: boolean;
  /** The number of deltas that were rejected and stored as dead letters. */
  readonly rejected: number;
  /** False if it was stopped. The same command continues from there. */
  readonly complete: boolean;
}

export interface ImportSiteParts {
  readonly accounts: Accounts;
  readonly documents: Documents;
  readonly nodes: Pick<NodeRegistry, 'get' | 'end'>;
  readonly ledger: Ledger;
}

/** Throws, with a message of one line, if the file must not be imported. */
export async function importSite(parts: ImportSiteParts, options: ImportSiteOptions): Promise<ImportSiteSummary> {
  const { documents, nodes, ledger } = parts;
  const checked = await checkFile(options.path, options.isStopped);
  if (checked === undefined) return { id: '', documents: 0, already: false, rejected: 0, complete: false };
  const { header, end } = checked;
  const site = siteOf(header, options.as);
  const { id } = site;
  await begin(parts, header, site, options.same);
  await createAnnotations(parts.accounts, options.nowMs).restore(id, header.annotations ?? []);
  // The ledger comes before the first document, so that nothing is summarised or removed from incomplete documents.
  for (const { work, until, days } of header.ledger) {
    if (work === RESTORED) continue; // archives are not transferred
    for (const range of days) await ledger.add(work, id, range);
    if (until !== undefined) await ledger.done(work, id, until);
  }
  const node = nodeOf('batches', header.export, id);
  const before = (await nodes.get(node))?.number ?? 0;
  let done = before;
  let rejected = 0;
  let batch: Delta[] = [];
  const seen = new Map<string, DocumentId>();
  const apply = async (): Promise<void> => {
    const applied = await documents.apply({ node, number: done + 1, checksum: 0 }, batch, 0);
    rejected += applied.rejected.length;
    done++;
    batch = [];
    options.onShare(done / end.batches);
  };
  for await (const { batch: number, collection, key, counters } of chunksIn(options.path, before + 1)) {
    if (number > done + 1) await apply();
    if (options.isStopped()) break;
    const delta = { collection, id: `${id}:${key}`, counters, caps: capsOf(collection) };
    batch.push(delta);
    seen.set(`${collection}/${key}`, { collection, id: delta.id });
  }
  if (batch.length > 0 && !options.isStopped()) await apply();
  const complete = done === end.batches;
  if (complete && before < end.batches) await compactFinished(documents, id, [...seen.values()], options);
  if (complete) await nodes.end(node, options.nowMs());
  return { id, documents: end.documents, already: before === end.batches, rejected, complete };
}

/** Records permanently that this export is the one that is added to the site, and creates the site if there is none. */
async function begin({ accounts, documents, nodes }: ImportSiteParts, header: Header, site: Site, same: boolean): Promise<void> {
  const { id } = site;
  const origin = nodeOf('origin', `${header.site.id}\n${header.site.createdAtMs}`, id);
  const mark = Number.parseInt(header.export.slice(0, 12), 16);
  const known = await nodes.get(origin);
  const here = accounts.site(id);
  if (here !== undefined && known === undefined) {
    if (id === header.site.id && here.createdAtMs === header.site.createdAtMs) {
      throw new Error(
        `"${id}" is the site that was exported, or was restored from a backup of it: everything would be counted twice`,
      );
    }
    if (!same) {
      throw new Error(
        `"${id}" is already a site here: if it is the same site, use --same to add the file to it; otherwise choose ` +
          'another id with --id',
      );
    }
  }
  if (here !== undefined && here.timezone !== site.timezone) {
    throw new Error(
      `"${id}" has the time zone ${here.timezone} here and ${site.timezone} in the file, so their days differ; ` +
        'choose another id with --id',
    );
  }
  // Segment 1 of `origin` is applied only once, so the first export wins.
  if (known === undefined) await documents.apply({ node: origin, number: 1, checksum: mark }, [], 0);
  if ((await nodes.get(origin))?.checksum !== mark) {
    throw new Error(
      `another export of this site was already added to "${id}": this one contains the same hits, which would be ` +
        'counted twice; only the other file can be added again',
    );
  }
  await nodes.end(origin, 0);
  if (here === undefined && (await accounts.addSite(site)) === 'taken' && accounts.site(id) === undefined) {
    throw new Error(`"${id}" was a site here, and ids are never used again; choose another id with --id`);
  }
}

function siteOf({ site }: Header, as: string | undefined): Site {
  const checked = checkSite({ ...site, id: as ?? site.id });
  if ('problems' in checked) throw new Error(checked.problems.map(({ message }) => message).join(' '));
  return { ...checked.settings, createdAtMs: site.createdAtMs };
}

/** Compacts the finished documents, because the imported ledger says that they are compacted. */
async function compactFinished(
  documents: Documents,
  site: string,
  ids: readonly DocumentId[],
  { nowMs }: ImportSiteOptions,
): Promise<void> {
  const now = new Date(nowMs() - FINISHED_AFTER_MS).toISOString();
  for (const id of ids) {
    const key = id.id.slice(site.length + 1);
    // if the document is busy, it stays larger than necessary, but is correct
    if (key < now.slice(0, key.length)) await documents.compact(id, capsOf(id.collection));
  }
}

/** Starts with another letter than the ids of nodes with a journal and of imported logs. */
function nodeOf(what: string, of: string, site: string): string {
  return `x${createHash('sha256').update(`${what}\n${of}\n${site}`).digest('hex').slice(0, 16)}`;
}
