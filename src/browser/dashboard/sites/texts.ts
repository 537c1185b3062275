// Texts of the page of all sites, and of the roll-up of some of them.
import { plural } from '../texts/plural.js';

const SITES_EN = {
  title: 'Your sites',
  search: 'Search sites',
  group: 'Group',
  groups: { none: 'Not grouped', team: 'By team', timezone: 'By time zone' },
  noTeam: 'No team',
  sort: 'Sort',
  sorts: { name: 'Name', views: 'Views', visitors: 'Visitors', online: 'Online', change: 'Change of views' },
  site: 'Site',
  views: 'Views today',
  visitors: 'Visitors today',
  online: 'Online',
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
  sorts: { name: 'Name', views: 'Aufrufe', visitors: 'Besucher', online: 'Online', change: 'Änderung der Aufrufe' },
  site: 'Website',
  views: 'Aufrufe heute',
  visitors: 'Besucher heute',
  online: 'Online',
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
  period: 'Period',
  close: 'Close',
  views: 'Views',
  visitors: 'Visitors',
  visits: 'Visits',
  bounceRate: 'Bounce rate',
  pages: 'Pages',
  sources: 'Sources',
  pagesHint: 'Pages with the same path on several sites are one row.',
  nothing: 'Nothing in this period.',
  failed: 'This could not be loaded.',
  csv: 'CSV',
};
const ROLLUP_DE: typeof ROLLUP_EN = {
  period: 'Zeitraum',
  close: 'Schließen',
  views: 'Aufrufe',
  visitors: 'Besucher',
  visits: 'Besuche',
  bounceRate: 'Absprungrate',
  pages: 'Seiten',
  sources: 'Quellen',
  pagesHint: 'Seiten mit demselben Pfad auf mehreren Websites sind eine Zeile.',
  nothing: 'Nichts in diesem Zeitraum.',
  failed: 'Das konnte nicht geladen werden.',
  csv: 'CSV',
};
export const ROLLUP = { en: ROLLUP_EN, de: ROLLUP_DE }[LANGUAGE];
