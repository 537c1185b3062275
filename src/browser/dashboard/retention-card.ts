// Who comes back: a grid of cohorts. It is of a whole year and changes little, so it is read once, and then only
// while it is looked at.
import { fetchReport, type Retention } from './answers.js';
import { begunCohorts, COHORT_KINDS, type CohortKind, cohortRange, type GridCell, type GridRow, gridRows } from './cohorts.js';
import { make, setText } from './dom.js';
import { number, rate } from './format.js';
import { createTabs } from './tabs.js';

const READ_EVERY_MS = 60_000;
const NEAR_PX = 300;
/** Of fewer browsers a per cent says less than the numbers do. */
const FEW_BROWSERS = 10;
/** The newest ones; the rest is shown when asked for. */
const ROWS_AT_FIRST = 12;

export interface RetentionCard {
  readonly root: HTMLElement;
  /** Called with each refresh; reads only what is due. `utcDay`: today in UTC. `newVisitors`: what the page says of them. */
  refresh(today: string, utcDay: string, newVisitors: number): Promise<void>;
}

/** `seen` is called when the card may have come into view. */
export function createRetentionCard(site: string, seen: () => void): RetentionCard {
  const tabs = createTabs('Retention by', (name) => {
    kind = name as CohortKind;
    render();
  });
  const table = make('table');
  const scroll = make('div', { class: 'grid', role: 'region', 'aria-label': 'Cohorts', tabindex: '0' }, table);
  const more = make('button', { type: 'button', class: 'quiet more', hidden: '' });
  const hint = make('p', { class: 'hint' }, 'Loading …');
  const root = make('section', { class: 'card retention' }, make('h2', {}, 'Retention'), tabs.root, scroll, more, hint);
  let kind: CohortKind = 'Weeks';
  let expanded = false;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let isReading = false;
  let retention: Retention | undefined;
  let hasNewVisitors = false;
  /** Here and in UTC. */
  let days: [today: string, utcDay: string] = ['', ''];

  const render = (): void => {
    if (retention === undefined) return;
    tabs.show(COHORT_KINDS, kind);
    const all = gridRows(begunCohorts(kind === 'Weeks' ? retention.weeks : retention.months, kind, ...days), kind);
    const rows = expanded ? all : all.slice(-ROWS_AT_FIRST);
    fill(table, rows, kind);
    scroll.hidden = all.length === 0;
    more.hidden = all.length <= ROWS_AT_FIRST;
    setText(more, expanded ? 'Show the newest' : `Show ${number(all.length - ROWS_AT_FIRST)} older ones`);
    setText(hint, all.length > 0 ? meaningOf(kind) : hasNewVisitors ? TOO_EARLY : NOBODY);
  };

  more.addEventListener('click', () => {
    expanded = !expanded;
    render();
  });
  // it tells of what was a moment ago: whether it is so is looked at when it matters
  new IntersectionObserver(seen, { rootMargin: `${NEAR_PX}px` }).observe(root);
  const isNear = (): boolean => {
    const { top, bottom } = root.getBoundingClientRect();
    return top < innerHeight + NEAR_PX && bottom > -NEAR_PX;
  };

  return {
    root,
    async refresh(today, utcDay, newVisitors) {
      hasNewVisitors = newVisitors > 0;
      const isEmpty = retention !== undefined && retention.weeks.length + retention.months.length === 0;
      const isDue =
        retention === undefined || (isEmpty && hasNewVisitors) || (isNear() && Date.now() - readAtMs >= READ_EVERY_MS);
      if (!isDue || isReading) return;
      isReading = true;
      try {
        retention = await fetchReport(site, 'retention', cohortRange(today, utcDay));
        days = [today, utcDay];
        readAtMs = Date.now();
      } finally {
        isReading = false;
      }
      render();
    },
  };
}

const NOBODY = 'No visitor with a record in their browser yet: only of those can it be known who comes back.';
const TOO_EARLY = 'Not enough data yet: new visitors are here, and who of them comes back is shown from their first week on.';

function meaningOf(kind: CohortKind): string {
  return (
    `How many of each ${one(kind)}’s new visitors came back so many ${kind.toLowerCase()} later. ` +
    `${kind} are in UTC; the last number of each row is still growing.`
  );
}

function one(kind: CohortKind): string {
  return kind.slice(0, -1).toLowerCase();
}

function fill(table: HTMLTableElement, rows: readonly GridRow[], kind: CohortKind): void {
  const columns = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const heads = ['First here', 'Browsers', ...Array.from({ length: columns }, (_, i) => `+${i + 1}`)];
  const caption = make(
    'caption',
    { class: 'visually-hidden' },
    `Browsers that came back, by the ${one(kind)} of their first view`,
  );
  table.replaceChildren(
    caption,
    make('thead', {}, make('tr', {}, ...heads.map((name) => make('th', { scope: 'col' }, name)))),
    make('tbody', {}, ...rows.map((row) => rowOf(row, columns))),
  );
}

function rowOf({ name, browsers, cells }: GridRow, columns: number): HTMLElement {
  const blank = Array.from({ length: columns - cells.length }, () => make('td'));
  return make(
    'tr',
    {},
    make('th', { scope: 'row' }, name),
    make('td', { class: 'size' }, number(browsers)),
    ...cells.map((cell) => cellOf(cell, browsers)),
    ...blank,
  );
}

function cellOf({ part, returned, isOpen }: GridCell, browsers: number): HTMLElement {
  const counted = `${number(returned)} of ${number(browsers)}`;
  const shown = browsers > 0 && browsers < FEW_BROWSERS ? counted : rate(part);
  const title = `${counted}${isOpen ? ' so far' : ''}`;
  const cell = make('td', { class: isOpen ? 'part open' : 'part', title }, shown);
  cell.style.setProperty('--part', String(part ?? 0));
  return cell;
}
