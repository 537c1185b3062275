// The chart of the site, and the choice how much time each of its bars stands for.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DayRange } from '../../time/day-range.js';
import type { Minutes, Traffic } from './answers.js';
import { isDayOf, type Now } from './change.js';
import { Chart, ChartTable } from './chart.js';
import { Csv } from './csv.js';
import { Kept } from './kept.js';
import type { Loaded } from './loaded.js';
import { nothingIn, periodName } from './period-names.js';
import { type ChartPoint, dayPoints, hourPoints, minutePoints, monthPoints, sinceBegun } from './points.js';
import { daysIn } from './ranges.js';
import { useSite } from './state.js';
import { Tabs } from './tabs.js';
import { CHART } from './texts.js';

type Bars = keyof typeof CHART.by;

/** More days than this are also shown by months. */
const DAYS_ALONE_MAX = 100;
/** More days than this are too many bars, on any screen. */
const DAYS_MAX = 2 * 366;
/** Narrower than this, the days of a year are too thin to be told apart. */
const YEAR_OF_DAYS_WIDTH_MIN_PX = 600;
/** The name of the choice in the address of the page. */
const TAB = 'chart';

export function MainChart({ loaded }: { loaded: Loaded | undefined }) {
  const { settings, traffic, nowOf, address, setTab } = useSite();
  const root = useRef<HTMLDivElement>(null);
  const [isNarrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    setNarrow((root.current as HTMLElement).clientWidth < YEAR_OF_DAYS_WIDTH_MIN_PX);
  }, []);

  const newest = traffic.value;
  const now = newest && nowOf(newest);
  if (newest === undefined || now === undefined) {
    return (
      <div ref={root}>
        <div class="chart" />
      </div>
    );
  }
  const choices = barsOf(newest, now).filter((one) => one !== 'fiveMinutes' || settings.shows('minutes'));
  const usual = isNarrow ? (choices.at(-1) as Bars) : (choices[0] as Bars);
  const bars = choices.find((one) => one === address.value.tabs[TAB]) ?? (isDayOf(newest, now) ? 'hours' : usual);
  const choose = (name: string): void =>
    setTab(
      TAB,
      choices.find((one) => CHART[one] === name),
    );
  const points = pointsOf(bars, newest, loaded?.answers.minutes, now);
  const caption = bars === 'months' ? CHART.captionOfViews : CHART.caption;
  const { shown } = loaded?.address ?? address.value;
  const empty = newest.total.views === 0 ? nothingIn(shown, now.day) : whyEmpty(bars, points);
  return (
    <>
      <Tabs names={choices.map((one) => CHART[one])} chosen={CHART[bars]} choose={choose} label={CHART.bars} />
      <div ref={root}>
        <Chart id="chart" points={points} />
      </div>
      <p id="chart-empty" class="empty" hidden={empty === undefined}>
        {empty}
      </p>
      <ChartTable id="chart-table" points={points} caption={caption(CHART.by[bars], periodName(shown, now.day))} />
      <div class="under">
        <Kept answer={newest} shown={shown} today={now.day} />
        <Csv report="traffic" list={daysIn(newest) === 1 ? 'rows.hours' : 'rows'} name={CHART.title} shown={shown} />
      </div>
    </>
  );
}

/** Another tool's export has no hours. */
function whyEmpty(bars: Bars, points: readonly ChartPoint[]): string | undefined {
  return bars === 'hours' && points.every(({ views }) => views === 0) ? CHART.noHours : undefined;
}

function barsOf(range: DayRange, now: Now): readonly Bars[] {
  const days = daysIn(range);
  if (days === 1) return isDayOf(range, now) ? ['hours', 'fiveMinutes'] : ['hours'];
  if (days <= DAYS_ALONE_MAX) return ['days'];
  return days <= DAYS_MAX ? ['days', 'months'] : ['months'];
}

function pointsOf(bars: Bars, traffic: Traffic, minutes: Minutes | undefined, now: Now): ChartPoint[] {
  const { day, hour, time, siteSince } = now;
  if (bars === 'fiveMinutes') return minutes === undefined ? [] : minutePoints(minutes, day, time);
  // the hours of another day are all over, as are those of today before this one
  if (bars === 'hours') return hourPoints(traffic.rows[0]?.hours ?? [], isDayOf(traffic, now) ? hour : '24');
  const days = sinceBegun(traffic.rows, siteSince);
  return bars === 'months' ? monthPoints(days, day) : dayPoints(days, day);
}
