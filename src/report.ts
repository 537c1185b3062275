// The report thread: reads documents, merges them and makes the JSON, away from the thread that answers beacons.
import { parentPort, workerData } from 'node:worker_threads';
import { COLLECTIONS } from '../collections/index.js';
import { composeReports } from './compose.js';
import { giveWay } from './priority.js';
import { createReporter } from './reports/report.js';
import type { ReportAnswer, ReportRequest } from './reports/thread.js';

giveWay();
const port = parentPort as NonNullable<typeof parentPort>;
const { documents } = composeReports((workerData as { dataDir: string }).dataDir);
const report = createReporter(documents, COLLECTIONS);

port.on('message', async ({ id, query }: ReportRequest) => {
  try {
    port.postMessage({ id, json: await report(query) } satisfies ReportAnswer);
  } catch (error) {
    port.postMessage({ id, error: (error as Error).stack ?? String(error) } satisfies ReportAnswer);
  }
});
