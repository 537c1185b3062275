// Every text of the page that is not a card's own. A card has its texts at the head of its file, collections/*/card.tsx.
// What is a function puts a number or a name into its text.
import type { Comparison } from './address.js';
import type { Named } from './ranges.js';

const plural = (count: number, one: string, several: string): string => (count === 1 ? one : several);

export const PERIODS: Readonly<Record<Named, string>> = {
  today: 'Today',
  yesterday: 'Yesterday',
  '7d': 'Last 7 days',
  '28d': 'Last 28 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  month: 'This month',
  'last-month': 'Last month',
  year: 'This year',
  'last-year': 'Last year',
};

/** Shown in the place of a number that is not known. */
export const UNKNOWN = '–';

export const HEAD = {
  timesIn: 'Times in',
  clock: (time: string) => `(now ${time})`,
  compareWith: 'Compare with',
  comparisons: {
    previous: 'the previous period',
    'year-before': 'a year earlier',
    nothing: 'nothing',
  } satisfies Record<Comparison, string>,
  period: 'Period',
  buttons: 'Often used periods',
  fromTo: 'From … to …',
  from: 'From',
  to: 'to',
  show: 'Show',
  tooLong: 'Choose at most ten years.',
  earlier: 'Earlier',
  later: 'Later',
};

export const KEYS = {
  title: 'Keys',
  intro: 'They work anywhere on the page, except while you type.',
  earlier: 'Earlier, by the length of the period',
  later: 'Later, by the length of the period',
  help: 'Show these keys',
  escape: 'Close what is open',
  escapeKey: 'Esc',
};

export const CONNECTION = {
  connecting: 'Connecting …',
  live: 'Live',
  reconnecting: 'Reconnecting …',
  polling: (seconds: number) => `Updated every ${seconds} seconds`,
  unreachable: 'Cannot reach the server. Trying again …',
  signedOut: 'Signed out',
};

export const SIGNED_OUT = {
  title: 'You are signed out',
  token: 'The token was revoked, or your session has ended. The numbers below are no longer updated.',
  site: 'This site no longer exists, or you have no access to it any more. The numbers below are no longer updated.',
  signIn: 'Sign in',
};

export const WAITING = {
  title: 'Waiting for the first view',
  refused: (hits: number, shown: string) =>
    `${shown} ${plural(hits, 'hit', 'hits')} arrived but ${plural(hits, 'was', 'were')} not counted:`,
  reason: (hits: string, reason: string) => `${hits} × ${reason}`,
  hint: 'The first view appears here as soon as it arrives. If nothing arrives, check that your pages contain the snippet with',
  hintEnd: ', and that no browser extension blocks it.',
};

const averagesOf = (visits: string) => `Based on ${visits} visits by browsers with a record, including visits that are not over`;

export const NUMBERS = {
  title: 'Numbers',
  views: 'Views',
  visitors: 'Visitors',
  visitorsError: 'An estimate: the true number is most likely not further away than this',
  visits: 'Visits',
  visitsTitle: 'A visit ends after half an hour without a view',
  bounceRate: 'Bounce rate',
  bounceRateTitle: (visits: string) => `Visits with only one view. ${averagesOf(visits)}`,
  viewsPerVisit: 'Views per visit',
  viewsPerVisitTitle: averagesOf,
  visitDuration: 'Visit duration',
  visitDurationTitle: (visits: string) => `From the first view to the last. ${averagesOf(visits)}`,
  readingTime: 'Reading time',
  readingTimeTitle: (median: string) => `Average of a view; the median is ${median}`,
  online: 'Online now',
  onlineTitle: (views: string) =>
    `Browsers with a record that viewed a page in the last five to ten minutes. Views in that time: ${views}`,
  notKept: (period: string) => `${period}: not kept`,
  notKeptTitle: 'The days of that period are no longer kept',
  allOf: (period: string, value: string) => `all of ${period}: ${value}`,
  average: (period: string, value: string) => `${period}: ${value}`,
  ofRange: (range: string) => `of ${range}`,
  ofRangeTitle: 'The days of this period are no longer kept one by one',
  noChange: 'no change',
  nowAndBefore: (now: string, before: string) => `${now}; ${before} before`,
};

export const COMPARED = {
  yesterday: 'yesterday',
  untilHour: (period: string, hour: string) => `Compared with ${period} until ${hour}.`,
  withSameDays: (period: string) => `Compared with the same days of ${period}, without today.`,
  sameHours: (period: string) => `same hours of ${period}`,
  sameDays: (period: string) => `same days of ${period}`,
  with: (period: string) => `compared with ${period}`,
};

export const NOTHING: Readonly<Record<Named, string>> = {
  today: 'Nothing yet today.',
  yesterday: 'Nothing yesterday.',
  '7d': 'Nothing yet in the last 7 days.',
  '28d': 'Nothing yet in the last 28 days.',
  '30d': 'Nothing yet in the last 30 days.',
  '90d': 'Nothing yet in the last 90 days.',
  month: 'Nothing yet this month.',
  'last-month': 'Nothing last month.',
  year: 'Nothing yet this year.',
  'last-year': 'Nothing last year.',
};

/** What is no longer kept by the day. */
export const KEPT = {
  nothingIn: (range: string) => `Nothing in this period: ${range}.`,
  widened: (range: string) => `The days of this period are no longer kept one by one. These numbers are of ${range}.`,
  expired: (ranges: string) => `No longer kept: ${ranges}.`,
};

export const CHART = {
  title: 'Views and visitors',
  bars: 'Bars',
  hours: 'Hours',
  fiveMinutes: '5 minutes',
  days: 'Days',
  months: 'Months',
  by: { hours: 'hour', fiveMinutes: 'five minutes', days: 'day', months: 'month' },
  captionOfViews: (by: string, period: string) => `Views by ${by}, ${period}`,
  caption: (by: string, period: string) => `Views and visitors by ${by}, ${period}`,
  captionOfPage: (by: string) => `Views and visitors of this page by ${by}`,
  when: 'When',
  views: 'Views',
  visitors: 'Visitors',
  readingTime: 'Reading time',
  viewCount: (views: number, shown: string) => `${shown} ${plural(views, 'view', 'views')}`,
  visitorCount: (visitors: number, shown: string) => `${shown} ${plural(visitors, 'visitor', 'visitors')}`,
  readFor: (duration: string) => `read for ${duration} on average`,
  toCome: 'still to come',
  noHours: 'Imported days have no hours.',
  repeated: (time: string) => `${time} (again)`,
};

export const JUST_NOW = {
  title: 'Just now',
  unknownPage: 'An unknown page',
  event: (name: string, page: string) => `${name} on ${page}`,
  unknownPageOfEvent: 'an unknown page',
  from: (source: string) => `from ${source}`,
  with: (browser: string, platform: string) => `${browser}, ${platform}`,
};

/** What cards with lists share. */
export const LISTS = {
  views: 'views',
  visitors: 'visitors',
  change: 'change',
  rest: 'Everything else',
  more: (rows: string) => `Show ${rows} more`,
  fewer: 'Show fewer',
  between: (least: string, most: string) => `At least ${least} and at most ${most}`,
  withRecord: 'Browsers with a record',
  withRecordBetween: (least: string, most: string) => `Browsers with a record: at least ${least} and at most ${most}`,
  changeNote: (now: string, before: string) => `Change: ${now}, compared with ${before}.`,
  changeOf: (now: string, views: string, before: string, viewsBefore: string) => `${now}: ${views}; ${before}: ${viewsBefore}`,
  notInBoth: 'Not in both lists',
  unknown: 'Not known',
  other: 'Other',
  unknownPage: 'Unknown page',
  csv: 'CSV',
  csvOf: (list: string) => `CSV: ${list}`,
  tabOf: (card: string, list: string) => `${card}, ${list}`,
  openPage: (path: string) => `Open ${path} in a new tab`,
  sources: { '(direct)': 'Direct or unknown', '(internal)': 'From the site itself' } as Readonly<Record<string, string>>,
};

/** How long and how far down pages are read. */
export const READING = {
  median: (estimate: string, least: string, below: string) => `about ${estimate} (${least} to ${below})`,
  medianAtLeast: (least: string) => `${least} or more`,
  site: (value: string) => `site: ${value}`,
};

export const PANEL = {
  close: 'Close',
  loading: 'Loading …',
  sources: 'Sources',
  next: 'Next pages',
  devices: 'Devices',
  noNext: 'No page was viewed after this one.',
  notRead: 'This could not be loaded.',
  noDetails: 'There are no details of this page: they are kept only for pages with more views.',
  tooLong: 'The details of a page are kept by the day for three months. Choose at most 100 days to see them.',
  tooOld: 'The details of a page are kept by the day for three months. There are none of these days.',
  views: 'Views',
  visitors: 'Visitors',
  visitorsHint: 'with a record',
  readingTime: 'Reading time',
  median: 'Median',
  depth: 'Scroll depth',
  entries: 'Entries',
  bounceRate: 'Bounce rate',
  exitRate: 'Exit rate',
  shareOfSite: (share: string) => `${share} of the site`,
  shareAndChange: (share: string, change: string) => `${share} of the site; ${change}`,
  changeOn: (change: string, basis: string) => `${change} (${basis})`,
};
