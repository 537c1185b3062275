// Reads one file of an export, from its header to its last line: what each line counts, and what is not counted.
import { basename } from 'node:path';
import { visible } from '../../../system/visible.js';
import { NotCsv, readCsv } from '../csv.js';
import { NotImportable } from '../ranges.js';
import { textOf } from './files.js';
import type { Entry, LineLeftOut, Reading, Table, TableLeftOut, Tool } from './tool.js';

/** An unrecognised header is shown up to this length. */
const SHOWN_CHARS_MAX = 100;

export interface ExportFile {
  readonly file: string;
  /** Without headers, remarks, empty lines and lines of tables that are not read. */
  readonly lines: number;
  readonly leftOut: Partial<Record<LineLeftOut, number>>;
  /** Columns that are not counted. */
  readonly columnsLeftOut: readonly string[];
  /** Why tables are not read. */
  readonly tablesLeftOut: readonly string[];
  /** The number of tables that are read. */
  readonly tables: number;
}

export interface ReadOptions {
  readonly tool: Tool;
  readonly reading: Reading;
  /** Earlier and later days are not counted. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** `table` is the number of the table in the file, counted from 1. */
  onEntry(entry: Entry, table: number): void;
  /** Called now and then with what has been read since the last call. Reading ends when it returns `stop`. */
  onRead(bytes: number, lines: number): 'go on' | 'stop';
}

class Stopped extends Error {}

/** Resolves to undefined when it was stopped. Rejects with a NotImportable when the file is not an export of the tool. */
export async function readExport(path: string, options: ReadOptions): Promise<ExportFile | undefined> {
  const tables = createTableReader(path, options);
  async function* bytes(): AsyncGenerator<Buffer> {
    for await (const piece of textOf(path)) {
      const before = tables.lines();
      yield piece.bytes;
      if (options.onRead(piece.readBytes, tables.lines() - before) === 'stop') throw new Stopped();
    }
  }
  try {
    await readCsv(bytes(), tables.add);
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error instanceof NotCsv ? new NotImportable(`${path} ${error.message}`) : error;
  }
  return tables.summary();
}

interface TableReader {
  add(fields: readonly string[], line: number): void;
  lines(): number;
  summary(): ExportFile;
}

function createTableReader(path: string, { tool, reading, firstDay, lastDay, onEntry }: ReadOptions): TableReader {
  const leftOut: Partial<Record<LineLeftOut, number>> = {};
  const columnsLeftOut = new Set<string>();
  const tablesLeftOut: string[] = [];
  let [lines, tables] = [0, 0];
  let table: Table | TableLeftOut | undefined;

  const leaveOut = (reason: LineLeftOut): void => {
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  };
  const begin = (header: readonly string[], line: number): Table | TableLeftOut => {
    const found = tool.table(header, basename(path), reading);
    if (found === undefined) throw unknownHeader(path, tool, header, line);
    if ('leftOut' in found) {
      tablesLeftOut.push(found.leftOut);
      return found;
    }
    tables++;
    const read = new Set(['', ...found.columns]);
    for (const name of header.map((name) => name.trim())) if (!read.has(name)) columnsLeftOut.add(name);
    return found;
  };
  const count = (found: Table, fields: readonly string[]): void => {
    lines++;
    const entries = found.entriesOf(fields);
    if (typeof entries === 'string') leaveOut(entries);
    else if (entries.some(({ day }) => day > lastDay)) leaveOut('later-day');
    else if (entries.some(({ day }) => day < firstDay)) leaveOut('earlier-day');
    else for (const entry of entries) onEntry(entry, tables);
  };

  return {
    add(fields, line) {
      const isEmpty = fields.length === 1 && (fields[0] as string).trim() === '';
      if (isEmpty || tool.isRemark(fields)) {
        if (tool.emptyLineEndsTable) table = undefined;
      } else if (table === undefined) table = begin(fields, line);
      else if (!('leftOut' in table)) count(table, fields);
    },
    lines: () => lines,
    summary: () => ({ file: path, lines, leftOut, columnsLeftOut: [...columnsLeftOut], tablesLeftOut, tables }),
  };
}

function unknownHeader(path: string, tool: Tool, header: readonly string[], line: number): NotImportable {
  const shown = visible(header.join(',').slice(0, SHOWN_CHARS_MAX));
  return new NotImportable(
    `${path} is not an export of ${tool.title} that can be read: its line ${line}, "${shown}", is not one of its headers; ` +
      `expected are ${tool.expected}`,
  );
}
