// Commands as a person can copy them from what is printed.
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where tools and the service look when nobody says otherwise. */
export const USUAL_DATA_DIR = './data';

/** One word of a command line, for any shell of Unix. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** `--data-dir …` and a space, where the tool would otherwise look elsewhere; seen from this process's folder. */
export function dataDirOption(dataDir: string): string {
  return resolve(dataDir) === resolve(USUAL_DATA_DIR) ? '' : `--data-dir ${shellQuoted(dataDir)} `;
}

/** How a command of the tool is typed where this service was started, so that it acts on the service's data. */
export function toolCommand(command: string, dataDir: string | undefined): string {
  const path = fileURLToPath(new URL('../cli.js', import.meta.url));
  const fromHere = relative('', path);
  const isElsewhere = fromHere.startsWith('..') || isAbsolute(fromHere);
  const viaNpm = process.env.npm_lifecycle_event === 'start' ? 'npm run hitherto --' : undefined;
  const tool = viaNpm ?? `node ${shellQuoted(isElsewhere ? path : fromHere)}`;
  if (dataDir === undefined) return `${tool} ${command}`;
  // a service that runs in another folder than its program is unlikely to be where the command is typed
  const option = isElsewhere ? `--data-dir ${shellQuoted(resolve(dataDir))} ` : dataDirOption(dataDir);
  return `${tool} ${option}${command}`;
}

/** Makes the commands that a text names act on the same data as the command that says it. `names`: `site`, `token`, and so on. */
export function withDataDir(text: string, dataDir: string, names: readonly string[]): string {
  const commands = new RegExp(`\\bhitherto (?=(?:${names.join('|')})\\b)`, 'g');
  return text.replace(commands, (found) => found + dataDirOption(dataDir));
}
