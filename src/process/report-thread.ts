// The report thread: reads and merges documents and generates the JSON, so that the thread that answers beacons does
// not have to.
import { workerData } from 'node:worker_threads';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { ReportThread } from '../reporting/client.js';
import { createReporter } from '../reporting/report.js';
import type { Store, StoreLocation } from '../store/store.js';
import { serve } from '../threads/call.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { composeReports, loadMode } from './compose.js';

lowerThreadPriority();
const place = workerData as StoreLocation;
await loadMode(place); // while the main thread starts

let store: Store | undefined;
let report: ReturnType<typeof createReporter>;

serve<Record<never, never>, ReportThread>(
  {
    async open() {
      store = await composeReports(place);
      report = createReporter(store.documents, store.ledger, DOCUMENT_KINDS);
    },
    report: (query) => (store as Store).failFast(() => report(query)),
  },
  async () => store?.close(),
);
