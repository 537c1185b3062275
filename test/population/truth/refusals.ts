import { type Expected, rowsIn } from '../differences.js';
import type { View } from '../history.js';
import { clockOf } from '../local-time.js';
import { isIn, type Range } from './ranges.js';
import { groups, listed } from './rows.js';

/** Requests by their expected outcome: of each view, and of each ping. */
export function refusals(views: readonly View[]): (range: Range) => Expected {
  const all = views.flatMap(requestsOf);
  return (range) => {
    const requests = all.filter(({ day }) => isIn(day, range));
    const counted = requests.filter(({ refused }) => refused === undefined).length;
    const rows = listed(groups(requests, ({ refused }) => refused).map(([key, of]) => ({ key, views: of.length })));
    return {
      total: { received: requests.length, counted, refused: requests.length - counted },
      totalRows: rowsIn('rows'),
      rows: rows.map(({ key, views }) => ({ key, hits: views })),
    };
  };
}

function requestsOf({ person, ms, isLost, refused, reading }: View): Array<{ day: string; refused: string | undefined }> {
  const clock = clockOf(person.setup.site.timezone);
  const pings = (reading?.pings ?? []).map(({ ms, isTooLate }) => ({
    day: clock.at(ms).day,
    refused: refused ?? (isTooLate ? 'stale-ping' : undefined),
  }));
  return [...(isLost ? [] : [{ day: clock.at(ms).day, refused }]), ...pings];
}
