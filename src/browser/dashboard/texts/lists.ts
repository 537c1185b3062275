// Texts that the lists of all cards share.

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
