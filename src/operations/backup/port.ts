// Copies everything that a service stores into a folder while the service runs, and restores it. A backup contains
// whatever is in the store. There is no list of its parts to maintain, so anything that is added to the store later is
// included automatically.
//
// The adapters are in this folder, not in store/<backend>/: they use the manifest, the records and the schemas of a
// backup, and the store must not depend on operations. A new backend therefore needs one adapter here as well.
import type { Manifest, Mode } from './manifest.js';
import type { Watch } from './watch.js';

export interface Copied extends Pick<Manifest, 'files' | 'counts'> {
  /** One message for each damaged part of the store. The copy has the same damage. */
  readonly damages: readonly string[];
}

export interface BackupSource {
  readonly mode: Mode;
  /** Copies everything into an existing, empty folder. Rejects if the store is empty. */
  copy(folder: string, watch: Watch): Promise<Copied>;
}

export interface RestoreTarget {
  /** Describes what a restore would replace. Returns undefined if nothing would be lost. */
  contents(): Promise<string | undefined>;
  /**
   * Describes the other processes that use the store now. Returns undefined if there are none, as far as can be
   * determined. Takes some seconds.
   */
  users(): Promise<string | undefined>;
  /**
   * Prevents other processes from starting to use the store until it is loaded. If a process uses it already, changes
   * nothing and describes that process, as `users` does.
   */
  reserve(): Promise<string | undefined>;
  /**
   * Allows the next `load` to replace the present store. Returns a message that says where the old store is moved, or
   * that it is removed.
   */
  clear(): Promise<string>;
  /** Rejects with the reason if this store cannot load the backup. Reads all of a backup of the other mode. Writes nothing. */
  checkFits(folder: string, manifest: Manifest, watch: Watch): Promise<void>;
  /**
   * Fills an empty store from a backup whose checksums were verified. Returns a message for each kind of entry that
   * could not be converted.
   */
  load(folder: string, manifest: Manifest, watch: Watch): Promise<readonly string[]>;
}

export interface Backups extends BackupSource, RestoreTarget {
  close(): Promise<void>;
}
