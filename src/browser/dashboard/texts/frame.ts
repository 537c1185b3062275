// Texts around the numbers: the head of the page, its keys, its dialogs, its connection, and what is shown when there are no
// numbers.
import type { COMPARISONS } from '../address.js';
import { plural } from './plural.js';

const HEAD_EN = {
  timesIn: 'Times in',
  wrongRange: 'The days in the address are not valid. This is today. Example: #from=2026-11-01&to=2026-11-20',
  clock: (time: string) => `(now ${time})`,
  compareWith: 'Compare with',
  comparisons: {
    previous: 'the previous period',
    'year-before': 'a year earlier',
    nothing: 'nothing',
  } satisfies Record<(typeof COMPARISONS)[number], string>,
  period: 'Period',
  buttons: 'Often used periods',
  fromTo: 'From … to …',
  from: 'From',
  to: 'to',
  show: 'Show',
  tooLong: 'Choose at most ten years.',
  earlier: 'Earlier',
  later: 'Later',
  months: 'Months',
  years: 'Years',
  otherRange: 'other days …',
  compare: 'Compare',
  byWeekday: 'Same weekdays',
  byWeekdayTitle: 'Moves the other period by a few days, so that both begin on the same day of the week',
};
const HEAD_DE: typeof HEAD_EN = {
  timesIn: 'Zeitzone',
  wrongRange: 'Die Tage in der Adresse sind ungültig. Dies ist heute. Beispiel: #from=2026-11-01&to=2026-11-20',
  clock: (time) => `(jetzt ${time} Uhr)`,
  compareWith: 'Vergleich mit',
  comparisons: {
    previous: 'dem Zeitraum davor',
    'year-before': 'dem Vorjahr',
    nothing: 'nichts',
  },
  period: 'Zeitraum',
  buttons: 'Häufige Zeiträume',
  fromTo: 'Von … bis …',
  from: 'Von',
  to: 'bis',
  show: 'Anzeigen',
  tooLong: 'Wählen Sie höchstens zehn Jahre.',
  earlier: 'Früher',
  later: 'Später',
  months: 'Monate',
  years: 'Jahre',
  otherRange: 'anderen Tagen …',
  compare: 'Vergleichen',
  byWeekday: 'Gleiche Wochentage',
  byWeekdayTitle: 'Verschiebt den anderen Zeitraum um einige Tage, sodass beide am gleichen Wochentag beginnen',
};
export const HEAD = { en: HEAD_EN, de: HEAD_DE }[LANGUAGE];

const KEYS_EN = {
  title: 'Keys',
  intro: 'They work anywhere on the page, except while you type.',
  earlier: 'Earlier, by the length of the period',
  later: 'Later, by the length of the period',
  period: 'Go to the list of periods, with months, years and any dates',
  compare: 'Go to what the period is compared with',
  site: 'Go to the choice of another site',
  wall: 'Wall: large numbers that fill the screen',
  help: 'Show these keys',
  chart: 'In the chart: move along the bars; with Shift, select several',
  open: 'In the chart: open the bar, or zoom to the selected ones',
  enterKey: 'Enter',
  escape: 'Close what is open, or leave the zoom',
  escapeKey: 'Esc',
};
const KEYS_DE: typeof KEYS_EN = {
  title: 'Tasten',
  intro: 'Sie gelten überall auf der Seite, außer beim Tippen.',
  earlier: 'Früher, um die Länge des Zeitraums',
  later: 'Später, um die Länge des Zeitraums',
  period: 'Zur Liste der Zeiträume, mit Monaten, Jahren und beliebigen Tagen',
  compare: 'Zur Auswahl des Vergleichs',
  site: 'Zur Auswahl einer anderen Website',
  wall: 'Wandansicht: große Zahlen, die den Bildschirm füllen',
  help: 'Diese Tasten anzeigen',
  chart: 'Im Diagramm: zum nächsten Balken; mit Umschalt mehrere auswählen',
  open: 'Im Diagramm: den Balken öffnen oder die Auswahl vergrößern',
  enterKey: 'Eingabe',
  escape: 'Schließen, was geöffnet ist, oder die Vergrößerung beenden',
  escapeKey: 'Esc',
};
export const KEYS = { en: KEYS_EN, de: KEYS_DE }[LANGUAGE];

const DIALOGS_EN = {
  close: 'Close',
  loading: 'Loading …',
  notLoaded: 'The list or page could not be loaded.',
  reload: 'Reload the page',
};
const DIALOGS_DE: typeof DIALOGS_EN = {
  close: 'Schließen',
  loading: 'Wird geladen …',
  notLoaded: 'Die Liste oder Seite konnte nicht geladen werden.',
  reload: 'Seite neu laden',
};
export const DIALOGS = { en: DIALOGS_EN, de: DIALOGS_DE }[LANGUAGE];

const CONNECTION_EN = {
  connecting: 'Connecting …',
  live: 'Live',
  reconnecting: 'Reconnecting …',
  polling: (seconds: number) => `Updated every ${seconds} seconds`,
  unreachable: 'Cannot reach the server. Trying again …',
  unavailable: 'The server cannot answer at the moment. Trying again …',
  tooMany: 'Too many requests. Trying again …',
  signedOut: 'Signed out',
  unreachableSince: (time: string) => `Cannot reach the server since ${time}. Trying again …`,
};
const CONNECTION_DE: typeof CONNECTION_EN = {
  connecting: 'Verbindung wird aufgebaut …',
  live: 'Live',
  reconnecting: 'Verbindung wird wiederhergestellt …',
  polling: (seconds) => `Alle ${seconds} Sekunden aktualisiert`,
  unreachable: 'Der Server ist nicht erreichbar. Neuer Versuch …',
  unavailable: 'Der Server kann gerade nicht antworten. Neuer Versuch …',
  tooMany: 'Zu viele Anfragen. Neuer Versuch …',
  signedOut: 'Abgemeldet',
  unreachableSince: (time) => `Server seit ${time} Uhr nicht erreichbar. Neuer Versuch …`,
};
export const CONNECTION = { en: CONNECTION_EN, de: CONNECTION_DE }[LANGUAGE];

const SIGNED_OUT_EN = {
  title: 'You are signed out',
  token: 'The token was revoked, or your session has ended. The numbers below are no longer updated.',
  site: 'This site no longer exists, or you have no access to it any more. The numbers below are no longer updated.',
  signIn: 'Sign in',
};
const SIGNED_OUT_DE: typeof SIGNED_OUT_EN = {
  title: 'Sie sind abgemeldet',
  token: 'Das Token wurde widerrufen, oder Ihre Sitzung ist abgelaufen. Die Zahlen unten werden nicht mehr aktualisiert.',
  site: 'Diese Website gibt es nicht mehr, oder Sie haben keinen Zugang mehr. Die Zahlen unten werden nicht mehr aktualisiert.',
  signIn: 'Anmelden',
};
export const SIGNED_OUT = { en: SIGNED_OUT_EN, de: SIGNED_OUT_DE }[LANGUAGE];

const WAITING_EN = {
  title: 'Waiting for the first view',
  refused: (hits: number, shown: string) =>
    `${shown} ${plural(hits, 'hit', 'hits')} arrived but ${plural(hits, 'was', 'were')} not counted:`,
  reason: (hits: string, reason: string) => `${hits} × ${reason}`,
  hint: 'The first view appears here as soon as it arrives. If nothing arrives, check that your pages contain the snippet with',
  hintEnd: ', and that no browser extension blocks it.',
};
const WAITING_DE: typeof WAITING_EN = {
  title: 'Warten auf den ersten Seitenaufruf',
  refused: (hits, shown) => `${shown} ${plural(hits, 'Zugriff kam an, wurde', 'Zugriffe kamen an, wurden')} aber nicht gezählt:`,
  reason: (hits, reason) => `${hits} × ${reason}`,
  hint: 'Der erste Seitenaufruf erscheint hier sofort. Wenn nichts ankommt, prüfen Sie, ob Ihre Seiten das Snippet mit',
  hintEnd: ' enthalten und ob eine Browsererweiterung es blockiert.',
};
export const WAITING = { en: WAITING_EN, de: WAITING_DE }[LANGUAGE];
