// The numbers at the head of the page, in the order in which they are read: what came, how it came, how it was read.
import type { Comparison } from './address.js';
import type { Range, Traffic, Visits } from './answers.js';
import type { Answers } from './ask.js';
import { changeText, comparedName, comparedOf, type Now, partChanged, type Slots, type SoFar, soFar } from './change.js';
import { decimal, duration, medianText, number, rate } from './format.js';
import { isSame } from './ranges.js';
import { NUMBERS as TEXTS, UNKNOWN } from './texts.js';

export interface HeadNumber {
  /** In the page's style sheet and in the ids of its elements. */
  readonly name: string;
  readonly label: string;
  /** The report that it is taken from. */
  readonly report: 'traffic' | 'visits' | 'engagement' | 'minutes';
  /** A number of the traffic, which the live feed keeps up to date. */
  readonly ofTraffic?: (traffic: Traffic) => { readonly value: string; readonly error?: string };
  readonly of?: (answers: Answers) => { readonly value: string; readonly title: string };
  /** Absent: it is not compared. */
  readonly before?: (compared: Compared) => Before;
}

/** What a number was in the other range. */
export interface Before {
  readonly text: string;
  readonly title?: string;
  /** It compares only the hours or days that are over. */
  readonly isInPart?: boolean;
  readonly direction?: 'up' | 'down';
}

export interface Compared {
  readonly answers: Answers;
  readonly comparison: Comparison;
  readonly now: Now;
}

const visitsIn = ({ visits }: Answers): string => number(visits.total.recorded);

export const NUMBERS: readonly HeadNumber[] = [
  {
    name: 'views',
    label: TEXTS.views,
    report: 'traffic',
    ofTraffic: ({ total }) => ({ value: number(total.views) }),
    before: (compared) =>
      partOf(compared, compared.answers.traffic, ({ views }) => views) ??
      wholeOf(compared, compared.answers.traffic, ({ total }) => number(total.views)),
  },
  {
    name: 'visitors',
    label: TEXTS.visitors,
    report: 'traffic',
    ofTraffic: ({ total: { visitors, error } }) => ({ value: number(visitors), error: error ? `± ${number(error)}` : '' }),
    before: (compared) =>
      totalOver(compared, compared.answers.traffic, ({ visitors }) => visitors) ??
      wholeOf(compared, compared.answers.traffic, ({ total }) => number(total.visitors)),
  },
  {
    name: 'visits',
    label: TEXTS.visits,
    report: 'visits',
    of: ({ visits }) => ({ value: number(visits.total.visits), title: TEXTS.visitsTitle }),
    before: (compared) =>
      partOf(compared, compared.answers.visits, ({ visits }) => visits) ??
      wholeOf(compared, compared.answers.visits, ({ total }) => number(total.visits)),
  },
  {
    name: 'bounce-rate',
    label: TEXTS.bounceRate,
    report: 'visits',
    of: (all) => ({ value: rate(all.visits.total.bounceRate), title: TEXTS.bounceRateTitle(visitsIn(all)) }),
    before: (compared) => averageOfVisits(compared, ({ bounceRate }) => rate(bounceRate)),
  },
  {
    name: 'views-per-visit',
    label: TEXTS.viewsPerVisit,
    report: 'visits',
    of: (all) => ({ value: decimal(all.visits.total.viewsPerVisit), title: TEXTS.viewsPerVisitTitle(visitsIn(all)) }),
    before: (compared) => averageOfVisits(compared, ({ viewsPerVisit }) => decimal(viewsPerVisit)),
  },
  {
    name: 'visit-duration',
    label: TEXTS.visitDuration,
    report: 'visits',
    of: (all) => ({ value: duration(all.visits.total.secondsPerVisit), title: TEXTS.visitDurationTitle(visitsIn(all)) }),
    before: (compared) => averageOfVisits(compared, ({ secondsPerVisit }) => duration(secondsPerVisit)),
  },
  {
    name: 'reading-time',
    label: TEXTS.readingTime,
    report: 'engagement',
    of: ({ engagement: { total } }) => ({
      value: duration(total.averageSeconds),
      title: TEXTS.readingTimeTitle(medianText(total.medianSeconds)),
    }),
    before: (compared) => averageOf(compared, compared.answers.engagement, ({ total }) => duration(total.averageSeconds)),
  },
  { name: 'online', label: TEXTS.online, report: 'minutes', of: online },
];

/** With views but without a browser with a record, the number of visitors is not known. */
function online({ minutes }: Answers): { value: string; title: string } {
  const now = minutes.online;
  const isKnown = now !== null && (now.visitors > 0 || now.views === 0);
  return { value: isKnown ? number(now.visitors) : UNKNOWN, title: TEXTS.onlineTitle(number(now?.views ?? 0)) };
}

/** Compares the hours or days that are over; undefined where that cannot be done. */
function partOf<Numbers>(
  { comparison, now }: Compared,
  report: Range & Slots<Numbers> & { readonly compared?: Range & Slots<Numbers> },
  numberOf: (numbers: Numbers) => number,
): Before | undefined {
  const numbers = soFar(report, comparison, now, numberOf);
  return numbers && beforeOf(numbers);
}

/** Compares what does not add up by days, such as visitors; undefined where the range is not over. */
function totalOver<Total>(
  { comparison, now }: Compared,
  report: Range & { readonly total: Total; readonly compared?: Range & { readonly total: Total } },
  numberOf: (total: Total) => number,
): Before | undefined {
  const other = report.to < now.day ? comparedOf(report, comparison) : undefined;
  return other && beforeOf({ now: numberOf(report.total), before: numberOf(other.total) });
}

function beforeOf(numbers: SoFar): Before {
  const text = changeText(numbers);
  const title = TEXTS.nowAndBefore(number(numbers.now), number(numbers.before));
  const part = partChanged(numbers);
  if (part === undefined) return { text, title, isInPart: text !== '' };
  if (Math.abs(part) < 0.005) return { text: TEXTS.noChange, title, isInPart: true };
  return { text, title, isInPart: true, direction: part > 0 ? 'up' : 'down' };
}

/** The sum of the whole other range, while this one is not over. */
function wholeOf<Body extends Range>(
  compared: Compared,
  report: Range & { readonly compared?: Body },
  textOf: (body: Body) => string,
): Before {
  return otherOf(compared, report, (body, name) => TEXTS.allOf(name, textOf(body)));
}

function averageOf<Body extends Range>(
  compared: Compared,
  report: Range & { readonly compared?: Body },
  textOf: (body: Body) => string,
): Before {
  return otherOf(compared, report, (body, name) => {
    const text = textOf(body);
    return text === UNKNOWN ? '' : TEXTS.average(name, text);
  });
}

function averageOfVisits(compared: Compared, textOf: (total: Visits['total']) => string): Before {
  return averageOf(compared, compared.answers.visits, ({ total }) => textOf(total));
}

function otherOf<Body extends Range>(
  { answers: { traffic }, comparison, now }: Compared,
  report: Range & { readonly compared?: Body },
  textOf: (body: Body, name: string) => string,
): Before {
  if (report.compared === undefined || (report.expired ?? []).length > 0) return { text: '' };
  // traffic is kept longest: its range is the one that was asked for
  const name = comparedName(traffic, traffic.compared ?? report.compared, now, 'short');
  const other = comparedOf(report, comparison);
  if (other === undefined) return { text: TEXTS.notKept(name), title: TEXTS.notKeptTitle };
  return { text: textOf(other, isSame(report, traffic) ? name : comparedName(report, other, now, 'short')) };
}
