// Texts of what opens over the page. They are not in ../texts.ts, since a site's page loads them with its dialogs: see
// ../dialogs-on-demand.tsx.

/** The panel of a page. */
const PANEL_EN = {
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
