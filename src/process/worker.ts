// The worker of the distributed mode: does jobs and nothing else. It accepts no hits and listens on no port.
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { log } from '../system/log.js';
import { startUpkeep } from '../upkeep/schedule.js';
import { type JobsHealth, watchJobs } from '../upkeep/watch.js';
import { composeWorker } from './compose.js';
import { type Config, forgetNodesAfterMs } from './config.js';
import type { Service } from './web.js';

export async function startWorker(config: Config): Promise<Service> {
  const { remarks, close, ...parts } = await composeWorker(config, 'a worker');
  for (const remark of remarks) log(remark);
  const forgetAfterMs = forgetNodesAfterMs(config);
  const end = startUpkeep({ ...parts, kinds: DOCUMENT_KINDS, nowMs: Date.now, forgetAfterMs });
  const watch = watchJobs({ ...parts, nowMs: Date.now }, logChanges());
  return {
    startMessage: 'Hitherto is working',
    async stop() {
      end();
      await watch.close();
      await close();
    },
  };
}

/** Logs what an operator would want to know, when it changes. */
function logChanges(): (state: JobsHealth) => void {
  let [wasReachable, failedBefore] = [true, 0];
  return ({ reachable, failed }) => {
    if (reachable !== wasReachable) {
      log(reachable ? 'Redis is available again' : 'Redis does not answer: jobs wait until it does');
    }
    for (const { name, id, reason } of failed.slice(failedBefore)) {
      log(`the job ${name} of ${id} has failed for good, and is tried again at the next sweep: ${reason}`);
    }
    wasReachable = reachable;
    if (reachable) failedBefore = failed.length;
  };
}
