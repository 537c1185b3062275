// The running service: the thread that answers beacons and pages, and the two threads beside it.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { answersOf } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { startCounting } from '../counting/client.js';
import type { Hit } from '../hit/hit.js';
import { createSiteReader, type MeasuredSite } from '../hit/prepared-site.js';
import { SITE_ID } from '../hit/site.js';
import { openJournal } from '../journal/journal.js';
import { startNode } from '../journal/node.js';
import { openRegisters } from '../journal/registers.js';
import { startReports } from '../reporting/client.js';
import { toolCommand, withDataDir } from '../system/command-line.js';
import { log } from '../system/log.js';
import { startUpkeepThread } from '../upkeep/client.js';
import { watchJobs } from '../upkeep/watch.js';
import { createApp } from '../web/app.js';
import { basePathOf, withoutBasePath } from '../web/base-path.js';
import { createBeacon, isBeacon } from '../web/beacon.js';
import { createClientAddress } from '../web/client-address.js';
import { type GreetingParts, greeting } from '../web/greeting.js';
import { createHitLimits } from '../web/hit-limits.js';
import { createListener } from '../web/listener.js';
import { composeService } from './compose.js';
import type { Config } from './config.js';
import { journalFolder, refuseEmbeddedFolder } from './data-directory.js';
import { createHealth } from './health.js';
import { watchIntake } from './intake.js';
import { listen } from './listen.js';
import { patientRegistry } from './patient-registry.js';

/** A change of a site by another process is seen within this time. */
const SITES_EVERY_MS = 400;

/** How often it is looked whether Redis is there; said when that changes. */
const SHARING_EVERY_MS = 1_000;

/** What a request is answered that Node's parser gives up; 400 where it is not one of these. */
const UNREADABLE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** How long the threads of a service that cannot go on, or cannot begin, have for what they are doing. */
const FAILED_STOP_MS_MAX = 3_000;

export interface Service {
  /** What to tell whoever started it. */
  readonly greeting: string;
  /** Stops accepting, keeps what was accepted, counts it if that can be done in time, and closes everything. */
  stop(timeoutMs: number): Promise<void>;
}

/**
 * `doesJobs`: no worker does them. Throws a StartFailure for what an operator can mend. `onEnded` is called when the
 * running service cannot go on, once its threads have ended.
 */
export async function startService(config: Config, doesJobs: boolean, onEnded: (error: Error) => void): Promise<Service> {
  const threads: Array<(timeoutMs: number) => Promise<void>> = [];
  const endThreads = (timeoutMs: number) => Promise.allSettled(threads.splice(0).map((end) => end(timeoutMs)));
  let hasFailed = false;
  const fail = (error: Error) => {
    if (hasFailed) return;
    hasFailed = true;
    void endThreads(FAILED_STOP_MS_MAX).then(() => onEnded(error));
  };
  try {
    return await startParts(config, doesJobs, fail, { started: (...ends) => threads.push(...ends), end: endThreads });
  } catch (error) {
    await endThreads(FAILED_STOP_MS_MAX);
    throw error;
  }
}

interface Threads {
  /** How those that have been started end. */
  started(...ends: ReadonlyArray<(timeoutMs: number) => Promise<void>>): void;
  end(timeoutMs: number): Promise<unknown>;
}

async function startParts(
  config: Config,
  doesJobs: boolean,
  onEnded: (error: Error) => void,
  threads: Threads,
): Promise<Service> {
  const nowMs = Date.now;
  const folder = journalFolder(config.dataDir);
  const { dataDir, mongodbUri, redisUrl, archivesDir, archiveAfterYears } = config;
  const place = { dataDir, mongodbUri, redisUrl, archivesDir, archiveAfterYears };
  const reports = startReports(place, new URL('./report-thread.js', import.meta.url), onEnded);
  threads.started(reports.close);
  const parts = await composeService(config, nowMs);
  const { documents, accounts, salts, feed, queue, patiently } = parts;
  const forgetAfterMs = Math.max(config.journalKeepMs, config.backupKeepMs);
  if (mongodbUri !== undefined) {
    await refuseEmbeddedFolder(dataDir, async (node) => (await patiently(() => documents.node(node))) !== undefined);
  }

  const [jobs] = await Promise.all([
    doesJobs || queue === undefined
      ? startUpkeepThread({ ...place, forgetAfterMs }, new URL('./upkeep-thread.js', import.meta.url), onEnded)
      : watchJobs({ ...queue, accounts, nowMs }),
    reports.open(),
  ]);
  threads.started(jobs.close);
  const boot = randomBytes(8).toString('hex');
  const start = await startNode(folder, boot, patientRegistry(documents, patiently));
  for (const remark of [...parts.remarks, ...start.remarks]) log(ofThisService(remark, config));
  const { node, left } = start;
  // Nothing of it waits: said at once, so that what is counted does not seem to go back for a moment.
  if (left.length === 0) await patiently(() => documents.beat(node, boot, nowMs()));
  const registers = openRegisters(folder);
  const counting = startCounting(
    {
      place,
      journalFolder: folder,
      node,
      boot,
      journalKeepMs: config.journalKeepMs,
      journalKeptBytesMax: config.journalKeptBytesMax,
      left,
      leftCountedUntilMs: start.countedUntilMs,
    },
    {
      threadUrl: new URL('./counter-thread.js', import.meta.url),
      registers,
      nowMs,
      onEnded,
      onFailed: (message) => log(`counting fails and is tried again, hits are kept meanwhile: ${message}`),
    },
  );
  threads.started(counting.stop);
  const journal = openJournal({
    folder,
    registers,
    node,
    number: start.number,
    durability: config.durability,
    uncountedBytesMax: config.journalBytesMax,
    uncountedBytes: left.reduce((sum, { bytes }) => sum + bytes, 0),
    nowMs,
    onClosed: (segment, points) => counting.closed(segment, points),
  });
  counting.watch(journal);

  const readSite = createSiteReader();
  let sites = new Map<string, MeasuredSite>();
  let version = -1;
  let saidDamaged = new Set<string>();
  const readSites = (): void => {
    const now = accounts.version();
    if (now === version) return;
    version = now;
    sites = new Map(accounts.sites().map((site) => [site.id, readSite(site)]));
    const damaged = accounts.damagedSites().map(({ problem }) => problem);
    for (const problem of damaged) if (!saidDamaged.has(problem)) log(ofThisService(problem, config));
    saidDamaged = new Set(damaged);
  };
  readSites();
  const siteTimer = setInterval(readSites, SITES_EVERY_MS);

  const clientAddress = createClientAddress(
    { trusted: config.trustProxy, header: config.clientIpHeader, isUnixSocket: config.socketPath !== undefined },
    log,
  );
  const site = (id: string) => (SITE_ID.test(id) ? sites.get(id) : undefined);
  const isFull = () => journal.uncountedBytes() >= config.journalBytesMax;
  const intake = watchIntake({ journal, isFull, salts, folder, nowMs, log });
  const limits = createHitLimits({ perAddress: config.hitsPerAddress, perSite: config.hitsPerSite }, nowMs);
  const refreshSites = () => accounts.refresh().then(readSites);
  const context = { site, refreshSites, salt: (day: string) => salts.salt(day), allows: limits.allows };
  const publish = (hit: Hit) => feed.isWatched(hit.site) && feed.publish(hit);
  const beacon = createBeacon({ journal, context, clientAddress, nowMs, onTaken: publish, onUnavailable: intake.refused });

  const { tally } = beacon;
  const health = createHealth({ ...parts, jobs, node, durability: config.durability, journal, counting, intake, tally, nowMs });
  let publicUrl = config.publicUrl ?? '';
  const sharingTimer = saySharing(() => salts.state().shared);
  const setupSecret = await patiently(() => accounts.setupSecret());
  const app = createApp({
    ...parts,
    clientAddress,
    reports,
    publicUrl: () => publicUrl,
    setupSecret,
    health,
    hindrance: intake.hindrance,
    countedUntilMs: () => counting.countedUntilMs(),
    nowMs,
    collections: DOCUMENT_KINDS,
    reportSchemas: answersOf(DOCUMENT_KINDS),
  });

  const basePath = basePathOf(publicUrl);
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      keepAliveTimeout: 30_000,
      connectionsCheckingInterval: 2_000,
    },
    createListener((req, res) => {
      const target = withoutBasePath(req.url as string, basePath);
      req.url = target;
      if (isBeacon(target)) beacon.handle(req, res);
      else app(req, res);
    }),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = UNREADABLE[error.code ?? ''] ?? '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    else socket.destroy();
  });
  const address = await listen(server, config);
  publicUrl ||= address;

  return {
    greeting: greeting({ address, publicUrl, setupSecret, accounts, ...toolFor(config) }),
    async stop(timeoutMs) {
      clearInterval(siteTimer);
      clearInterval(sharingTimer);
      intake.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1000).unref();
      await closed;
      await beacon.close();
      await journal.close();
      await threads.end(timeoutMs);
      await parts.close();
    },
  };
}

/** How the command line tool finds the data of this service. */
function toolFor({ dataDir, mongodbUri }: Config): Pick<GreetingParts, 'toolCommand' | 'toolVariables'> {
  const isShared = mongodbUri !== undefined;
  return {
    toolCommand: (command) => toolCommand(command, isShared ? undefined : dataDir),
    toolVariables: isShared ? ['MONGODB_URI', 'REDIS_URL'] : [],
  };
}

function saySharing(isShared: () => boolean): NodeJS.Timeout {
  let before = true;
  return setInterval(() => {
    const now = isShared();
    if (now !== before) {
      log(
        now
          ? 'Redis is back: salts, limits, the live feed and jobs are shared again'
          : 'Redis is away: hits are taken and counted as before; salts, limits and the live feed are this node’s own, jobs wait',
      );
    }
    before = now;
  }, SHARING_EVERY_MS);
}

/**
 * Commands that are named in it act on the data of this service. With MongoDB it is the environment that says where
 * these are.
 */
function ofThisService(text: string, { dataDir, mongodbUri }: Config): string {
  return mongodbUri === undefined ? withDataDir(text, dataDir, ['node', 'site']) : text;
}
