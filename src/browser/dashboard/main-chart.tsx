// The chart of the site, and the choice how much time each of its bars stands for.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Shown } from './address.js';
import type { Minutes, Traffic } from './answers.js';
import type { Now } from './change.js';
import { Chart, ChartTable } from './chart.js';
import type { Loaded } from './loaded.js';
import { type ChartPoint, dayPoints, hourPoints, minutePoints, monthPoints, sinceBegun } from './points.js';
import { useSite } from './state.js';
import { Tabs } from './tabs.js';
import { CHART, NOTHING_YET } from './texts.js';

type Bars = keyof typeof CHART.by;

const CHOICES: Readonly<Record<Shown, readonly Bars[]>> = {
  today: ['hours', 'fiveMinutes'],
  month: ['days'],
  year: ['days', 'months'],
};
/** Narrower than this, the days of a year are too thin to be told apart. */
const YEAR_OF_DAYS_WIDTH_MIN_PX = 600;

export function MainChart({ loaded }: { loaded: Loaded | undefined }) {
  const { settings, traffic, nowOf } = useSite();
  const root = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<Readonly<Record<Shown, Bars>>>({ today: 'hours', month: 'days', year: 'days' });
  useLayoutEffect(() => {
    const isNarrow = (root.current as HTMLElement).clientWidth < YEAR_OF_DAYS_WIDTH_MIN_PX;
    if (isNarrow) setChosen((bars) => ({ ...bars, year: 'months' }));
  }, []);

  const newest = traffic.value;
  const shown = newest?.shown ?? 'today';
  const bars = chosen[shown];
  const names = CHOICES[shown].filter((one) => one !== 'fiveMinutes' || settings.shows('minutes')).map((one) => CHART[one]);
  const choose = (name: string): void => {
    const next = CHOICES[shown].find((one) => CHART[one] === name);
    if (next !== undefined) setChosen({ ...chosen, [shown]: next });
  };
  const points = newest === undefined ? [] : pointsOf(bars, newest, loaded?.answers.minutes, nowOf(newest.traffic));
  const caption = bars === 'months' ? CHART.captionOfViews : CHART.caption;
  const isEmpty = newest !== undefined && newest.traffic.total.views === 0;
  return (
    <>
      {newest && <Tabs names={names} chosen={CHART[bars]} choose={choose} label={CHART.bars} />}
      <div ref={root}>{newest ? <Chart id="chart" points={points} /> : <div class="chart" />}</div>
      <p id="chart-empty" class="empty" hidden={!isEmpty}>
        {isEmpty && NOTHING_YET[shown]}
      </p>
      {newest && <ChartTable id="chart-table" points={points} caption={caption(CHART.by[bars], CHART.period[shown])} />}
    </>
  );
}

function pointsOf(
  bars: Bars,
  { shown, traffic }: { readonly shown: Shown; readonly traffic: Traffic },
  minutes: Minutes | undefined,
  { day, hour, time, siteSince }: Now,
): ChartPoint[] {
  if (bars === 'fiveMinutes') return minutes === undefined ? [] : minutePoints(minutes, day, time);
  if (bars === 'hours') return hourPoints(traffic.rows[0]?.hours ?? [], hour);
  const days = sinceBegun(traffic.rows, siteSince);
  return bars === 'months' ? monthPoints(days, day) : dayPoints(days, day, shown === 'year');
}
