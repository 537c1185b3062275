// The numbers at the head of the page, each with what it was in the period that it is compared with.
import type { Comparison, Shown } from './address.js';
import type { Engagement, Minutes, Range, Traffic, Visits } from './answers.js';
import { comparedName, comparedOf, isCovered, type Now, partChanged, type SoFar, soFar, soFarText } from './change.js';
import { changeText } from './change-text.js';
import { element, setText } from './dom.js';
import { decimal, duration, number, rate, UNKNOWN } from './format.js';
import { medianText } from './reading-card.js';

export interface Head {
  readonly traffic: Traffic;
  readonly visits: Visits;
  readonly engagement: Engagement;
  readonly minutes: Minutes;
}

type Name = 'views' | 'visitors' | 'visits' | 'bounce-rate' | 'views-per-visit' | 'visit-duration' | 'reading-time' | 'online';

interface Before {
  readonly text: string;
  readonly title?: string;
  /** It is of the part of the period that is over. */
  readonly isInPart?: boolean;
  readonly direction?: 'up' | 'down';
}

export function showViews({ total }: Traffic): void {
  show('views', number(total.views));
  show('visitors', number(total.visitors));
  const error = element('visitors-error', HTMLElement);
  setText(error, total.error ? `± ${number(total.error)}` : '');
  error.title = 'An estimate: most likely not further from the truth than this';
}

export function showNumbers(head: Head, shown: Shown, comparison: Comparison, now: Now): void {
  const { visits, engagement, minutes } = head;
  const { total } = visits;
  const averages = `Of ${number(total.recorded)} visits by browsers with a record, as far as they have come`;
  show('visits', number(total.visits), 'A visit ends with half an hour without a view');
  show('bounce-rate', rate(total.bounceRate), `Visits of one view. ${averages}`);
  show('views-per-visit', decimal(total.viewsPerVisit), averages);
  show('visit-duration', duration(total.secondsPerVisit), `From the first view to the last. ${averages}`);
  show('reading-time', duration(engagement.total.averageSeconds), `On average of a view; median ${medianText(engagement.total)}`);
  const { online } = minutes;
  const here = 'Browsers with a record that viewed a page in these five minutes or in the five before';
  // views, and nobody with a record: how many came is not known
  const isKnown = online !== null && (online.visitors > 0 || online.views === 0);
  show('online', isKnown ? number(online.visitors) : '–', `${here}. Views in the same time: ${number(online?.views ?? 0)}`);

  const isCompared = comparison !== 'nothing' && isCovered(head.traffic, now);
  const before = isCompared ? beforeOf(head, shown, comparison, now) : {};
  for (const name of COMPARED) showBefore(name, before[name]);
  const isInPart = COMPARED.some((name) => before[name]?.isInPart);
  const note = element('compared', HTMLElement);
  note.hidden = !isInPart;
  const { compared } = head.traffic;
  setText(note, isInPart && compared ? soFarText(shown, comparedName(shown, comparison, compared), now) : '');
}

const COMPARED = ['views', 'visitors', 'visits', 'bounce-rate', 'views-per-visit', 'visit-duration', 'reading-time'] as const;

/** In per cent where like can be set beside like; else what the whole other period had, in words. */
function beforeOf(
  { traffic, visits, engagement }: Head,
  shown: Shown,
  comparison: Comparison,
  now: Now,
): Partial<Record<Name, Before>> {
  /** `all`: it is a sum, and this period is not over. */
  const words = <Body extends Range>(report: { readonly compared?: Body }, textOf: (body: Body) => string, all = ''): Before => {
    if (report.compared === undefined) return { text: '' };
    // traffic is kept for long: its range is the one that was asked for
    const name = comparedName(shown, comparison, traffic.compared ?? report.compared);
    const compared = comparedOf(shown, report);
    if (compared === undefined) return { text: `${name}: not kept`, title: 'It is not kept so finely for so long' };
    const text = textOf(compared);
    return { text: text === UNKNOWN ? '' : `${all}${name}: ${text}` };
  };
  const ALL = 'all of ';
  const ofTraffic = (textOf: (total: Traffic['total']) => string) => words(traffic, ({ total }) => textOf(total), ALL);
  const ofVisits = (textOf: (total: Visits['total']) => string, all = '') => words(visits, ({ total }) => textOf(total), all);
  return {
    views: inPart(soFar(shown, traffic, now, ({ views }) => views)) ?? ofTraffic(({ views }) => number(views)),
    visitors: ofTraffic(({ visitors }) => number(visitors)),
    visits: inPart(soFar(shown, visits, now, (numbers) => numbers.visits)) ?? ofVisits((total) => number(total.visits), ALL),
    'bounce-rate': ofVisits(({ bounceRate }) => rate(bounceRate)),
    'views-per-visit': ofVisits(({ viewsPerVisit }) => decimal(viewsPerVisit)),
    'visit-duration': ofVisits(({ secondsPerVisit }) => duration(secondsPerVisit)),
    'reading-time': words(engagement, ({ total }) => duration(total.averageSeconds)),
  };
}

function inPart(numbers: SoFar | undefined): Before | undefined {
  if (numbers === undefined) return undefined;
  const text = changeText(numbers);
  const title = `${number(numbers.now)}; ${number(numbers.before)} before`;
  const part = partChanged(numbers);
  if (part === undefined) return { text, title, isInPart: text !== '' };
  if (Math.abs(part) < 0.005) return { text: 'as before', title, isInPart: true };
  return { text, title, isInPart: true, direction: part > 0 ? 'up' : 'down' };
}

function show(name: Name, value: string, title = ''): void {
  const target = element(name, HTMLElement);
  setText(target, value);
  if (title !== '') target.title = title;
}

function showBefore(name: Name, before: Before | undefined): void {
  const line = element(`${name}-before`, HTMLElement);
  setText(line, before?.text ?? '');
  line.title = before?.title ?? '';
  line.dataset.direction = before?.direction ?? '';
}
