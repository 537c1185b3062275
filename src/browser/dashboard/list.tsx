// A card with a list of bars, perhaps with tabs. Of a long list it shows the first rows, and a link to all of them.
import type { ComponentChildren } from 'preact';
import type { NumbersFrom } from './card.js';
import { CardFrame } from './card-frame.js';
import { Downloads } from './csv.js';
import { number } from './format.js';
import { useListPage } from './list-page.js';
import { Rows, RowsToCome } from './list-rows.js';
import { type ListSource, type ListView, rowsInAll, type Tabs as TabsOfCard } from './list-view.js';
import { nothingIn } from './period-names.js';
import { daysIn, rangeOf } from './ranges.js';
import { Tabs } from './tabs.js';
import { LISTS, PERIODS } from './texts.js';

/** How many rows of a list are shown. */
export const ROWS_AT_FIRST = 10;
/** The numbers of rows for which a card can keep room, so that nothing below it moves when they arrive. */
export type Room = 0 | 2 | 3 | typeof ROWS_AT_FIRST;
/** Offered where there is nothing in a shorter period. */
const LONGER = '28d';

interface CardProps {
  readonly title: string;
  readonly tabs: TabsOfCard;
  readonly whenEmpty: string;
  /** Stands above the list. */
  readonly lead?: ComponentChildren;
  readonly source: ListSource;
  readonly room?: Room;
  readonly from?: NumbersFrom;
}

export function ListCard({ title, tabs, whenEmpty, lead, source, room = ROWS_AT_FIRST, from = 'counters' }: CardProps) {
  const { address, hrefOf, setTab } = useListPage();
  const names = Object.keys(tabs);
  const wanted = address.value.tabs[source.report];
  const chosen = names.find((name) => tabs[name]?.name === wanted) ?? names[0] ?? '';
  const view = tabs[chosen] as ListView;
  const inAll = rowsInAll(source.answer, view.name);
  const visible = inAll === undefined ? view : { ...view, rows: view.rows.slice(0, ROWS_AT_FIRST) };
  const list = { report: source.report, list: view.name, search: '', offset: 0 };
  const all = source.page === undefined ? { list } : { pageList: list };
  const name = listName(title, tabs, chosen);
  const under = view.rows.length > 0 && (
    <>
      {inAll !== undefined && inAll > visible.rows.length && (
        <a class="more" href={hrefOf(all)} aria-label={LISTS.allOf(number(inAll), name)}>
          {LISTS.all(number(inAll))}
        </a>
      )}
      <Downloads {...source} list={view.name} name={name} hasRows={inAll !== undefined} />
    </>
  );
  return (
    <CardFrame title={title} look="list" origin={{ from, asOf: source.answer.asOf }} under={under}>
      {lead}
      <Tabs
        names={names}
        chosen={chosen}
        choose={(name) => setTab(source.report, name === names[0] ? undefined : tabs[name]?.name)}
        label={title}
      />
      <div class={`room-${room}`} key={chosen}>
        {view.rows.length === 0 ? <Empty text={view.whenEmpty ?? whenEmpty} source={source} /> : <Rows view={visible} />}
      </div>
      {view.note && <p class="hint">{view.note}</p>}
    </CardFrame>
  );
}

/** For people: `Pages, Entry pages`. */
export function listName(title: string, tabs: TabsOfCard, chosen: string): string {
  if (title === '') return chosen;
  return Object.keys(tabs).length === 1 || chosen === title || chosen === '' ? title : LISTS.tabOf(title, chosen);
}

function Empty({ text, source: { shown, page } }: { text: string; source: ListSource }) {
  const { hrefOf, today } = useListPage();
  const isNothing = text === nothingIn(shown, today.value) && page === undefined;
  const isShort = daysIn(rangeOf(shown, today.value)) < daysIn(rangeOf(LONGER, today.value));
  return (
    <p class="empty">
      {text}
      {isNothing && isShort && (
        <>
          {' '}
          <a href={hrefOf({ shown: LONGER })}>{LISTS.longer(PERIODS[LONGER])}</a>
        </>
      )}
    </p>
  );
}

/** A card whose answer is not there: it has not arrived, or could not be made. */
export function ListCardWithout({ title, problem, room = ROWS_AT_FIRST }: { title: string; problem?: string; room?: Room }) {
  return (
    <CardFrame title={title} look="list">
      <div class={`room-${room}`}>{problem === undefined ? <RowsToCome rows={room} /> : <p class="empty">{problem}</p>}</div>
    </CardFrame>
  );
}
