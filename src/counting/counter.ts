// Counts segments one after the other, in order, and tries again until it succeeds.
import { setTimeout as delay } from 'node:timers/promises';
import type { DocumentKind } from '../../collections/document-kind.js';
import type { Point } from '../hit/hit.js';
import type { JournalCleaner } from '../journal/cleaner.js';
import type { Uncounted } from '../journal/packs.js';
import { segmentsIn } from '../journal/segment.js';
import { DamagedData } from '../store/damaged.js';
import { type Documents, StoreRestored } from '../store/documents.js';
import { catchUp } from './catch-up.js';
import { countSegment } from './count-segment.js';
import type { NodeDeletions } from './deleted/node-deletions.js';
import type { Counted } from './protocol.js';

const RETRY_MS = 1000;

export interface CounterParts {
  readonly journalFolder: string;
  readonly documents: Pick<Documents, 'apply' | 'rewrite'>;
  readonly kinds: readonly DocumentKind[];
  readonly deletions: NodeDeletions;
  readonly cleaner: Pick<JournalCleaner, 'discard'>;
  /** Whether counted hits are stored in the journal for a time. */
  readonly keepsHits: boolean;
  /** Resolves when counting is not paused. */
  untilResumed(): Promise<void>;
  onCounted(counted: Counted): void;
  /** An attempt failed and is repeated after a pause. */
  onFailed(error: unknown): void;
}

export interface Counter {
  /** Both reject when trying again cannot help: something is damaged, or the store was restored. */
  count(segment: Uncounted, countedUntilMs: number, points: readonly Point[]): Promise<void>;
  /** Points of hits that an earlier process left uncounted are in the sketches of the journal alone. */
  catchUpSketches(): Promise<void>;
}

export function createCounter(parts: CounterParts): Counter {
  const { journalFolder, documents, kinds, deletions, cleaner } = parts;

  const attempt = async (segment: Uncounted, countedUntilMs: number, points: readonly Point[]): Promise<void> => {
    const began = performance.now();
    const filter = await deletions.apply();
    const counted = await countSegment(journalFolder, segment, { documents, kinds, countedUntilMs, filter, points });
    if (segment.state !== 'packed') {
      if (counted.holdsDeleted) deletions.clean(segment);
      if (!parts.keepsHits) cleaner.discard({ ...segment, state: 'sealed' });
    }
    parts.onCounted({ segment: counted, tookMs: performance.now() - began });
  };

  const pauseAfter = async (error: unknown): Promise<void> => {
    if (error instanceof StoreRestored || error instanceof DamagedData) throw error;
    parts.onFailed(error);
    await delay(RETRY_MS);
  };

  return {
    async count(segment, countedUntilMs, points) {
      for (let now = segment; ; now = currentState(journalFolder, now)) {
        await parts.untilResumed();
        try {
          return await attempt(now, countedUntilMs, points);
        } catch (error) {
          await pauseAfter(error);
        }
      }
    },
    async catchUpSketches() {
      for (;;) {
        try {
          const filter = await deletions.apply();
          return await catchUp({ folder: journalFolder, documents, kinds, filter });
        } catch (error) {
          await pauseAfter(error);
        }
      }
    },
  };
}

/** The attempt may have failed after the rename that seals the segment. */
function currentState(journalFolder: string, segment: Uncounted): Uncounted {
  if (segment.state === 'packed') return segment;
  return segmentsIn(journalFolder).find(({ node, number }) => node === segment.node && number === segment.number) ?? segment;
}
