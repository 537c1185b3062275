// Error messages for a damaged file of the embedded store.
import { DamagedData } from '../../damaged.js';

const ADVICE = 'restore it from a backup (hitherto restore <folder> --force), or move it away to start with an empty store';

/** The file cannot be used. The one-line message names it and says what to do. */
export class StoreDamaged extends DamagedData {
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(`${path} is damaged: ${reason}; ${ADVICE}`);
  }
}

/** The errors with which lmdb reports a damaged file. */
const DAMAGE =
  /\bMDB_(?:CORRUPTED|INVALID|VERSION_MISMATCH|PAGE_NOTFOUND|INCOMPATIBLE|PANIC|PROBLEM|BAD_TXN|BAD_VALSIZE|CURSOR_FULL)\b/;

export function isDamageError(error: unknown): boolean {
  return DAMAGE.test(textOf(error));
}

/** Returns the error's message. For lmdb's errors about a damaged file, adds the file's name and what to do. */
export function messageOf(error: unknown, path: string): string {
  const message = textOf(error);
  return isDamageError(error) && !message.includes(ADVICE)
    ? `${path} cannot be read: ${message}; hitherto verify --store names what is damaged; ${ADVICE}`
    : message;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
