// From the environment to a running service and back: what happens at start and at stop, in order.
import closeWithGrace from 'close-with-grace';
import { type Config, readConfig } from './config.js';
import { StartFailure, prepareFolders } from './folders.js';
import { startService } from './service.js';

/** As in sysexits.h. */
const EXIT_CONFIG = 78;
const EXIT_SOFTWARE = 70;
const STOP_MS_MAX = 9_000;

async function main(): Promise<void> {
  const config = readConfigOrExit();
  try {
    const lock = prepareFolders(config.dataDir);
    const service = await startService(config, (error) => {
      console.error(`hitherto: cannot go on: ${firstLine(error)}`);
      process.exit(EXIT_SOFTWARE);
    });
    console.log(service.greeting);
    closeWithGrace({ delay: STOP_MS_MAX, logger: false }, async ({ err }) => {
      if (err) console.error(`hitherto: stopping because of an error: ${err.stack ?? err.message}`);
      await service.stop(STOP_MS_MAX - 2_000);
      lock.release();
      if (err) process.exitCode = EXIT_SOFTWARE;
    });
  } catch (error) {
    console.error(`hitherto: ${firstLine(error)}`);
    process.exit(error instanceof StartFailure ? error.exitCode : EXIT_SOFTWARE);
  }
}

function readConfigOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    console.error(`hitherto: the configuration cannot be used: ${firstLine(error)}`);
    process.exit(EXIT_CONFIG);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] as string;
}

await main();
