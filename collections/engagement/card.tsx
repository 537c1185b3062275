import { duration, medianText, rate } from '../../src/browser/dashboard/format.js';
import { AS_PAGES } from '../../src/browser/dashboard/labels.js';
import { listCard } from '../../src/browser/dashboard/list-card.js';
import { LISTS } from '../../src/browser/dashboard/texts.js';
import type { Answer } from './report.js';

const EN = {
  title: 'Reading',
  pages: 'Pages',
  depth: 'Scroll depth',
  average: 'average',
  averageTitle: (site: string, median: string) => `site: ${site}; median ${median}`,
  note: 'Only views that reported a reading time.',
  toTheEnd: 'To the end',
  atLeast: (depth: string) => `At least ${depth}`,
  whenEmpty: 'No reading times yet. The script sends them when a page is hidden or left.',
  onAverage: ' on average; median: ',
  depthOnAverage: (depth: string) => `; scroll depth: ${depth} on average.`,
};
const DE: typeof EN = {
  title: 'Lesen',
  pages: 'Seiten',
  depth: 'Scrolltiefe',
  average: 'Durchschnitt',
  averageTitle: (site, median) => `Website: ${site}; Median ${median}`,
  note: 'Nur Seitenaufrufe, zu denen eine Lesezeit gemeldet wurde.',
  toTheEnd: 'Bis zum Ende',
  atLeast: (depth) => `Mindestens ${depth}`,
  whenEmpty: 'Noch keine Lesezeiten. Das Skript meldet sie, wenn eine Seite verborgen oder verlassen wird.',
  onAverage: ' im Durchschnitt; Median: ',
  depthOnAverage: (depth) => `; Scrolltiefe: im Durchschnitt ${depth}.`,
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

export const card = listCard<Answer>({
  report: 'engagement',
  place: 'left',
  order: 20,
  title: TEXTS.title,
  lead: ({ total }) => total.known > 0 && <Lead total={total} />,
  whenEmpty: () => TEXTS.whenEmpty,
  tabs: ({ total, rows }) => ({
    [TEXTS.pages]: {
      name: 'rows',
      rows: rows.map((page) => ({
        key: page.key,
        label: AS_PAGES.label(page),
        action: AS_PAGES.onRow(page),
        outside: AS_PAGES.outside(page),
        value: page.known,
        error: page.error,
        cells: [
          {
            text: duration(page.averageSeconds),
            title: TEXTS.averageTitle(duration(total.averageSeconds), medianText(page.medianSeconds)),
          },
        ],
      })),
      total: total.known,
      unit: LISTS.views,
      columns: [TEXTS.average],
      note: rows.length === 0 ? '' : TEXTS.note,
    },
    [TEXTS.depth]: {
      name: 'total.reached',
      rows: total.known === 0 ? [] : total.reached.map(depthRow),
      total: total.known,
      unit: LISTS.views,
      columns: [],
      overlap: true,
    },
  }),
});

function depthRow({ depth, views }: Answer['total']['reached'][number]) {
  const label = <bdi>{depth === 100 ? TEXTS.toTheEnd : TEXTS.atLeast(rate(depth / 100))}</bdi>;
  return { key: String(depth), label, value: views, cells: [] };
}

function Lead({ total }: Pick<Answer, 'total'>) {
  return (
    <p class="lead">
      <strong>{duration(total.averageSeconds)}</strong>
      {TEXTS.onAverage}
      <strong>{medianText(total.medianSeconds)}</strong>
      {TEXTS.depthOnAverage(rate((total.averageDepth ?? 0) / 100))}
    </p>
  );
}
