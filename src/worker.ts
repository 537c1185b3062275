// The worker of the distributed mode: does jobs, and nothing else. It takes no hits and listens to no port.
import { COLLECTIONS } from '../collections/index.js';
import { composeWorker } from './compose.js';
import type { Config } from './config.js';
import { startUpkeep } from './jobs/upkeep.js';
import type { Service } from './service.js';

export async function startWorker(config: Config): Promise<Service> {
  const { remarks, close, ...parts } = await composeWorker(config);
  for (const remark of remarks) console.error(`hitherto: ${remark}`);
  await startUpkeep({ ...parts, collections: COLLECTIONS, nowMs: Date.now });
  return {
    greeting: 'Hitherto is working',
    async stop() {
      await parts.jobs.close();
      await close();
    },
  };
}
