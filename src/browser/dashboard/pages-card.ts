// Which pages were viewed, and which ones visits began and ended with.
import type { Content, PageRow } from './answers.js';
import type { ListsBefore } from './ask.js';
import { number, rate } from './format.js';
import type { PageLabels } from './labels.js';
import { type Cell, createListCard, type ListView } from './lists.js';
import { changeOf, listsOf } from './other-period.js';
import { changeCells, changeColumns, changeNote } from './rows.js';

/** What a page's numbers are seen beside. */
export interface Rates {
  readonly bounces: number | null;
  readonly exits: number | null;
}

export function ratesOf({ entries, bounces, exits, recorded }: Omit<PageRow, 'key' | 'views'>): Rates {
  return { bounces: part(bounces, entries), exits: part(exits, recorded) };
}

export function createPagesCard({ label }: PageLabels) {
  const card = createListCard('Pages');
  return {
    root: card.root,
    show(content: Content, whenEmpty: string, before: ListsBefore | undefined): void {
      const { total } = content;
      const site = ratesOf(total);
      card.show(
        {
          Pages: listsOf(before, 'content', content)(
            ({ rows }) => rows,
            total.views,
            ({ key, title }) => label(key, title),
          ),
          'Entry pages': ofVisits('entries', 'bounce rate', (row) => [
            row.entries,
            {
              text: rate(ratesOf(row).bounces),
              title: `${number(row.bounces)} visits of this one view (site: ${rate(site.bounces)})`,
            },
          ]),
          'Exit pages': ofVisits('exits', 'exit rate', (row) => [
            row.exits,
            {
              text: rate(ratesOf(row).exits),
              title: `of ${number(row.recorded)} views by browsers with a record (site: ${rate(site.exits)})`,
            },
          ]),
        },
        whenEmpty,
      );

      function ofVisits(
        name: 'entries' | 'exits',
        column: string,
        numbersOf: (row: PageRow) => [value: number, rate: Cell],
      ): ListView {
        const pages = content[name];
        const change = changeOf(before, 'content', (body) => body[name]);
        const changeOfRow = changeCells(change, (row) => numbersOf(row)[0]);
        return {
          rows: pages.map((row) => {
            const [value, cell] = numbersOf(row);
            return { key: row.key, label: label(row.key, row.title), value, cells: [...changeOfRow(row), cell] };
          }),
          total: total[name],
          unit: name,
          columns: [...changeColumns(change), column],
          note:
            pages.length === 0 ? '' : `Visits by browsers with a record, as far as they have come. ${changeNote(change)}`.trim(),
          whenEmpty: total.views === 0 ? whenEmpty : 'No visit by a browser with a record.',
        };
      }
    },
  };
}

function part(some: number, all: number): number | null {
  return all === 0 ? null : some / all;
}
