// The report thread: reads and merges documents and generates the JSON, so that the thread that answers beacons does
// not have to.
import { workerData } from 'node:worker_threads';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { ReportThread } from '../reporting/client.js';
import { createReporter } from '../reporting/report.js';
import type { DocumentsPlace } from '../store/documents.js';
import { serve } from '../threads/call.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { composeReports, type ReportingParts } from './compose.js';

lowerThreadPriority();
const place = workerData as DocumentsPlace;
// The driver takes as long to load as everything else, so it is loaded while the main thread starts.
if (place.mongodbUri !== undefined) await import('../store/mongodb/connection.js');

let parts: ReportingParts | undefined;
let report: ReturnType<typeof createReporter>;

serve<Record<never, never>, ReportThread>(
  {
    async open() {
      parts = await composeReports(place);
      report = createReporter(parts.documents, parts.ledger, DOCUMENT_KINDS);
    },
    report: (query) => (parts as ReportingParts).soon(() => report(query)),
  },
  async () => parts?.close(),
);
