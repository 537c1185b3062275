// Starts and stops a process of the service, as the environment configures it.
//   main.js          everything in one process: npm start
//   main.js web      accepts hits and serves pages; one for each machine
//   main.js worker   does jobs; at least one for all webs
import closeWithGrace from 'close-with-grace';
import { buildDamage } from './process/build-check.js';
import { type Config, readConfig } from './process/config.js';
import { prepareArchives, prepareFolders } from './process/data-directory.js';
import { type Service, startService } from './process/web.js';
import { startWorker } from './process/worker.js';
import { storeFile } from './store/lmdb/environment.js';
import { messageOf } from './store/lmdb/file/store-damaged.js';
import { StoreUnavailable, UnusableUri } from './store/unavailable.js';
import { withDataDir } from './system/command-line.js';
import { EXIT_CONFIG, EXIT_SOFTWARE, EXIT_UNAVAILABLE, EXIT_USAGE } from './system/exit.js';
import { firstLine } from './system/first-line.js';
import { log, print, surviveLostOutput } from './system/log.js';
import { keepFilesPrivate } from './system/own-files.js';
import { StartFailure } from './system/start-failure.js';
import { guardOutput } from './system/visible.js';

/** Supervisors usually wait for ten seconds. */
const STOP_MS_MAX = 9_000;

type Role = 'all' | 'web' | 'worker';

async function main(): Promise<void> {
  surviveLostOutput();
  keepFilesPrivate();
  guardOutput(process.stdout, process.stderr);
  const damage = buildDamage();
  if (damage !== undefined) {
    log(damage);
    process.exit(EXIT_SOFTWARE);
  }
  const role = roleOrExit(process.argv.slice(2));
  const config = readConfigOrExit(role);
  try {
    const { service, release } = await start(role, config);
    closeWithGrace({ delay: STOP_MS_MAX, logger: false }, async ({ err }) => {
      if (err) log(`stopping because of an error: ${err.stack ?? err.message}`);
      await service.stop(STOP_MS_MAX - 2_000);
      release();
      if (err) process.exitCode = EXIT_SOFTWARE;
    });
    print(service.startMessage); // after this, signals are handled
  } catch (error) {
    log(words(error, config.dataDir));
    process.exit(exitCodeOf(error));
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof StartFailure) return error.exitCode;
  // Errors of a thread have lost their class.
  if (error instanceof Error && error.name === StoreUnavailable.name) return EXIT_UNAVAILABLE;
  return error instanceof UnusableUri ? EXIT_CONFIG : EXIT_SOFTWARE;
}

async function start(role: Role, config: Config): Promise<{ service: Service; release: () => void }> {
  const { archivesDir } = config;
  if (role !== 'web' && archivesDir !== undefined && config.archiveAfterYears > 0) prepareArchives(archivesDir);
  if (role === 'worker') return { service: await startWorker(config), release: () => {} };
  const lock = prepareFolders(config.dataDir);
  const service = await startService(config, role === 'all', (error) => {
    log(`cannot go on: ${words(error, config.dataDir)}`);
    process.exit(exitCodeOf(error));
  });
  return { service, release: () => lock.release() };
}

function roleOrExit([role = 'all', ...more]: readonly string[]): Role {
  if (more.length === 0 && (role === 'all' || role === 'web' || role === 'worker')) return role;
  log(`"${[role, ...more].join(' ')}" is not a role; expected web, worker, or nothing to run everything in one process`);
  process.exit(EXIT_USAGE);
}

function readConfigOrExit(role: Role): Config {
  try {
    const config = readConfig(process.env);
    if (role !== 'all' && config.mongodbUri === undefined) {
      throw new Error(
        `${role} needs MONGODB_URI and REDIS_URL, which all processes share; on one machine, run npm start instead`,
      );
    }
    if (role !== 'worker' && config.socketPath !== undefined && config.publicUrl === undefined) {
      throw new Error('PUBLIC_URL: is needed with HOST=unix:…, because browsers reach a socket only through a proxy');
    }
    if (role !== 'worker' && config.provider !== undefined && config.publicUrl === undefined) {
      throw new Error('PUBLIC_URL: is needed with OIDC_ISSUER, because the provider sends people back to that address');
    }
    return config;
  } catch (error) {
    log(`the configuration cannot be used: ${firstLine(error)}`);
    process.exit(EXIT_CONFIG);
  }
}

/** The error as one line. The commands that it names act on the data of this service. */
function words(error: unknown, dataDir: string): string {
  return withDataDir(messageOf(firstLine(error), storeFile(dataDir)), dataDir, ['restore', 'verify']);
}

await main();
