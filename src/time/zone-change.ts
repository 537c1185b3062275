// The effect of changing a site's time zone: its local time leaps forward, or goes back.
import { DateTime } from 'luxon';

export interface ZoneChange {
  /** Positive: local times are skipped, so they have no hits. Negative: local times occur twice. 0: nothing changes now. */
  readonly minutes: number;
  /** The local times that are skipped or occur twice, `2026-11-20 14:05`. Empty when `minutes` is 0. */
  readonly from: string;
  readonly to: string;
  /** The range of local days that the change affects. */
  readonly firstDay: string;
  readonly lastDay: string;
}

const FORMAT = 'yyyy-MM-dd HH:mm';

/** `nowMs`: milliseconds since 1970, UTC. */
export function zoneChange(before: string, after: string, nowMs: number): ZoneChange {
  const [old, now] = [before, after].map((zone) => DateTime.fromMillis(nowMs, { zone })) as [DateTime, DateTime];
  const minutes = now.offset - old.offset;
  const [earlier, later] = minutes >= 0 ? [old, now] : [now, old];
  return {
    minutes,
    from: minutes === 0 ? '' : earlier.toFormat(FORMAT),
    to: minutes === 0 ? '' : later.toFormat(FORMAT),
    firstDay: earlier.toFormat('yyyy-MM-dd'),
    lastDay: later.toFormat('yyyy-MM-dd'),
  };
}

/** Sentences for the owner of the site, one per line. */
export function zoneChangeText(before: string, after: string, { minutes, from, to, firstDay, lastDay }: ZoneChange): string[] {
  const days = firstDay === lastDay ? firstDay : `${firstDay} to ${lastDay}`;
  const effect =
    minutes === 0
      ? `Both zones have the same time now: no hour is missing, and none occurs twice.`
      : minutes > 0
        ? `Its time leaps forward by ${duration(minutes)}: ` +
          `there are no hits from ${from} to ${to} local time, so ${days} has a gap.`
        : `Its time goes back by ${duration(-minutes)}: ` +
          `local times from ${from} to ${to} occur twice, so ${days} contains hits of both zones at these times.`;
  return [
    `From now on, days and hours are counted in ${after}. Hits that were counted before remain in ${before}.`,
    effect,
    'Visitors around the change may be counted in both days or in neither. ' +
      'No day can be counted again in the new zone (see docs/operating.md).',
  ];
}

function duration(minutes: number): string {
  const seconds = Math.round(minutes * 60);
  const units = { hour: Math.floor(seconds / 3600), minute: Math.floor(seconds / 60) % 60, second: seconds % 60 };
  const parts = Object.entries(units).filter(([, count]) => count > 0);
  return parts.map(([unit, count]) => `${count} ${unit}${count === 1 ? '' : 's'}`).join(' and ');
}
