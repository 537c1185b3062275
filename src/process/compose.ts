// The composition root: this file, embedded.ts and distributed.ts are the only ones that name adapters. Each process and
// thread opens the store and the sharing of its mode here. Each mode is loaded only where it is used, because in each
// thread the drivers take as long to load as everything else.
import { join } from 'node:path';
import type { Mailer } from '../mail/mailer.js';
import type { MailSettings } from '../mail/settings.js';
import { createSmtpMailer } from '../mail/smtp.js';
import type { Backups } from '../operations/backup/port.js';
import { withoutDeleted, withoutDeletedSites } from '../operations/delete/import-filter.js';
import type { JournalResponder, Journals } from '../operations/repair/port.js';
import type { Feed } from '../sharing/feed.js';
import type { Jobs } from '../sharing/jobs.js';
import type { Limits } from '../sharing/limits.js';
import type { Salts } from '../sharing/salts.js';
import type { Accounts } from '../store/accounts.js';
import type { Store, StoreLocation } from '../store/store.js';
import { openingParts } from '../system/closing.js';
import type { DataLocation, OpenMode, OpenOptions } from './mode.js';

export type { DataLocation } from './mode.js';

/** A web or worker may start before MongoDB does. Threads wait as long, for what their process has reached already. */
const RETRY_MS = 30_000;

async function open(location: DataLocation, options: OpenOptions): Promise<OpenMode> {
  if (location.mongodbUri === undefined) return (await import('./embedded.js')).openEmbedded(location);
  return (await import('./distributed.js')).openDistributed(location, options);
}

/** Loads the code of the mode, so that opening takes less time. */
export async function loadMode({ mongodbUri }: StoreLocation): Promise<void> {
  await (mongodbUri === undefined ? import('./embedded.js') : import('./distributed.js'));
}

/** For the report thread. */
export async function composeReports(location: StoreLocation): Promise<Store> {
  return (await open(location, { retryMs: RETRY_MS, failsFast: true })).store;
}

/** For the counter thread. Waits for the store without a limit, because the process accepts hits meanwhile. */
export async function composeCounter(
  location: StoreLocation,
  node: string,
  journalFolder: string,
): Promise<{ readonly store: Store; readonly responder: JournalResponder; close(): Promise<void> }> {
  const { store, startResponder } = await open(location, { retryMs: Number.POSITIVE_INFINITY });
  return openingParts(async (closing) => {
    closing.add(store);
    const responder = closing.add(await startResponder(node, journalFolder));
    return { store, responder, close: closing.close };
  });
}

/** Everything that commands use. */
export interface ToolParts
  extends Pick<Store, 'documents' | 'nodes' | 'ledger' | 'imports' | 'tombstones' | 'holds' | 'auditLog' | 'overwriteRemoved'> {
  readonly accounts: Accounts;
  readonly journals: Journals;
  close(): Promise<void>;
}

/** For commands, which may run beside the service. */
export async function composeTool(location: DataLocation): Promise<ToolParts> {
  const { store, openSharing, openJournals } = await open(location, { retryMs: 0, as: 'a command' });
  return openingParts(async (closing) => {
    closing.add(store);
    const { notifier } = closing.add(await openSharing());
    const { nodes, ledger, imports, tombstones, holds, auditLog, overwriteRemoved } = store;
    return {
      documents: withoutDeleted(store.documents, tombstones),
      nodes,
      ledger,
      imports: withoutDeletedSites(imports, tombstones),
      tombstones,
      holds,
      auditLog,
      overwriteRemoved,
      accounts: await store.openAccounts(notifier),
      journals: closing.add(await openJournals()),
      close: closing.close,
    };
  });
}

/** For backups and restores. Opens nothing in the data folder before it is needed. */
export async function composeBackups(location: DataLocation): Promise<Backups> {
  if (location.mongodbUri === undefined) return (await import('./embedded.js')).openEmbeddedBackups(location);
  return (await import('./distributed.js')).openDistributedBackups(location);
}

export interface WorkerParts extends Pick<Store, 'documents' | 'nodes' | 'ledger' | 'imports' | 'auditLog' | 'remarks'> {
  readonly accounts: Accounts;
  readonly jobs: Jobs;
  readonly archives: { readonly dir: string; readonly afterYears: number } | undefined;
  /** Also stops the jobs. */
  close(): Promise<void>;
}

/** For a worker (`as`), and for the upkeep thread of a web. */
export async function composeWorker(location: DataLocation, as?: 'a worker'): Promise<WorkerParts> {
  const { store, openSharing } = await open(location, { retryMs: RETRY_MS, ...(as && { as }) });
  return openingParts(async (closing) => {
    closing.add(store);
    const sharing = closing.add(await openSharing());
    const { documents, nodes, ledger, imports, auditLog, remarks } = store;
    return {
      documents,
      nodes,
      ledger,
      imports,
      auditLog,
      remarks,
      accounts: await store.openAccounts(sharing.notifier),
      jobs: await sharing.openJobs(),
      archives: archivesOf(location),
      close: closing.close,
    };
  });
}

export interface ServiceParts extends Pick<Store, 'nodes' | 'ledger' | 'auditLog' | 'remarks' | 'retry'> {
  readonly accounts: Accounts;
  /** The jobs of all processes; undefined in the embedded mode, where all jobs are in the upkeep thread. */
  readonly jobs: Jobs | undefined;
  readonly salts: Salts;
  readonly limits: Limits;
  readonly feed: Feed;
  close(): Promise<void>;
}

/** For the main thread of a process that accepts hits. */
export async function composeService(location: DataLocation, nowMs: () => number): Promise<ServiceParts> {
  const { store, openSharing } = await open(location, { retryMs: RETRY_MS });
  return openingParts(async (closing) => {
    closing.add(store);
    const sharing = closing.add(await openSharing(nowMs));
    const { nodes, ledger, auditLog, remarks, retry } = store;
    return {
      nodes,
      ledger,
      auditLog,
      remarks,
      retry,
      accounts: await store.openAccounts(sharing.notifier),
      jobs: location.mongodbUri === undefined ? undefined : await sharing.openJobs(),
      salts: await sharing.openSalts(),
      limits: await sharing.openLimits(),
      feed: await sharing.openFeed(),
      close: closing.close,
    };
  });
}

/** `undefined`: no mail is sent. `log` receives one line about each mail that could not be sent. */
export function composeMailer(settings: MailSettings | undefined, log: (line: string) => void): Mailer | undefined {
  return settings && createSmtpMailer(settings, log);
}

/** The folder of the archives; undefined if there is none. */
export function archivesDirOf({ dataDir, mongodbUri, archivesDir }: DataLocation): string | undefined {
  return archivesDir ?? (mongodbUri === undefined ? join(dataDir, 'archives') : undefined);
}

function archivesOf(location: DataLocation): WorkerParts['archives'] {
  const [dir, afterYears = 0] = [archivesDirOf(location), location.archiveAfterYears];
  return dir === undefined || afterYears === 0 ? undefined : { dir, afterYears };
}
