// How long pages were really read, and how far down.
import type { Engagement, Reading } from './answers.js';
import { make } from './dom.js';
import { duration, number } from './format.js';
import { type PageLabels, text } from './labels.js';
import { createListCard } from './lists.js';

export function createReadingCard({ label }: PageLabels) {
  const lead = make('p', { class: 'lead' });
  const card = createListCard('Reading', lead);
  return {
    root: card.root,
    show({ total, rows }: Engagement): void {
      lead.replaceChildren(...leadOf(total));
      lead.hidden = total.known === 0;
      const site = `site: ${duration(total.averageSeconds)}`;
      const reached = total.reached.map(({ depth, views }) => ({
        key: String(depth),
        label: text(depth === 100 ? 'To the end' : `At least ${depth}%`),
        value: views,
        cells: [],
      }));
      card.show(
        {
          Pages: {
            rows: rows.map((page) => ({
              key: page.key,
              label: label(page.key),
              value: page.known,
              error: page.error,
              cells: [{ text: duration(page.averageSeconds), title: `${site}; median ${medianText(page)}` }],
            })),
            total: total.known,
            unit: 'views',
            columns: ['average'],
            note: rows.length === 0 ? '' : 'Only views that reported a reading time.',
          },
          'How far down': {
            rows: total.known === 0 ? [] : reached,
            total: total.known,
            unit: 'views',
            columns: [],
            overlap: true,
          },
        },
        'No reading times yet: the script sends them when a page is hidden or left.',
      );
    },
  };
}

/** `34 s (30 to 45 s)` */
export function medianText({ medianSeconds }: Pick<Reading, 'medianSeconds'>): string {
  if (medianSeconds === null) return '–';
  const { estimate, least, below } = medianSeconds;
  if (below === null) return `${duration(least)} or more`;
  return `about ${duration(estimate)} (${duration(least)} to ${duration(below)})`;
}

function leadOf(total: Reading): Node[] {
  const strong = (shown: string): HTMLElement => make('strong', {}, shown);
  return [
    ...[
      strong(duration(total.averageSeconds)),
      new Text(' on average; half of the views longer than '),
      strong(medianText(total)),
    ],
    new Text(`; seen down to ${number(Math.round(total.averageDepth ?? 0))}% of the page on average.`),
  ];
}
