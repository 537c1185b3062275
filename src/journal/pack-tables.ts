// The tables of a packed journal: one for each kind of line (line.ts), with a column for each of its fields, or for
// each cell of a facet. They are Parquet files, so that other programs can read them. A row stands for a line or, in
// tables with a column `n`, for that many equal lines. Rows are sorted, so that their order tells nothing.
//
// Columns are read by their names: a facet whose columns a file lacks is empty, and unknown columns are ignored.
import { type AsyncBuffer, type FileMetaData, parquetMetadata, parquetRead } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Cell, type CellType, textCells } from '../hit/facet.js';
import { APART, PART_SEPARATOR } from './columns.js';
import { LINE_FORMAT, type LineFormat } from './line-format.js';
import { countedLine } from './observation-line.js';
import { createLineSplitter, joinedPauses } from './split-lines.js';

interface Table {
  readonly name: string;
  /** The first character of its lines. */
  readonly kind: string;
  readonly columns: readonly CellType[];
  /** Equal lines are one row, which says how many there were. */
  readonly isCounted: boolean;
  /** Adds up lines that may become one. */
  readonly joined?: (lines: readonly string[]) => string[];
  /** The fields of a line by which rows are sorted before all others. */
  readonly sortedBy: readonly number[];
  cells(fields: readonly string[]): Cell[];
  /** `cells`: one for each column; undefined for columns that the file lacks. */
  line(cells: ReadonlyArray<Cell | undefined>): string;
}

const number = (...names: string[]): CellType[] => names.map((name) => ({ name, type: 'INT32' }));

/**
 * `moment`: in units of five minutes since 1970, UTC. `received`: a UTC day, counted since 1970. `day`, `time`, `hour`:
 * in the site's time zone.
 */
const HIT_CORE = [...textCells('site'), ...number('moment'), ...textCells('day', 'time')];
const PAUSES: readonly CellType[] = [
  ...textCells('site'),
  ...number('received'),
  ...textCells('day', 'hour'),
  { name: 'pauses', type: 'DOUBLE' },
  { name: 'seconds', type: 'DOUBLE' },
  ...number('after_entry'),
];

const PLAIN_TABLES: readonly Table[] = [
  plainTable('presences', 'h', [...textCells('site'), ...number('moment'), ...textCells('day', 'time', 'told')]),
  {
    name: 'pauses',
    kind: 'w',
    columns: PAUSES,
    isCounted: false,
    joined: joinedPauses,
    sortedBy: [1],
    cells: (f) => PAUSES.map(({ type }, i) => (type === 'STRING' ? (f[i + 1] as string) : Number(f[i + 1]))),
    line: (cells) => `w\t${cells.join('\t')}`,
  },
  plainTable('transitions', 'n', [
    ...textCells('site'),
    ...number('received'),
    ...textCells('day', 'from', 'to'),
    ...number('after_entry'),
  ]),
  plainTable('page_devices', 'd', [...textCells('site'), ...number('received'), ...textCells('day', 'path', 'device')]),
  plainTable('readings', 'g', [...textCells('site'), ...number('received'), ...textCells('day', 'hour', 'path', 'told')]),
  plainTable('pings', 'p', [...textCells('site'), ...number('received'), ...textCells('day')]),
  plainTable('refusals', 'r', textCells('site', 'moment', 'day', 'reason')),
];

/** A table whose columns are the fields of its lines. */
function plainTable(name: string, kind: string, columns: readonly CellType[]): Table {
  return {
    name,
    kind,
    columns: [...columns, ...number('n')],
    isCounted: true,
    sortedBy: [1],
    cells: (f) => columns.map(({ type }, i) => (type === 'INT32' ? Number(f[i + 1]) : (f[i + 1] as string))),
    line: (cells) => `${kind}\t${cells.slice(0, columns.length).join('\t')}`,
  };
}

function tablesOf(format: LineFormat): readonly Table[] {
  return [hitTable('views', 'v', format), hitTable('events', 'e', format), technologyTable(format), ...PLAIN_TABLES];
}

/** Without the apart facets, which packing has separated from views and removed from events (parted.ts). */
function hitTable(name: string, kind: 'v' | 'e', { columns, ownFacets, emptyTexts, placeOf }: LineFormat): Table {
  const facets = ownFacets.filter(({ only }) => only === undefined || only === (kind === 'v' ? 'view' : 'event'));
  const fields = kind === 'v' ? columns.hit : [...columns.hit, ...columns.event];
  return {
    name,
    kind,
    columns: [...HIT_CORE, ...facets.flatMap(({ column }) => column.cells)],
    isCounted: false,
    sortedBy: [1, placeOf('path')],
    cells(f) {
      const [, site = '', moment, day = '', time = ''] = f;
      const own = facets.flatMap(({ name, column }) => {
        const text = f[placeOf(name)] as string;
        return column.toCells?.(text) ?? [text];
      });
      return [site, Number(moment), day, time, ...own];
    },
    line(cells) {
      const texts = new Map([...emptyTexts, [APART, '']]);
      let at = HIT_CORE.length;
      for (const { name, column } of facets) {
        const own = cells.slice(at, at + column.cells.length);
        at += own.length;
        if (isWhole(own)) texts.set(name, column.fromCells?.(own) ?? String(own[0]));
      }
      return [kind, ...cells.slice(0, HIT_CORE.length), ...fields.map((field) => texts.get(field))].join('\t');
    },
  };
}

function technologyTable({ apartFacets, emptyTexts }: LineFormat): Table {
  const core = [...textCells('site'), ...number('received'), ...textCells('day')];
  const apart = apartFacets.flatMap(({ column }) => column.cells);
  return {
    name: 'technologies',
    kind: 't',
    columns: [...core, ...apart, ...textCells('first'), ...number('n')],
    isCounted: true,
    sortedBy: [1],
    cells: ([, site = '', received, day = '', text = '', first = '']) => [
      site,
      Number(received),
      day,
      ...text.split(PART_SEPARATOR),
      first,
    ],
    line(cells) {
      let at = core.length;
      const parts = apartFacets.map(({ name, column }) => {
        const own = cells.slice(at, at + column.cells.length);
        at += own.length;
        return isWhole(own) ? own.join(PART_SEPARATOR) : (emptyTexts.get(name) as string);
      });
      return ['t', ...cells.slice(0, core.length), parts.join(PART_SEPARATOR), cells[at]].join('\t');
    },
  };
}

/** Whether the file has all of a facet's columns. */
function isWhole(cells: ReadonlyArray<Cell | undefined>): cells is readonly Cell[] {
  return cells.every((cell) => cell !== undefined);
}

/** A few thousand rows of a site are read without the rest. */
const ROW_GROUP = 20_000;

/** The tables of these lines, by name; those without rows are left out. */
export function writeTables(lines: readonly string[], format = LINE_FORMAT): Map<string, Uint8Array> {
  const byKind = new Map<string, string[]>();
  for (const line of lines.flatMap(createLineSplitter(format))) {
    const some = byKind.get(line[0] as string);
    if (some === undefined) byKind.set(line[0] as string, [line]);
    else some.push(line);
  }
  const files = new Map<string, Uint8Array>();
  for (const table of tablesOf(format)) {
    const some = byKind.get(table.kind);
    if (some !== undefined) files.set(table.name, writeTable(table, some));
  }
  return files;
}

function writeTable({ columns, cells, isCounted, joined, sortedBy }: Table, all: readonly string[]): Uint8Array {
  const lines = joined === undefined ? all : joined(all);
  const counts = isCounted ? countsOf(lines) : new Map<string, number>();
  const rows = (isCounted ? [...counts.keys()] : lines).map((line) => ({ line, fields: line.split('\t') }));
  rows.sort((a, b) => {
    for (const field of sortedBy) {
      const [x, y] = [a.fields[field] as string, b.fields[field] as string];
      if (x !== y) return x < y ? -1 : 1;
    }
    return a.line < b.line ? -1 : a.line > b.line ? 1 : 0;
  });
  const data: Cell[][] = columns.map(() => []);
  for (const { line, fields } of rows) {
    const row = isCounted ? [...cells(fields), counts.get(line) as number] : cells(fields);
    for (const [i, cell] of row.entries()) (data[i] as Cell[]).push(cell);
  }
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map((column, i) => ({ ...column, nullable: false, data: data[i] as Cell[] })),
      rowGroupSize: ROW_GROUP,
      createdBy: 'hitherto',
    }),
  );
}

function countsOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const whole of lines) {
    const [line, times] = countedLine(whole);
    counts.set(line, (counts.get(line) ?? 0) + times);
  }
  return counts;
}

export interface TableReader {
  /** The lines of one site, in no order that means anything. */
  linesOf(site: string): Promise<string[]>;
  /** All lines. */
  lines(): Promise<string[]>;
}

/** `bytes`: a file that `writeTables` has made of this name. */
export function readTable(name: string, bytes: Uint8Array, format = LINE_FORMAT): TableReader {
  const table = tablesOf(format).find((one) => one.name === name);
  if (table === undefined) throw new Error(`there is no table ${name} in a packed journal`);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const file: AsyncBuffer = { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) };
  const metadata = parquetMetadata(buffer);
  let sites: Promise<ReadonlyMap<string, readonly [from: number, to: number]>> | undefined;
  return {
    async linesOf(site) {
      sites ??= rangesOfSites(file, metadata);
      const [from, to] = (await sites).get(site) ?? [0, 0];
      return readLines(table, file, metadata, [from, to]);
    },
    lines: () => readLines(table, file, metadata, [0, Number(metadata.num_rows)]),
  };
}

async function rangesOfSites(file: AsyncBuffer, metadata: FileMetaData): Promise<Map<string, [number, number]>> {
  const ranges = new Map<string, [number, number]>();
  await parquetRead({
    file,
    metadata,
    columns: ['site'],
    onChunk({ columnData, rowStart }) {
      for (let i = 0; i < columnData.length; i++) {
        const range = ranges.get(columnData[i] as string);
        if (range === undefined) ranges.set(columnData[i] as string, [rowStart + i, rowStart + i + 1]);
        else range[1] = rowStart + i + 1;
      }
    },
  });
  return ranges;
}

async function readLines(
  { columns, isCounted, line }: Table,
  file: AsyncBuffer,
  metadata: FileMetaData,
  [from, to]: readonly [from: number, to: number],
): Promise<string[]> {
  if (from === to) return [];
  const places = new Map(columns.map(({ name }, i) => [name, i]));
  const rows: Array<Array<Cell | undefined>> = Array.from({ length: to - from }, () => new Array(columns.length).fill(undefined));
  await parquetRead({
    file,
    metadata,
    rowStart: from,
    rowEnd: to,
    onChunk({ columnName, columnData, rowStart }) {
      const place = places.get(columnName);
      if (place === undefined) return;
      // Whole groups of rows are read: those before and after what was asked for are passed over.
      for (let i = Math.max(0, from - rowStart); i < columnData.length && rowStart + i < to; i++) {
        (rows[rowStart + i - from] as Array<Cell | undefined>)[place] = columnData[i] as Cell;
      }
    },
  });
  return rows.map((cells) => {
    const times = isCounted ? Number(cells.at(-1)) : 1;
    return times === 1 ? line(cells) : `${line(cells)}\t${times}`;
  });
}
