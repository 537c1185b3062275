import { describe, expect, it } from '@jest/globals';
import { forPeople, forPrograms, type Sentence } from '../language/sentence.js';
import { type ZoneChange, zoneChange, zoneChangeText } from './zone-change.js';

const at = (iso: string) => Date.parse(iso);
const effectOf = (before: string, after: string, change: ZoneChange) =>
  forPrograms(zoneChangeText(before, after, change)[1] as Sentence);

describe('a change of time zone', () => {
  it('to the east leaves a gap as long as the difference between the zones at that time', () => {
    const change = zoneChange('Europe/Berlin', 'Asia/Kolkata', at('2026-11-20T20:10:00Z'));
    expect(change).toEqual({
      minutes: 270,
      from: '2026-11-20 21:10',
      to: '2026-11-21 01:40',
      firstDay: '2026-11-20',
      lastDay: '2026-11-21',
    });
    expect(zoneChange('Europe/Berlin', 'Asia/Kolkata', at('2026-07-20T10:00:00Z')).minutes).toBe(210); // summer time
    const [, effect] = zoneChangeText('Europe/Berlin', 'Asia/Kolkata', change);
    expect(effect && forPrograms(effect)).toBe(
      'Its time leaps forward by 4 hours and 30 minutes: there are no hits ' +
        'from 2026-11-20 21:10 to 2026-11-21 01:40 local time, ' +
        'so 2026-11-20 to 2026-11-21 has a gap.',
    );
    expect(effect && forPeople(effect)('de')).toBe(
      'Die Ortszeit springt um 4 Stunden und 30 Minuten vor: Von 20.11.2026, 21:10 bis 21.11.2026, 01:40 gibt es keine ' +
        'Zugriffe, darum haben die Tage 20.11.2026 bis 21.11.2026 eine Lücke.',
    );
  });

  it('to the west repeats the hours of the difference', () => {
    const change = zoneChange('Europe/Berlin', 'Europe/London', at('2026-11-20T12:00:00Z'));
    expect(change).toMatchObject({ minutes: -60, from: '2026-11-20 12:00', to: '2026-11-20 13:00', lastDay: '2026-11-20' });
    expect(effectOf('Europe/Berlin', 'Europe/London', change)).toContain('goes back by 1 hour: local times from');
  });

  it('describes the leap in hours, minutes and seconds, omitting those that are 0', () => {
    const effect = (before: string, iso: string) => effectOf(before, 'UTC', zoneChange(before, 'UTC', at(iso)));
    expect(effect('Africa/Monrovia', '1971-06-01T00:00:00Z')).toContain('leaps forward by 44 minutes and 30 seconds:');
    expect(effect('America/St_Johns', '2026-11-20T00:00:00Z')).toContain('leaps forward by 3 hours and 30 minutes:');
    expect(effect('Atlantic/Azores', '2026-11-20T00:00:00Z')).toContain('leaps forward by 1 hour:');
  });

  it('between zones that have the same time changes nothing now', () => {
    const change = zoneChange('Europe/Berlin', 'Europe/Paris', at('2026-11-20T12:00:00Z'));
    expect(change).toMatchObject({ minutes: 0, firstDay: '2026-11-20', lastDay: '2026-11-20' });
    expect(effectOf('Europe/Berlin', 'Europe/Paris', change)).toContain('no hour is missing');
  });
});
