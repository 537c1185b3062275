// The chart of the site: which bars, of how long each.
import type { Shown } from './address.js';
import type { Minutes, Traffic } from './answers.js';
import type { Now } from './change.js';
import { createChart } from './chart.js';
import { element } from './dom.js';
import { type ChartPoint, dayPoints, hourPoints, minutePoints, monthPoints, sinceBegun } from './points.js';
import { createTabs } from './tabs.js';

const BARS: Readonly<Record<Shown, readonly string[]>> = {
  today: ['Hours', '5 minutes'],
  month: ['Days'],
  year: ['Days', 'Months'],
};
const PERIODS: Readonly<Record<Shown, string>> = { today: 'today', month: 'this month', year: 'this year' };
/** Narrower than this, the days of a year are too thin to be told apart. */
const YEAR_OF_DAYS_WIDTH_MIN = 600;

export interface MainChart {
  show(traffic: Traffic, minutes: Minutes | undefined, shown: Shown, now: Now & { readonly time: string }): void;
}

export function createMainChart(): MainChart {
  const container = element('chart', HTMLDivElement);
  const chart = createChart(container, element('chart-table', HTMLTableElement));
  const tabs = createTabs('Bars', (name) => {
    chosen[last?.[2] ?? 'today'] = name;
    render();
  });
  container.before(tabs.root);
  const chosen: Record<Shown, string> = {
    today: 'Hours',
    month: 'Days',
    year: container.clientWidth < YEAR_OF_DAYS_WIDTH_MIN ? 'Months' : 'Days',
  };
  let last: Parameters<MainChart['show']> | undefined;

  const render = (): void => {
    if (last === undefined) return;
    const [traffic, minutes, shown, now] = last;
    const bars = chosen[shown];
    tabs.show(BARS[shown], bars);
    const what = bars === 'Months' ? 'Views' : 'Views and visitors';
    chart.show(points(bars, traffic, minutes, now, shown), `${what} by ${BY[bars]}, ${PERIODS[shown]}`);
  };

  return {
    show(...next) {
      last = next;
      render();
    },
  };
}

const BY: Readonly<Record<string, string>> = { Hours: 'hour', '5 minutes': 'five minutes', Days: 'day', Months: 'month' };

function points(
  bars: string,
  traffic: Traffic,
  minutes: Minutes | undefined,
  { day, hour, time, siteSince }: Now & { readonly time: string },
  shown: Shown,
): ChartPoint[] {
  if (bars === '5 minutes') return minutes === undefined ? [] : minutePoints(minutes, day, time);
  if (bars === 'Hours') return hourPoints(traffic.rows[0]?.hours ?? [], hour);
  const rows = sinceBegun(traffic.rows, siteSince);
  return bars === 'Months' ? monthPoints({ rows }, day) : dayPoints(rows, day, shown === 'year');
}
