// What an import is asked to do, and what it tells meanwhile.
import type { Site } from '../../hit/site.js';

export interface ImportProgress {
  /** Of the file, 0 to 1. */
  readonly share: number;
  /** Counted by this run; the bytes are those of the unpacked log. */
  readonly lines: number;
  readonly bytes: number;
}

export interface ImportOptions {
  /** For people. */
  readonly path: string;
  readonly site: Site;
  readonly nowMs: () => number;
  /** Asked before each range; when true, what has been begun is finished and no more. */
  readonly isStopped: () => boolean;
  onProgress(progress: ImportProgress): void;
}
