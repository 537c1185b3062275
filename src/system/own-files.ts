// Access rights of the service's files. Its user must be able to use all of them. No other user may use any of them,
// because they contain hits with their times, and hashes of tokens.
import { accessSync, chmodSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shellQuoted } from './command-line.js';
import { EXIT_CANNOT_CREATE } from './exit.js';
import { StartFailure } from './start-failure.js';

const { R_OK, W_OK, X_OK } = constants;
const OF_OTHERS = 0o077;
const STICKY = 0o1000;
/**
 * In a folder with more files than this, such as a journal of many days, only the last ones are checked, unless other
 * users can enter the folder.
 */
const CHECKED_MAX = 5_000;

/** A folder that the operator configures, and the variable that sets it. */
export interface OwnFolder {
  readonly path: string;
  readonly variable: 'DATA_DIR' | 'ARCHIVE_DIR';
}

/** The names that the service creates in these folders. Other files do not belong to it. */
const OWN: Readonly<Record<OwnFolder['variable'], RegExp>> = {
  DATA_DIR: /^(store(\..+)?|journal|archives|salts\.json(\.draft)?)$/,
  ARCHIVE_DIR: /^([0-9]{4}(\.[0-9]+)?|\.(writing|thinning|replaced)-.+)$/,
};

/** A store that a restore has moved away, or not finished. */
const LEFT_OVER = /\/store\.[^/]+(\/|$)/;

/** From now on, files of this process are created for its user alone, regardless of the umask. */
export function keepFilesPrivate(): void {
  process.umask(OF_OTHERS);
}

/**
 * Removes the access rights of other users to the service's files. Throws a StartFailure for the first file that this
 * user cannot use. Returns sentences for the log about files that other users can still read.
 */
export function secureFiles(folder: OwnFolder): string[] {
  refuseUnusable(folder.path, folder);
  const names = namesOf(folder);
  const own = names.filter((name) => OWN[folder.variable].test(name));
  const open: string[] = [];
  const secure = (path: string) => {
    if (!LEFT_OVER.test(path)) refuseUnusable(path, folder);
    if (!isOpen(path) || close(path)) return;
    open.push(path);
  };
  for (const name of own) for (const path of allBelow(join(folder.path, name))) secure(path);
  // A folder that contains other files as well, such as /tmp or a home folder, must stay accessible.
  const isWhollyOwn = names.every((name) => own.includes(name) || name === 'lost+found');
  if (isWhollyOwn && isOpen(folder.path) && !close(folder.path)) open.push(folder.path);
  const [first] = open;
  if (first === undefined) return [];
  const others = open.length === 1 ? '' : `, and ${open.length - 1} more`;
  return [
    `other users of this machine can read ${first}${others}, and this user cannot change that; ` +
      `as the owner: chmod -R go= ${shellQuoted(first)}`,
  ];
}

/** Throws a StartFailure when the file or folder exists and this user cannot use it. */
export function refuseUnusable(path: string, folder: OwnFolder): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  const isWritten = /\/store[^/]*\/[^/]+$|\/journal\/registers\/[^/]+$|\.open$/.test(path);
  const needed = stat.isDirectory() ? R_OK | W_OK | X_OK : isWritten ? R_OK | W_OK : R_OK;
  try {
    accessSync(path, needed);
  } catch (error) {
    throw unusable(path, folder, error);
  }
}

/** The StartFailure for a path that cannot be used or created. */
export function unusable(path: string, { path: folder, variable }: OwnFolder, error: unknown): StartFailure {
  const { code, message } = error as NodeJS.ErrnoException;
  const stat = statOf(path);
  const what = stat === undefined || stat.isDirectory() ? 'the folder' : 'the file';
  return new StartFailure(
    `${what} ${path} cannot be written (${message.split(',', 1)[0]})${advice(code, stat?.uid, folder)}, ` +
      `or choose another folder with ${variable}`,
    EXIT_CANNOT_CREATE,
  );
}

function advice(code: string | undefined, owner: number | undefined, folder: string): string {
  const [user, group] = [process.getuid?.(), process.getgid?.()];
  if (code === 'EACCES' && owner !== undefined && user !== undefined && owner !== user) {
    const name = owner === 0 ? '0 (root)' : String(owner);
    const command = `sudo chown -R ${user}:${group} ${shellQuoted(folder)}`;
    return `: it belongs to user ${name} and this is user ${user}; give all of it to this user: ${command}`;
  }
  if (code === 'EACCES') return `; make it writable: chmod -R u+rwX ${shellQuoted(folder)}`;
  if (code === 'ENOENT' || code === 'ENOTDIR') return '';
  return code === 'ENOSPC' ? '; make room there' : '; make it writable';
}

/** Throws a StartFailure when the folder does not exist and could not be created. */
export function refuseUnmakable(folder: OwnFolder): void {
  let above = folder.path;
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
  try {
    accessSync(above, W_OK | X_OK);
  } catch (error) {
    throw unusable(above, folder, error);
  }
}

function isOpen(path: string): boolean {
  const mode = statOf(path)?.mode ?? 0;
  return (mode & OF_OTHERS) !== 0 && (mode & STICKY) === 0;
}

/** Returns whether the path is closed to other users afterwards. */
function close(path: string): boolean {
  try {
    chmodSync(path, (statOf(path)?.mode ?? 0) & 0o700);
  } catch {
    return statOf(path) === undefined; // it was removed meanwhile
  }
  return !isOpen(path); // some file systems have no access rights
}

/** Yields a folder after its contents, because other users cannot enter it once it is closed. */
function* allBelow(path: string): Generator<string> {
  const stat = statOf(path);
  if (stat === undefined) return;
  if (stat.isDirectory()) {
    const names = namesIn(path).sort();
    const some = names.length > CHECKED_MAX && !isOpen(path) ? names.slice(-CHECKED_MAX) : names;
    for (const name of some) yield* allBelow(join(path, name));
  }
  yield path;
}

function namesOf(folder: OwnFolder): string[] {
  try {
    return readdirSync(folder.path);
  } catch (error) {
    throw unusable(folder.path, folder, error); // it is a file
  }
}

/** Returns no names for a folder that cannot be read. That is reported when the folder itself is checked. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** `undefined` when the path does not exist, or cannot be read. */
function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
