// The lines of views and events: a few fields that all have, then the facets. Everything here follows from the list of
// facets, and is prepared once, because every hit passes through it.
import type { FacetColumn } from '../hit/facet.js';
import { FACETS, type SplitOffValues } from '../hit/facets/index.js';
import { type AnyFacet, emptyHitOf, type Hit, type HitDraft } from '../hit/hit.js';
import type { LocalTime } from '../time/calendar.js';
import { memoize } from '../time/memo.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import { APART, CORE_FIELDS, type EmptyTexts, type LineColumns, PART_SEPARATOR } from './columns.js';

/** Bounds the memory for a segment in which every hit has, for example, another referrer. */
export const REMEMBERED_MAX = 10_000;

export interface LineFormat {
  readonly columns: LineColumns;
  readonly emptyTexts: EmptyTexts;
  /** In the order of their columns, without the apart ones. */
  readonly ownFacets: readonly AnyFacet[];
  readonly apartFacets: readonly AnyFacet[];
  hitLine(hit: Hit): string;
  apartText(values: SplitOffValues): string;
  /** The field of a view or an event that holds this facet's text, or all apart facets. */
  placeOf(name: string): number;
  createReader(): HitReader;
}

export interface HitReader {
  /** Undefined when the fields are not those of a view or an event. */
  hit(fields: readonly string[]): Hit | undefined;
  apart(text: string): SplitOffValues;
}

/** A facet as hits hold it, whatever its type. */
interface Field {
  readonly name: keyof HitDraft;
  readonly column: FacetColumn<unknown>;
}

export function createLineFormat(facets: readonly AnyFacet[]): LineFormat {
  checkCellNames(facets);
  const apartFacets = facets.filter(({ isSplitOff }) => isSplitOff);
  const ownFacets = facets.filter(({ isSplitOff }) => !isSplitOff);
  const columns = columnsOf(facets);
  const apartText = createApartWriter(apartFacets);
  const emptyHit = emptyHitOf(facets);
  const emptyTexts = new Map(facets.map(({ name, empty, column }) => [name, column.write(empty)]));
  emptyTexts.set(APART, apartText(emptyHit));
  const names = [...columns.hit, ...columns.event];
  return {
    columns,
    emptyTexts,
    ownFacets,
    apartFacets,
    hitLine: createHitWriter(columns, facets, apartText),
    apartText,
    placeOf: (name) => CORE_FIELDS + names.indexOf(name),
    createReader: () => createHitReader(columns, facets, emptyHit),
  };
}

/** The columns of events alone come last. The apart facets share the place of the first of them. */
function columnsOf(facets: readonly AnyFacet[]): LineColumns {
  const ofHits = facets.filter(({ only }) => only !== 'event').map(({ name, isSplitOff }) => (isSplitOff ? APART : name));
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
      if (known.has(cell.name)) throw new Error(`the facet ${name} has a cell ${cell.name}, a name that is in use already`);
      known.add(cell.name);
    }
  }
}

/** A column as it is written: from the value of its facet, or from the whole hit. */
interface WrittenColumn {
  readonly name: keyof HitDraft;
  write(value: unknown, hit: Hit): string;
}

function createApartWriter(apartFacets: readonly AnyFacet[]): (values: SplitOffValues) => string {
  const nothing = PART_SEPARATOR.repeat(Math.max(0, partsOf(apartFacets) - 1));
  const fields = (apartFacets as unknown as readonly Field[]).map(({ name, column }) => ({ name, write: column.write }));
  const [a = NO_PART, b = NO_PART, c = NO_PART] = fields;
  const others = fields.slice(3);
  return (values) => {
    const hit = values as Hit;
    // As in createHitReader: code of its own for each.
    let text = a.write(hit[a.name]);
    if (b !== NO_PART) text += PART_SEPARATOR + b.write(hit[b.name]);
    if (c !== NO_PART) text += PART_SEPARATOR + c.write(hit[c.name]);
    for (const { name, write } of others) text += PART_SEPARATOR + write(hit[name]);
    return text === nothing ? '' : text;
  };
}

const NO_PART: { name: keyof HitDraft; write(value: unknown): string } = { name: 'kind', write: () => '' };

function partsOf(apartFacets: readonly AnyFacet[]): number {
  return apartFacets.reduce((parts, { column }) => parts + column.cells.length, 0);
}

function createHitWriter(columns: LineColumns, facets: readonly AnyFacet[], apartText: LineFormat['apartText']) {
  const written = (name: string): WrittenColumn => {
    if (name === APART) return { name: 'kind', write: (_, hit) => apartText(hit) };
    const { name: field, column } = facets.find((facet) => facet.name === name) as unknown as Field;
    return { name: field, write: column.write };
  };
  const [ofHits, ofEvents] = [columns.hit.map(written), columns.event.map(written)];
  const [a, b, c, d] = ofHits as [WrittenColumn, WrittenColumn, WrittenColumn, WrittenColumn];
  const others = ofHits.slice(UNROLLED);
  return (hit: Hit): string => {
    const { at } = hit;
    const isView = hit.kind === 'view';
    const moment = Math.floor(hit.receivedAtMs / FIVE_MINUTES_MS);
    // As in createHitReader: code of its own for each.
    const core = `${isView ? 'v' : 'e'}\t${hit.site}\t${moment}\t${at.day}\t${at.hour}:${at.minute}`;
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
  readonly place: number;
  read(text: string): unknown;
}

/** How many columns are read without a loop. */
const UNROLLED = 4;

/** Hits share the objects of equal technology, referrers and visitors: there are few different ones. */
function createHitReader(columns: LineColumns, facets: readonly AnyFacet[], emptyHit: HitDraft): HitReader {
  const aparts = memoize(createApartReader(facets.filter(({ isSplitOff }) => isSplitOff)), REMEMBERED_MAX);
  /** Hits that have nothing yet but what the field `apart` says. */
  const beginnings = memoize((text: string): HitDraft => ({ ...emptyHit, ...aparts(text) }), REMEMBERED_MAX);
  const times = sharingLast(timeOf);
  const apartPlace = CORE_FIELDS + columns.hit.indexOf(APART);
  const [viewFields, eventFields] = [CORE_FIELDS + columns.hit.length, CORE_FIELDS + columns.hit.length + columns.event.length];
  const columnsRead = (names: readonly string[], start: number) =>
    names.flatMap((name, i) => (name === APART ? [] : columnRead(facets, name, start + i)));
  const ofHits = columnsRead(columns.hit, CORE_FIELDS);
  const ofEvents = columnsRead(columns.event, viewFields);
  // Each of these four is read by code of its own: a loop over all columns, in which neither the name nor the function
  // is ever the same twice, makes counting 4 % slower. Where there are fewer, one is read again.
  const last = ofHits.at(-1) as ReadColumn;
  const [a = last, b = last, c = last, d = last] = ofHits;
  const [aName, bName, cName, dName] = [a.name, b.name, c.name, d.name];
  const [aRead, bRead, cRead, dRead] = [a.read, b.read, c.read, d.read];
  const [aPlace, bPlace, cPlace, dPlace] = [a.place, b.place, c.place, d.place];
  const others = ofHits.slice(UNROLLED);

  return {
    apart: aparts,
    hit(fields) {
      const isView = fields[0] === 'v';
      if (fields.length !== (isView ? viewFields : eventFields)) return undefined;
      const receivedAtMs = Number(fields[2]) * FIVE_MINUTES_MS;
      const hit: HitDraft = { ...beginnings(fields[apartPlace] as string) };
      hit.kind = isView ? 'view' : 'event';
      hit.site = fields[1] as string;
      hit.receivedAtMs = receivedAtMs;
      hit.atMs = receivedAtMs;
      hit.at = times(fields[3] as string, fields[4] as string);
      hit[aName] = aRead(fields[aPlace] as string) as never;
      hit[bName] = bRead(fields[bPlace] as string) as never;
      hit[cName] = cRead(fields[cPlace] as string) as never;
      hit[dName] = dRead(fields[dPlace] as string) as never;
      if (others.length > 0) for (const { name, place, read } of others) hit[name] = read(fields[place] as string) as never;
      if (!isView) for (const { name, place, read } of ofEvents) hit[name] = read(fields[place] as string) as never;
      return hit;
    },
  };
}

function columnRead(facets: readonly AnyFacet[], name: string, place: number): ReadColumn {
  const { name: field, column } = facets.find((facet) => facet.name === name) as unknown as Field;
  return { name: field, place, read: column.repeats ? memoize(column.read, REMEMBERED_MAX) : column.read };
}

function createApartReader(apartFacets: readonly AnyFacet[]): (text: string) => SplitOffValues {
  return (text) => {
    const parts = text.split(PART_SEPARATOR);
    let start = 0;
    const values = apartFacets.map(({ name, column }) => {
      const end = start + column.cells.length;
      const own = Array.from(column.cells, (_, i) => parts[start + i] ?? '');
      start = end;
      return [name, column.read(own.join(PART_SEPARATOR))];
    });
    return Object.fromEntries(values) as SplitOffValues;
  };
}

/** Most hits are of the same five minutes as the one before. */
export function sharingLast(make: (day: string, time: string) => LocalTime): (day: string, time: string) => LocalTime {
  let last = { day: '', time: '', made: make('', '') };
  return (day, time) => {
    if (day !== last.day || time !== last.time) last = { day, time, made: make(day, time) };
    return last.made;
  };
}

/** `02:35`, `02+:35` */
function timeOf(day: string, time: string): LocalTime {
  const colon = time.indexOf(':');
  return { day, hour: time.slice(0, colon), minute: time.slice(colon + 1) };
}

/** The format of this version's lines. */
export const LINE_FORMAT = createLineFormat(FACETS);
