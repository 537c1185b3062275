// Adds a site from a file to what is here. The batches of the file are segments of a node that the export's id names:
// each is added exactly once, however often the command is begun again, and while hits for the same site come in.
import { createHash } from 'node:crypto';
import type { Site } from '../../hit/site.js';
import { checkSite } from '../../store/account-rules.js';
import type { Accounts } from '../../store/accounts.js';
import type { Delta, DocumentId, Documents } from '../../store/documents.js';
import type { Ledger } from '../../store/ledger.js';
import { RESTORED } from '../../upkeep/expired.js';
import { capsOf } from '../caps.js';
import { checkFile, type Header, piecesIn } from './site-file.js';

/** In later documents hits may still be counted: the worker tidies them when their time has come. */
const OVER_AFTER_MS = 3 * 86_400_000;

export interface ImportSiteOptions {
  readonly path: string;
  /** Under another id than it had. */
  readonly as?: string | undefined;
  /** The site of this id that is here is the same one, and the file is to be added to it. */
  readonly same: boolean;
  nowMs(): number;
  onShare(share: number): void;
  isStopped(): boolean;
}

export interface ImportSiteSummary {
  readonly id: string;
  readonly documents: number;
  /** Everything was in before. */
  readonly already: boolean;
  /** Pieces that could not be added, and are kept apart. */
  readonly setAside: number;
  /** False when it was stopped; the same command goes on from there. */
  readonly complete: boolean;
}

export interface ImportSiteParts {
  readonly accounts: Accounts;
  readonly documents: Documents;
  readonly ledger: Ledger;
}

/** Throws, in one line, where the file must not be added. */
export async function importSite(parts: ImportSiteParts, options: ImportSiteOptions): Promise<ImportSiteSummary> {
  const { documents, ledger } = parts;
  const checked = await checkFile(options.path, options.isStopped);
  if (checked === undefined) return { id: '', documents: 0, already: false, setAside: 0, complete: false };
  const { header, end } = checked;
  const site = siteOf(header, options.as);
  const { id } = site;
  await begin(parts, header, site, options.same);
  // Before any document is there: of what was summarised or removed in its old place, nothing is made again out of a part.
  for (const { work, until, days } of header.ledger) {
    if (work === RESTORED) continue; // archives are not moved
    for (const some of days) await ledger.add(work, id, some);
    if (until !== undefined) await ledger.done(work, id, until);
  }
  const node = nodeOf('batches', header.export, id);
  const before = (await documents.node(node))?.number ?? 0;
  let done = before;
  let setAside = 0;
  let batch: Delta[] = [];
  const seen = new Map<string, DocumentId>();
  const apply = async (): Promise<void> => {
    const applied = await documents.apply({ node, number: done + 1, checksum: 0 }, batch, 0);
    setAside += applied.rejected.length;
    done++;
    batch = [];
    options.onShare(done / end.batches);
  };
  for await (const { batch: number, collection, key, counters } of piecesIn(options.path, before + 1)) {
    if (number > done + 1) await apply();
    if (options.isStopped()) break;
    const delta = { collection, id: `${id}:${key}`, counters, caps: capsOf(collection) };
    batch.push(delta);
    seen.set(`${collection}/${key}`, { collection, id: delta.id });
  }
  if (batch.length > 0 && !options.isStopped()) await apply();
  const complete = done === end.batches;
  if (complete && before < end.batches) await tidy(documents, id, [...seen.values()], options);
  if (complete) await documents.end(node, options.nowMs());
  return { id, documents: end.documents, already: before === end.batches, setAside, complete };
}

/** Decides, once and for good, that this export is the one that is added to the site; makes the site where there is none. */
async function begin({ accounts, documents }: ImportSiteParts, header: Header, site: Site, same: boolean): Promise<void> {
  const { id } = site;
  const origin = nodeOf('origin', `${header.site.id}\n${header.site.createdAtMs}`, id);
  const mark = Number.parseInt(header.export.slice(0, 12), 16);
  const known = await documents.node(origin);
  const here = accounts.site(id);
  if (here !== undefined && known === undefined) {
    if (id === header.site.id && here.createdAtMs === header.site.createdAtMs) {
      throw new Error(
        `"${id}" is the very site that was exported, or comes from a backup of it: everything would be counted twice`,
      );
    }
    if (!same) {
      throw new Error(
        `"${id}" is a site here already: if it is the same one, say --same, and the file is added to what it has counted; if not, choose another id with --id`,
      );
    }
  }
  if (here !== undefined && here.timezone !== site.timezone) {
    throw new Error(
      `"${id}" has the time zone ${here.timezone} here and ${site.timezone} in the file: their days are not the same; choose another id with --id`,
    );
  }
  // Whoever is first stays: the number 1 is applied once.
  if (known === undefined) await documents.apply({ node: origin, number: 1, checksum: mark }, [], 0);
  if ((await documents.node(origin))?.checksum !== mark) {
    throw new Error(
      `another export of this site was added to "${id}" before: this one holds the same hits, and they would be counted twice; only that file can be added again`,
    );
  }
  await documents.end(origin, 0);
  if (here === undefined && (await accounts.addSite(site)) === 'taken' && accounts.site(id) === undefined) {
    throw new Error(`"${id}" was a site here, and ids are never used again; choose another with --id`);
  }
}

function siteOf({ site }: Header, as: string | undefined): Site {
  const checked = checkSite({ ...site, id: as ?? site.id });
  if ('problems' in checked) throw new Error(checked.problems.map(({ message }) => message).join(' '));
  return { ...checked.settings, createdAtMs: site.createdAtMs };
}

/** The ledger says that they are tidied, and so they were. */
async function tidy(documents: Documents, site: string, ids: readonly DocumentId[], { nowMs }: ImportSiteOptions): Promise<void> {
  const now = new Date(nowMs() - OVER_AFTER_MS).toISOString();
  for (const id of ids) {
    const key = id.id.slice(site.length + 1);
    // busy: larger than need be, and right
    if (key < now.slice(0, key.length)) await documents.compact(id, capsOf(id.collection));
  }
}

/** Begins with another letter than those of processes and of imported logs. */
function nodeOf(what: string, of: string, site: string): string {
  return `x${createHash('sha256').update(`${what}\n${of}\n${site}`).digest('hex').slice(0, 16)}`;
}
