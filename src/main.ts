// From the environment to a running process and back: what happens at start and at stop, in order.
//   main.js          everything in one process: npm start
//   main.js web      takes hits and answers pages; as many as there are machines
//   main.js worker   does jobs; at least one beside the webs
import closeWithGrace from 'close-with-grace';
import { buildDamage } from './process/build-check.js';
import { type Config, readConfig } from './process/config.js';
import { EXIT_UNAVAILABLE, prepareArchives, prepareFolders, StartFailure } from './process/data-directory.js';
import { type Service, startService } from './process/web.js';
import { startWorker } from './process/worker.js';
import { storeFile } from './store/lmdb/environment.js';
import { messageOf } from './store/lmdb/file/store-damaged.js';
import { StoreUnavailable, UnusableUri } from './store/unavailable.js';
import { withDataDir } from './system/command-line.js';
import { log, print, surviveLostOutput } from './system/log.js';
import { keepFilesPrivate } from './system/own-files.js';
import { guardOutput } from './system/visible.js';

/** As in sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_CONFIG = 78;
const EXIT_SOFTWARE = 70;
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
    print(service.greeting); // from then on a signal may come
  } catch (error) {
    log(words(error, config.dataDir));
    process.exit(exitCodeOf(error));
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof StartFailure) return error.exitCode;
  // which a thread may have thrown
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
  log(`"${[role, ...more].join(' ')}" is no role; expected web, worker, or nothing for everything in one process`);
  process.exit(EXIT_USAGE);
}

function readConfigOrExit(role: Role): Config {
  try {
    const config = readConfig(process.env);
    if (role !== 'all' && config.mongodbUri === undefined) {
      throw new Error(
        `${role} needs MONGODB_URI and REDIS_URL, which it shares with the others; on one machine, run npm start instead`,
      );
    }
    if (role !== 'worker' && config.socketPath !== undefined && config.publicUrl === undefined) {
      throw new Error('PUBLIC_URL: is needed beside HOST=unix:…, since browsers reach a socket only by the address of a proxy');
    }
    return config;
  } catch (error) {
    log(`the configuration cannot be used: ${firstLine(error)}`);
    process.exit(EXIT_CONFIG);
  }
}

/** The commands in it act on the data of this service. */
function words(error: unknown, dataDir: string): string {
  return withDataDir(messageOf(firstLine(error), storeFile(dataDir)), dataDir, ['restore', 'verify']);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] as string;
}

await main();
