// A list of a report as CSV (RFC 4180, UTF-8), for spreadsheets. The lists of a report and their columns follow from the schema
// of its answer.
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';

/** One cell of a row. Empty where the row lacks the field. */
type Cell = string | number | boolean | undefined;

type Fields = Readonly<Record<string, unknown>>;

/** A spreadsheet on Windows only reads UTF-8 with this mark. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * The lists of an answer with this schema, by the path of their field, such as `rows` or `rows.hours`, in the schema's order.
 */
export function listsOf(answer: z.ZodType): readonly string[] {
  const lists: string[] = [];
  visit(answer, '', lists);
  return lists;
}

/**
 * A list as CSV: a line with the names of the columns, then one for each row. `list`: one of `listsOf`. In a list within
 * another list, the first column has the key of the outer row. No text can become a formula in a spreadsheet.
 */
export function csvOf(report: object, answer: z.ZodType, list: string): string {
  if (!listsOf(answer).includes(list)) throw new Error(`the report has no list ${list}`);
  const path = list.split('.');
  const rows = rowsIn(report as Fields, path, []);
  const columns = columnsOf(itemAt(answer, path)).flatMap(({ name, isSeries }): CsvColumn[] =>
    isSeries ? seriesOf(name, rows) : [{ title: name, cellOf: (row) => cellIn(row, name) as Cell }],
  );
  const header = [...outerListsIn(answer, path).map((outer) => `${outer}.key`), ...columns.map(({ title }) => title)];
  const lines = rows.map(({ row, keys }) => [...keys, ...columns.map(({ cellOf }) => cellOf(row))]);
  const cells = [header, ...lines].map((line) => line.map((cell) => (typeof cell === 'string' ? withoutFormulas(cell) : cell)));
  return BYTE_ORDER_MARK + stringify(cells, { quoted_string: true, record_delimiter: '\r\n' });
}

/**
 * Where a program that splits lines at commas, semicolons, tabs or bars could begin a cell, even within a quoted text, followed
 * by what begins a formula.
 */
const FORMULA_AHEAD = /(?<=^|[;|\t\r\n])(?="*[=+\-@\t\r＝＋－＠])/g;

function withoutFormulas(text: string): string {
  return text.replace(FORMULA_AHEAD, "'");
}

interface CsvColumn {
  readonly title: string;
  cellOf(row: Fields): Cell;
}

/** As many columns as the longest row has numbers: `returned.1`, `returned.2`, … */
function seriesOf(name: string, rows: readonly FoundRow[]): CsvColumn[] {
  const numbersIn = (row: Fields) => cellIn(row, name) as readonly Cell[];
  const length = rows.reduce((most, { row }) => Math.max(most, numbersIn(row).length), 0);
  return Array.from({ length }, (_, i) => ({ title: `${name}.${i + 1}`, cellOf: (row) => numbersIn(row)[i] }));
}

function visit(schema: z.ZodType, path: string, lists: string[]): void {
  for (const [name, field] of fieldsOf(schema)) {
    const at = path === '' ? name : `${path}.${name}`;
    const item = itemOf(field);
    // a list of keys alone, which only contains other lists, is no table
    if (item !== undefined && columnsOf(item).length > 1) lists.push(at);
    visit(item ?? field, at, lists);
  }
}

interface FoundRow {
  readonly row: Fields;
  /** Of the rows around it, the outermost first. */
  readonly keys: readonly string[];
}

function rowsIn(level: Fields, [name = '', ...rest]: readonly string[], keys: readonly string[]): FoundRow[] {
  const value = level[name];
  if (!Array.isArray(value)) return value === undefined ? [] : rowsIn(value as Fields, rest, keys);
  const rows = value as readonly Fields[];
  if (rest.length === 0) return rows.map((row) => ({ row, keys }));
  return rows.flatMap((row) => rowsIn(row, rest, [...keys, String(row.key)]));
}

/** The paths of the lists around a list. */
function outerListsIn(answer: z.ZodType, path: readonly string[]): string[] {
  return path
    .slice(0, -1)
    .map((_, i) => path.slice(0, i + 1))
    .filter((outer) => itemOf(fieldAt(answer, outer)) !== undefined)
    .map((outer) => outer.join('.'));
}

function itemAt(answer: z.ZodType, path: readonly string[]): z.ZodType {
  return itemOf(fieldAt(answer, path)) as z.ZodType;
}

function fieldAt(answer: z.ZodType, path: readonly string[]): z.ZodType {
  return path.reduce((schema, name) => Object.fromEntries(fieldsOf(itemOf(schema) ?? schema))[name] as z.ZodType, answer);
}

interface Column {
  /** With the names of the objects around it: `medianSeconds.estimate`. */
  readonly name: string;
  /** A list of numbers, which becomes several columns. */
  readonly isSeries: boolean;
}

function columnsOf(row: z.ZodType, path = ''): Column[] {
  return fieldsOf(row).flatMap(([field, schema]) => {
    const name = path === '' ? field : `${path}.${field}`;
    const inner = required(schema);
    if (inner instanceof z.ZodArray) return fieldsOf(inner.element as z.ZodType).length > 0 ? [] : [{ name, isSeries: true }];
    return inner instanceof z.ZodObject ? columnsOf(inner, name) : [{ name, isSeries: false }];
  });
}

function cellIn(row: Fields, name: string): unknown {
  return name.split('.').reduce<unknown>((level, field) => (level as Fields | undefined)?.[field], row);
}

/** The schema of the rows, if this is a list of objects. */
function itemOf(schema: z.ZodType): z.ZodType | undefined {
  const inner = required(schema);
  const item = inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined;
  return item instanceof z.ZodObject ? item : undefined;
}

function fieldsOf(schema: z.ZodType): Array<[string, z.ZodType]> {
  const inner = required(schema);
  return inner instanceof z.ZodObject ? Object.entries(inner.shape as Record<string, z.ZodType>) : [];
}

/** The schema of a field when it is there. */
function required(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? required(schema.unwrap() as z.ZodType) : schema;
}
