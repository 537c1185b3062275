// Texts of the page of all sites, and of the roll-up of some of them.
import { plural } from '../texts/plural.js';

const SITES_EN = {
  title: 'Your sites',
  search: 'Search sites',
  group: 'Group',
  groups: { none: 'Not grouped', team: 'By team', timezone: 'By time zone' },
  noTeam: 'No team',
  sort: 'Sort',
  sorts: {
    name: 'Name',
    views: 'Views',
    visitors: 'Visitors',
    online: 'Online',
    change: 'Change of views',
    month: 'Views of 30 days',
  },
  site: 'Site',
  views: 'Views today',
  visitors: 'Visitors today',
  online: 'Online',
  days: 'Last 30 days',
  select: (title: string) => `Select ${title}`,
  selectAll: (sites: string) => `Select all ${sites} found`,
  month: (views: string, most: string) => `${views} views in 30 days, at most ${most} in a day`,
  viewsTitle: (until: string, now: string, before: string, all: string) =>
    `Until ${until}: ${now}; yesterday until then: ${before}; all of yesterday: ${all}`,
  visitorsTitle: (until: string, now: string, before: string, all: string) =>
    `Visitors of each hour until ${until}, added up: ${now}; yesterday: ${before}. All of yesterday: ${all} visitors`,
  yesterdayTitle: (all: string) => `All of yesterday: ${all}`,
  onlineTitle: (views: string) => `Browsers with a record in the last five to ten minutes. Views in that time: ${views}`,
  all: (count: number, shown: string) => `${shown} ${plural(count, 'site', 'sites')}`,
  found: (shown: string) => `${shown} found`,
  selected: (shown: string) => `${shown} selected`,
  addUp:
    'Changes compare the hours of today that are over with the same hours of yesterday. Each site has days of its own time ' +
    'zone. Visitors of several sites are added up: somebody who visits two of them counts twice.',
  rollup: 'Pages and sources together',
  csv: 'CSV',
  csvTitle: 'Download the numbers of these sites as CSV',
  clear: 'Clear the selection',
  none: 'No site matches the search.',
  damaged: (sites: string) => `A document of these sites is damaged, so that they cannot be shown: ${sites}.`,
  previous: 'Previous',
  next: 'Next',
  rows: (from: string, to: string, all: string) => `${from}–${to} of ${all}`,
  updated: (ago: string) => `Updated ${ago}`,
  loading: 'Loading the numbers …',
};
const SITES_DE: typeof SITES_EN = {
  title: 'Ihre Websites',
  search: 'Websites suchen',
  group: 'Gruppieren',
  groups: { none: 'Nicht gruppiert', team: 'Nach Team', timezone: 'Nach Zeitzone' },
  noTeam: 'Ohne Team',
  sort: 'Sortieren',
  sorts: {
    name: 'Name',
    views: 'Aufrufe',
    visitors: 'Besucher',
    online: 'Online',
    change: 'Änderung der Aufrufe',
    month: 'Aufrufe in 30 Tagen',
  },
  site: 'Website',
  views: 'Aufrufe heute',
  visitors: 'Besucher heute',
  online: 'Online',
  days: 'Letzte 30 Tage',
  select: (title) => `${title} auswählen`,
  selectAll: (sites) => `Alle ${sites} gefundenen auswählen`,
  month: (views, most) => `${views} Aufrufe in 30 Tagen, höchstens ${most} an einem Tag`,
  viewsTitle: (until, now, before, all) => `Bis ${until} Uhr: ${now}; gestern bis dahin: ${before}; gestern insgesamt: ${all}`,
  visitorsTitle: (until, now, before, all) =>
    `Besucher jeder Stunde bis ${until} Uhr, zusammengezählt: ${now}; gestern: ${before}. Gestern insgesamt: ${all} Besucher`,
  yesterdayTitle: (all) => `Gestern insgesamt: ${all}`,
  onlineTitle: (views) => `Browser mit Besuchsdaten in den letzten fünf bis zehn Minuten. Aufrufe in dieser Zeit: ${views}`,
  all: (count, shown) => `${shown} ${plural(count, 'Website', 'Websites')}`,
  found: (shown) => `${shown} gefunden`,
  selected: (shown) => `${shown} ausgewählt`,
  addUp:
    'Änderungen vergleichen die vergangenen Stunden von heute mit denselben Stunden von gestern. Für jede Website gelten die ' +
    'Tage ihrer Zeitzone. Besucher mehrerer Websites werden zusammengezählt: Wer zwei davon besucht, zählt doppelt.',
  rollup: 'Seiten und Quellen zusammen',
  csv: 'CSV',
  csvTitle: 'Zahlen dieser Websites als CSV herunterladen',
  clear: 'Auswahl aufheben',
  none: 'Keine Website passt zur Suche.',
  damaged: (sites) => `Ein Dokument dieser Websites ist beschädigt, daher fehlen sie hier: ${sites}.`,
  previous: 'Zurück',
  next: 'Weiter',
  rows: (from, to, all) => `${from}–${to} von ${all}`,
  updated: (ago) => `Aktualisiert ${ago}`,
  loading: 'Zahlen werden geladen …',
};
export const SITES = { en: SITES_EN, de: SITES_DE }[LANGUAGE];

const ROLLUP_EN = {
  addUp: 'Visitors of several sites are added up: somebody who visits two of them counts twice.',
  pagesHint: 'Pages with the same path on several sites are one row.',
  newer: (count: number, shown: string) =>
    `${shown} ${plural(count, 'site was', 'sites were')} created after the other period had begun.`,
  tooMany: 'So many sites cannot be added up by single days. Choose a whole month or year, or fewer sites.',
};
const ROLLUP_DE: typeof ROLLUP_EN = {
  addUp: 'Besucher mehrerer Websites werden zusammengezählt: Wer zwei davon besucht, zählt doppelt.',
  pagesHint: 'Seiten mit demselben Pfad auf mehreren Websites sind eine Zeile.',
  newer: (count, shown) =>
    `${shown} ${plural(count, 'Website wurde', 'Websites wurden')} erst angelegt, als der andere Zeitraum schon begonnen hatte.`,
  tooMany:
    'So viele Websites lassen sich nicht nach einzelnen Tagen zusammenzählen. Wählen Sie einen ganzen Monat oder ein ganzes ' +
    'Jahr, oder weniger Websites.',
};
export const ROLLUP = { en: ROLLUP_EN, de: ROLLUP_DE }[LANGUAGE];
