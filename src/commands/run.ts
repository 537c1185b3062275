// What all commands have in common: the location of the data, and the form of errors (one line on stderr).
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { DataLocation } from '../process/compose.js';
import { storeFile } from '../store/lmdb/environment.js';
import { messageOf } from '../store/lmdb/file/store-damaged.js';
import { DEFAULT_DATA_DIR, withDataDir } from '../system/command-line.js';
import { EXIT_COMMAND_USAGE, EXIT_FAILED } from '../system/exit.js';
import { keepFilesPrivate } from '../system/own-files.js';
import { guardOutput, visible } from '../system/visible.js';
import { versionOfThis } from './version.js';

/** In the order in which the help shows them. */
export const COMMANDS = [
  'site',
  'token',
  'share',
  'annotation',
  'person',
  'team',
  'import',
  'backup',
  'restore',
  'archive',
  'delete',
  'node',
  'audit',
  'verify',
  'rebuild',
] as const;

/** The command that is called, if it is clear before the options are parsed. */
export function commandIn(argv: readonly string[]): (typeof COMMANDS)[number] | undefined {
  const words = argv.slice(2);
  const word = words[0] === '--data-dir' ? words[2] : words[0]?.startsWith('--data-dir=') ? words[1] : words[0];
  return COMMANDS.find((name) => name === word);
}

/** An error that the person who runs the command can fix. The message is all they need. */
export class CommandFailure extends Error {}

/** Returns the exit code. */
export async function runCommands(groups: ReadonlyArray<(program: Command) => void>, argv: readonly string[]): Promise<number> {
  keepFilesPrivate();
  const program = new Command('hitherto')
    .description('Web statistics in counters. Works on the data of a service, whether the service is running or not.')
    .option(
      '--data-dir <folder>',
      'the data folder (default: MongoDB if MONGODB_URI is set, otherwise DATA_DIR, otherwise ./data)',
    )
    .version(versionOfThis())
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .configureOutput({ outputError: (text, write) => write(`hitherto: ${oneLine(text.replace(/^error: /, ''))}\n`) })
    .exitOverride();
  for (const addTo of groups) addTo(program);
  for (const command of descendants(program)) command.copyInheritedSettings(program);
  const unguard = guardOutput(process.stdout, process.stderr);
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0); // it is set if the work was stopped
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_COMMAND_USAGE;
    const { dataDir } = program.opts<{ dataDir?: string }>();
    const message = messageOf(error, storeFile(dataDir || process.env.DATA_DIR || DEFAULT_DATA_DIR));
    process.stderr.write(`hitherto: ${completed(oneLine(message), program)}\n`);
    return EXIT_FAILED;
  } finally {
    unguard();
  }
}

/** Prints a text in which commands may be named. */
export function tell(text: string, command: Command): void {
  process.stdout.write(completed(text, command));
}

/** Completes the commands in a text with --data-dir, so that a person can copy them and they use the same data. */
export function completed(text: string, command: Command): string {
  const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
  const { DATA_DIR, MONGODB_URI } = process.env;
  const folder = dataDir || (MONGODB_URI ? undefined : DATA_DIR);
  if (!folder) return text;
  return withDataDir(text, folder, COMMANDS);
}

/**
 * The location of the data. A folder on the command line has precedence over the environment, which is the same as that
 * of the service.
 */
export function placeOf(command: Command): DataLocation {
  const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
  if (dataDir) return { dataDir };
  const { DATA_DIR, ARCHIVE_DIR, MONGODB_URI, REDIS_URL } = process.env;
  if (Boolean(MONGODB_URI) !== Boolean(REDIS_URL)) {
    throw new CommandFailure('MONGODB_URI and REDIS_URL are needed together; set both, or neither to use the data folder');
  }
  if (!DATA_DIR && !MONGODB_URI && !existsSync(join(DEFAULT_DATA_DIR, 'store'))) {
    process.stderr.write(
      `hitherto: there is no data of a service in ${resolve(DEFAULT_DATA_DIR)}, so it is created there; ` +
        'name another folder with --data-dir or DATA_DIR\n',
    );
  }
  return {
    dataDir: DATA_DIR || DEFAULT_DATA_DIR,
    archivesDir: ARCHIVE_DIR || undefined,
    mongodbUri: MONGODB_URI || undefined,
    redisUrl: REDIS_URL || undefined,
  };
}

/** For options that can be repeated. An empty text empties the list. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return value === '' ? [] : [...(before ?? []), value];
}

/** Each column is as wide as its longest cell. Control characters in cells are escaped, so a row is always one line. */
export function table(cells: ReadonlyArray<readonly string[]>): string {
  const rows = cells.map((row) => row.map(visible));
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
