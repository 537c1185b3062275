// The lines of views and events: a few fields that all have, then the facets. Everything here follows from the list of
// facets, and is prepared once, because every hit passes through it.
import type { FacetColumn } from '../hit/facet.js';
import { type ApartValues, FACETS } from '../hit/facets/index.js';
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
  apartText(values: ApartValues): string;
  /** The field of a view or an event that holds this facet's text, or all apart facets. */
  placeOf(name: string): number;
  createReader(): HitReader;
}

export interface HitReader {
  /** Undefined when the fields are not those of a view or an event. */
  hit(fields: readonly string[]): Hit | undefined;
  apart(text: string): ApartValues;
}

/** A facet as hits hold it, whatever its type. */
interface Field {
  readonly name: keyof HitDraft;
  readonly column: FacetColumn<unknown>;
}

export function createLineFormat(facets: readonly AnyFacet[]): LineFormat {
  checkCellNames(facets);
  const apartFacets = facets.filter(({ isApart }) => isApart);
  const ownFacets = facets.filter(({ isApart }) => !isApart);
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
  const ofHits = facets.filter(({ only }) => only !== 'event').map(({ name, isApart }) => (isApart ? APART : name));
  return {
    hit: [...new Set(ofHits)],
    event: facets.filter(({ only }) => only === 'event').map(({ name }) => name),
    apart: Object.fromEntries(facets.filter(({ isApart }) => isApart).map(({ name, column }) => [name, column.cells.length])),
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

function createApartWriter(apartFacets: readonly AnyFacet[]): (values: ApartValues) => string {
  const fields = apartFacets as unknown as readonly Field[];
  const nothing = PART_SEPARATOR.repeat(Math.max(0, partsOf(apartFacets) - 1));
  return (values) => {
    let text = '';
    for (let i = 0; i < fields.length; i++) {
      const { name, column } = fields[i] as Field;
      const part = column.write((values as Hit)[name]);
      text = i === 0 ? part : `${text}${PART_SEPARATOR}${part}`;
    }
    return text === nothing ? '' : text;
  };
}

function partsOf(apartFacets: readonly AnyFacet[]): number {
  return apartFacets.reduce((parts, { column }) => parts + column.cells.length, 0);
}

function createHitWriter(columns: LineColumns, facets: readonly AnyFacet[], apartText: LineFormat['apartText']) {
  const writerOf = (name: string): ((hit: Hit) => string) => {
    if (name === APART) return apartText;
    const { name: field, column } = facets.find((facet) => facet.name === name) as unknown as Field;
    return (hit) => column.write(hit[field]);
  };
  const [ofHits, ofEvents] = [columns.hit.map(writerOf), columns.event.map(writerOf)];
  return (hit: Hit): string => {
    const { at } = hit;
    const isView = hit.kind === 'view';
    const moment = Math.floor(hit.receivedAtMs / FIVE_MINUTES_MS);
    let line = `${isView ? 'v' : 'e'}\t${hit.site}\t${moment}\t${at.day}\t${at.hour}:${at.minute}`;
    for (const write of ofHits) line += `\t${write(hit)}`;
    if (!isView) for (const write of ofEvents) line += `\t${write(hit)}`;
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
  const aparts = memoize(createApartReader(facets.filter(({ isApart }) => isApart)), REMEMBERED_MAX);
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
      hit[a.name] = a.read(fields[a.place] as string) as never;
      hit[b.name] = b.read(fields[b.place] as string) as never;
      hit[c.name] = c.read(fields[c.place] as string) as never;
      hit[d.name] = d.read(fields[d.place] as string) as never;
      for (const { name, place, read } of others) hit[name] = read(fields[place] as string) as never;
      if (!isView) for (const { name, place, read } of ofEvents) hit[name] = read(fields[place] as string) as never;
      return hit;
    },
  };
}

function columnRead(facets: readonly AnyFacet[], name: string, place: number): ReadColumn {
  const { name: field, column } = facets.find((facet) => facet.name === name) as unknown as Field;
  return { name: field, place, read: column.repeats ? memoize(column.read, REMEMBERED_MAX) : column.read };
}

function createApartReader(apartFacets: readonly AnyFacet[]): (text: string) => ApartValues {
  return (text) => {
    const parts = text.split(PART_SEPARATOR);
    let start = 0;
    const values = apartFacets.map(({ name, column }) => {
      const end = start + column.cells.length;
      const own = Array.from(column.cells, (_, i) => parts[start + i] ?? '');
      start = end;
      return [name, column.read(own.join(PART_SEPARATOR))];
    });
    return Object.fromEntries(values) as ApartValues;
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
