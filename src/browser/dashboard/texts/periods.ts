// Names of periods, and texts for periods without numbers.
import type { Named } from '../ranges.js';

const PERIODS_EN: Readonly<Record<Named, string>> = {
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
  all: 'All time',
};
const PERIODS_DE: typeof PERIODS_EN = {
  today: 'Heute',
  yesterday: 'Gestern',
  '7d': 'Letzte 7 Tage',
  '28d': 'Letzte 28 Tage',
  '30d': 'Letzte 30 Tage',
  '90d': 'Letzte 90 Tage',
  month: 'Dieser Monat',
  'last-month': 'Letzter Monat',
  year: 'Dieses Jahr',
  'last-year': 'Letztes Jahr',
  all: 'Gesamter Zeitraum',
};
export const PERIODS = { en: PERIODS_EN, de: PERIODS_DE }[LANGUAGE];

const NOTHING_EN: Readonly<Record<Named, string>> = {
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
  all: 'Nothing yet.',
};
const NOTHING_DE: typeof NOTHING_EN = {
  today: 'Heute noch nichts.',
  yesterday: 'Gestern nichts.',
  '7d': 'In den letzten 7 Tagen noch nichts.',
  '28d': 'In den letzten 28 Tagen noch nichts.',
  '30d': 'In den letzten 30 Tagen noch nichts.',
  '90d': 'In den letzten 90 Tagen noch nichts.',
  month: 'In diesem Monat noch nichts.',
  'last-month': 'Im letzten Monat nichts.',
  year: 'In diesem Jahr noch nichts.',
  'last-year': 'Im letzten Jahr nichts.',
  all: 'Noch nichts.',
};
export const NOTHING = { en: NOTHING_EN, de: NOTHING_DE }[LANGUAGE];

const COMPARED_EN = {
  yesterday: 'yesterday',
  until: (hour: string) => `Until ${hour}`,
  untilHour: (period: string, hour: string) => `Compared with ${period} until ${hour}.`,
  withSameDays: (period: string) => `Compared with the same days of ${period}, without today.`,
  sameHours: (period: string) => `same hours of ${period}`,
  sameDays: (period: string) => `same days of ${period}`,
  with: (period: string) => `compared with ${period}`,
  thanHours: (period: string) => `the same hours of ${period}`,
  thanDays: (period: string) => `the same days of ${period}`,
};
const COMPARED_DE: typeof COMPARED_EN = {
  yesterday: 'gestern',
  until: (hour) => `Bis ${hour} Uhr`,
  untilHour: (period, hour) => `Verglichen mit ${period} bis ${hour} Uhr.`,
  withSameDays: (period) => `Verglichen mit denselben Tagen: ${period}, ohne heute.`,
  sameHours: (period) => `${period}, gleiche Stunden`,
  sameDays: (period) => `${period}, gleiche Tage`,
  with: (period) => `verglichen mit ${period}`,
  thanHours: (period) => `${period}, gleiche Stunden`,
  thanDays: (period) => `${period}, gleiche Tage`,
};
export const COMPARED = { en: COMPARED_EN, de: COMPARED_DE }[LANGUAGE];

/** What is no longer kept by the day. */
const KEPT_EN = {
  nothingIn: (range: string) => `Nothing in this period: ${range}.`,
  widened: (range: string) => `The days of this period are no longer kept one by one. These numbers are of ${range}.`,
  expired: (ranges: string) => `No longer kept: ${ranges}.`,
  notCompared: 'No changes here: the lists of single days are kept for three months.',
};
const KEPT_DE: typeof KEPT_EN = {
  nothingIn: (range) => `Nichts in diesem Zeitraum: ${range}.`,
  widened: (range) => `Die einzelnen Tage dieses Zeitraums sind nicht mehr gespeichert. Diese Zahlen gelten für ${range}.`,
  expired: (ranges) => `Nicht mehr gespeichert: ${ranges}.`,
  notCompared: 'Hier ohne Änderung: Die Listen einzelner Tage werden drei Monate lang gespeichert.',
};
export const KEPT = { en: KEPT_EN, de: KEPT_DE }[LANGUAGE];
