// The effect of changing a site's time zone: its local time leaps forward, or goes back.
import { DateTime } from 'luxon';
import type { InEach } from '../language/languages.js';
import type { Sentence } from '../language/sentence.js';

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

/** For the owner of the site. */
export function zoneChangeText(before: string, after: string, change: ZoneChange): readonly Sentence[] {
  return [
    {
      en: () => `From now on, days and hours are counted in ${after}. Hits that were counted before remain in ${before}.`,
      de: () => `Ab jetzt gelten Tage und Stunden in ${after}. Was davor gezählt wurde, bleibt in ${before}.`,
    },
    effectOf(change),
    {
      en: () =>
        'Visitors around the change may be counted in both days or in neither. ' +
        'No day can be counted again in the new zone (see docs/operating.md).',
      de: () =>
        'Besucher rund um die Änderung zählen vielleicht an beiden Tagen oder an keinem. ' +
        'Kein Tag kann in der neuen Zeitzone noch einmal gezählt werden (siehe docs/operating.md).',
    },
  ];
}

function effectOf({ minutes, from, to, firstDay, lastDay }: ZoneChange): Sentence {
  if (minutes === 0)
    return {
      en: () => 'Both zones have the same time now: no hour is missing, and none occurs twice.',
      de: () => 'In beiden Zeitzonen ist es jetzt gleich spät: Keine Stunde fehlt, und keine gibt es doppelt.',
    };
  const length = duration(Math.abs(minutes));
  const isOneDay = firstDay === lastDay;
  if (minutes > 0)
    return {
      en: ({ day, time }) =>
        `Its time leaps forward by ${length.en}: there are no hits from ${time(from)} to ${time(to)} local time, ` +
        `so ${isOneDay ? day(firstDay) : `${day(firstDay)} to ${day(lastDay)}`} has a gap.`,
      de: ({ day, time }) =>
        `Die Ortszeit springt um ${length.de} vor: Von ${time(from)} bis ${time(to)} gibt es keine Zugriffe, ` +
        `darum ${isOneDay ? `hat der ${day(firstDay)}` : `haben die Tage ${day(firstDay)} bis ${day(lastDay)}`} eine Lücke.`,
    };
  return {
    en: ({ day, time }) =>
      `Its time goes back by ${length.en}: local times from ${time(from)} to ${time(to)} occur twice, ` +
      `so ${isOneDay ? day(firstDay) : `${day(firstDay)} to ${day(lastDay)}`} contains hits of both zones at these times.`,
    de: ({ day, time }) =>
      `Die Ortszeit springt um ${length.de} zurück: Die Zeit von ${time(from)} bis ${time(to)} gibt es zweimal, ` +
      `darum enthält ${isOneDay ? `der ${day(firstDay)}` : `die Zeit vom ${day(firstDay)} bis zum ${day(lastDay)}`} dort ` +
      'Zugriffe aus beiden Zeitzonen.',
  };
}

const UNITS: InEach<readonly (readonly [one: string, several: string])[]> = {
  en: [
    ['hour', 'hours'],
    ['minute', 'minutes'],
    ['second', 'seconds'],
  ],
  de: [
    ['Stunde', 'Stunden'],
    ['Minute', 'Minuten'],
    ['Sekunde', 'Sekunden'],
  ],
};

function duration(minutes: number): InEach<string> {
  const seconds = Math.round(minutes * 60);
  const counts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = (units: (typeof UNITS)['en']): string[] =>
    units.flatMap(([one, several], i) => (counts[i] ? [`${counts[i]} ${counts[i] === 1 ? one : several}`] : []));
  return { en: parts(UNITS.en).join(' and '), de: parts(UNITS.de).join(' und ') };
}
