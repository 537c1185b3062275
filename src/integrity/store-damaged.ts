// What is said when the embedded store's file is damaged.

const ADVICE = 'restore it from a backup (hitherto restore <folder> --force), or move it away to begin anew';

/** The file cannot be used. The message, in one line, names it and says what to do. */
export class StoreDamaged extends Error {
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(`${path} is damaged: ${reason}; ${ADVICE}`);
  }
}

/** By which lmdb says that its file is not as it should be. */
const OF_DAMAGE =
  /\bMDB_(?:CORRUPTED|INVALID|VERSION_MISMATCH|PAGE_NOTFOUND|INCOMPATIBLE|PANIC|PROBLEM|BAD_TXN|BAD_VALSIZE|CURSOR_FULL)\b/;

export function isOfDamage(error: unknown): boolean {
  return OF_DAMAGE.test(textOf(error));
}

/** The error's message; where lmdb says that its file is damaged, with its name and what to do. */
export function messageOf(error: unknown, path: string): string {
  const message = textOf(error);
  return isOfDamage(error) && !message.includes(ADVICE)
    ? `${path} cannot be read on: ${message}; hitherto verify --store names what is damaged; ${ADVICE}`
    : message;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
