// What a packed journal holds, as tables: one for each kind of line (line.ts), with a column for each of its fields.
// Parquet, so that other programs can read it. A row is a line that came once or, in tables with `n`, so many times;
// rows are sorted, so their order tells nothing.
import { type AsyncBuffer, type FileMetaData, parquetMetadata, parquetRead } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { countedLine } from './line.js';
import { joinedPauses, partedLines } from './parted.js';

type Cell = string | number | boolean;

interface Column {
  readonly name: string;
  readonly type: 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN';
}

interface Table {
  readonly name: string;
  /** The first character of its lines. */
  readonly kind: string;
  readonly columns: readonly Column[];
  /** Equal lines are one row, which says how many there were. */
  readonly isCounted: boolean;
  /** Lines that are summed up in one. */
  readonly joined?: (lines: readonly string[]) => string[];
  /** Which fields of a line rows are sorted by, before all the others. */
  readonly sortedBy: readonly number[];
  cells(fields: readonly string[]): Cell[];
  line(cells: readonly Cell[]): string;
}

const text = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'STRING' }));
const number = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'INT32' }));

const REFERRER = text('medium', 'source', 'host', 'referrer_path');
const TECHNOLOGY = text('browser', 'version', 'platform', 'device', 'screen_width', 'window_width', 'window_height', 'language');
const HIT = [...text('site'), ...number('moment'), ...text('day', 'time', 'path', 'title'), ...REFERRER];
const PAUSES: readonly Column[] = [
  ...text('site'),
  ...number('received'),
  ...text('day', 'hour'),
  { name: 'pauses', type: 'DOUBLE' },
  { name: 'seconds', type: 'DOUBLE' },
  ...number('after_entry'),
];
const FIRST_OF = ['', 'd', 'm', 'y'];

/**
 * `moment`: of five minutes, counted since 1970, UTC. `received`: a UTC day, counted since 1970. `day`, `time`,
 * `hour`: local.
 */
const TABLES: readonly Table[] = [
  {
    name: 'views',
    kind: 'v',
    columns: [...HIT, ...text('visitor', 'first', 'first_of_page'), { name: 'entry', type: 'BOOLEAN' }],
    isCounted: false,
    sortedBy: [1, 5],
    cells: (f) => [...hitCells(f), ...visitorCells(f[9] as string)],
    line: (cells) => `${hitText('v', cells)}\t${visitorText(cells.slice(HIT.length))}`,
  },
  {
    name: 'events',
    kind: 'e',
    columns: [...HIT, ...text('event')],
    isCounted: false,
    sortedBy: [1, 5],
    cells: (f) => [...hitCells(f), f[10] as string],
    line: (cells) => `${hitText('e', cells)}\t\t${cells[HIT.length]}`,
  },
  plainTable('presences', 'h', [...text('site'), ...number('moment'), ...text('day', 'time', 'told')]),
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
    ...text('site'),
    ...number('received'),
    ...text('day', 'from', 'to'),
    ...number('after_entry'),
  ]),
  {
    name: 'technologies',
    kind: 't',
    columns: [...text('site'), ...number('received'), ...text('day'), ...TECHNOLOGY, ...text('first'), ...number('n')],
    isCounted: true,
    sortedBy: [1],
    cells: (f) => [f[1] as string, Number(f[2]), f[3] as string, ...(f[4] as string).split('|'), f[5] as string],
    line: ([site, received, day, ...cells]) =>
      ['t', site, received, day, cells.slice(0, TECHNOLOGY.length).join('|'), cells[TECHNOLOGY.length]].join('\t'),
  },
  plainTable('page_devices', 'd', [...text('site'), ...number('received'), ...text('day', 'path', 'device')]),
  plainTable('readings', 'g', [...text('site'), ...number('received'), ...text('day', 'hour', 'path', 'told')]),
  plainTable('pings', 'p', [...text('site'), ...number('received'), ...text('day')]),
  plainTable('refusals', 'r', text('site', 'moment', 'day', 'reason')),
];

/** A table whose columns are the fields of its lines. */
function plainTable(name: string, kind: string, columns: readonly Column[]): Table {
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

function hitCells(f: readonly string[]): Cell[] {
  const [medium = '', source = '', host = '', path = ''] = (f[7] as string).split('\x1f');
  return [f[1] as string, Number(f[2]), ...f.slice(3, 7), medium, source, host, path];
}

function hitText(kind: string, cells: readonly Cell[]): string {
  const [site, moment, day, time, path, title, medium, source, host, referrerPath] = cells;
  const referrer = host === '' ? medium : [medium, source, host, referrerPath].join('\x1f');
  return [kind, site, moment, day, time, path, title, referrer, ''].join('\t');
}

function visitorCells(field: string): Cell[] {
  if (field === '') return ['none', '', '', false];
  if (field === '-') return ['views-only', '', '', false];
  const flags = Number(field);
  return ['record', FIRST_OF[flags & 3] as string, FIRST_OF[(flags >> 2) & 3] as string, (flags & 16) !== 0];
}

function visitorText([visitor, first, firstOfPage, entry]: readonly Cell[]): string {
  if (visitor !== 'record') return visitor === 'none' ? '' : '-';
  return String(FIRST_OF.indexOf(first as string) | (FIRST_OF.indexOf(firstOfPage as string) << 2) | (entry ? 16 : 0));
}

/** A few thousand rows of a site are read without the rest. */
const ROW_GROUP = 20_000;

/** The tables of these lines, by name; those without rows are left out. */
export function writeTables(lines: readonly string[]): Map<string, Uint8Array> {
  const byKind = new Map<string, string[]>();
  for (const line of lines.flatMap(partedLines)) {
    const some = byKind.get(line[0] as string);
    if (some === undefined) byKind.set(line[0] as string, [line]);
    else some.push(line);
  }
  const files = new Map<string, Uint8Array>();
  for (const table of TABLES) {
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
export function readTable(name: string, bytes: Uint8Array): TableReader {
  const table = TABLES.find((one) => one.name === name);
  if (table === undefined) throw new Error(`there is no table ${name} in a packed journal`);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const file: AsyncBuffer = { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) };
  const metadata = parquetMetadata(buffer);
  let sites: Promise<ReadonlyMap<string, readonly [from: number, to: number]>> | undefined;
  return {
    async linesOf(site) {
      sites ??= rangesOfSites(file, metadata);
      const [from, to] = (await sites).get(site) ?? [0, 0];
      return readLines(table, file, metadata, from, to);
    },
    lines: () => readLines(table, file, metadata, 0, Number(metadata.num_rows)),
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
  from: number,
  to: number,
): Promise<string[]> {
  if (from === to) return [];
  const places = new Map(columns.map(({ name }, i) => [name, i]));
  const rows: Cell[][] = Array.from({ length: to - from }, () => []);
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
        (rows[rowStart + i - from] as Cell[])[place] = columnData[i] as Cell;
      }
    },
  });
  return rows.map((cells) => {
    const times = isCounted ? Number(cells.at(-1)) : 1;
    return times === 1 ? line(cells) : `${line(cells)}\t${times}`;
  });
}
