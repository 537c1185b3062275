// One file of an export, from its header to its last line: what each line counts, and what is left out of it.
import { basename } from 'node:path';
import { visible } from '../../../system/visible.js';
import { createCsvReader, NotCsv } from '../csv.js';
import { NotImportable } from '../ranges.js';
import { textOf } from './files.js';
import type { Entry, LineLeftOut, Reading, Table, TableLeftOut, Tool } from './tool.js';

/** Of a header that is not recognised, so much is said. */
const SHOWN_CHARS_MAX = 100;

export interface ExportFile {
  readonly file: string;
  /** Without headers, remarks, empty lines and lines of tables that are left out. */
  readonly lines: number;
  readonly leftOut: Partial<Record<LineLeftOut, number>>;
  /** Columns that are not counted. */
  readonly columnsLeftOut: readonly string[];
  /** Why tables are left out. */
  readonly tablesLeftOut: readonly string[];
  /** Tables that are read. */
  readonly tables: number;
}

export interface ReadOptions {
  readonly tool: Tool;
  readonly reading: Reading;
  /** Earlier and later days are left out. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** With the number of the table in the file, from 1. */
  onEntry(entry: Entry, table: number): void;
  /** Called now and then with what has been read since. When it says `stop`, no more is read. */
  onRead(bytes: number, lines: number): 'go on' | 'stop';
}

/** Undefined when it was stopped. Throws a NotImportable for what is none of the tool's. */
export async function readExport(path: string, options: ReadOptions): Promise<ExportFile | undefined> {
  const { tool, reading, firstDay, lastDay, onEntry, onRead } = options;
  const leftOut: Partial<Record<LineLeftOut, number>> = {};
  const columnsLeftOut = new Set<string>();
  const tablesLeftOut: string[] = [];
  let [lines, tables] = [0, 0];
  let table: Table | TableLeftOut | undefined;

  const leave = (reason: LineLeftOut) => {
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  };
  const begin = (header: readonly string[], line: number): Table | TableLeftOut => {
    const found = tool.table(header, basename(path), reading);
    if (found === undefined) {
      const shown = visible(header.join(',').slice(0, SHOWN_CHARS_MAX));
      throw new NotImportable(
        `${path} is no export of ${tool.title} that can be read: its line ${line}, "${shown}", is no header of one; expected are ${tool.expected}`,
      );
    }
    if ('leftOut' in found) {
      tablesLeftOut.push(found.leftOut);
    } else {
      tables++;
      const read = new Set(found.columns);
      for (const name of header.map((name) => name.trim())) if (!read.has(name)) columnsLeftOut.add(name);
    }
    return found;
  };
  const reader = createCsvReader((fields, line) => {
    const isEmpty = fields.length === 1 && (fields[0] as string).trim() === '';
    if (isEmpty || tool.isRemark(fields)) {
      if (tool.emptyLineEndsTable) table = undefined;
      return;
    }
    if (table === undefined) {
      table = begin(fields, line);
      return;
    }
    if ('leftOut' in table) return;
    lines++;
    const entries = table.entriesOf(fields);
    if (typeof entries === 'string') return leave(entries);
    if (entries.some(({ day }) => day > lastDay)) return leave('later-day');
    if (entries.some(({ day }) => day < firstDay)) return leave('earlier-day');
    for (const entry of entries) onEntry(entry, tables);
  });

  try {
    for await (const { text, bytes } of textOf(path)) {
      const before = lines;
      reader.push(text);
      if (onRead(bytes, lines - before) === 'stop') return undefined;
    }
    reader.end();
  } catch (error) {
    throw error instanceof NotCsv ? new NotImportable(`${path} ${error.message}`) : error;
  }
  columnsLeftOut.delete('');
  return { file: path, lines, leftOut, columnsLeftOut: [...columnsLeftOut], tablesLeftOut, tables };
}
