// Copying everything that a service keeps into a folder, and putting it back, while the service runs. A backup holds
// whatever the store holds: no list of its parts is kept anywhere, so what is added to the store one day is in the
// backups from then on.
import type { Manifest, Mode } from './manifest.js';

/** For whoever waits. */
export interface Watch {
  /** From 0 to 1. */
  onShare(share: number): void;
  /** Asked now and then; the copy then ends with a `Stopped`. */
  isStopped(): boolean;
}

/** It was stopped by who started it. */
export class Stopped extends Error {}

export interface Copied extends Pick<Manifest, 'files' | 'counts'> {
  /** The damage in the store, one message each. The copy has it too. */
  readonly damages: readonly string[];
}

export interface Backups {
  readonly mode: Mode;
  /** Copies everything into a folder that is there and empty. Throws when there is nothing to copy. */
  copy(folder: string, watch: Watch): Promise<Copied>;
  /** What would be lost by a restore, in words; undefined when nothing would. */
  holds(): Promise<string | undefined>;
  /**
   * Which other processes use the store at this moment, in words; undefined when none does, as far as can be told.
   * Takes some seconds.
   */
  inUse(): Promise<string | undefined>;
  /**
   * From now on no process starts to use the store, until it is loaded; or says which one uses it, as `inUse`, and
   * changes nothing.
   */
  reserve(): Promise<string | undefined>;
  /**
   * Allows the next `load` to replace the present store. Returns a message that says where the old one is moved, or
   * that it is gone.
   */
  clear(): Promise<string>;
  /**
   * Looks whether this store can take the backup, which takes reading all of it where it is of the other mode; throws
   * with the reason when it cannot. Nothing is written.
   */
  refuseUnfit(folder: string, manifest: Manifest, watch: Watch): Promise<void>;
  /** Fills an empty store from a backup whose checksums are right. Gives what could not be taken over, in words. */
  load(folder: string, manifest: Manifest, watch: Watch): Promise<readonly string[]>;
  close(): Promise<void>;
}
