// The part of the browser's record that may be stored with a view. See record.ts.
import { isViewsOnly } from '../draft.js';
import type { Cell, Facet } from '../facet.js';
import { type NewInPeriod, NO_RECORD, VIEWS_ONLY, type Visitor } from '../record.js';

/** The journal contains the index in this list. */
const FIRST_OF: readonly NewInPeriod[] = ['', 'd', 'm', 'y'];
/** Written in place of a record. */
const VIEWS_ONLY_MARK = '-';
const [FIRST_OF_PAGE_SHIFT, ENTRY] = [2, 16];

export const visitor: Facet<'visitor', Visitor> = {
  name: 'visitor',
  empty: NO_RECORD,
  only: 'view',
  parse(draft) {
    if (draft.kind === 'view' && isViewsOnly(draft)) return VIEWS_ONLY;
    return draft.record?.visitor ?? NO_RECORD;
  },
  column: {
    write: textOf,
    read: visitorOf,
    repeats: true,
    cells: [
      { name: 'visitor', type: 'STRING' },
      { name: 'first', type: 'STRING' },
      { name: 'first_of_page', type: 'STRING' },
      { name: 'entry', type: 'BOOLEAN' },
    ],
    toCells: (text) => {
      const { record, viewsOnly, first, firstOfPage, entry } = visitorOf(text);
      return [record ? 'record' : viewsOnly ? 'views-only' : 'none', first, firstOfPage, entry];
    },
    fromCells: ([kind, first, firstOfPage, entry]: readonly Cell[]) => {
      if (kind !== 'record') return kind === 'none' ? '' : VIEWS_ONLY_MARK;
      return textOf({
        record: true,
        viewsOnly: false,
        first: first as NewInPeriod,
        firstOfPage: firstOfPage as NewInPeriod,
        entry: entry === true,
      });
    },
  },
};

function textOf({ record, viewsOnly, first, firstOfPage, entry }: Visitor): string {
  if (!record) return viewsOnly ? VIEWS_ONLY_MARK : '';
  const flags = FIRST_OF.indexOf(first) | (FIRST_OF.indexOf(firstOfPage) << FIRST_OF_PAGE_SHIFT) | (entry ? ENTRY : 0);
  return String(flags);
}

function visitorOf(text: string): Visitor {
  if (text === '') return NO_RECORD;
  if (text === VIEWS_ONLY_MARK) return VIEWS_ONLY;
  const flags = Number(text);
  return {
    record: true,
    viewsOnly: false,
    first: FIRST_OF[flags & 3] as NewInPeriod,
    firstOfPage: FIRST_OF[(flags >> FIRST_OF_PAGE_SHIFT) & 3] as NewInPeriod,
    entry: (flags & ENTRY) !== 0,
  };
}
