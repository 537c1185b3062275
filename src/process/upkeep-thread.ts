// The upkeep thread: does the jobs of a process that has no worker beside it, so that the thread that answers beacons
// does not have to.
import { workerData } from 'node:worker_threads';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { serve } from '../threads/call.js';
import { lowerThreadPriority } from '../threads/priority.js';
import type { UpkeepThread, UpkeepWatcher } from '../upkeep/client.js';
import { startUpkeep, type UpkeepParts } from '../upkeep/schedule.js';
import { watchJobs } from '../upkeep/watch.js';
import { composeWorker, type DataLocation } from './compose.js';

lowerThreadPriority();
let close: () => Promise<void> = async () => {};
const main = serve<UpkeepWatcher, UpkeepThread>({ open }, () => close());

async function open(): Promise<void> {
  const { forgetAfterMs, ...place } = workerData as DataLocation & Pick<UpkeepParts, 'forgetAfterMs'>;
  const { close: closeStore, ...parts } = await composeWorker(place);
  const upkeep = { ...parts, kinds: DOCUMENT_KINDS, nowMs: Date.now, forgetAfterMs };
  const watch = watchJobs(upkeep, (state) => main.notify('state', state));
  const stopUpkeep = startUpkeep(upkeep);
  close = async () => {
    stopUpkeep();
    await watch.close();
    await closeStore();
  };
}
