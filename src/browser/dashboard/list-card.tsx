// Makes the card of a report whose card has lists: most do.
import type { ComponentChildren } from 'preact';
import type { Answered, Row } from './answers.js';
import type { ListsBefore } from './ask.js';
import type { Card, CardLists, NumbersFrom } from './card.js';
import { Kept } from './kept.js';
import { ListCard, ListCardWithout, ROWS_AT_FIRST, type Room } from './list.js';
import type { ListAnswer, ListView, Tabs } from './list-view.js';
import { nothingIn } from './period-names.js';
import { isSame } from './ranges.js';
import { mostVisitors } from './row-visitors.js';
import { changeOf, isComparedIn, type ViewsList, viewsAndVisitors } from './rows.js';
import { CARDS, KEPT } from './texts.js';

/** How a list of views is taken out of a report. */
interface ViewsOf<Body, One extends Row> extends Omit<ViewsList<One>, 'rows' | 'change'> {
  readonly rows: (answer: Body) => readonly One[];
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
  tabs(answer: Answered<Body>, context: ListContext<Body>): Tabs;
  /** Default: says that the period has nothing yet. */
  whenEmpty?(answer: Answered<Body>): string | undefined;
  /** Stands above the list. */
  lead?(answer: Answered<Body>): ComponentChildren;
  /** The number of rows that a list has room for while they are loaded, and when there are fewer. Default: ten. */
  readonly room?: Room;
  /** Default: `counters`. */
  readonly from?: NumbersFrom;
}

export function listCard<Body>(definition: ListCardOf<Body>): Card {
  const { report, place, order, isCompared = false, title, whenEmpty, lead, room = ROWS_AT_FIRST, from } = definition;
  const lists = listsOf(definition);
  return {
    report,
    place,
    order,
    isCompared,
    lists,
    View({ loaded }) {
      if (loaded === undefined) return <ListCardWithout title={title} room={room} />;
      const answer = loaded.answers[report] as Answered<Body> | undefined;
      if (answer === undefined) return <ListCardWithout title={title} problem={CARDS.notLoaded} />;
      const { shown } = loaded.address;
      const today = loaded.now.day;
      return (
        <ListCard
          title={title}
          tabs={lists.of(answer, loaded, loaded.before)}
          whenEmpty={whenEmpty?.(answer) ?? nothingIn(shown, today)}
          lead={[
            <Kept key="kept" answer={answer} shown={shown} today={today} />,
            isCompared && answer.resolution === 'day' && loaded.before && !isComparedIn(loaded.before, report) && (
              <p key="compared" class="hint kept-note">
                {KEPT.notCompared}
              </p>
            ),
            lead?.(answer),
          ]}
          source={{ report, shown, answer }}
          room={room}
          {...(from && { from })}
        />
      );
    },
  };
}

/** The lists of a report, of any of its answers. */
export function listsOf<Body>({
  report,
  isCompared = false,
  title,
  tabs,
}: Pick<ListCardOf<Body>, 'report' | 'isCompared' | 'title' | 'tabs'>): CardLists {
  return {
    title,
    of(given: ListAnswer, loaded, compared) {
      const answer = given as Answered<Body>;
      const before = isCompared ? compared : undefined;
      const { traffic } = loaded.answers;
      const siteVisitors = isSame(traffic, answer as Answered<object>) ? mostVisitors(traffic.total) : undefined;
      return tabs(answer, {
        before,
        nothingYet: nothingIn(loaded.address.shown, loaded.now.day),
        list: ({ rows, ...parts }) =>
          viewsAndVisitors({ ...parts, siteVisitors, rows: rows(answer), change: changeOf(before, report, parts.name, rows) }),
      });
    },
  };
}
