// Whether hits can be stored now. When the beacon has to answer 503, /health says why, and the log says when that
// begins and when it ends.
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from '../journal/journal.js';
import type { Salts } from '../sharing/salts.js';

const CHECK_EVERY_MS = 500;
/** A full journal accepts some hits between those that it refuses. The problem is over when none was refused for this time. */
const QUIET_MS = 2_000;
/** This must fit on the disk before it counts as having space again. */
const PROBE = Buffer.alloc(64 * 1024);

export interface Intake {
  /** To be called when the beacon has answered a hit with 503. */
  refused(error: Error): void;
  /** Why no hits can be stored, or none that need the salt of a day; `undefined` when all can. */
  blocker(): string | undefined;
  /** Why the last hits were answered with 503, even if only those hits were the problem; `undefined` some seconds later. */
  failure(): string | undefined;
  /** Why the journal cannot be written. */
  journalFailure(): string | undefined;
  close(): void;
}

export interface IntakeParts {
  readonly journal: Pick<Journal, 'failure'>;
  /** Whether as many hits wait to be counted as may. */
  readonly isFull: () => boolean;
  readonly salts: Pick<Salts, 'retry' | 'state'>;
  /** The folder of the journal. A file is written there to find out whether the disk has space again. */
  readonly folder: string;
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
}

export function watchIntake({ journal, isFull, salts, folder, nowMs, log }: IntakeParts): Intake {
  /** A failure of the journal that is over according to a probe. The journal itself notices that with the next hit. */
  let over: Error | undefined;
  /** Why the last hit was refused, until it is over. */
  let last: { readonly message: string; readonly atMs: number; readonly isBlocker: boolean } | undefined;

  const journalFailure = (): string | undefined => {
    const failure = journal.failure();
    return failure === over ? undefined : failure?.message;
  };
  const present = (): string | undefined => journalFailure() ?? salts.state().failure;

  /** A load balancer sends no hits to a node that cannot store them, so the node must check by itself whether it can again. */
  const check = (): void => {
    if (journalFailure() !== undefined && !isFull() && hasRoom(folder)) over = journal.failure();
    salts.retry();
    if (last === undefined || present() !== undefined || nowMs() - last.atMs < QUIET_MS) return;
    last = undefined;
    log('hits are stored again');
  };
  const checking = setInterval(check, CHECK_EVERY_MS);
  checking.unref();

  return {
    refused({ message }) {
      if (last === undefined) log(`hits cannot be stored, and are answered with 503: ${message}`);
      last = { message, atMs: nowMs(), isBlocker: present() !== undefined };
    },
    blocker: () => withoutFolders(present() ?? (last?.isBlocker ? last.message : undefined)),
    failure: () => withoutFolders(present() ?? last?.message),
    journalFailure: () => withoutFolders(journalFailure()),
    close: () => clearInterval(checking),
  };
}

/** /health is public, so it names the file of a problem but not its folder. */
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
