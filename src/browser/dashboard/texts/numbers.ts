// Texts of the numbers, of the chart, and of what happens right now.
import { plural } from './plural.js';

const averagesOf = (visits: string) =>
  `Based on visits by browsers with a record (${visits}), including visits that are not over`;

const NUMBERS_EN = {
  title: 'Numbers',
  views: 'Views',
  visitors: 'Visitors',
  visitorsError: 'An estimate: the true number most likely differs by no more than this',
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
  ofRange: (range: string) => `of ${range}`,
  ofRangeTitle: 'The days of this period are no longer kept one by one',
  noChange: 'no change',
  points: (difference: number, shown: string) => `${shown} ${plural(difference, 'point', 'points')}`,
  pointsLong: (difference: number, shown: string) => `${shown} percentage ${plural(difference, 'point', 'points')}`,
  /** `basis`: a period, such as "the same hours of yesterday". `was`: the number there. */
  same: (basis: string, was: string) => `No change from ${basis} (${was})`,
  more: (part: string, basis: string, was: string) => `${part} more than ${basis} (${was})`,
  fewer: (part: string, basis: string, was: string) => `${part} fewer than ${basis} (${was})`,
  higher: (part: string, basis: string, was: string) => `${part} higher than ${basis} (${was})`,
  lower: (part: string, basis: string, was: string) => `${part} lower than ${basis} (${was})`,
  too: (basis: string, was: string) => `${was} in the other period: ${basis}`,
  allVisitorsOf: (period: string, all: string) => `All visitors of ${period}: ${all}`,
  visitorsAddedUp: 'Visitors of each hour are added up.',
  nothingBefore: (day: string) => `Nothing to compare with: there are no numbers before ${day}.`,
  nothingIn: (period: string) => `Nothing to compare with: the numbers of ${period} are not complete.`,
};
const averagesOfDE = (visits: string) =>
  `Grundlage sind Besuche von Browsern mit Besuchsdaten (${visits}), auch solche, die noch andauern`;

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
  ofRange: (range) => `für ${range}`,
  ofRangeTitle: 'Die einzelnen Tage dieses Zeitraums sind nicht mehr gespeichert',
  noChange: 'unverändert',
  points: (difference, shown) => `${shown} ${plural(difference, 'Punkt', 'Punkte')}`,
  pointsLong: (difference, shown) => `${shown} ${plural(difference, 'Prozentpunkt', 'Prozentpunkte')}`,
  same: (basis, was) => `Genauso viel wie im Vergleichszeitraum (${basis}: ${was})`,
  more: (part, basis, was) => `${part} mehr als im Vergleichszeitraum (${basis}: ${was})`,
  fewer: (part, basis, was) => `${part} weniger als im Vergleichszeitraum (${basis}: ${was})`,
  higher: (part, basis, was) => `${part} höher als im Vergleichszeitraum (${basis}: ${was})`,
  lower: (part, basis, was) => `${part} niedriger als im Vergleichszeitraum (${basis}: ${was})`,
  too: (basis, was) => `Im Vergleichszeitraum ${was} (${basis})`,
  allVisitorsOf: (period, all) => `Besucher insgesamt (${period}): ${all}`,
  visitorsAddedUp: 'Besucher jeder Stunde sind zusammengezählt.',
  nothingBefore: (day) => `Kein Vergleich möglich: Es gibt keine Zahlen für die Zeit vor dem ${day}.`,
  nothingIn: (period) => `Kein Vergleich möglich: Die Zahlen für diesen Zeitraum (${period}) sind nicht vollständig.`,
};
export const NUMBERS = { en: NUMBERS_EN, de: NUMBERS_DE }[LANGUAGE];

const CHART_EN = {
  title: 'Views and visitors',
  bars: 'Bars',
  hours: 'Hours',
  fiveMinutes: '5 minutes',
  days: 'Days',
  weeks: 'Weeks',
  noWeeks:
    'There are no weeks for visitors: somebody who comes on two days is one visitor of that week, so the numbers of its days ' +
    'cannot be added up.',
  months: 'Months',
  by: { hours: 'hour', fiveMinutes: 'five minutes', days: 'day', weeks: 'week', months: 'month' },
  caption: (number: string, by: string, period: string) => `${number} by ${by}, ${period}`,
  keys: 'Chart. Arrow keys move along the bars, with Shift they select several. Enter opens a bar or zooms to the selected ones.',
  wholeDay: (from: string, to: string) => `${from} to ${to}: show the whole day`,
  captionOfPage: (by: string) => `Views and visitors of this page by ${by}`,
  when: 'When',
  views: 'Views',
  visitors: 'Visitors',
  readingTime: 'Reading time',
  toCome: 'still to come',
  soFar: (name: string) => `${name}, so far`,
  noHours: 'Imported days have no hours.',
  repeated: (time: string) => `${time} (again)`,
};
const CHART_DE: typeof CHART_EN = {
  title: 'Seitenaufrufe und Besucher',
  bars: 'Balken',
  hours: 'Stunden',
  fiveMinutes: '5 Minuten',
  days: 'Tage',
  weeks: 'Wochen',
  noWeeks:
    'Für Besucher gibt es keine Wochen: Wer an zwei Tagen kommt, zählt in der Woche nur einmal. Die Zahlen der Tage lassen ' +
    'sich daher nicht zusammenzählen.',
  months: 'Monate',
  by: { hours: 'Stunde', fiveMinutes: 'fünf Minuten', days: 'Tag', weeks: 'Woche', months: 'Monat' },
  caption: (number, by, period) => `${number} je ${by}, ${period}`,
  keys: 'Diagramm. Pfeiltasten wählen einen Balken, mit Umschalt mehrere. Eingabe öffnet ihn oder vergrößert die Auswahl.',
  wholeDay: (from, to) => `${from} bis ${to} Uhr: ganzen Tag anzeigen`,
  captionOfPage: (by) => `Seitenaufrufe und Besucher dieser Seite je ${by}`,
  when: 'Wann',
  views: 'Seitenaufrufe',
  visitors: 'Besucher',
  readingTime: 'Lesezeit',
  toCome: 'steht noch aus',
  soFar: (name) => `${name}, bisher`,
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

const LIVE_EN = {
  minutes: 'Views by minute',
  minute: (time: string, views: number, shown: string) => `${time}: ${shown} ${plural(views, 'view', 'views')}`,
  /** `details`: one of the two below. */
  halfHour: (views: number, shown: string, details: string) =>
    views === 0 ? 'No views in the last half hour' : `${shown} ${plural(views, 'view', 'views')} in the last half hour${details}`,
  most: (most: string) => `, at most ${most} in a minute`,
  estimated: (until: string) => `. Until ${until}, only every five minutes are known.`,
  about: 'About ',
  pages: 'Pages',
  sources: 'Sources',
  lastTenMinutes: 'in the last 10 minutes',
  since: (time: string) => `since ${time}`,
  nothing: 'Views and events appear here at once.',
  noPages: 'No views.',
  noSources: 'No views from elsewhere.',
  wall: 'Wall',
  wallTitle: 'Large numbers that fill the screen',
};
const LIVE_DE: typeof LIVE_EN = {
  minutes: 'Seitenaufrufe je Minute',
  minute: (time, views, shown) => `${time} Uhr: ${shown} ${plural(views, 'Seitenaufruf', 'Seitenaufrufe')}`,
  halfHour: (views, shown, details) =>
    views === 0
      ? 'Keine Seitenaufrufe in der letzten halben Stunde'
      : `${shown} ${plural(views, 'Seitenaufruf', 'Seitenaufrufe')} in der letzten halben Stunde${details}`,
  most: (most) => `, höchstens ${most} pro Minute`,
  estimated: (until) => `. Bis ${until} Uhr sind nur je fünf Minuten bekannt.`,
  about: 'Etwa ',
  pages: 'Seiten',
  sources: 'Quellen',
  lastTenMinutes: 'in den letzten 10 Minuten',
  since: (time) => `seit ${time} Uhr`,
  nothing: 'Seitenaufrufe und Ereignisse erscheinen hier sofort.',
  noPages: 'Keine Seitenaufrufe.',
  noSources: 'Keine Seitenaufrufe von außerhalb.',
  wall: 'Wandansicht',
  wallTitle: 'Große Zahlen, die den Bildschirm füllen',
};
export const LIVE = { en: LIVE_EN, de: LIVE_DE }[LANGUAGE];
