// The true answer of every report of a setup.

import type { Expected } from '../differences.js';
import type { View } from '../history.js';
import type { SiteSetup } from '../sites.js';
import { content } from './content.js';
import { daysWith } from './days.js';
import { engagement } from './engagement.js';
import { factsOf, readsOf } from './facts.js';
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

export const REPORTS = [
  'traffic',
  'visits',
  'visitors',
  'retention',
  'content',
  'engagement',
  'referrers',
  'technology',
  'minutes',
  'refusals',
] as const;
export type Report = (typeof REPORTS)[number];

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
    switch (report) {
      case 'traffic':
        return traffic(here, range, days);
      case 'visits':
        return visits(here, days);
      case 'visitors':
        return visitors(here, range, days);
      case 'retention':
        return retained(range);
      case 'content':
        return content(here, range, setup.capsDividedBy);
      case 'engagement':
        return engagement(readsIn(range), days, setup.capsDividedBy);
      case 'referrers':
        return referrers(here, range);
      case 'technology':
        return technology(here, range);
      case 'minutes':
        return { online: null, rows: minuteRows(days) };
      case 'refusals':
        return refused(range);
    }
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
