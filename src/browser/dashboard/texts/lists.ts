// Texts that the lists of all cards share, and those of the panel of a page.

/** Shown in the place of a number that is not known. */
export const UNKNOWN = '–';

const LISTS_EN = {
  views: 'views',
  visitors: 'visitors',
  change: 'change',
  rest: 'Everything else',
  list: 'List',
  total: 'Total',
  all: (rows: string) => `Show all ${rows}`,
  allOf: (rows: string, list: string) => `Show all ${rows}: ${list}`,
  longer: (period: string) => `Show: ${period}`,
  between: (least: string, most: string) => `At least ${least} and at most ${most}`,
  withRecord: 'Browsers with a record',
  withRecordBetween: (least: string, most: string) => `Browsers with a record: at least ${least} and at most ${most}`,
  visitorsUncertain: (least: string, most: string) => `Too uncertain: at least ${least} and at most ${most}`,
  changeNote: (now: string, before: string) => `Change: ${now}, compared with ${before}.`,
  changeOf: (now: string, views: string, before: string, viewsBefore: string) => `${now}: ${views}; ${before}: ${viewsBefore}`,
  notInBoth: 'Not in both lists',
  unknown: 'Not known',
  other: 'Other',
  unknownPage: 'Unknown page',
  csv: 'CSV',
  csvOf: (list: string) => `CSV: ${list}`,
  json: 'JSON',
  jsonOf: (list: string) => `JSON: ${list}`,
  tabOf: (card: string, list: string) => `${card}, ${list}`,
  openPage: (path: string) => `Open ${path} in a new tab`,
  newTab: 'Open in a new tab',
  sources: { '(direct)': 'Direct or unknown', '(internal)': 'From the site itself' } as Readonly<Record<string, string>>,
};
const LISTS_DE: typeof LISTS_EN = {
  views: 'Aufrufe',
  visitors: 'Besucher',
  change: 'Änderung',
  rest: 'Alles andere',
  list: 'Liste',
  total: 'Gesamt',
  all: (rows) => `Alle ${rows} anzeigen`,
  allOf: (rows, list) => `Alle ${rows} anzeigen: ${list}`,
  longer: (period) => `Anzeigen: ${period}`,
  between: (least, most) => `Mindestens ${least} und höchstens ${most}`,
  withRecord: 'Browser mit Besuchsdaten',
  withRecordBetween: (least, most) => `Browser mit Besuchsdaten: mindestens ${least} und höchstens ${most}`,
  visitorsUncertain: (least, most) => `Zu ungenau: mindestens ${least} und höchstens ${most}`,
  changeNote: (now, before) => `Änderung: ${now}, verglichen mit ${before}.`,
  changeOf: (now, views, before, viewsBefore) => `${now}: ${views}; ${before}: ${viewsBefore}`,
  notInBoth: 'Nicht in beiden Listen',
  unknown: 'Unbekannt',
  other: 'Andere',
  unknownPage: 'Unbekannte Seite',
  csv: 'CSV',
  csvOf: (list) => `CSV: ${list}`,
  json: 'JSON',
  jsonOf: (list) => `JSON: ${list}`,
  tabOf: (card, list) => `${card}, ${list}`,
  openPage: (path) => `${path} in einem neuen Tab öffnen`,
  newTab: 'In einem neuen Tab öffnen',
  sources: { '(direct)': 'Direkt oder unbekannt', '(internal)': 'Von der Website selbst' },
};
export const LISTS = { en: LISTS_EN, de: LISTS_DE }[LANGUAGE];

/** The frames of cards. */
const CARDS_EN = {
  asOf: (time: string) => `as of ${time}`,
  from: { counters: 'From the counters of the site' },
  skip: (card: string) => `Skip: ${card}`,
  notLoaded: 'This could not be loaded. The page tries again with the next refresh.',
  broken: 'This card cannot be shown. Reload the page; if that does not help, read the numbers from the API.',
};
const CARDS_DE: typeof CARDS_EN = {
  asOf: (time) => `Stand: ${time} Uhr`,
  from: { counters: 'Aus den Zählern der Website' },
  skip: (card) => `Überspringen: ${card}`,
  notLoaded: 'Das konnte nicht geladen werden. Bei der nächsten Aktualisierung wird es noch einmal versucht.',
  broken:
    'Diese Karte kann nicht angezeigt werden. Laden Sie die Seite neu; wenn das nicht hilft, lesen Sie die Zahlen über die API.',
};
export const CARDS = { en: CARDS_EN, de: CARDS_DE }[LANGUAGE];

/** A list with all its rows. */
const ALL_EN = {
  search: 'Search',
  searchIn: (list: string) => `Search in ${list}`,
  rows: (first: string, last: string, all: string) => `${first}–${last} of ${all}`,
  found: (rows: string, found: string, all: string) => `${rows} of ${found} found, ${all} in all`,
  nothingFound: (search: string, all: string) => `None of ${all} rows contains “${search}”.`,
  clear: 'Show all rows',
  nothingHere: 'The list has no more rows.',
  first: 'Back to the first rows',
  previous: 'Previous',
  next: 'Next',
  ofPage: (list: string, page: string) => `${list} of ${page}`,
  unknown: 'There is no such list. The address may be from another version.',
  failed: 'The list could not be loaded.',
  again: 'Try again',
};
const ALL_DE: typeof ALL_EN = {
  search: 'Suchen',
  searchIn: (list) => `Suchen in ${list}`,
  rows: (first, last, all) => `${first}–${last} von ${all}`,
  found: (rows, found, all) => `${rows} von ${found} gefundenen, ${all} insgesamt`,
  nothingFound: (search, all) => `Keine von ${all} Zeilen enthält „${search}“.`,
  clear: 'Alle Zeilen anzeigen',
  nothingHere: 'Die Liste hat keine weiteren Zeilen.',
  first: 'Zurück zu den ersten Zeilen',
  previous: 'Zurück',
  next: 'Weiter',
  ofPage: (list, page) => `${list}: ${page}`,
  unknown: 'Diese Liste gibt es nicht. Die Adresse ist vielleicht aus einer anderen Version.',
  failed: 'Die Liste konnte nicht geladen werden.',
  again: 'Noch einmal versuchen',
};
export const ALL = { en: ALL_EN, de: ALL_DE }[LANGUAGE];

/** How long and how far down pages are read. */
const READING_EN = {
  median: (estimate: string, least: string, below: string) => `about ${estimate} (${least} to ${below})`,
  medianAtLeast: (least: string) => `${least} or more`,
  site: (value: string) => `site: ${value}`,
};
const READING_DE: typeof READING_EN = {
  median: (estimate, least, below) => `etwa ${estimate} (${least} bis ${below})`,
  medianAtLeast: (least) => `${least} oder mehr`,
  site: (value) => `Website: ${value}`,
};
export const READING = { en: READING_EN, de: READING_DE }[LANGUAGE];

const PANEL_EN = {
  close: 'Close',
  loading: 'Loading …',
  sources: 'Sources',
  next: 'Next pages',
  previous: 'Previous pages',
  noPrevious: 'No page was viewed before this one in the same visit.',
  previousUnknown: 'It is not known which pages were viewed before this one. They are counted from this version on.',
  devices: 'Devices',
  noNext: 'No page was viewed after this one.',
  notRead: 'This could not be loaded.',
  noDetails: 'There are no details of this page: they are kept only for pages with more views.',
  ofPart: (range: string) =>
    `Timeline, sources and devices: ${range}. The details of a page are kept by the day for three months.`,
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
const PANEL_DE: typeof PANEL_EN = {
  close: 'Schließen',
  loading: 'Wird geladen …',
  sources: 'Quellen',
  next: 'Nächste Seiten',
  previous: 'Vorherige Seiten',
  noPrevious: 'Vor dieser Seite wurde im selben Besuch keine andere aufgerufen.',
  previousUnknown: 'Welche Seiten vor dieser aufgerufen wurden, ist nicht bekannt. Sie werden erst ab dieser Version gezählt.',
  devices: 'Geräte',
  noNext: 'Nach dieser Seite wurde keine weitere aufgerufen.',
  notRead: 'Das konnte nicht geladen werden.',
  noDetails: 'Zu dieser Seite gibt es keine Einzelheiten: Sie werden nur für Seiten mit mehr Aufrufen gespeichert.',
  ofPart: (range) =>
    `Verlauf, Quellen und Geräte: ${range}. Die Einzelheiten einer Seite werden drei Monate lang für jeden Tag gespeichert.`,
  tooOld: 'Die Einzelheiten einer Seite werden drei Monate lang für jeden Tag gespeichert. Für diese Tage gibt es keine mehr.',
  views: 'Seitenaufrufe',
  visitors: 'Besucher',
  visitorsHint: 'mit Besuchsdaten',
  readingTime: 'Lesezeit',
  median: 'Median',
  depth: 'Scrolltiefe',
  entries: 'Einstiege',
  bounceRate: 'Absprungrate',
  exitRate: 'Ausstiegsrate',
  shareOfSite: (share) => `${share} der Website`,
  shareAndChange: (share, change) => `${share} der Website; ${change}`,
  changeOn: (change, basis) => `${change} (${basis})`,
};
export const PANEL = { en: PANEL_EN, de: PANEL_DE }[LANGUAGE];
