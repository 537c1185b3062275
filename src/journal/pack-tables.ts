// The tables of a pack. There is one table for each kind of line (line.ts), with a column for each field of the line
// or each cell of a facet. Tables are Parquet files, so that other programs can read them. A row represents one line
// or, in a table with a column `n`, `n` equal lines. Rows are sorted, so that the original order of the lines is
// lost.
//
// Columns are read by name. A facet is empty if the file lacks one of its columns. Unknown columns are ignored.
import { type AsyncBuffer, type FileMetaData, parquetMetadata, parquetRead } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Cell, type CellType, textCells } from '../hit/facet.js';
import { PART_SEPARATOR, SPLIT_OFF } from './columns.js';
import { LINE_FORMAT, type LineFormat } from './line-format.js';
import { countedLine } from './observation-line.js';
import { createLineSplitter, sumPauses } from './split-lines.js';

interface Table {
  readonly name: string;
  /** The first character of its lines. */
  readonly kind: string;
  readonly columns: readonly CellType[];
  /** Equal lines become one row with their number. */
  readonly isCounted: boolean;
  /** Sums lines that may become one. */
  readonly sum?: (lines: readonly string[]) => string[];
  /** The fields of a line by which rows are sorted first. */
  readonly sortedBy: readonly number[];
  cells(fields: readonly string[]): Cell[];
  /** `cells`: one for each column; undefined if the file lacks the column. */
  line(cells: ReadonlyArray<Cell | undefined>): string;
}

const number = (...names: string[]): CellType[] => names.map((name) => ({ name, type: 'INT32' }));

/**
 * `moment`: in units of five minutes since 1970, UTC. `received`: a UTC day, in days since 1970. `day`, `time`,
 * `hour`: in the site's time zone.
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
    sum: sumPauses,
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

/** Without the split-off facets, which packing has split from views and removed from events (split-lines.ts). */
function hitTable(name: string, kind: 'v' | 'e', { columns, ownFacets, emptyTexts, fieldIndexOf }: LineFormat): Table {
  const facets = ownFacets.filter(({ only }) => only === undefined || only === (kind === 'v' ? 'view' : 'event'));
  const fields = kind === 'v' ? columns.hit : [...columns.hit, ...columns.event];
  return {
    name,
    kind,
    columns: [...HIT_CORE, ...facets.flatMap(({ column }) => column.cells)],
    isCounted: false,
    sortedBy: [1, fieldIndexOf('path')],
    cells(f) {
      const [, site = '', fiveMinutes, day = '', time = ''] = f;
      const own = facets.flatMap(({ name, column }) => {
        const text = f[fieldIndexOf(name)] as string;
        return column.toCells?.(text) ?? [text];
      });
      return [site, Number(fiveMinutes), day, time, ...own];
    },
    line(cells) {
      const texts = new Map([...emptyTexts, [SPLIT_OFF, '']]);
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

function technologyTable({ splitOffFacets, emptyTexts }: LineFormat): Table {
  const core = [...textCells('site'), ...number('received'), ...textCells('day')];
  const splitOff = splitOffFacets.flatMap(({ column }) => column.cells);
  return {
    name: 'technologies',
    kind: 't',
    columns: [...core, ...splitOff, ...textCells('first'), ...number('n')],
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
      const parts = splitOffFacets.map(({ name, column }) => {
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

/** Small groups, so that reading a few thousand rows of one site does not read the rest of the file. */
const ROW_GROUP = 20_000;

/** Returns the tables of these lines, by name, without empty tables. */
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

function writeTable({ columns, cells, isCounted, sum, sortedBy }: Table, all: readonly string[]): Uint8Array {
  const lines = sum === undefined ? all : sum(all);
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
  for (const text of lines) {
    const [line, times] = countedLine(text);
    counts.set(line, (counts.get(line) ?? 0) + times);
  }
  return counts;
}

export interface TableReader {
  /** The lines of one site, in no particular order. */
  linesOf(site: string): Promise<string[]>;
  lines(): Promise<string[]>;
}

/** `bytes`: the file of this table, as `writeTables` has returned it. */
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
  const indexes = new Map(columns.map(({ name }, i) => [name, i]));
  const rows: Array<Array<Cell | undefined>> = Array.from({ length: to - from }, () => new Array(columns.length).fill(undefined));
  await parquetRead({
    file,
    metadata,
    rowStart: from,
    rowEnd: to,
    onChunk({ columnName, columnData, rowStart }) {
      const index = indexes.get(columnName);
      if (index === undefined) return;
      // Groups of rows are read completely, so rows before and after the range are skipped.
      for (let i = Math.max(0, from - rowStart); i < columnData.length && rowStart + i < to; i++) {
        (rows[rowStart + i - from] as Array<Cell | undefined>)[index] = columnData[i] as Cell;
      }
    },
  });
  return rows.map((cells) => {
    const times = isCounted ? Number(cells.at(-1)) : 1;
    return times === 1 ? line(cells) : `${line(cells)}\t${times}`;
  });
}
