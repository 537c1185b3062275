// Whether hits can be kept at the moment. Whatever the beacon answers 503 for shows in /health, and in the log once
// when it begins and once when it is over.
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from '../journal/journal.js';
import type { Salts } from '../sharing/salts.js';

const LOOK_EVERY_MS = 500;
/** A full journal takes a hit now and then between those that it refuses: it is over when none was refused for so long. */
const QUIET_MS = 2_000;
/** What must fit on the disk before there counts as being room again. */
const PROBE = Buffer.alloc(64 * 1024);

export interface Intake {
  /** The beacon has answered a hit 503. */
  refused(error: Error): void;
  /** Why no hits can be kept, or none of those that need the salt of a day; undefined when all can. */
  blocker(): string | undefined;
  /** Why the last hits were answered 503, if only because of themselves; undefined when none was for a while. */
  failure(): string | undefined;
  /** Of the journal alone. */
  journalFailure(): string | undefined;
  close(): void;
}

export interface IntakeParts {
  readonly journal: Pick<Journal, 'failure'>;
  /** More hits wait to be counted than may. */
  readonly isFull: () => boolean;
  readonly salts: Pick<Salts, 'retry' | 'state'>;
  /** Of the journal; written to, to find out whether there is room again. */
  readonly folder: string;
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
}

export function watchIntake({ journal, isFull, salts, folder, nowMs, log }: IntakeParts): Intake {
  /** The journal's failure that is over, as a probe has shown: the journal itself finds out with the next hit. */
  let over: Error | undefined;
  /** Why the last hit was refused, until it is over. */
  let last: { readonly message: string; readonly atMs: number; readonly isBlocker: boolean } | undefined;

  const journalFailure = (): string | undefined => {
    const failure = journal.failure();
    return failure === over ? undefined : failure?.message;
  };
  const present = (): string | undefined => journalFailure() ?? salts.state().failure;

  /** A balancer sends no hits to a node that cannot keep them, so the node must find out by itself that it can again. */
  const look = (): void => {
    if (journalFailure() !== undefined && !isFull() && hasRoom(folder)) over = journal.failure();
    salts.retry();
    if (last === undefined || present() !== undefined || nowMs() - last.atMs < QUIET_MS) return;
    last = undefined;
    log('hits are kept again');
  };
  const looking = setInterval(look, LOOK_EVERY_MS);
  looking.unref();

  return {
    refused({ message }) {
      if (last === undefined) log(`hits cannot be kept, and are answered 503: ${message}`);
      last = { message, atMs: nowMs(), isBlocker: present() !== undefined };
    },
    blocker: () => withoutFolders(present() ?? (last?.isBlocker ? last.message : undefined)),
    failure: () => withoutFolders(present() ?? last?.message),
    journalFailure: () => withoutFolders(journalFailure()),
    close: () => clearInterval(looking),
  };
}

/** Anyone may ask for /health: which file it is about is said there, and not where that is. */
function withoutFolders(message: string | undefined): string | undefined {
  return message?.replaceAll(/'\/[^']*\/([^'/]*)'/g, "'$1'");
}

function hasRoom(folder: string): boolean {
  const path = join(folder, 'room.probe');
  try {
    const file = openSync(path, 'w', 0o600);
    try {
      if (writeSync(file, PROBE) < PROBE.length) return false;
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(path, { force: true });
    }
    return true;
  } catch {
    return false;
  }
}
