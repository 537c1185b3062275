// The moments between which the numbers on the page are counted.
import { addDays } from '../../time/dates.js';
import type { PageSite } from '../../web/first-view.js';
import type { Traffic } from './answers.js';
import type { Now } from './change.js';
import type { Clock } from './format.js';

/**
 * Right after midnight, hits may be counted up to a moment of the day before: then nothing of this day is over. A range that
 * begins later than that is in the future.
 */
export function createNow(clock: Clock, since: string): (traffic: Traffic) => Now {
  const siteSince = clock.day(new Date(since));
  return ({ asOf, from }) => {
    const at = new Date(asOf);
    const day = clock.day(at);
    if (day < from && (from <= addDays(day, 1) || from <= clock.day(new Date())))
      return { day: from, hour: '00', time: '00:00', siteSince };
    return { day, hour: clock.hour(at), time: clock.time(at), siteSince };
  };
}

/** The first day with numbers, as far as it is known. Imported ones may be older than the site. */
export function beginningOf({ since, firstDay = since }: Pick<PageSite, 'since' | 'firstDay'>, today: string): string {
  return [since.slice(0, 'yyyy-mm-dd'.length), firstDay, today].sort()[0] as string;
}
