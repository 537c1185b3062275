// Commands in messages, in a form that people can copy.
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFile } from './program.js';

/** The default data folder of the tools and the service. */
export const DEFAULT_DATA_DIR = './data';

/** Quotes a word of a command line for Unix shells. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Returns `--data-dir …` and a space if the tool would use another folder otherwise; relative to the working directory. */
export function dataDirOption(dataDir: string): string {
  return resolve(dataDir) === resolve(DEFAULT_DATA_DIR) ? '' : `--data-dir ${shellQuoted(dataDir)} `;
}

/** Returns a command of the tool as it must be typed where this service was started, to act on the service's data. */
export function toolCommand(command: string, dataDir: string | undefined): string {
  const path = fileURLToPath(builtFile('src/cli.js'));
  const fromHere = relative('', path);
  const isElsewhere = fromHere.startsWith('..') || isAbsolute(fromHere);
  const viaNpm = process.env.npm_lifecycle_event === 'start' ? 'npm run hitherto --' : undefined;
  const tool = viaNpm ?? `node ${shellQuoted(isElsewhere ? path : fromHere)}`;
  if (dataDir === undefined) return `${tool} ${command}`;
  // If the service runs in another folder than its program, the command will probably not be typed in that folder.
  const option = isElsewhere ? `--data-dir ${shellQuoted(resolve(dataDir))} ` : dataDirOption(dataDir);
  return `${tool} ${option}${command}`;
}

/** Adds this data folder to the commands in a text. `names`: the commands to look for, such as `site` and `token`. */
export function withDataDir(text: string, dataDir: string, names: readonly string[]): string {
  const commands = new RegExp(`\\bhitherto (?=(?:${names.join('|')})\\b)`, 'g');
  return text.replace(commands, (found) => found + dataDirOption(dataDir));
}
