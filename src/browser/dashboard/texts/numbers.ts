// Texts of the numbers, of the chart, and of what happens right now.
import { plural } from './plural.js';

const averagesOf = (visits: string) => `Based on ${visits} visits by browsers with a record, including visits that are not over`;

const NUMBERS_EN = {
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
const averagesOfDE = (visits: string) =>
  `Grundlage sind ${visits} Besuche von Browsern mit Besuchsdaten, auch solche, die noch andauern`;

const NUMBERS_DE: typeof NUMBERS_EN = {
  title: 'Zahlen',
  views: 'Seitenaufrufe',
  visitors: 'Besucher',
  visitorsError: 'Eine Schätzung: Die wahre Zahl weicht sehr wahrscheinlich nicht weiter ab als angegeben',
  visits: 'Besuche',
  visitsTitle: 'Ein Besuch endet nach einer halben Stunde ohne Seitenaufruf',
  bounceRate: 'Absprungrate',
  bounceRateTitle: (visits) => `Besuche mit nur einem Seitenaufruf. ${averagesOfDE(visits)}`,
  viewsPerVisit: 'Aufrufe pro Besuch',
  viewsPerVisitTitle: averagesOfDE,
  visitDuration: 'Besuchsdauer',
  visitDurationTitle: (visits) => `Vom ersten Seitenaufruf bis zum letzten. ${averagesOfDE(visits)}`,
  readingTime: 'Lesezeit',
  readingTimeTitle: (median) => `Durchschnitt eines Seitenaufrufs; der Median ist ${median}`,
  online: 'Jetzt online',
  onlineTitle: (views) =>
    `Browser mit Besuchsdaten, die in den letzten fünf bis zehn Minuten eine Seite aufgerufen haben. Aufrufe dabei: ${views}`,
  notKept: (period) => `${period}: nicht gespeichert`,
  notKeptTitle: 'Die Tage dieses Zeitraums sind nicht mehr gespeichert',
  allOf: (period, value) => `${period}, insgesamt: ${value}`,
  average: (period, value) => `${period}: ${value}`,
  ofRange: (range) => `für ${range}`,
  ofRangeTitle: 'Die einzelnen Tage dieses Zeitraums sind nicht mehr gespeichert',
  noChange: 'unverändert',
  nowAndBefore: (now, before) => `${now}; zuvor ${before}`,
};
export const NUMBERS = { en: NUMBERS_EN, de: NUMBERS_DE }[LANGUAGE];

const CHART_EN = {
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
const CHART_DE: typeof CHART_EN = {
  title: 'Seitenaufrufe und Besucher',
  bars: 'Balken',
  hours: 'Stunden',
  fiveMinutes: '5 Minuten',
  days: 'Tage',
  months: 'Monate',
  by: { hours: 'Stunde', fiveMinutes: 'fünf Minuten', days: 'Tag', months: 'Monat' },
  captionOfViews: (by, period) => `Seitenaufrufe je ${by}, ${period}`,
  caption: (by, period) => `Seitenaufrufe und Besucher je ${by}, ${period}`,
  captionOfPage: (by) => `Seitenaufrufe und Besucher dieser Seite je ${by}`,
  when: 'Wann',
  views: 'Seitenaufrufe',
  visitors: 'Besucher',
  readingTime: 'Lesezeit',
  viewCount: (views, shown) => `${shown} ${plural(views, 'Seitenaufruf', 'Seitenaufrufe')}`,
  visitorCount: (_, shown) => `${shown} Besucher`,
  readFor: (duration) => `im Durchschnitt ${duration} gelesen`,
  toCome: 'steht noch aus',
  noHours: 'Importierte Tage haben keine Stunden.',
  repeated: (time) => `${time} (noch einmal)`,
};
export const CHART = { en: CHART_EN, de: CHART_DE }[LANGUAGE];

const JUST_NOW_EN = {
  title: 'Just now',
  unknownPage: 'An unknown page',
  event: (name: string, page: string) => `${name} on ${page}`,
  unknownPageOfEvent: 'an unknown page',
  from: (source: string) => `from ${source}`,
  with: (browser: string, platform: string) => `${browser}, ${platform}`,
};
const JUST_NOW_DE: typeof JUST_NOW_EN = {
  title: 'Gerade eben',
  unknownPage: 'Eine unbekannte Seite',
  event: (name, page) => `${name} auf ${page}`,
  unknownPageOfEvent: 'einer unbekannten Seite',
  from: (source) => `von ${source}`,
  with: (browser, platform) => `${browser}, ${platform}`,
};
export const JUST_NOW = { en: JUST_NOW_EN, de: JUST_NOW_DE }[LANGUAGE];
