// Years that were put into files and dropped from the store: what a deletion needs of them.
import type { Tombstone } from '../../store/tombstones.js';

export interface Archives {
  /** Names of the archives that hold something of this, to be shown before it is deleted. */
  holding(tombstone: Tombstone): Promise<readonly string[]>;
  /**
   * Takes it out of all archives. May be repeated after any failure. What cannot be taken out is told by `holding`
   * afterwards.
   */
  remove(tombstone: Tombstone): Promise<void>;
}
