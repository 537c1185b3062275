// The running service: the thread that answers beacons and pages, and the threads beside it. What happens at start
// and at stop is listed in `startParts`.
import { answersOf } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { Counting } from '../counting/client.js';
import type { Journal } from '../journal/journal.js';
import type { Mailer } from '../mail/mailer.js';
import { type Audit, createAudit } from '../operations/audit/audit.js';
import { createPeople, type People } from '../people/people.js';
import { createUsage } from '../people/usage.js';
import { startReports } from '../reporting/client.js';
import type { FirstViews } from '../reporting/first-view.js';
import type { Reports } from '../reporting/port.js';
import { log } from '../system/log.js';
import { builtFile } from '../system/program.js';
import { startUpkeepThread } from '../upkeep/client.js';
import { type JobsWatch, watchJobs } from '../upkeep/watch.js';
import { createApp } from '../web/app.js';
import { basePathOf, withoutBasePath } from '../web/base-path.js';
import { type Beacon, createBeacon, isBeacon } from '../web/beacon.js';
import { type ClientAddress, createClientAddress } from '../web/client-address.js';
import { createForeignHosts, type ForeignHosts } from '../web/foreign-hosts.js';
import { createHitLimits } from '../web/hit-limits.js';
import { createHitsOfSite } from '../web/hits-of-site.js';
import { startMessage } from '../web/start-message.js';
import { createFirstViewCache, createSitesViewCache } from '../web/view-cache.js';
import { composeMailer, composeService, type DataLocation, type ServiceParts } from './compose.js';
import { type Config, forgetNodesAfterMs } from './config.js';
import { journalFolder, refuseEmbeddedFolder } from './data-directory.js';
import { createHealth } from './health.js';
import { closeServer, createHttpServer } from './http-server.js';
import { type Intake, watchIntake } from './intake.js';
import { listen } from './listen.js';
import { startAsNode } from './node.js';
import { ownTool, withOwnData } from './own-commands.js';
import { createSignInProvider } from './provider-config.js';
import { createSiteDeletion } from './site-deletion.js';
import { type Sites, watchSites } from './sites.js';

/** How often the service checks whether Redis answers. A change is logged. */
const REDIS_EVERY_MS = 1_000;
/** How long a page waits for the hits of this month; it is shown without them then. */
const USAGE_MS_MAX = 1_000;
/** How long the threads have to finish when the service has failed, or cannot start. */
const FAILED_STOP_MS_MAX = 3_000;
/** How long a stop waits for mails that are being sent. */
const MAIL_STOP_MS_MAX = 3_000;

export interface Service {
  /** What the operator should see when the service has started. */
  readonly startMessage: string;
  /** Stops accepting hits, stores and, if there is time, counts those that were accepted, and closes everything. */
  stop(timeoutMs: number): Promise<void>;
}

/** The threads that have been started. */
interface Threads {
  add(stop: (timeoutMs: number) => Promise<void>): void;
  stop(timeoutMs: number): Promise<unknown>;
}

/**
 * `doesJobs`: there is no worker that does them. Throws a StartFailure for what an operator can fix. `onFailed` is
 * called when the running service cannot go on, once its threads have ended.
 */
export async function startService(config: Config, doesJobs: boolean, onFailed: (error: Error) => void): Promise<Service> {
  const stops: Array<(timeoutMs: number) => Promise<void>> = [];
  const threads: Threads = {
    add: (stop) => void stops.push(stop),
    stop: (timeoutMs) => Promise.allSettled(stops.splice(0).map((stop) => stop(timeoutMs))),
  };
  let hasFailed = false;
  const fail = (error: Error) => {
    if (hasFailed) return;
    hasFailed = true;
    void threads.stop(FAILED_STOP_MS_MAX).then(() => onFailed(error));
  };
  try {
    return await startParts(config, doesJobs, fail, threads);
  } catch (error) {
    await threads.stop(FAILED_STOP_MS_MAX);
    throw error;
  }
}

async function startParts(
  config: Config,
  doesJobs: boolean,
  onFailed: (error: Error) => void,
  threads: Threads,
): Promise<Service> {
  const { parts, reports, jobs } = await openStore(config, doesJobs, onFailed, threads);
  const { node, counting, journal } = await startAsNode(config, parts, onFailed);
  threads.add(counting.stop);
  const { sites, intake, clientAddress, foreignHosts, beacon } = acceptHits(config, parts, journal);
  const redisTimer = logRedisState(() => parts.salts.state().shared);
  const setupSecret = await parts.retry(() => parts.accounts.setupSecret());
  const people = createPeople(parts.accounts, Date.now);
  const mailer = composeMailer(config.mail, log);
  const pages = {
    ...parts,
    people,
    audit: createAudit(parts.auditLog, { nowMs: Date.now, onProblem: log }),
    mailer,
    reports,
    jobs,
    node,
    counting,
    journal,
    intake,
    clientAddress,
    foreignHosts,
    tally: beacon.tally,
    setupSecret,
  };
  const { server, address, publicUrl } = await serve(config, beacon, pages);
  return {
    startMessage: startMessage({ address, publicUrl, setupSecret, accounts: parts.accounts, people, ...ownTool(config) }),
    async stop(timeoutMs) {
      sites.close();
      clearInterval(redisTimer);
      intake.close();
      await closeServer(server);
      await beacon.close();
      await journal.close();
      await Promise.all([threads.stop(timeoutMs), mailer?.close(MAIL_STOP_MS_MAX)]);
      await parts.close();
    },
  };
}

/** Opens the store in this thread and in those for reports and jobs. */
async function openStore(config: Config, doesJobs: boolean, onFailed: (error: Error) => void, threads: Threads) {
  const { dataDir, mongodbUri, redisUrl, archivesDir, archiveAfterYears } = config;
  const place: DataLocation = { dataDir, mongodbUri, redisUrl, archivesDir, archiveAfterYears };
  const reports = startReports(place, builtFile('src/process/report-thread.js'), onFailed);
  threads.add(reports.close);
  const parts = await composeService(config, Date.now);
  const { nodes, accounts, ledger, jobs: queue, retry } = parts;
  if (mongodbUri !== undefined) {
    await refuseEmbeddedFolder(dataDir, async (node) => (await retry(() => nodes.get(node))) !== undefined);
  }
  if (queue !== undefined && !doesJobs) {
    const jobs = watchJobs({ jobs: queue, ledger, accounts, nowMs: Date.now });
    threads.add(jobs.close);
    await reports.open();
    return { parts, reports, jobs };
  }
  const upkeep = { ...place, forgetAfterMs: forgetNodesAfterMs(config) };
  const jobs = startUpkeepThread(upkeep, builtFile('src/process/upkeep-thread.js'), onFailed);
  threads.add(jobs.close);
  await Promise.all([jobs.open(), reports.open()]);
  return { parts, reports, jobs };
}

interface Accepting {
  readonly sites: Sites;
  readonly intake: Intake;
  readonly clientAddress: ClientAddress;
  readonly foreignHosts: ForeignHosts;
  readonly beacon: Beacon;
}

/** Everything between a request of a browser and the journal. */
function acceptHits(config: Config, { accounts, salts, feed }: ServiceParts, journal: Journal): Accepting {
  const nowMs = Date.now;
  const sites = watchSites(accounts, (problem) => log(withOwnData(problem, config)));
  const clientAddress = createClientAddress(
    { trusted: config.trustProxy, header: config.clientIpHeader, isUnixSocket: config.socketPath !== undefined },
    log,
  );
  const isFull = () => journal.uncountedBytes() >= config.journalBytesMax;
  const intake = watchIntake({ journal, isFull, salts, folder: journalFolder(config.dataDir), nowMs, log });
  const foreignHosts = createForeignHosts();
  const limits = createHitLimits({ perAddress: config.hitsPerAddress, perSite: config.hitsPerSite }, nowMs);
  const beacon = createBeacon({
    journal,
    context: { site: sites.site, refreshSites: sites.refresh, salt: (day) => salts.salt(day), allows: limits.allows },
    clientAddress,
    nowMs,
    onForeignHost: foreignHosts.refused,
    onTaken: feed.publish,
    onUnavailable: intake.refused,
  });
  return { sites, intake, clientAddress, foreignHosts, beacon };
}

interface ServedParts extends Omit<ServiceParts, 'jobs'> {
  readonly people: People;
  readonly audit: Audit;
  readonly mailer: Mailer | undefined;
  readonly reports: Reports & FirstViews;
  readonly jobs: JobsWatch;
  readonly node: string;
  readonly counting: Counting;
  readonly journal: Journal;
  readonly intake: Intake;
  readonly clientAddress: ClientAddress;
  readonly foreignHosts: ForeignHosts;
  readonly tally: Beacon['tally'];
  readonly setupSecret: string;
}

/** Starts to listen: beacons are answered before Express is reached. */
async function serve(config: Config, beacon: Beacon, parts: ServedParts) {
  const nowMs = Date.now;
  const usage = createUsage(createHitsOfSite({ ...parts, nowMs }), { nowMs, waitMs: USAGE_MS_MAX });
  let publicUrl = config.publicUrl ?? '';
  const app = createApp({
    ...parts,
    usage,
    publicUrl: () => publicUrl,
    provider: config.provider && createSignInProvider(config.provider, { nowMs, onProblem: log }),
    siteDeletion: createSiteDeletion(config),
    health: createHealth({ ...parts, durability: config.durability, nowMs }),
    blocker: parts.intake.blocker,
    firstView: createFirstViewCache(parts.reports.firstView),
    sitesView: createSitesViewCache(parts.reports.sitesView),
    countedUntilMs: parts.counting.countedUntilMs,
    changes: parts.counting.changes,
    nowMs,
    kinds: DOCUMENT_KINDS,
    reportSchemas: answersOf(DOCUMENT_KINDS),
  });
  const basePath = basePathOf(publicUrl);
  const server = createHttpServer((req, res) => {
    const target = withoutBasePath(req.url as string, basePath);
    req.url = target;
    if (isBeacon(target)) beacon.handle(req, res);
    else app(req, res);
  });
  const address = await listen(server, config);
  publicUrl ||= address;
  return { server, address, publicUrl };
}

function logRedisState(isShared: () => boolean): NodeJS.Timeout {
  let before = true;
  return setInterval(() => {
    const now = isShared();
    if (now !== before) {
      log(
        now
          ? 'Redis is available again: salts, limits, the live feed and jobs are shared again'
          : 'Redis is unavailable: hits are accepted and counted as before; ' +
              'salts, limits and the live feed are those of this node alone, and jobs wait',
      );
    }
    before = now;
  }, REDIS_EVERY_MS);
}
