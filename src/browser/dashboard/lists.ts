// A card with a list of bars, perhaps with tabs: what is in it is given anew at each update, what was opened stays open.
import { make, setText } from './dom.js';
import { counted, number, share } from './format.js';
import { createTabs } from './tabs.js';

/** Beside a row's number, in a column of its own. */
export interface Cell {
  readonly text: string;
  /** What it is to be seen beside. */
  readonly title?: string;
}

export interface ListRow {
  readonly key: string;
  readonly label: Node;
  readonly value: number;
  readonly error?: number | undefined;
  /** One for each of the list's columns. */
  readonly cells: readonly Cell[];
  /** Rows that open below it. */
  readonly inner?: readonly ListRow[];
}

export interface ListView {
  readonly rows: readonly ListRow[];
  /** What the shares are of; what is not in the rows is shown as the rest. */
  readonly total: number;
  /** What `value` is of. */
  readonly unit: string;
  readonly columns: readonly string[];
  /** One thing may be in several rows: bars are of the total, and there is no rest. */
  readonly overlap?: boolean;
  readonly note?: string;
  /** Default: the card's. */
  readonly whenEmpty?: string;
}

export interface ListCard {
  readonly root: HTMLElement;
  /** By tab, in order; a card without tabs has one, whatever its name. */
  show(tabs: Readonly<Record<string, ListView>>, whenEmpty: string): void;
}

const ROWS_AT_FIRST = 10;
const NOTHING: ListView = { rows: [], total: 0, unit: '', columns: [] };

/** `lead` stands above the list. */
export function createListCard(title: string, ...lead: readonly Node[]): ListCard {
  const tabBar = createTabs(title, (name) => {
    chosen = name;
    expanded = false;
    render();
  });
  const list = make('ol', { class: 'rows' });
  const more = make('button', { type: 'button', class: 'quiet more' });
  const noteLine = make('p', { class: 'hint' });
  const root = make('section', { class: 'card list' }, make('h2', {}, title), ...lead, tabBar.root, list, more, noteLine);

  let tabs: Readonly<Record<string, ListView>> = {};
  let chosen = '';
  let expanded = false;
  let empty = '';
  const opened = new Set<string>();

  const render = (): void => {
    const names = Object.keys(tabs);
    if (!names.includes(chosen)) chosen = names[0] ?? '';
    tabBar.show(names, chosen);

    const view = tabs[chosen] ?? NOTHING;
    const { rows, total, overlap = false, note = '', whenEmpty = empty } = view;
    const visible = expanded ? rows : rows.slice(0, ROWS_AT_FIRST);
    const largest = Math.max(1, ...(overlap ? [total] : rows.map(({ value }) => value)));
    const items = visible.flatMap((row) => [item(row, view, largest), ...innerItems(row, view, largest)]);
    const rest = total - rows.reduce((sum, { value }) => sum + value, 0);
    if (visible.length === rows.length && rest > 0 && !overlap) items.push(restItem(rest, view));
    const focused = list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.key : undefined;
    list.replaceChildren(...(rows.length === 0 ? [make('li', { class: 'empty' }, whenEmpty)] : [headItem(view), ...items]));
    if (focused !== undefined) list.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    more.hidden = rows.length <= ROWS_AT_FIRST;
    setText(more, expanded ? 'Show fewer' : `Show ${number(rows.length - ROWS_AT_FIRST)} more`);
    setText(noteLine, note);
    noteLine.hidden = note === '';
  };

  const innerItems = (row: ListRow, view: ListView, largest: number): HTMLElement[] =>
    opened.has(row.key)
      ? (row.inner ?? []).map((inner) => {
          const made = item(inner, view, largest);
          made.classList.add('inner');
          return made;
        })
      : [];

  const item = (row: ListRow, { total, columns, unit }: ListView, largest: number): HTMLElement => {
    const bar = make('span', { class: 'bar' });
    bar.style.width = `${(100 * row.value) / largest}%`;
    const count = make('span', { class: 'cell' }, counted(row.value, row.error), unitOf(unit));
    if (row.error) count.title = `At least ${number(row.value)} and at most ${number(row.value + row.error)}`;
    const cells = row.cells.map(({ text, title = '' }, index) =>
      make('span', { class: 'cell aside', title }, text, unitOf(columns[index] ?? '')),
    );
    const part = make('span', { class: 'share' }, share(row.value, total));
    return make('li', {}, bar, make('span', { class: 'key' }, labelOf(row)), ...cells, count, part);
  };

  const labelOf = (row: ListRow): Node => {
    if (row.inner === undefined || row.inner.length === 0) return row.label;
    const isOpen = opened.has(row.key);
    const button = make(
      'button',
      { type: 'button', class: 'opener', 'aria-expanded': String(isOpen), 'data-key': row.key },
      row.label,
    );
    button.addEventListener('click', () => {
      if (!opened.delete(row.key)) opened.add(row.key);
      render();
    });
    return button;
  };

  more.addEventListener('click', () => {
    expanded = !expanded;
    render();
  });

  return {
    root,
    show(next, whenEmpty) {
      tabs = next;
      empty = whenEmpty;
      render();
    },
  };
}

/** For those who do not see the column's head. */
function unitOf(name: string): HTMLElement {
  return make('span', { class: 'visually-hidden' }, ` ${name}`);
}

function headItem({ columns, unit }: ListView): HTMLElement {
  const cells = columns.map((name) => make('span', { class: 'cell aside' }, name));
  const head = [
    make('span', { class: 'key' }),
    ...cells,
    make('span', { class: 'cell' }, unit),
    make('span', { class: 'share' }),
  ];
  return make('li', { class: 'columns', 'aria-hidden': 'true' }, ...head);
}

function restItem(rest: number, { total, columns }: ListView): HTMLElement {
  const key = make('span', { class: 'key' }, 'Everything else');
  const cells = columns.map(() => make('span', { class: 'cell aside' }));
  const count = make('span', { class: 'cell' }, number(rest));
  return make('li', { class: 'rest' }, key, ...cells, count, make('span', { class: 'share' }, share(rest, total)));
}
