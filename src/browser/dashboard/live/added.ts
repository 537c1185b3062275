// Reports with the views that the feed has shown and that are not counted yet.
import type { LiveHit } from '../../../sharing/feed.js';
import type { Minutes, Traffic } from '../answers.js';
import type { CountedSlots, SeenView, Settled } from './settle.js';

type Slots = Settled['views'];

/** The hours of the traffic report, as `2026-11-20 12`. */
export function countedHours({ asOf, until, rows }: Traffic): CountedSlots {
  const views = rows.flatMap(({ key, hours }) => hours.map((hour) => [`${key} ${hour.key}`, hour.views] as const));
  return { asOfMs: Date.parse(asOf), untilMs: Date.parse(until), views: new Map(views) };
}

/** The five minutes of the minutes report, as `2026-11-20 12:35`. */
export function countedFiveMinutes({ asOf, until, rows }: Minutes): CountedSlots {
  const views = rows.flatMap(({ key, minutes }) => minutes.map((minute) => [`${key} ${minute.key}`, minute.views] as const));
  return { asOfMs: Date.parse(asOf), untilMs: Date.parse(until), views: new Map(views) };
}

export function inHour({ receivedAtMs, day, fiveMinutes }: LiveHit): SeenView {
  return { slot: `${day} ${fiveMinutes.slice(0, fiveMinutes.indexOf(':'))}`, receivedAtMs };
}

export function inFiveMinutes({ receivedAtMs, day, fiveMinutes }: LiveHit): SeenView {
  return { slot: `${day} ${fiveMinutes}`, receivedAtMs };
}

/** Days of an import have views without hours, so hours add to the days and the total. */
export function trafficWith(traffic: Traffic, settled: Slots): Traffic {
  let all = 0;
  const rows = traffic.rows.map((day) => {
    let ofDay = 0;
    const hours = day.hours.map((hour) => {
      const added = Math.max(0, (settled.get(`${day.key} ${hour.key}`) ?? 0) - hour.views);
      ofDay += added;
      return added === 0 ? hour : { ...hour, views: hour.views + added };
    });
    all += ofDay;
    return ofDay === 0 ? day : { ...day, views: day.views + ofDay, hours };
  });
  return all === 0 ? traffic : { ...traffic, total: { ...traffic.total, views: traffic.total.views + all }, rows };
}

export function minutesWith(report: Minutes, settled: Slots): Minutes {
  const rows = report.rows.map(({ key, minutes }) => ({
    key,
    minutes: minutes.map((five) => {
      const views = settled.get(`${key} ${five.key}`) ?? 0;
      return views > five.views ? { ...five, views } : five;
    }),
  }));
  return { ...report, rows };
}
