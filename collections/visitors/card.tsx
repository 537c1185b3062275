import { number } from '../../src/browser/dashboard/format.js';
import { listCard } from '../../src/browser/dashboard/list-card.js';
import type { ListView } from '../../src/browser/dashboard/list-view.js';
import { dayClasses, visitClasses } from './classes.js';
import type { Answer } from './report.js';

const EN = {
  title: 'Visitors',
  newAndReturning: 'New and returning',
  loyalty: 'Number of visits',
  lastVisit: 'Days since last visit',
  new: 'New',
  returning: 'Returning',
  visitors: 'visitors',
  visits: 'visits',
  meaning: 'New: the first visit ever was in this period, even if they came back within it.',
  unknown: (visitors: string) =>
    `Visitors without a record in their browser, who cannot be told apart as new or returning: ${visitors}.`,
  notes: {
    loyalty: 'Each visit by its number: the first visit of its browser, the second, and so on.',
    recency: 'Time since the browser’s previous visit. First visits are not included.',
  },
  noVisits: 'No such visit by a browser with a record yet.',
};
const DE: typeof EN = {
  title: 'Besucher',
  newAndReturning: 'Neue und wiederkehrende',
  loyalty: 'Besuchshäufigkeit',
  lastVisit: 'Letzter Besuch',
  new: 'Neue',
  returning: 'Wiederkehrende',
  visitors: 'Besucher',
  visits: 'Besuche',
  meaning: 'Neue: Der allererste Besuch war in diesem Zeitraum, auch wenn weitere darin folgten.',
  unknown: (visitors) => `Besucher ohne Besuchsdaten im Browser, bei denen nicht bekannt ist, ob sie neu sind: ${visitors}.`,
  notes: {
    loyalty: 'Jeder Besuch nach seiner Nummer: der erste Besuch seines Browsers, der zweite und so weiter.',
    recency: 'Zeit seit dem vorherigen Besuch des Browsers. Erste Besuche sind nicht enthalten.',
  },
  noVisits: 'Noch kein solcher Besuch eines Browsers mit Besuchsdaten.',
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

export const card = listCard<Answer>({
  report: 'visitors',
  place: 'right',
  order: 30,
  room: 2,
  title: TEXTS.title,
  tabs: ({ total, loyalty, recency }, { nothingYet }) => ({
    [TEXTS.newAndReturning]: newAndReturning(total, nothingYet),
    [TEXTS.loyalty]: visitsBy('loyalty', loyalty, visitClasses),
    [TEXTS.lastVisit]: visitsBy('recency', recency, dayClasses),
  }),
});

function newAndReturning(total: Answer['total'], nothingYet: string): ListView {
  const known = total.new + total.returning;
  const unknown = total.unknown === 0 ? '' : TEXTS.unknown(number(total.unknown));
  const rows = [rowOf('new', TEXTS.new, total.new), rowOf('returning', TEXTS.returning, total.returning)];
  return {
    name: 'rows',
    rows: known === 0 ? [] : rows,
    total: known,
    unit: TEXTS.visitors,
    columns: [],
    note: known === 0 ? '' : `${TEXTS.meaning} ${unknown}`.trim(),
    whenEmpty: unknown || nothingYet,
  };
}

/** All classes in their order, empty ones too, since their distribution is what matters. */
function visitsBy(
  name: 'loyalty' | 'recency',
  classes: Answer['loyalty'],
  namesOf: (bounds: readonly number[]) => string[],
): ListView {
  const names = namesOf(classes.map(({ least }) => least));
  const total = classes.reduce((sum, { visits }) => sum + visits, 0);
  return {
    name,
    rows: total === 0 ? [] : classes.map(({ least, visits }, index) => rowOf(String(least), names[index] ?? '', visits)),
    total,
    unit: TEXTS.visits,
    columns: [],
    note: total === 0 ? '' : TEXTS.notes[name],
    whenEmpty: TEXTS.noVisits,
  };
}

function rowOf(key: string, name: string, value: number) {
  return { key, label: <bdi>{name}</bdi>, value, cells: [] };
}
