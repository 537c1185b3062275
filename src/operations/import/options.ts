// The options of an import, and the progress that it reports.
import type { Site } from '../../hit/site.js';

export interface ImportProgress {
  /** How much of the file has been read, from 0 to 1. */
  readonly share: number;
  /** Lines counted by this run. */
  readonly lines: number;
  /** Bytes of the unpacked log counted by this run. */
  readonly bytes: number;
}

export interface ImportOptions {
  /** Shown in messages. */
  readonly path: string;
  readonly site: Site;
  readonly nowMs: () => number;
  /** Called before each range. When it returns true, ranges in progress are finished and no new ones are started. */
  readonly isStopped: () => boolean;
  onProgress(progress: ImportProgress): void;
}
