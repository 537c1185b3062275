import { number } from '../../src/browser/dashboard/format.js';
import { listCard } from '../../src/browser/dashboard/list-card.js';
import { REASONS_DE, REASONS_EN, reasonName } from '../../src/hit/refusal-texts.js';
import type { Answer } from './report.js';

const EN = {
  title: 'Not counted',
  reasons: 'Reasons',
  hits: 'hits',
  note: (counted: string, all: string) => `${counted} of ${all} hits were counted: views, events and reading times.`,
  whenEmpty: 'Everything that arrived was counted.',
};
const DE: typeof EN = {
  title: 'Nicht gezählt',
  reasons: 'Gründe',
  hits: 'Zugriffe',
  note: (counted, all) => `${counted} von ${all} Zugriffen wurden gezählt: Seitenaufrufe, Ereignisse und Lesezeiten.`,
  whenEmpty: 'Alles, was ankam, wurde gezählt.',
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

const REASONS = { en: REASONS_EN, de: REASONS_DE }[LANGUAGE];

export const card = listCard<Answer>({
  report: 'refusals',
  place: 'right',
  order: 40,
  room: 3,
  title: TEXTS.title,
  whenEmpty: () => TEXTS.whenEmpty,
  tabs: ({ rows, total: { counted, refused, received } }) => ({
    [TEXTS.reasons]: {
      name: 'rows',
      rows: rows.map(({ key, hits }) => ({ key, label: <bdi>{reasonName(key, REASONS)}</bdi>, value: hits, cells: [] })),
      total: refused,
      unit: TEXTS.hits,
      columns: [],
      note: received === 0 ? '' : TEXTS.note(number(counted), number(received)),
    },
  }),
});
