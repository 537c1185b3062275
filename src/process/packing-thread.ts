// A thread that packs a journal once, so that counting goes on meanwhile.
import { packJournal } from '../journal/packing.js';
import { serve } from '../threads/call.js';
import { lowerThreadPriority } from '../threads/priority.js';

/** What the packing thread offers. */
export interface PackingThread {
  pack: typeof packJournal;
}

lowerThreadPriority();
serve<Record<never, never>, PackingThread>({ pack: packJournal });
