// Commands in messages, as a person can copy them.
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The data folder of the tools and the service unless another one is configured. */
export const USUAL_DATA_DIR = './data';

/** Quotes a word of a command line for Unix shells. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Returns `--data-dir …` and a space if the tool would use another folder otherwise; relative to the working directory. */
export function dataDirOption(dataDir: string): string {
  return resolve(dataDir) === resolve(USUAL_DATA_DIR) ? '' : `--data-dir ${shellQuoted(dataDir)} `;
}

/** Returns a command of the tool as it must be typed where this service was started, to act on the service's data. */
export function toolCommand(command: string, dataDir: string | undefined): string {
  const path = fileURLToPath(new URL('../cli.js', import.meta.url));
  const fromHere = relative('', path);
  const isElsewhere = fromHere.startsWith('..') || isAbsolute(fromHere);
  const viaNpm = process.env.npm_lifecycle_event === 'start' ? 'npm run hitherto --' : undefined;
  const tool = viaNpm ?? `node ${shellQuoted(isElsewhere ? path : fromHere)}`;
  if (dataDir === undefined) return `${tool} ${command}`;
  // If the service runs in another folder than its program, the command will probably not be typed in that folder.
  const option = isElsewhere ? `--data-dir ${shellQuoted(resolve(dataDir))} ` : dataDirOption(dataDir);
  return `${tool} ${option}${command}`;
}

/** Completes the commands in a text, so that they act on this data folder. `names`: of commands, such as `site` and `token`. */
export function withDataDir(text: string, dataDir: string, names: readonly string[]): string {
  const commands = new RegExp(`\\bhitherto (?=(?:${names.join('|')})\\b)`, 'g');
  return text.replace(commands, (found) => found + dataDirOption(dataDir));
}
