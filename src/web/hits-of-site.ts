// The hits of a site in the current month, from its report of that month.
import type { HitsOfSite } from '../people/usage.js';
import type { Reports } from '../reporting/port.js';
import type { Accounts } from '../store/accounts.js';
import { resolvePeriod } from '../time/period.js';

export interface HitsParts {
  readonly accounts: Pick<Accounts, 'site'>;
  readonly reports: Pick<Reports, 'report'>;
  readonly nowMs: () => number;
}

/** Hits are the views of the traffic report, so that owners can check the number. The month is that of the site's time zone. */
export function createHitsOfSite({ accounts, reports, nowMs }: HitsParts): HitsOfSite {
  return async (id) => {
    const site = accounts.site(id);
    if (site === undefined) return 0; // it was deleted
    const { timezone } = site;
    const month = resolvePeriod('month', undefined, timezone, nowMs());
    const text = await reports.report({
      ...{ report: 'traffic', site: id, timezone, ...month },
      ...{ limit: 1, search: '', page: '', asOfMs: nowMs() },
    });
    return (JSON.parse(text) as { readonly total: { readonly views: number } }).total.views;
  };
}
