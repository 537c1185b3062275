// The numbers at the head of the page, in the order in which they are read: what came, how it came, how it was read.
import type { DayRange } from '../../time/day-range.js';
import type { Traffic } from './answers.js';
import type { Answers } from './ask.js';
import {
  type Basis,
  basisOf,
  comparedName,
  comparedOf,
  isCovered,
  isDayOf,
  type Now,
  partChanged,
  type SoFar,
  soFar,
} from './change.js';
import { change, medianText, number, rangeName, rate } from './format.js';
import type { Loaded } from './loaded.js';
import { type Counted, countedIn, type HeadMeasure, MEASURES, type MeasureName, totalOf } from './measures.js';
import { isSame } from './ranges.js';
import { NUMBERS as TEXTS, UNKNOWN } from './texts.js';

export interface HeadNumber {
  /** In the page's style sheet, in the ids of its elements and in the address of the page. */
  readonly name: MeasureName;
  readonly label: string;
  readonly title?: (answers: Answers) => string;
}

/** What a number was in the other range. */
export interface Before {
  /** The change, or why there is none. */
  readonly text: string;
  /** The same as a whole sentence. */
  readonly title?: string | undefined;
  /** The number there; `18,567 → 18,151` where the number at the head is of more hours or days than what is compared. */
  readonly was?: string;
  /** It compares only the hours or days that are over. */
  readonly isInPart?: boolean;
  /** It compares sums of hours, in which somebody who came in two of them counts twice. */
  readonly isAddedUp?: boolean;
  readonly direction?: 'up' | 'down' | undefined;
  readonly isGood?: boolean | undefined;
}

const visitsIn = ({ visits }: Answers): string => number(visits.total.recorded);

export const NUMBERS: readonly HeadNumber[] = [
  { name: 'views', label: TEXTS.views },
  { name: 'visitors', label: TEXTS.visitors },
  { name: 'visits', label: TEXTS.visits, title: () => TEXTS.visitsTitle },
  { name: 'bounce-rate', label: TEXTS.bounceRate, title: (all) => TEXTS.bounceRateTitle(visitsIn(all)) },
  { name: 'views-per-visit', label: TEXTS.viewsPerVisit, title: (all) => TEXTS.viewsPerVisitTitle(visitsIn(all)) },
  { name: 'visit-duration', label: TEXTS.visitDuration, title: (all) => TEXTS.visitDurationTitle(visitsIn(all)) },
  {
    name: 'reading-time',
    label: TEXTS.readingTime,
    title: ({ engagement: { total } }) => TEXTS.readingTimeTitle(medianText(total.medianSeconds)),
  },
];

/** `newest`: the traffic that the live feed keeps up to date, without what it is compared with. */
export function valueText({ name }: HeadNumber, loaded: Loaded | undefined, newest: Traffic | undefined): string {
  const measure: HeadMeasure = MEASURES[name];
  const answer =
    measure.report === 'traffic' ? (newest as unknown as Counted | undefined) : loaded && countedIn(loaded.answers, measure);
  return answer === undefined ? UNKNOWN : measure.text(totalOf(measure, answer));
}

/** With views but without a browser with a record, the number of visitors is not known. */
export function onlineIn({ minutes }: Answers): { value: string; title: string } {
  const now = minutes.online;
  const isKnown = now !== null && (now.visitors > 0 || now.views === 0);
  return { value: isKnown ? number(now.visitors) : UNKNOWN, title: TEXTS.onlineTitle(number(now?.views ?? 0)) };
}

/** Undefined where nothing can be compared, such as with a time before the site was created. */
export function beforeOf({ name }: HeadNumber, loaded: Loaded): Before | undefined {
  const measure: HeadMeasure = MEASURES[name];
  const { answers, now, before } = loaded;
  const { traffic } = answers;
  const report = countedIn(answers, measure);
  if (report === undefined) return undefined;
  // traffic is kept longest: its range is the one that was asked for
  if (!isSame(report, traffic)) return { text: TEXTS.ofRange(rangeName(report, now.day, 'short')), title: TEXTS.ofRangeTitle };
  if (report.compared === undefined || (report.expired ?? []).length > 0 || !isCovered(traffic, now)) return undefined;
  const other = comparedOf(report) ?? wholeMonths(report.compared, comparedOf(traffic));
  if (other === undefined) {
    const named = comparedName(traffic, traffic.compared ?? report.compared, now, 'short');
    return { text: TEXTS.notKept(named), title: TEXTS.notKeptTitle };
  }
  const over = overOf(measure, report, other, now);
  if (over !== undefined) {
    const inWords = worded(measure, over, { ...basisOf(report, other, now), total: totalOf(measure, report) });
    if (!measure.isUnique || !isDayOf(report, now)) return inWords;
    return addedUp(inWords, comparedName(report, other, now), measure.text(totalOf(measure, other)));
  }
  const [here, there] = [before?.nowLists, before?.beforeLists].map((lists) => lists?.traffic as Counted | undefined);
  if (measure.isUnique && here !== undefined && there !== undefined) {
    const part = { now: totalOf(measure, here) ?? 0, before: totalOf(measure, there) ?? 0 };
    const [name, than] = [here, there].map((range) => rangeName(range, now.day)) as [string, string];
    return worded(measure, part, { than, part: name, total: totalOf(measure, report) });
  }
  return wholeOf(measure, other, comparedName(report, other, now, 'short'));
}

/** The other range of a report whose days are no longer kept there, if its months are the whole range. */
function wholeMonths(compared: Counted, asked: DayRange | undefined): Counted | undefined {
  return asked && isSame(compared, asked) && (compared.expired ?? []).length === 0 ? compared : undefined;
}

/** The numbers of the hours or days that are over; undefined where they are not known. A range that is over is compared whole. */
function overOf(measure: HeadMeasure, report: Counted, other: Counted, now: Now): SoFar | undefined {
  if (report.to >= now.day) return measure.isUnique && !isDayOf(report, now) ? undefined : soFar(report, now, measure);
  const [all, allBefore] = [totalOf(measure, report), totalOf(measure, other)];
  if (all === null || allBefore === null) return undefined;
  const { per } = measure;
  const of = per && { of: Math.min(per(report.total), per(other.total)) };
  return { now: all, before: allBefore, ...of };
}

/** Visitors of hours: their sums are not among the other numbers, so those of the other day are given, too. */
function addedUp(inWords: Before, name: string, all: string): Before {
  const title = `${TEXTS.visitorsAddedUp} ${inWords.title}. ${TEXTS.allVisitorsOf(name, all)}`;
  return { ...inWords, title, isAddedUp: true };
}

/** The sum of the whole other range, while this one is not over. */
function wholeOf(measure: HeadMeasure, other: Counted & DayRange, name: string): Before {
  const total = totalOf(measure, other);
  return total === null ? { text: '' } : { text: TEXTS.allOf(name, measure.text(total)) };
}

interface Compared extends Pick<Basis, 'part' | 'than'> {
  /** The number at the head of the page. */
  readonly total: number | null;
}

/** Few are given as they are, since one more would be several percent. Rates differ by percentage points. */
function worded(measure: HeadMeasure, numbers: SoFar, { part: partName, than, total }: Compared): Before {
  const { kind, isBetterLower = false } = measure;
  const { now, before } = numbers;
  const [is, was, all] = [now, before, total].map(measure.text) as [string, string, string];
  const part = partChanged(numbers);
  const shown = (title: string) => ({
    title: is === all ? title : `${partName}: ${is}. ${title}`,
    was: is === all ? was : pairOf(was, is),
    isInPart: true,
  });
  const changed = (text: string, amount: string): Before => {
    const isUp = now > before;
    const [up, down] = kind === 'count' ? [TEXTS.more, TEXTS.fewer] : [TEXTS.higher, TEXTS.lower];
    const direction = isUp ? 'up' : 'down';
    return { text, ...shown((isUp ? up : down)(amount, than, was)), direction, isGood: isUp !== isBetterLower };
  };
  const signed = (difference: number): string => `${difference > 0 ? '+' : '−'}${number(Math.abs(difference))}`;
  const isRate = kind === 'rate' && part !== undefined;
  if (is === was || (!isRate && part !== undefined && Math.abs(part) < 0.005))
    return { text: TEXTS.noChange, ...shown(TEXTS.same(than, was)) };
  if (isRate) {
    const points = Math.round(100 * now) - Math.round(100 * before);
    const size = Math.abs(points);
    return changed(TEXTS.points(size, signed(points)), TEXTS.pointsLong(size, number(size)));
  }
  if (part !== undefined) return changed(change(part), rate(Math.abs(part)));
  if (kind !== 'count') return { text: '', ...shown(TEXTS.too(than, was)) };
  return changed(signed(now - before), number(Math.abs(now - before)));
}

/** A line may end after the arrow, but not within a number and its units. */
function pairOf(was: string, is: string): string {
  const [first, second] = [was, is].map((text) => text.replaceAll(' ', '\u00a0'));
  return `${first}\u00a0→ ${second}`;
}
