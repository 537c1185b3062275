// The report thread: reads documents, merges them and makes the JSON, away from the thread that answers beacons.
import { parentPort, workerData } from 'node:worker_threads';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { OPEN, type ReportAnswer, type ReportRequest, type ReportsData } from '../reporting/client.js';
import { createReporter } from '../reporting/report.js';
import { StoreUnavailable } from '../store/unavailable.js';
import { STOP } from '../threads/ending.js';
import { giveWay } from '../threads/priority.js';
import { composeReports } from './compose.js';

giveWay();
const port = parentPort as NonNullable<typeof parentPort>;
const { place, gate } = workerData as ReportsData;
// the driver takes as long to load as all the rest
if (place.mongodbUri !== undefined) await import('../store/mongodb/connection.js');
await mayOpen();
const { documents, ledger, soon, close } = await composeReports(place);
const report = createReporter(documents, ledger, DOCUMENT_KINDS);

port.on('message', async (message: ReportRequest | typeof STOP) => {
  if (message === STOP) {
    void close().finally(() => process.exit(0));
    return;
  }
  const { id, query } = message;
  try {
    port.postMessage({ id, json: await soon(() => report(query)) } satisfies ReportAnswer);
  } catch (error) {
    const answer: ReportAnswer =
      error instanceof StoreUnavailable ? { id, away: error.message } : { id, error: (error as Error).stack ?? String(error) };
    port.postMessage(answer);
  }
});
port.postMessage(OPEN);

/** Rejects nothing: where the process ends before it may, so does the thread. */
function mayOpen(): Promise<void> {
  return new Promise((resolve) => {
    const end = () => process.exit(0);
    gate.once('close', end).once('message', () => {
      gate.off('close', end);
      resolve();
    });
  });
}
