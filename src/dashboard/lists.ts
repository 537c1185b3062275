// A card with a list of bars, perhaps with tabs: what is in it is given anew at each update, what was opened stays open.
import { make, setText } from './dom.js';
import { counted, number, share } from './format.js';

export interface ListRow {
  readonly key: string;
  readonly label: Node;
  readonly value: number;
  readonly error?: number | undefined;
  /** Rows that open below it. */
  readonly inner?: readonly ListRow[];
}

export interface ListView {
  readonly rows: readonly ListRow[];
  /** What the shares are of; what is not in the rows is shown as the rest. */
  readonly total: number;
}

export interface ListCard {
  readonly root: HTMLElement;
  /** By tab, in order; a card without tabs has one, whatever its name. */
  show(tabs: Readonly<Record<string, ListView>>, note: string, whenEmpty: string): void;
}

const ROWS_AT_FIRST = 10;

export function createListCard(title: string, unit: string): ListCard {
  const tabBar = make('div', { class: 'tabs', role: 'group', 'aria-label': title });
  const list = make('ol', { class: 'rows' });
  const more = make('button', { type: 'button', class: 'quiet more' });
  const noteLine = make('p', { class: 'hint' });
  const head = make('div', { class: 'list-head' }, make('h2', {}, title), make('span', { class: 'unit' }, unit));
  const root = make('section', { class: 'card list' }, head, tabBar, list, more, noteLine);

  let tabs: Readonly<Record<string, ListView>> = {};
  let chosen = '';
  let expanded = false;
  let empty = '';
  const opened = new Set<string>();

  const render = (): void => {
    const names = Object.keys(tabs);
    if (!names.includes(chosen)) chosen = names[0] ?? '';
    tabBar.hidden = names.length < 2;
    if (tabBar.children.length !== names.length) tabBar.replaceChildren(...names.map(tab));
    for (const button of tabBar.children) button.setAttribute('aria-pressed', String(button.textContent === chosen));

    const { rows, total } = tabs[chosen] ?? { rows: [], total: 0 };
    const visible = expanded ? rows : rows.slice(0, ROWS_AT_FIRST);
    const largest = Math.max(1, ...rows.map(({ value }) => value));
    const items = visible.flatMap((row) => [item(row, total, largest, false), ...innerItems(row, total, largest)]);
    const rest = total - rows.reduce((sum, { value }) => sum + value, 0);
    if (visible.length === rows.length && rest > 0 && rows.length > 0) items.push(restItem(rest, total));
    const focused = list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.key : undefined;
    list.replaceChildren(...(rows.length === 0 ? [make('li', { class: 'empty' }, empty)] : items));
    if (focused !== undefined) list.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    more.hidden = rows.length <= ROWS_AT_FIRST;
    setText(more, expanded ? 'Show fewer' : `Show ${number(rows.length - ROWS_AT_FIRST)} more`);
  };

  const tab = (name: string): HTMLElement => {
    const button = make('button', { type: 'button' }, name);
    button.addEventListener('click', () => {
      chosen = name;
      expanded = false;
      render();
    });
    return button;
  };

  const item = (row: ListRow, total: number, largest: number, isInner: boolean): HTMLElement => {
    const bar = make('span', { class: 'bar' });
    bar.style.width = `${(100 * row.value) / largest}%`;
    const count = make('span', { class: 'count' }, counted(row.value, row.error));
    if (row.error) count.title = `At least ${number(row.value)} and at most ${number(row.value + row.error)}`;
    const part = make('span', { class: 'share' }, share(row.value, total));
    return make('li', isInner ? { class: 'inner' } : {}, bar, make('span', { class: 'key' }, labelOf(row)), count, part);
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

  const innerItems = (row: ListRow, total: number, largest: number): HTMLElement[] =>
    opened.has(row.key) ? (row.inner ?? []).map((inner) => item(inner, total, largest, true)) : [];

  more.addEventListener('click', () => {
    expanded = !expanded;
    render();
  });

  return {
    root,
    show(next, note, whenEmpty) {
      tabs = next;
      empty = whenEmpty;
      setText(noteLine, note);
      noteLine.hidden = note === '';
      render();
    },
  };
}

function restItem(rest: number, total: number): HTMLElement {
  const key = make('span', { class: 'key' }, 'Everything else');
  return make(
    'li',
    { class: 'rest' },
    key,
    make('span', { class: 'count' }, number(rest)),
    make('span', { class: 'share' }, share(rest, total)),
  );
}
