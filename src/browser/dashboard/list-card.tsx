// Makes the card of a report whose card has lists: most do.
import type { ComponentChildren } from 'preact';
import type { Answered, Row } from './answers.js';
import type { ListsBefore } from './ask.js';
import type { Card } from './card.js';
import { Kept } from './kept.js';
import { ListCard, type ListView } from './list.js';
import { nothingIn } from './period-names.js';
import { changeOf, viewsAndVisitors } from './rows.js';

/** How a list of views is taken out of a report. */
interface ViewsOf<Body, One extends Row> {
  /** The field of the list in the report. */
  readonly name: string;
  readonly rows: (answer: Body) => readonly One[];
  /** The views that the shares are parts of. */
  readonly total: number;
  readonly label: (row: One) => ComponentChildren;
  /** Rows that open below a row. */
  readonly inner?: (row: One) => readonly Row[];
}

export interface ListContext<Body> {
  /** What lists are compared with. */
  readonly before: ListsBefore | undefined;
  /** Says that the period has nothing yet. */
  readonly nothingYet: string;
  /** A list of views and visitors, with changes if the card is compared. */
  list<One extends Row>(parts: ViewsOf<Body, One>): ListView;
}

export interface ListCardOf<Body> extends Pick<Card, 'report' | 'place' | 'order' | 'isCompared'> {
  readonly title: string;
  /** By the names of the tabs, in order; a card with one list has no tabs, whatever its name. */
  tabs(answer: Answered<Body>, context: ListContext<Body>): Readonly<Record<string, ListView>>;
  /** Default: says that the period has nothing yet. */
  whenEmpty?(answer: Answered<Body>): string | undefined;
  /** Stands above the list. */
  lead?(answer: Answered<Body>): ComponentChildren;
}

export function listCard<Body>(definition: ListCardOf<Body>): Card {
  const { report, place, order, isCompared = false, title, tabs, whenEmpty, lead } = definition;
  return {
    report,
    place,
    order,
    isCompared,
    View({ loaded }) {
      if (loaded === undefined) return <ListCard title={title} tabs={undefined} whenEmpty="" />;
      const answer = loaded.answers[report] as Answered<Body>;
      const { shown } = loaded.address;
      const nothingYet = nothingIn(shown, loaded.now.day);
      const before = isCompared ? loaded.before : undefined;
      const context: ListContext<Body> = {
        before,
        nothingYet,
        list: ({ rows, ...parts }) => viewsAndVisitors({ ...parts, rows: rows(answer), change: changeOf(before, report, rows) }),
      };
      return (
        <ListCard
          title={title}
          tabs={tabs(answer, context)}
          whenEmpty={whenEmpty?.(answer) ?? nothingYet}
          lead={[<Kept key="kept" answer={answer} shown={shown} today={loaded.now.day} />, lead?.(answer)]}
          source={{ report, shown }}
        />
      );
    },
  };
}
