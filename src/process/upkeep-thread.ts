// The upkeep thread: the jobs of a process that has no worker beside it, away from the thread that answers beacons.
import { parentPort, workerData } from 'node:worker_threads';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { giveWay } from '../threads/priority.js';
import { startUpkeep, type UpkeepParts } from '../upkeep/schedule.js';
import { watchJobs } from '../upkeep/watch.js';
import { composeWorker, type Place } from './compose.js';

giveWay();
const port = parentPort as NonNullable<typeof parentPort>;
const { close, ...parts } = await composeWorker(workerData as Place);
const { forgetAfterMs } = workerData as Pick<UpkeepParts, 'forgetAfterMs'>;
const upkeep = { ...parts, collections: DOCUMENT_KINDS, nowMs: Date.now, forgetAfterMs };
const watch = watchJobs(upkeep, (state) => port.postMessage(state));

port.on('message', () => {
  end();
  void watch
    .close()
    .then(() => parts.jobs.close())
    .then(close)
    .finally(() => process.exit(0));
});
const end = startUpkeep(upkeep);
