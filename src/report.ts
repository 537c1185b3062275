// The report thread: reads documents, merges them and makes the JSON, away from the thread that answers beacons.
import { parentPort, workerData } from 'node:worker_threads';
import { COLLECTIONS } from '../collections/index.js';
import { composeReports } from './compose.js';
import { giveWay } from './priority.js';
import type { ReportQuery } from './reports/port.js';
import { createReporter } from './reports/report.js';

export interface ReportRequest {
  readonly id: number;
  readonly query: ReportQuery;
}
export type ReportAnswer = { readonly id: number; readonly json: string } | { readonly id: number; readonly error: string };

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
