// The true answer of every report of a setup.

import type { Expected } from '../differences.js';
import type { View } from '../history.js';
import type { SiteSetup } from '../sites.js';
import { content } from './content.js';
import { daysWith } from './days.js';
import { engagement } from './engagement.js';
import { type Fact, factsOf, readsOf } from './facts.js';
import { hostnames } from './hostnames.js';
import { minuteRows, online } from './minutes.js';
import { page } from './pages.js';
import { lookalikes, records } from './people.js';
import { isIn, type Range } from './ranges.js';
import { referrers } from './referrers.js';
import { refusals } from './refusals.js';
import { retention } from './retention.js';
import { technology } from './technology.js';
import { traffic } from './traffic.js';
import { visitors } from './visitors.js';
import { visits } from './visits.js';

/** What the truth of a report is made from. */
interface Inputs {
  readonly range: Range;
  readonly days: ReturnType<ReturnType<typeof daysWith>>;
  /** The facts of these days. */
  readonly here: readonly Fact[];
  readonly reads: ReturnType<typeof readsOf>;
  readonly capsDividedBy: number;
  readonly retained: (range: Range) => Expected;
  readonly refused: (range: Range) => Expected;
}

/** How to recount each report. A new report needs a line here. */
const TRUTHS = {
  traffic: ({ here, range, days }) => traffic(here, range, days),
  visits: ({ here, days }) => visits(here, days),
  visitors: ({ here, range, days }) => visitors(here, range, days),
  retention: ({ retained, range }) => retained(range),
  content: ({ here, range, capsDividedBy }) => content(here, range, capsDividedBy),
  engagement: ({ reads, days, capsDividedBy }) => engagement(reads, days, capsDividedBy),
  referrers: ({ here, range }) => referrers(here, range),
  hostnames: ({ here, range }) => hostnames(here, range),
  technology: ({ here, range }) => technology(here, range),
  minutes: ({ days }) => ({ online: null, rows: minuteRows(days) }),
  refusals: ({ refused, range }) => refused(range),
} satisfies Readonly<Record<string, (inputs: Inputs) => Expected>>;

export type Report = keyof typeof TRUTHS;
export const REPORTS = Object.keys(TRUTHS) as Report[];
/** `page` below recounts these. */
export const REPORTS_ON_ONE_PAGE = ['pages'];

export type Truth = ReturnType<typeof truthOf>;

export function truthOf(setup: SiteSetup, views: readonly View[]) {
  const facts = factsOf(setup, views);
  const reads = readsOf(setup, views);
  const [retained, refused] = [retention(facts), refusals(views)];
  const daysIn = daysWith(facts, setup.site.timezone);
  const readsIn = (range: Range) => reads.filter(({ local }) => isIn(local.day, range));
  const known = new Map<string, Expected>();
  const truthAbout = (report: Report, range: Range): Expected => {
    const days = daysIn(range);
    const here = days.flatMap((day) => day.facts);
    const { capsDividedBy } = setup;
    return TRUTHS[report]({ range, days, here, reads: readsIn(range), capsDividedBy, retained, refused });
  };
  return {
    facts,
    views,
    report(report: Report, range: Range): Expected {
      const key = `${report} ${range.from} ${range.to}`;
      const truth = known.get(key) ?? truthAbout(report, range);
      known.set(key, truth);
      return truth;
    },
    page: (path: string, range: Range): Expected => page(path, readsIn(range), daysIn(range), setup.capsDividedBy),
    visitors(range: Range): number {
      const here = daysIn(range).flatMap((day) => day.facts);
      return records(here) + lookalikes(here);
    },
    online: (nowMs: number): Expected => online(facts, nowMs),
  };
}
