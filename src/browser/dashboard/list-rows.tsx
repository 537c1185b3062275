// Draws the rows of a list: a bar behind the name, and the numbers beside it.
import { useState } from 'preact/hooks';
import { Bar } from './bar.js';
import { counted, number, share } from './format.js';
import { addressOfPage, safeAddress } from './labels.js';
import { useListPage } from './list-page.js';
import { type ListRow, type ListView, restOf } from './list-view.js';
import { LISTS } from './texts.js';

interface Props {
  readonly view: ListView;
  /** Adds a row with the total. */
  readonly hasTotal?: boolean;
}

/** For a list with at least one row. */
export function Rows({ view, hasTotal = false }: Props) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const { rows, total, overlap = false } = view;
  const largest = Math.max(1, ...(overlap ? [total] : rows.map(({ value }) => value)));
  const rest = restOf(view);
  const toggle = (key: string): void => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };
  return (
    <ol class={`rows columns-${columnsIn(view)}`}>
      <Heads view={view} />
      {rows.map((row) => (
        <OpenableRow
          key={row.key}
          row={row}
          view={view}
          largest={largest}
          isOpen={opened.has(row.key)}
          toggle={() => toggle(row.key)}
        />
      ))}
      {rest > 0 && <Sum kind="rest" value={rest} view={view} />}
      {hasTotal && !overlap && <Sum kind="total" value={total} view={view} />}
    </ol>
  );
}

/** In the place of rows that are still being loaded, so that nothing moves when they arrive. */
export function RowsToCome({ rows }: { rows: number }) {
  return (
    <ol class="rows columns-0" aria-hidden="true">
      {Array.from({ length: rows + 1 }, (_, index) => (
        <li key={index} class="to-come">
          <span class="key">
            <span class="name" />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Beside the name: the columns, the value, its change and its share. */
function columnsIn({ columns, isCompared = false }: ListView): number {
  return columns.length + (isCompared ? 3 : 2);
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
    <button type="button" class="name opener" aria-expanded={isOpen} onClick={toggle}>
      {row.label}
    </button>
  );
  const rest = restOf({ rows: inner, total: row.value });
  return (
    <>
      <Row row={row} {...list} name={opener} />
      {isOpen && inner.map((one) => <Row key={one.key} row={one} {...list} isInner />)}
      {isOpen && rest > 0 && <Sum kind="rest" value={rest} view={list.view} isInner />}
    </>
  );
}

type Inner = { readonly isInner?: boolean };

function Row({ row, view, largest, isInner = false, name }: RowProps & Inner & { name?: preact.VNode }) {
  const { total, unit, columns, isCompared = false } = view;
  const { icon, value, error = 0, cells, change } = row;
  return (
    <li class={isInner ? 'inner' : undefined}>
      <span class="key">
        <Bar part={value / largest} />
        {icon}
        {name ?? <Name row={row} />}
      </span>
      {cells.map(({ text, title, isReadOut }, index) => (
        <span key={columns[index]} class="cell aside" title={title}>
          {text}
          <Unit name={isReadOut ? `${columns[index]}. ${title}` : columns[index]} />
        </span>
      ))}
      <span class="cell" title={error > 0 ? LISTS.between(number(value), number(value + error)) : undefined}>
        {counted(value, error)}
        <Unit name={unit} />
      </span>
      {isCompared && (
        <span class="cell aside" title={change?.title}>
          {change?.text}
          {change?.text && <Unit name={LISTS.change} />}
        </span>
      )}
      <span class="share">{share(value, total)}</span>
    </li>
  );
}

/** A row is one stop of the Tab key: the link beside another one is left out. */
function Name({ row }: { row: ListRow }) {
  const { hrefOf, settings } = useListPage();
  const { label, action } = row;
  const outside = row.outside?.startsWith('/') ? addressOfPage(row.outside, settings.host) : safeAddress(row.outside ?? '');
  const out = { target: '_blank', rel: 'noreferrer noopener' };
  if (action === undefined || (action.page !== undefined && !settings.shows('pages'))) {
    if (outside === undefined) return <span class="name">{label}</span>;
    return (
      <a class="name" href={outside} {...out}>
        {label}
      </a>
    );
  }
  return (
    <>
      <a class="name" href={hrefOf(action)}>
        {label}
      </a>
      {outside !== undefined && (
        <a class="out" href={outside} {...out} tabindex={-1} title={LISTS.newTab}>
          ↗
        </a>
      )}
    </>
  );
}

/** For screen readers, which do not read the head of the column. */
function Unit({ name = '' }: { name?: string | undefined }) {
  return <span class="visually-hidden"> {name}</span>;
}

function Heads({ view: { columns, unit, isCompared } }: { view: ListView }) {
  return (
    <li class="columns" aria-hidden="true">
      <span class="key" />
      {columns.map((name) => (
        <span key={name} class="cell aside">
          {name}
        </span>
      ))}
      <span class="cell">{unit}</span>
      {isCompared && <span class="cell aside">{LISTS.change}</span>}
      <span class="share">%</span>
    </li>
  );
}

interface SumProps {
  readonly kind: 'rest' | 'total';
  readonly value: number;
  readonly view: ListView;
}

function Sum({ kind, value, view, isInner = false }: SumProps & Inner) {
  const { total, columns, isCompared = false } = view;
  return (
    <li class={isInner ? `${kind} inner` : kind}>
      <span class="key">
        <span class="name">{LISTS[kind]}</span>
      </span>
      {columns.map((column) => (
        <span key={column} class="cell aside" />
      ))}
      <span class="cell">{number(value)}</span>
      {isCompared && <span class="cell aside" />}
      <span class="share">{share(value, total)}</span>
    </li>
  );
}
