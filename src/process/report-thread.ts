// The report thread: reads and merges documents and generates the JSON, so that the thread that answers beacons does
// not have to.
import { workerData } from 'node:worker_threads';
import { answersOf } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { LANGUAGES } from '../language/languages.js';
import { type Locale, languageOf, regionalTag } from '../language/locale.js';
import type { ReportThread } from '../reporting/client.js';
import { createFirstDayOf, type FirstDayOf } from '../reporting/first-month.js';
import { createOverview } from '../reporting/overview.js';
import { createReporter } from '../reporting/report.js';
import { createRollup } from '../reporting/rollup.js';
import { severalReports } from '../reporting/several.js';
import type { Store, StoreLocation } from '../store/store.js';
import { Moved, serve } from '../threads/call.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { createFirstViews, createSitesViews, type PageProgram } from '../web/first-view.js';
import { composeReports, loadMode } from './compose.js';

lowerThreadPriority();
const place = workerData as StoreLocation;
await loadMode(place); // while the main thread starts

let store: Store | undefined;
let report: ReturnType<typeof createReporter>;
let firstDayOf: FirstDayOf;
let rollup: ReturnType<typeof createRollup>;
let overview: ReturnType<typeof createOverview>;

/** Built for Node, of the components that browsers run. From dist/src/process/report-thread.js. */
const load = async (locale: Locale): Promise<PageProgram> => {
  const program = new URL(`../../browser/first-view.${languageOf(locale)}.mjs?locale=${locale}`, import.meta.url);
  return (await import(program.href)) as PageProgram;
};

/** After a start has settled. */
const LOAD_AHEAD_AFTER_MS = 3_000;

/**
 * So that nobody waits for it: the first program takes most of a tenth of a second, and up to a second on a busy machine. Those
 * of other regions take little more than a hundredth then.
 */
async function loadAhead(): Promise<void> {
  for (const language of LANGUAGES) await load(regionalTag(language) as Locale);
}

const firstView = createFirstViews({
  report: (query) => report(query),
  firstDayOf: (site) => firstDayOf(site),
  load,
  kinds: DOCUMENT_KINDS,
  reportSchemas: answersOf(DOCUMENT_KINDS),
});

const sitesView = createSitesViews({ overview: (query) => overview(query), load });

serve<Record<never, never>, ReportThread>(
  {
    async open() {
      store = await composeReports(place);
      firstDayOf = createFirstDayOf(store.documents, DOCUMENT_KINDS);
      report = createReporter(store.documents, store.ledger, DOCUMENT_KINDS);
      rollup = createRollup(store.documents, store.ledger, DOCUMENT_KINDS);
      overview = createOverview(store.documents, DOCUMENT_KINDS);
      setTimeout(() => void loadAhead().catch(() => {}), LOAD_AHEAD_AFTER_MS).unref(); // a page that needs it tries again
    },
    report: (query) => (store as Store).failFast(() => report(query)),
    firstView: (query) => (store as Store).failFast(() => firstView(query)),
    sitesView: (query) => (store as Store).failFast(() => sitesView(query)),
    rollup: (query) => (store as Store).failFast(() => rollup(query)),
    overview: (query) => (store as Store).failFast(() => overview(query)),
    several: (queries) =>
      (store as Store).failFast(async () => {
        const made = await severalReports(report, queries);
        return new Moved(made, [made.body.buffer]);
      }),
  },
  async () => store?.close(),
);
