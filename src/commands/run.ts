// What all commands share: where the data is, and how an error looks (one line on stderr; exit code 1, or 2 for wrong usage).
import { Command, CommanderError } from 'commander';
import type { Place } from '../compose.js';
import { versionOfThis } from './version.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Something that the person at the keyboard can mend: the message is all they need. */
export class CommandFailure extends Error {}

/** Gives the exit code. */
export async function runCommands(groups: ReadonlyArray<(program: Command) => void>, argv: readonly string[]): Promise<number> {
  const program = new Command('hitherto')
    .description('Web statistics in counters. Works on the data of a service, whether that is running or not.')
    .option('--data-dir <folder>', 'the data folder (default: MongoDB where MONGODB_URI is set, else DATA_DIR, else ./data)')
    .version(versionOfThis())
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .configureOutput({ outputError: (text, write) => write(`hitherto: ${oneLine(text.replace(/^error: /, ''))}\n`) })
    .exitOverride();
  for (const addTo of groups) addTo(program);
  for (const command of descendants(program)) command.copyInheritedSettings(program);
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    process.stderr.write(`hitherto: ${oneLine(error instanceof Error ? error.message : String(error))}\n`);
    return EXIT_FAILED;
  }
}

/** Where the data is: in a folder that is named on the command line whatever the environment says, else where the service has it. */
export function placeOf(command: Command): Place {
  const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
  if (dataDir) return { dataDir };
  const { DATA_DIR, ARCHIVE_DIR, MONGODB_URI, REDIS_URL } = process.env;
  if (Boolean(MONGODB_URI) !== Boolean(REDIS_URL)) {
    throw new CommandFailure('MONGODB_URI and REDIS_URL are needed together; set both, or neither to use the data folder');
  }
  return {
    dataDir: DATA_DIR || './data',
    archivesDir: ARCHIVE_DIR || undefined,
    mongodbUri: MONGODB_URI || undefined,
    redisUrl: REDIS_URL || undefined,
  };
}

/** For options that may be given several times. An empty text alone empties the list. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return value === '' ? [] : [...(before ?? []), value];
}

/** Columns as wide as their longest cell. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
