// A card with a list of bars, perhaps with tabs.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Bar } from './bar.js';
import { Csv } from './csv.js';
import { counted, number, share } from './format.js';
import type { Shown } from './ranges.js';
import { useSite } from './state.js';
import { Tabs } from './tabs.js';
import { LISTS } from './texts.js';

/** Beside a row's number, in a column of its own. */
export interface Cell {
  readonly text: string;
  /** The tooltip. */
  readonly title?: string;
}

export interface ListRow {
  readonly key: string;
  readonly label: ComponentChildren;
  readonly value: number;
  /** The true value is at most this much larger. */
  readonly error?: number | undefined;
  /** One for each of the list's columns. */
  readonly cells: readonly Cell[];
  /** Rows that open below it. */
  readonly inner?: readonly ListRow[];
}

export interface ListView {
  /** Its field in the report, by which the API gives it as CSV. */
  readonly name: string;
  readonly rows: readonly ListRow[];
  /** The shares are parts of it; the difference to the sum of the rows is shown as the rest. */
  readonly total: number;
  /** What `value` counts. */
  readonly unit: string;
  readonly columns: readonly string[];
  /** One thing may be in several rows: bars are parts of the total, and there is no rest. */
  readonly overlap?: boolean;
  readonly note?: string;
  /** Default: the card's. */
  readonly whenEmpty?: string;
}

/** Where the lists of a card are from. */
export interface Source {
  readonly report: string;
  readonly shown: Shown;
  /** The page that the report is about. */
  readonly page?: string;
}

interface CardProps {
  readonly title: string;
  /** By the names of the tabs, in order; undefined until there is an answer. */
  readonly tabs: Readonly<Record<string, ListView>> | undefined;
  readonly whenEmpty: string;
  /** Stands above the list. */
  readonly lead?: ComponentChildren;
  readonly source?: Source | undefined;
}

export function ListCard({ title, tabs = {}, whenEmpty, lead, source }: CardProps) {
  const { address, setTab } = useSite();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const names = Object.keys(tabs);
  const wanted = address.value.tabs[source?.report ?? ''];
  const chosen = names.find((name) => tabs[name]?.name === wanted) ?? names[0] ?? '';
  const view = tabs[chosen];
  const toggle = (key: string): void => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };
  const choose = (name: string): void => {
    if (source !== undefined) setTab(source.report, name === names[0] ? undefined : tabs[name]?.name);
  };
  const csvName = names.length > 1 ? LISTS.tabOf(title, chosen) : title;
  const csv = source && view && view.rows.length > 0 && <Csv {...source} list={view.name} name={csvName} />;
  return (
    <section class="card list">
      <h2>{title}</h2>
      {lead}
      <Tabs names={names} chosen={chosen} choose={choose} label={title} />
      {view && (
        <List key={chosen} view={view} whenEmpty={view.whenEmpty ?? whenEmpty} opened={opened} toggle={toggle} csv={csv} />
      )}
    </section>
  );
}

const ROWS_AT_FIRST = 10;

interface ListProps {
  readonly view: ListView;
  readonly whenEmpty: string;
  /** The keys of the rows whose inner rows are shown. */
  readonly opened: ReadonlySet<string>;
  readonly toggle: (key: string) => void;
  /** A link. */
  readonly csv: ComponentChildren;
}

function List({ view, whenEmpty, opened, toggle, csv }: ListProps) {
  const [isExpanded, setExpanded] = useState(false);
  const { rows, total, overlap = false, note = '' } = view;
  const visible = isExpanded ? rows : rows.slice(0, ROWS_AT_FIRST);
  const largest = Math.max(1, ...(overlap ? [total] : rows.map(({ value }) => value)));
  const rest = overlap ? 0 : total - rows.reduce((sum, { value }) => sum + value, 0);
  return (
    <>
      <ol class="rows">
        {rows.length === 0 ? <li class="empty">{whenEmpty}</li> : <Heads view={view} />}
        {visible.map((row) => (
          <OpenableRow
            key={row.key}
            row={row}
            view={view}
            largest={largest}
            isOpen={opened.has(row.key)}
            toggle={() => toggle(row.key)}
          />
        ))}
        {rows.length > 0 && visible.length === rows.length && rest > 0 && <Rest rest={rest} view={view} />}
      </ol>
      <div class="under">
        {rows.length > ROWS_AT_FIRST && (
          <button type="button" class="quiet more" onClick={() => setExpanded(!isExpanded)}>
            {isExpanded ? LISTS.fewer : LISTS.more(number(rows.length - ROWS_AT_FIRST))}
          </button>
        )}
        {csv}
      </div>
      {note !== '' && <p class="hint">{note}</p>}
    </>
  );
}

interface RowProps {
  readonly row: ListRow;
  readonly view: ListView;
  /** The value whose bar is as wide as the list. */
  readonly largest: number;
}

function OpenableRow({ row, isOpen, toggle, ...list }: RowProps & { isOpen: boolean; toggle: () => void }) {
  const { inner = [] } = row;
  if (inner.length === 0) return <Row row={row} {...list} />;
  const opener = (
    <button type="button" class="opener" aria-expanded={isOpen} onClick={toggle}>
      {row.label}
    </button>
  );
  return (
    <>
      <Row row={{ ...row, label: opener }} {...list} />
      {isOpen && inner.map((one) => <Row key={one.key} row={one} {...list} isInner />)}
    </>
  );
}

function Row({ row, view: { total, unit, columns }, largest, isInner = false }: RowProps & { isInner?: boolean }) {
  const { label, value, error = 0, cells } = row;
  return (
    <li class={isInner ? 'inner' : undefined}>
      <Bar part={value / largest} />
      <span class="key">{label}</span>
      {cells.map(({ text, title }, index) => (
        <span key={columns[index]} class="cell aside" title={title}>
          {text}
          <Unit name={columns[index]} />
        </span>
      ))}
      <span class="cell" title={error > 0 ? LISTS.between(number(value), number(value + error)) : undefined}>
        {counted(value, error)}
        <Unit name={unit} />
      </span>
      <span class="share">{share(value, total)}</span>
    </li>
  );
}

/** For screen readers, which are not told the column's head. */
function Unit({ name = '' }: { name?: string | undefined }) {
  return <span class="visually-hidden"> {name}</span>;
}

function Heads({ view: { columns, unit } }: { view: ListView }) {
  return (
    <li class="columns" aria-hidden="true">
      <span class="key" />
      {columns.map((name) => (
        <span key={name} class="cell aside">
          {name}
        </span>
      ))}
      <span class="cell">{unit}</span>
      <span class="share" />
    </li>
  );
}

function Rest({ rest, view: { total, columns } }: { rest: number; view: ListView }) {
  return (
    <li class="rest">
      <span class="key">{LISTS.rest}</span>
      {columns.map((name) => (
        <span key={name} class="cell aside" />
      ))}
      <span class="cell">{number(rest)}</span>
      <span class="share">{share(rest, total)}</span>
    </li>
  );
}
