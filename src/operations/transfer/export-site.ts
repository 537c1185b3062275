// Writes a site to a file.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { toJson } from '../../counters/codec/json.js';
import type { Counters } from '../../counters/counters.js';
import type { Site } from '../../hit/site.js';
import { forOtherInstallation } from '../../store/document-metadata.js';
import { type DocumentId, type Documents, partsOfName } from '../../store/documents.js';
import type { Ledger } from '../../store/ledger.js';
import { createMembersFile } from '../../system/gzip-members.js';
import { DAY_MS } from '../../time/units.js';
import { RESTORED } from '../../upkeep/expired.js';
import type { Annotation } from '../annotations/annotations.js';
import { capsOf } from '../caps.js';
import { chunkLine, type End, headerLine, type LedgerEntry } from './site-file.js';
import { counterCount, splitDocument } from './split-document.js';

const READ_AT_ONCE = 20;
/** The limits of a batch, which the import adds in one step. */
const BATCH_LINES_MAX = 200;
const BATCH_COUNTERS_MAX = 40_000;
/** Documents of the last days are read again at the end. Nothing is counted into older ones. */
const READ_AGAIN_MS = 3 * DAY_MS;

export interface ExportOptions {
  readonly path: string;
  readonly site: Site;
  readonly version: string;
  readonly nowMs: number;
  readonly annotations?: readonly Annotation[];
  onShare(share: number): void;
  isStopped(): boolean;
}

export interface ExportSummary {
  readonly documents: number;
  /** Hits were counted during the export. The file contains some of them, but not all. */
  readonly changed: boolean;
}

/** Returns undefined, and leaves no file, if it was stopped. Throws if the file exists already. */
export async function exportSite(
  documents: Documents,
  ledger: Ledger,
  options: ExportOptions,
): Promise<ExportSummary | undefined> {
  const { path, site, nowMs, annotations = [] } = options;
  if (existsSync(path)) throw new Error(`${path} exists already; choose another name, or remove it`);
  if (!existsSync(dirname(path))) throw new Error(`there is no folder ${dirname(path)}; create it first`);
  const draft = `${path}.draft`;
  rmSync(draft, { force: true });
  const file = await createMembersFile(draft);
  let isComplete = false;
  const recent = new Map<string, string>();
  let count = 0;
  try {
    const ids = await idsOf(documents, site.id);
    const header = headerLine({
      version: options.version,
      at: new Date(nowMs).toISOString(),
      export: randomBytes(8).toString('hex'),
      site,
      ledger: await entriesOf(ledger, site.id),
      ...(annotations.length > 0 && { annotations }),
    });
    const lines = linesFor(documents, ids, header, {
      ...options,
      onRead(id, counters) {
        count++;
        if (isRecent(id, site.id, nowMs)) recent.set(nameOf(id), sha256(toJson(counters)));
      },
    });
    await file.add(lines);
    isComplete = !options.isStopped();
  } finally {
    await file.close();
    if (!isComplete) rmSync(draft);
  }
  if (!isComplete) return undefined;
  renameSync(draft, path);
  // A document that did not exist before counts as changed.
  const again = (await idsOf(documents, site.id)).filter((id) => isRecent(id, site.id, nowMs));
  const now = await documents.read(again);
  const changed = now.some(
    (counters, i) => counters !== undefined && recent.get(nameOf(again[i] as DocumentId)) !== sha256(toJson(counters)),
  );
  return { documents: count, changed };
}

interface Reading extends ExportOptions {
  onRead(id: DocumentId, counters: Counters): void;
}

async function* linesFor(
  documents: Documents,
  ids: readonly DocumentId[],
  header: string,
  options: Reading,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (line: string): string => {
    hash.update(`${line}\n`);
    return line;
  };
  yield hashed(header);
  const { onShare, isStopped, onRead, site } = options;
  let batch = { number: 1, lines: 0, counters: 0, in: new Set<string>() };
  let count = 0;
  for (let i = 0; i < ids.length && !isStopped(); i += READ_AT_ONCE) {
    const some = ids.slice(i, i + READ_AT_ONCE);
    const found = await documents.read(some);
    for (const [n, id] of some.entries()) {
      const counters = found[n];
      if (counters === undefined) continue;
      onRead(id, counters);
      count++;
      const name = nameOf(id);
      for (const chunk of splitDocument(forOtherInstallation(counters), Object.keys(capsOf(id.collection)))) {
        const weight = counterCount(chunk);
        if (batch.in.has(name) || batch.lines >= BATCH_LINES_MAX || batch.counters + weight > BATCH_COUNTERS_MAX) {
          if (batch.lines > 0) batch = { number: batch.number + 1, lines: 0, counters: 0, in: new Set() };
        }
        batch.in.add(name);
        batch.lines++;
        batch.counters += weight;
        const key = id.id.slice(site.id.length + 1);
        yield hashed(chunkLine({ batch: batch.number, collection: id.collection, key, counters: chunk }));
      }
    }
    onShare(Math.min(1, (i + READ_AT_ONCE) / ids.length));
  }
  const batches = batch.lines === 0 ? batch.number - 1 : batch.number;
  yield JSON.stringify({ end: true, batches, documents: count, sha256: hash.digest('hex') } satisfies End);
}

/** Year documents come last, because a year document is created before its months are removed. */
async function idsOf(documents: Documents, site: string): Promise<DocumentId[]> {
  const ids: DocumentId[] = [];
  const isOfYears = (name: string) => partsOfName(name)?.year === undefined;
  const names = (await documents.collections()).sort((a, b) => Number(isOfYears(a)) - Number(isOfYears(b)) || (a < b ? -1 : 1));
  for (const collection of names) for await (const id of documents.ids(collection, site)) ids.push({ collection, id });
  return ids;
}

async function entriesOf(ledger: Ledger, site: string): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (const work of await ledger.works()) {
    if (work === RESTORED) continue; // archives are not exported
    const [until, days] = [await ledger.until(work, site), await ledger.days(work, site)];
    if (until !== undefined || days.length > 0) entries.push({ work, until, days: [...days] });
  }
  return entries;
}

function isRecent({ id }: DocumentId, site: string, nowMs: number): boolean {
  const key = id.slice(site.length + 1);
  return key >= new Date(nowMs - READ_AGAIN_MS).toISOString().slice(0, key.length);
}

function nameOf({ collection, id }: DocumentId): string {
  return `${collection}/${id}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
