// Who came: new or returning, how often before, and how long ago.
import type { VisitClass, Visitors } from './answers.js';
import { dayClasses, visitClasses } from './classes.js';
import { number } from './format.js';
import { text } from './labels.js';
import { createListCard, type ListRow, type ListView } from './lists.js';

export function createVisitorsCard() {
  const card = createListCard('Visitors');
  return {
    root: card.root,
    show({ total, loyalty, recency }: Visitors, whenEmpty: string): void {
      const known = total.new + total.returning;
      const without = 'without a record in their browser cannot be told apart as new or returning.';
      const meaning = 'New: their first visit ever was in this time, also when they came back in it.';
      const rows = [row('new', 'New', total.new), row('returning', 'Returning', total.returning)];
      card.show(
        {
          'New and returning': {
            rows: known === 0 ? [] : rows,
            total: known,
            unit: 'visitors',
            columns: [],
            note: known === 0 ? '' : `${meaning}${total.unknown === 0 ? '' : ` ${number(total.unknown)} more ${without}`}`,
            whenEmpty: total.unknown === 0 ? whenEmpty : `${number(total.unknown)} visitors ${without}`,
          },
          Loyalty: visitsBy(loyalty, visitClasses, 'Which visit of its browser each visit was.'),
          'Last visit': visitsBy(
            recency,
            dayClasses,
            'How long before each visit its browser was last here. First visits are left out.',
          ),
        },
        whenEmpty,
      );
    },
  };
}

/** All classes in their order, empty ones too: what counts is how they are spread. */
function visitsBy(classes: readonly VisitClass[], namesOf: (bounds: readonly number[]) => string[], note: string): ListView {
  const names = namesOf(classes.map(({ least }) => least));
  const total = classes.reduce((sum, { visits }) => sum + visits, 0);
  return {
    rows: total === 0 ? [] : classes.map(({ least, visits }, index) => row(String(least), names[index] as string, visits)),
    total,
    unit: 'visits',
    columns: [],
    note: total === 0 ? '' : note,
    whenEmpty: 'No such visit by a browser with a record yet.',
  };
}

function row(key: string, name: string, value: number): ListRow {
  return { key, label: text(name), value, cells: [] };
}
