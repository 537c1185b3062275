// What it means to change a site's time zone at some moment: its local time leaps forward, or goes back.
import { DateTime } from 'luxon';

export interface ZoneChange {
  /** Forward: local times that no hit has. Back: local times that hits of both zones have. 0: nothing leaps at this moment. */
  readonly minutes: number;
  /** The local times between which that is, `2026-11-20 14:05`. Empty when nothing leaps. */
  readonly from: string;
  readonly to: string;
  /** The local days of the moment in both zones, and those between. */
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

/** For the owner, in whole sentences, each a line. */
export function zoneChangeText(before: string, after: string, { minutes, from, to, firstDay, lastDay }: ZoneChange): string[] {
  const days = firstDay === lastDay ? firstDay : `${firstDay} to ${lastDay}`;
  const effect =
    minutes === 0
      ? `Both zones have the same time at the moment: no hour is missing, and none is there twice.`
      : minutes > 0
        ? `Its time leaps forward by ${duration(minutes)}: there are no hits from ${from} to ${to} local time, so ${days} has a gap.`
        : `Its time goes back by ${duration(-minutes)}: local times from ${from} to ${to} come twice, so ${days} counts hits of both zones there.`;
  return [
    `From now on days and hours are counted in ${after}; what was counted before stays in ${before}.`,
    effect,
    'Visitors around the change may be counted in both days or in neither. No day can be counted anew in the new zone (see docs/operating.md).',
  ];
}

function duration(minutes: number): string {
  const seconds = Math.round(minutes * 60);
  const units = { hour: Math.floor(seconds / 3600), minute: Math.floor(seconds / 60) % 60, second: seconds % 60 };
  const parts = Object.entries(units).filter(([, count]) => count > 0);
  return parts.map(([unit, count]) => `${count} ${unit}${count === 1 ? '' : 's'}`).join(' and ');
}
