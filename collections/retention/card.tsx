// Shows which visitors return: a grid of cohorts. It covers a whole year and changes little, so it is loaded once, and
// later only while it is in view.
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answered } from '../../src/browser/dashboard/answers.js';
import type { Card, CardProps } from '../../src/browser/dashboard/card.js';
import { CardFrame } from '../../src/browser/dashboard/card-frame.js';
import { Downloads } from '../../src/browser/dashboard/csv.js';
import { fetchReport } from '../../src/browser/dashboard/fetch.js';
import { dayName, monthName, number, rate } from '../../src/browser/dashboard/format.js';
import type { Loaded } from '../../src/browser/dashboard/loaded.js';
import { useSite } from '../../src/browser/dashboard/state.js';
import { Tabs } from '../../src/browser/dashboard/tabs.js';
import { LISTS } from '../../src/browser/dashboard/texts.js';
import type { DayRange } from '../../src/time/day-range.js';
import type { Answer as VisitorsAnswer } from '../visitors/report.js';
import { begunCohorts, type CohortKind, cohortRange, type GridCell, type GridRow, gridRows } from './cohorts.js';
import type { Answer } from './report.js';

const KINDS = ['weeks', 'months'] as const satisfies readonly CohortKind[];

const EN = {
  title: 'Retention',
  by: 'Retention by',
  kinds: { weeks: 'Weeks', months: 'Months' },
  grid: 'Cohorts',
  captions: {
    weeks: 'Browsers that came back, by the week of their first view',
    months: 'Browsers that came back, by the month of their first view',
  },
  firstHere: 'First here',
  browsers: 'Browsers',
  later: (periods: number) => `+${periods}`,
  some: (returned: string, browsers: string) => `${returned} of ${browsers}`,
  soFar: (counted: string) => `${counted} so far`,
  newest: 'Show the newest',
  older: (rows: string) => `Show ${rows} older`,
  loading: 'Loading …',
  meanings: {
    weeks:
      'How many of each week’s new visitors came back 1, 2, 3 … weeks later. Weeks are in UTC; ' +
      'the last number of each row is still growing.',
    months:
      'How many of each month’s new visitors came back 1, 2, 3 … months later. Months are in UTC; ' +
      'the last number of each row is still growing.',
  },
  nobody: 'No visitor with a record in their browser yet. Only for these visitors is it known who comes back.',
  tooEarly: 'Not enough data yet. There are new visitors; those who come back are shown from the first week on.',
};
const DE: typeof EN = {
  title: 'Wiederkehr',
  by: 'Wiederkehr, Zeitraum',
  kinds: { weeks: 'Wochen', months: 'Monate' },
  grid: 'Kohorten',
  captions: {
    weeks: 'Browser, die wiederkamen, nach der Woche ihres ersten Seitenaufrufs',
    months: 'Browser, die wiederkamen, nach dem Monat ihres ersten Seitenaufrufs',
  },
  firstHere: 'Zuerst hier',
  browsers: 'Browser',
  later: (periods) => `+${periods}`,
  some: (returned, browsers) => `${returned} von ${browsers}`,
  soFar: (counted) => `bisher ${counted}`,
  newest: 'Neueste anzeigen',
  older: (rows) => `${rows} ältere anzeigen`,
  loading: 'Wird geladen …',
  meanings: {
    weeks:
      'Wie viele der neuen Besucher einer Woche 1, 2, 3 … Wochen später wiederkamen. Die Wochen gelten in UTC; ' +
      'die letzte Zahl jeder Zeile wächst noch.',
    months:
      'Wie viele der neuen Besucher eines Monats 1, 2, 3 … Monate später wiederkamen. Die Monate gelten in UTC; ' +
      'die letzte Zahl jeder Zeile wächst noch.',
  },
  nobody: 'Noch kein Besucher mit Besuchsdaten im Browser. Nur von solchen Besuchern ist bekannt, wer wiederkommt.',
  tooEarly: 'Noch nicht genug Daten. Es gibt neue Besucher; wer wiederkommt, steht hier nach der ersten Woche.',
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

export const card: Card = { report: 'retention', place: 'below', order: 10, asksItself: true, View: Retention };

const READ_EVERY_MS = 60_000;
const NEAR_PX = 300;
/** With fewer browsers, the numbers are more useful than a percentage. */
const FEW_BROWSERS = 10;
/** How many of the newest rows are shown at first. */
const ROWS_AT_FIRST = 12;

function Retention({ loaded }: CardProps) {
  const root = useRef<HTMLElement>(null);
  const read = useRetention(root, loaded);
  const { address, setTab } = useSite();
  const kind = KINDS.find((one) => one === address.value.tabs.retention) ?? 'weeks';
  const [isExpanded, setExpanded] = useState(false);
  const all = read === undefined ? [] : gridRows(begunCohorts(read.answer[kind], kind, read.today, read.utcDay));
  const rows = isExpanded ? all : all.slice(-ROWS_AT_FIRST);
  const choose = (name: string): void => setTab('retention', name === TEXTS.kinds.months ? 'months' : undefined);
  return (
    <CardFrame
      title={TEXTS.title}
      look="retention"
      root={root}
      origin={read && { from: 'counters', asOf: read.answer.asOf }}
      under={
        <>
          {all.length > ROWS_AT_FIRST && (
            <button type="button" class="quiet more" onClick={() => setExpanded(!isExpanded)}>
              {isExpanded ? TEXTS.newest : TEXTS.older(number(all.length - ROWS_AT_FIRST))}
            </button>
          )}
          {read !== undefined && all.length > 0 && (
            <Downloads
              report="retention"
              list={kind}
              name={LISTS.tabOf(TEXTS.title, TEXTS.kinds[kind])}
              shown={read.range}
              hasRows={false}
            />
          )}
        </>
      }
    >
      <Tabs names={KINDS.map((one) => TEXTS.kinds[one])} chosen={TEXTS.kinds[kind]} choose={choose} label={TEXTS.by} />
      {read === undefined && <div class="grid" />}
      {all.length > 0 && (
        <section class="grid" aria-label={TEXTS.grid} tabindex={0}>
          <Grid rows={rows} kind={kind} />
        </section>
      )}
      <p class="hint">{read === undefined ? TEXTS.loading : all.length > 0 ? TEXTS.meanings[kind] : whyEmpty(loaded)}</p>
    </CardFrame>
  );
}

function whyEmpty(loaded: Loaded | undefined): string {
  return newVisitors(loaded) > 0 ? TEXTS.tooEarly : TEXTS.nobody;
}

/** The page loads these for the card of visitors. */
function newVisitors(loaded: Loaded | undefined): number {
  const visitors = loaded?.answers.visitors as VisitorsAnswer | undefined;
  return visitors?.total.new ?? 0;
}

interface Read {
  readonly answer: Answered<Answer>;
  readonly today: string;
  readonly utcDay: string;
  readonly range: DayRange;
}

/** The newest answer; undefined until there is one. It is loaded with the other reports, and when the card comes into view. */
function useRetention(root: RefObject<HTMLElement | null>, loaded: Loaded | undefined): Read | undefined {
  const { settings, signedOut, failed } = useSite();
  const read = useSignal<Read | undefined>(undefined);
  const reading = useRef({ lastMs: Number.NEGATIVE_INFINITY, isUnderWay: false }).current;

  const readIfDue = async (): Promise<void> => {
    if (loaded === undefined || signedOut.peek() !== undefined || reading.isUnderWay) return;
    const { answer } = read.peek() ?? {};
    const isEmpty = answer !== undefined && answer.weeks.length + answer.months.length === 0;
    const isOld = Date.now() - reading.lastMs >= READ_EVERY_MS;
    const isDue = answer === undefined || (isEmpty && newVisitors(loaded) > 0) || (isOld && isNear(root.current));
    if (!isDue) return;
    const [today, utcDay] = [loaded.now.day, loaded.answers.traffic.asOf.slice(0, '2026-11-20'.length)];
    reading.isUnderWay = true;
    try {
      const range = cohortRange(today, utcDay);
      const next = await fetchReport<Answer>(settings.site, 'retention', range);
      reading.lastMs = Date.now();
      read.value = { answer: next, today, utcDay, range };
    } catch (error) {
      failed(error);
    } finally {
      reading.isUnderWay = false;
    }
  };

  const newest = useRef(readIfDue);
  newest.current = readIfDue;
  // Runs whenever the page has loaded its reports.
  useEffect(() => void newest.current(), [loaded]);
  useEffect(() => {
    const observer = new IntersectionObserver(() => void newest.current(), { rootMargin: `${NEAR_PX}px` });
    observer.observe(root.current as HTMLElement);
    return () => observer.disconnect();
  }, [root]);
  return read.value;
}

/** Measures the position now, because an IntersectionObserver reports it with a delay. */
function isNear(element: HTMLElement | null): boolean {
  if (element === null) return false;
  const { top, bottom } = element.getBoundingClientRect();
  return top < innerHeight + NEAR_PX && bottom > -NEAR_PX;
}

function Grid({ rows, kind }: { rows: readonly GridRow[]; kind: CohortKind }) {
  const columns = Array.from({ length: Math.max(0, ...rows.map(({ cells }) => cells.length)) }, (_, index) => index);
  return (
    <table>
      <caption class="visually-hidden">{TEXTS.captions[kind]}</caption>
      <thead>
        <tr>
          <th scope="col">{TEXTS.firstHere}</th>
          <th scope="col">{TEXTS.browsers}</th>
          {columns.map((index) => (
            <th key={index} scope="col">
              {TEXTS.later(index + 1)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, browsers, cells }) => (
          <tr key={key}>
            <th scope="row">{cohortName(key, kind)}</th>
            <td class="size">{number(browsers)}</td>
            {columns.map((index) => (
              <Cell key={index} cell={cells[index]} browsers={browsers} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cohortName(key: string, kind: CohortKind): string {
  return kind === 'weeks' ? dayName(key, 'short') : `${monthName(key, 'short')} ${key.slice(0, 4)}`;
}

function Cell({ cell, browsers }: { cell: GridCell | undefined; browsers: number }) {
  if (cell === undefined) return <td />;
  const { part, returned, isOpen } = cell;
  const counted = TEXTS.some(number(returned), number(browsers));
  return (
    <td
      class={isOpen ? 'part open' : 'part'}
      title={isOpen ? TEXTS.soFar(counted) : counted}
      style={{ '--part': String(part ?? 0) }}
    >
      {browsers > 0 && browsers < FEW_BROWSERS ? counted : rate(part)}
    </td>
  );
}
