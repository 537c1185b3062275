// The lines of views and events: first some fields that all lines have, then the facets. The format is derived from
// the list of facets. This is done once, because every hit is written and read with it.
import type { FacetColumn } from '../hit/facet.js';
import { FACETS, type SplitOffValues } from '../hit/facets/index.js';
import { type AnyFacet, emptyHitOf, type Hit, type HitDraft } from '../hit/hit.js';
import type { LocalTime } from '../time/calendar.js';
import { memoize } from '../time/memo.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import { CORE_FIELDS, type EmptyTexts, type LineColumns, PART_SEPARATOR, SPLIT_OFF } from './columns.js';

/** Limits the memory for a segment in which, for example, every hit has a different referrer. */
export const REMEMBERED_MAX = 10_000;

export interface LineFormat {
  readonly columns: LineColumns;
  readonly emptyTexts: EmptyTexts;
  /** The facets with a column of their own, in the order of their columns. */
  readonly ownFacets: readonly AnyFacet[];
  readonly splitOffFacets: readonly AnyFacet[];
  hitLine(hit: Hit): string;
  splitOffText(values: SplitOffValues): string;
  /** The index of the field of a view or an event that contains this facet, or all split-off facets. */
  fieldIndexOf(name: string): number;
  createReader(): HitReader;
}

export interface HitReader {
  /** Undefined if the fields are not those of a view or an event. */
  hit(fields: readonly string[]): Hit | undefined;
  /** Reads the split-off facets from the text of their field. */
  splitOff(text: string): SplitOffValues;
}

/** A facet of a hit, without its type. */
interface Field {
  readonly name: keyof HitDraft;
  readonly column: FacetColumn<unknown>;
}

export function createLineFormat(facets: readonly AnyFacet[]): LineFormat {
  checkCellNames(facets);
  const splitOffFacets = facets.filter(({ isSplitOff }) => isSplitOff);
  const ownFacets = facets.filter(({ isSplitOff }) => !isSplitOff);
  const columns = columnsOf(facets);
  const splitOffText = createSplitOffWriter(splitOffFacets);
  const emptyHit = emptyHitOf(facets);
  const emptyTexts = new Map(facets.map(({ name, empty, column }) => [name, column.write(empty)]));
  emptyTexts.set(SPLIT_OFF, splitOffText(emptyHit));
  const names = [...columns.hit, ...columns.event];
  return {
    columns,
    emptyTexts,
    ownFacets,
    splitOffFacets,
    hitLine: createHitWriter(columns, facets, splitOffText),
    splitOffText,
    fieldIndexOf: (name) => CORE_FIELDS + names.indexOf(name),
    createReader: () => createHitReader(columns, facets, emptyHit),
  };
}

/**
 * Columns that only events have are last. The split-off facets share one column, at the position of the first of
 * them.
 */
function columnsOf(facets: readonly AnyFacet[]): LineColumns {
  const ofHits = facets.filter(({ only }) => only !== 'event').map(({ name, isSplitOff }) => (isSplitOff ? SPLIT_OFF : name));
  return {
    hit: [...new Set(ofHits)],
    event: facets.filter(({ only }) => only === 'event').map(({ name }) => name),
    apart: Object.fromEntries(
      facets.filter(({ isSplitOff }) => isSplitOff).map(({ name, column }) => [name, column.cells.length]),
    ),
  };
}

const CORE_CELLS = ['site', 'moment', 'received', 'day', 'time', 'n'];

function checkCellNames(facets: readonly AnyFacet[]): void {
  const known = new Set(CORE_CELLS);
  for (const { name, column } of facets) {
    for (const cell of column.cells) {
      if (known.has(cell.name)) throw new Error(`the facet ${name} has a cell ${cell.name}, but this name is already in use`);
      known.add(cell.name);
    }
  }
}

/** Writes a column from the value of its facet, or from the complete hit. */
interface WrittenColumn {
  readonly name: keyof HitDraft;
  write(value: unknown, hit: Hit): string;
}

function createSplitOffWriter(splitOffFacets: readonly AnyFacet[]): (values: SplitOffValues) => string {
  const nothing = PART_SEPARATOR.repeat(Math.max(0, partsOf(splitOffFacets) - 1));
  const fields = (splitOffFacets as unknown as readonly Field[]).map(({ name, column }) => ({ name, write: column.write }));
  const [a = NO_PART, b = NO_PART, c = NO_PART] = fields;
  const others = fields.slice(3);
  return (values) => {
    const hit = values as Hit;
    // Without a loop, as in createHitReader.
    let text = a.write(hit[a.name]);
    if (b !== NO_PART) text += PART_SEPARATOR + b.write(hit[b.name]);
    if (c !== NO_PART) text += PART_SEPARATOR + c.write(hit[c.name]);
    for (const { name, write } of others) text += PART_SEPARATOR + write(hit[name]);
    return text === nothing ? '' : text;
  };
}

const NO_PART: { name: keyof HitDraft; write(value: unknown): string } = { name: 'kind', write: () => '' };

function partsOf(splitOffFacets: readonly AnyFacet[]): number {
  return splitOffFacets.reduce((parts, { column }) => parts + column.cells.length, 0);
}

function createHitWriter(columns: LineColumns, facets: readonly AnyFacet[], splitOffText: LineFormat['splitOffText']) {
  const written = (name: string): WrittenColumn => {
    if (name === SPLIT_OFF) return { name: 'kind', write: (_, hit) => splitOffText(hit) };
    const { name: field, column } = facets.find((facet) => facet.name === name) as unknown as Field;
    return { name: field, write: column.write };
  };
  const [ofHits, ofEvents] = [columns.hit.map(written), columns.event.map(written)];
  const [a, b, c, d] = ofHits as [WrittenColumn, WrittenColumn, WrittenColumn, WrittenColumn];
  const others = ofHits.slice(UNROLLED);
  return (hit: Hit): string => {
    const { at } = hit;
    const isView = hit.kind === 'view';
    const fiveMinutes = Math.floor(hit.receivedAtMs / FIVE_MINUTES_MS);
    // Without a loop, as in createHitReader.
    const core = `${isView ? 'v' : 'e'}\t${hit.site}\t${fiveMinutes}\t${at.day}\t${at.hour}:${at.minute}`;
    const first = `${a.write(hit[a.name], hit)}\t${b.write(hit[b.name], hit)}`;
    const second = `${c.write(hit[c.name], hit)}\t${d.write(hit[d.name], hit)}`;
    let line = `${core}\t${first}\t${second}`;
    for (const { name, write } of others) line += `\t${write(hit[name], hit)}`;
    if (!isView) for (const { name, write } of ofEvents) line += `\t${write(hit[name], hit)}`;
    return `${line}\n`;
  };
}

interface ReadColumn {
  readonly name: keyof HitDraft;
  readonly index: number;
  read(text: string): unknown;
}

/** The number of columns that are read and written without a loop. */
const UNROLLED = 4;

/** Hits with equal technology, referrers or visitors share these objects, because there are few different ones. */
function createHitReader(columns: LineColumns, facets: readonly AnyFacet[], emptyHit: HitDraft): HitReader {
  const readSplitOff = memoize(createSplitOffReader(facets.filter(({ isSplitOff }) => isSplitOff)), REMEMBERED_MAX);
  /** Hits with only the facets of the field `apart`. */
  const drafts = memoize((text: string): HitDraft => ({ ...emptyHit, ...readSplitOff(text) }), REMEMBERED_MAX);
  const times = memoizeLast(timeOf);
  const splitOffIndex = CORE_FIELDS + columns.hit.indexOf(SPLIT_OFF);
  const [viewFields, eventFields] = [CORE_FIELDS + columns.hit.length, CORE_FIELDS + columns.hit.length + columns.event.length];
  const readColumns = (names: readonly string[], start: number) =>
    names.flatMap((name, i) => (name === SPLIT_OFF ? [] : readColumn(facets, name, start + i)));
  const ofHits = readColumns(columns.hit, CORE_FIELDS);
  const ofEvents = readColumns(columns.event, viewFields);
  // Four columns are read without a loop. In a loop, the name and the function change each time, which makes counting
  // 4 % slower. If there are fewer than four columns, the last one is read again.
  const last = ofHits.at(-1) as ReadColumn;
  const [a = last, b = last, c = last, d = last] = ofHits;
  const [aName, bName, cName, dName] = [a.name, b.name, c.name, d.name];
  const [aRead, bRead, cRead, dRead] = [a.read, b.read, c.read, d.read];
  const [aIndex, bIndex, cIndex, dIndex] = [a.index, b.index, c.index, d.index];
  const others = ofHits.slice(UNROLLED);

  return {
    splitOff: readSplitOff,
    hit(fields) {
      const isView = fields[0] === 'v';
      if (fields.length !== (isView ? viewFields : eventFields)) return undefined;
      const receivedAtMs = Number(fields[2]) * FIVE_MINUTES_MS;
      const hit: HitDraft = { ...drafts(fields[splitOffIndex] as string) };
      hit.kind = isView ? 'view' : 'event';
      hit.site = fields[1] as string;
      hit.receivedAtMs = receivedAtMs;
      hit.atMs = receivedAtMs;
      hit.at = times(fields[3] as string, fields[4] as string);
      hit[aName] = aRead(fields[aIndex] as string) as never;
      hit[bName] = bRead(fields[bIndex] as string) as never;
      hit[cName] = cRead(fields[cIndex] as string) as never;
      hit[dName] = dRead(fields[dIndex] as string) as never;
      if (others.length > 0) for (const { name, index, read } of others) hit[name] = read(fields[index] as string) as never;
      if (!isView) for (const { name, index, read } of ofEvents) hit[name] = read(fields[index] as string) as never;
      return hit;
    },
  };
}

function readColumn(facets: readonly AnyFacet[], name: string, index: number): ReadColumn {
  const { name: field, column } = facets.find((facet) => facet.name === name) as unknown as Field;
  return { name: field, index, read: column.repeats ? memoize(column.read, REMEMBERED_MAX) : column.read };
}

function createSplitOffReader(splitOffFacets: readonly AnyFacet[]): (text: string) => SplitOffValues {
  return (text) => {
    const parts = text.split(PART_SEPARATOR);
    let start = 0;
    const values = splitOffFacets.map(({ name, column }) => {
      const end = start + column.cells.length;
      const own = Array.from(column.cells, (_, i) => parts[start + i] ?? '');
      start = end;
      return [name, column.read(own.join(PART_SEPARATOR))];
    });
    return Object.fromEntries(values) as SplitOffValues;
  };
}

/** Caches the last value, because most hits have the same time as the one before, to five minutes. */
export function memoizeLast(timeOf: (day: string, time: string) => LocalTime): (day: string, time: string) => LocalTime {
  let last = { day: '', time: '', value: timeOf('', '') };
  return (day, time) => {
    if (day !== last.day || time !== last.time) last = { day, time, value: timeOf(day, time) };
    return last.value;
  };
}

/** `time`: `02:35`, or `02+:35` when a clock change repeats the hour. */
function timeOf(day: string, time: string): LocalTime {
  const colon = time.indexOf(':');
  return { day, hour: time.slice(0, colon), minute: time.slice(colon + 1) };
}

export const LINE_FORMAT = createLineFormat(FACETS);
