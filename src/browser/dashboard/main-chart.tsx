// The chart of the site: it draws the number that is chosen above it, and offers the choice of what each bar stands for.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { addDays } from '../../time/dates.js';
import { NoteList } from './annotations/note-list.js';
import { notesIn, useNotes, withNotes } from './annotations/notes.js';
import type { Minutes, Traffic } from './answers.js';
import { comparedName, comparedOf, isCovered, isDayOf, type Now } from './change.js';
import { Chart, ChartTable, Legend, type Series } from './chart.js';
import { Downloads } from './csv.js';
import { fetchReport } from './fetch.js';
import { axisOf, hourName, timeName } from './format.js';
import { Kept } from './kept.js';
import type { Loaded } from './loaded.js';
import { type Counted, countedIn, type HeadMeasure, MEASURES } from './measures.js';
import { useChosenNumber } from './number-row.js';
import { NUMBERS } from './numbers.js';
import { nothingIn, periodName } from './period-names.js';
import {
  barsOf,
  type ChartPoint,
  hourPoints,
  hoursOfDays,
  lacksWeeks,
  minutePoints,
  type PeriodBars,
  periodPoints,
  spanOf,
  within,
} from './points.js';
import { daysIn, HOURS_DAYS_MAX, isSame, named } from './ranges.js';
import { useSite } from './state.js';
import { Tabs } from './tabs.js';
import { CHART } from './texts.js';

type Bars = PeriodBars | 'hours' | 'fiveMinutes';

/** Narrower than this, more days than this are too thin to be told apart. */
const YEAR_OF_DAYS_WIDTH_MIN_PX = 600;
const DAYS_NARROW_MAX = 100;
/** More days are shown by the day unless hours are chosen: each day has a bar of its own then. */
const DAYS_BY_HOURS_MAX = 2;
/** Every five minutes are kept for two months. */
const MINUTES_DAYS_MAX = 59;
/** The name of the choice in the address of the page. */
const TAB = 'chart';

export function MainChart({ loaded }: { loaded: Loaded | undefined }) {
  const { traffic, nowOf } = useSite();
  const newest = traffic.value;
  const root = useRef<HTMLDivElement>(null);
  const [isNarrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    setNarrow((root.current as HTMLElement).clientWidth < YEAR_OF_DAYS_WIDTH_MIN_PX);
  }, []);
  return (
    <div ref={root}>
      {newest === undefined ? <ToCome /> : <Drawn loaded={loaded} newest={newest} now={nowOf(newest)} isNarrow={isNarrow} />}
    </div>
  );
}

/** In the place of the chart that is still being loaded. */
function ToCome() {
  return (
    <>
      <div class="bars" />
      <div class="chart" />
      <Legend label="" compared={undefined} />
      <div class="under" />
    </>
  );
}

interface DrawnProps {
  readonly loaded: Loaded | undefined;
  readonly newest: Traffic;
  readonly now: Now;
  readonly isNarrow: boolean;
}

function Drawn({ loaded, newest, now, isNarrow }: DrawnProps) {
  const { address, choose, zoom, setTab } = useSite();
  const name = useChosenNumber();
  const measure: HeadMeasure = MEASURES[name];
  const { report, compared } = reportsOf(measure, loaded, newest, now);
  const choices = useChoices(report, measure, now);
  const { hours } = address.value;
  const bars =
    choices.find((one) => one === address.value.tabs[TAB]) ?? usualBars(choices, report, isNarrow, hours !== undefined);
  const minutes = useMinutes(bars, report, loaded, now);
  const notes = useNotes();
  const shownNotes = notesIn(notes.all ?? [], report, hours);
  const points = withNotes(pointsOf(bars, { report, compared, measure, minutes, now }, hours), shownNotes);
  const { shown } = loaded?.address ?? address.value;
  const label = NUMBERS.find((one) => one.name === name)?.label ?? '';
  const series: Series = { name: label, text: measure.text, axis: axisOf(measure), isWhole: measure.kind === 'count' };
  const otherName =
    compared && points.some(({ before }) => before !== undefined) ? comparedName(report, compared, now) : undefined;
  const open = (point: ChartPoint): void => {
    const { range, hours: ofPoint } = spanOf(point, point);
    if (range !== undefined && !isSame(range, report)) zoom({ shown: named(range, now.day) });
    // an hour is opened where it has shorter bars
    else if (ofPoint !== undefined && bars === 'hours' && choices.includes('fiveMinutes')) {
      setTab(TAB, undefined);
      zoom({ shown, hours: ofPoint });
    }
  };
  const zoomTo = (first: ChartPoint, last: ChartPoint): void => {
    const { range, hours: selected } = spanOf(first, last);
    zoom(range === undefined ? { shown, hours: selected } : { shown: named(range, now.day) });
  };
  const empty = newest.total.views === 0 ? nothingIn(shown, now.day) : whyEmpty(bars, points);
  return (
    <>
      <div class="bars">
        <Tabs
          names={choices.map((one) => CHART[one])}
          chosen={CHART[bars]}
          choose={(text) =>
            setTab(
              TAB,
              choices.find((one) => CHART[one] === text),
            )
          }
          label={CHART.bars}
        />
        {hours !== undefined && (
          <button type="button" class="small-button" onClick={() => choose({ hours: undefined })}>
            {CHART.wholeDay(hourName(hours[0]), timeName(`${hours[1]}:59`))}
          </button>
        )}
      </div>
      <Chart id="chart" points={points} series={[series]} open={open} zoom={zoomTo} />
      <Legend label={label} compared={otherName} />
      <p id="chart-empty" class="empty" hidden={empty === undefined}>
        {empty}
      </p>
      <ChartTable
        id="chart-table"
        points={points}
        series={[series]}
        compared={otherName}
        caption={CHART.caption(label, CHART.by[bars], periodName(shown, now.day))}
      />
      <NoteList notes={notes} shown={shownNotes} today={now.day} />
      <div class="under">
        <Kept answer={newest} shown={shown} today={now.day} />
        <Downloads
          report="traffic"
          list={bars === 'hours' || bars === 'fiveMinutes' ? 'rows.hours' : 'rows'}
          name={CHART.title}
          shown={shown}
          hasRows={false}
        />
      </div>
      {lacksWeeks(report, measure) && <p class="hint no-weeks">{CHART.noWeeks}</p>}
    </>
  );
}

/** The newest traffic comes without what it is compared with, and other reports only with the answers. */
function reportsOf(measure: HeadMeasure, loaded: Loaded | undefined, newest: Traffic, now: Now) {
  const counted = loaded && countedIn(loaded.answers, measure);
  const latest = measure.report === 'traffic' ? countedIn({ traffic: newest }, measure) : counted;
  const report = latest ?? { ...(newest as unknown as Counted), rows: [] };
  const isComparable = loaded !== undefined && isCovered(loaded.answers.traffic, now);
  return { report, compared: counted && isComparable && isSame(counted, report) ? comparedOf(counted) : undefined };
}

function useChoices(report: Counted, measure: HeadMeasure, now: Now): readonly Bars[] {
  const { shows } = useSite().settings;
  if (report.from !== report.to)
    return [...(daysIn(report) <= HOURS_DAYS_MAX ? (['hours'] as const) : []), ...barsOf(report, measure)];
  const hasMinutes = measure.report === 'traffic' && shows('minutes') && report.from >= addDays(now.day, -MINUTES_DAYS_MAX);
  return hasMinutes ? ['hours', 'fiveMinutes'] : ['hours'];
}

function usualBars(choices: readonly Bars[], report: Counted, isNarrow: boolean, isZoomed: boolean): Bars {
  const days = daysIn(report);
  if (isZoomed || (isNarrow && days > DAYS_NARROW_MAX)) return choices.at(-1) as Bars;
  return choices.find((one) => one !== 'hours' || days <= DAYS_BY_HOURS_MAX) as Bars;
}

/** The minutes of today are among the answers; those of another day are asked for once. */
function useMinutes(bars: Bars, { from }: Counted, loaded: Loaded | undefined, now: Now): Minutes | undefined {
  const { settings, live, failed } = useSite();
  const [ofDay, setOfDay] = useState<Minutes | undefined>(undefined);
  const isWanted = bars === 'fiveMinutes' && from !== now.day;
  useEffect(() => {
    if (isWanted) void fetchReport<Minutes>(settings.site, 'minutes', { from, to: from }).then(setOfDay, failed);
  }, [isWanted, from]);
  if (from === now.day) return loaded?.answers.minutes && live.fiveMinutes(loaded.answers.minutes);
  return ofDay?.from === from ? ofDay : undefined;
}

interface Sources {
  readonly report: Counted;
  readonly compared: Counted | undefined;
  readonly measure: HeadMeasure;
  readonly minutes: Minutes | undefined;
  readonly now: Now;
}

function pointsOf(bars: Bars, sources: Sources, hours: readonly [string, string] | undefined): readonly ChartPoint[] {
  const { report, compared, measure, minutes, now } = sources;
  // the hours of another day are all over, as are those of today before this one
  const isToday = isDayOf(report, now);
  if (bars === 'hours' && report.from !== report.to) return hoursOfDays({ report, compared, measure, now });
  if (bars === 'hours') return within(hourPoints(report, compared, measure, isToday ? now.hour : '24'), hours);
  if (bars !== 'fiveMinutes') return periodPoints(bars, { report, compared, measure, now });
  return minutes === undefined ? [] : within(minutePoints(minutes, report.from, isToday ? now.time : '24', measure), hours);
}

/** Another tool's export has no hours. */
function whyEmpty(bars: Bars, points: readonly ChartPoint[]): string | undefined {
  return bars === 'hours' && points.every(({ values }) => !values[0]) ? CHART.noHours : undefined;
}
