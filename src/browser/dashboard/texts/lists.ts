// Texts that the lists of all cards share, and those of the panel of a page.

/** Shown in the place of a number that is not known. */
export const UNKNOWN = '–';

const LISTS_EN = {
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
const LISTS_DE: typeof LISTS_EN = {
  views: 'Aufrufe',
  visitors: 'Besucher',
  change: 'Änderung',
  rest: 'Alles andere',
  more: (rows) => `${rows} weitere anzeigen`,
  fewer: 'Weniger anzeigen',
  between: (least, most) => `Mindestens ${least} und höchstens ${most}`,
  withRecord: 'Browser mit Besuchsdaten',
  withRecordBetween: (least, most) => `Browser mit Besuchsdaten: mindestens ${least} und höchstens ${most}`,
  changeNote: (now, before) => `Änderung: ${now}, verglichen mit ${before}.`,
  changeOf: (now, views, before, viewsBefore) => `${now}: ${views}; ${before}: ${viewsBefore}`,
  notInBoth: 'Nicht in beiden Listen',
  unknown: 'Unbekannt',
  other: 'Andere',
  unknownPage: 'Unbekannte Seite',
  csv: 'CSV',
  csvOf: (list) => `CSV: ${list}`,
  tabOf: (card, list) => `${card}, ${list}`,
  openPage: (path) => `${path} in einem neuen Tab öffnen`,
  sources: { '(direct)': 'Direkt oder unbekannt', '(internal)': 'Von der Website selbst' },
};
export const LISTS = { en: LISTS_EN, de: LISTS_DE }[LANGUAGE];

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
const PANEL_DE: typeof PANEL_EN = {
  close: 'Schließen',
  loading: 'Wird geladen …',
  sources: 'Quellen',
  next: 'Nächste Seiten',
  devices: 'Geräte',
  noNext: 'Nach dieser Seite wurde keine weitere aufgerufen.',
  notRead: 'Das konnte nicht geladen werden.',
  noDetails: 'Zu dieser Seite gibt es keine Einzelheiten: Sie werden nur für Seiten mit mehr Aufrufen gespeichert.',
  tooLong:
    'Die Einzelheiten einer Seite werden drei Monate lang für jeden Tag gespeichert. Wählen Sie höchstens 100 Tage, um sie ' +
    'zu sehen.',
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
