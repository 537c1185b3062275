// One thing that is known of a hit: how it is read from a request, and how the journal keeps it. Everything that
// handles whole hits follows from the list of facets (facets/index.ts).
import type { Draft } from './draft.js';
import type { NotCounted } from './refusal.js';

export interface Facet<Name extends string, Value> {
  /** The hit's field, and its column in the journal. Never change it: segments are read by it. */
  readonly name: Name;
  /** The value when nothing is known: of hits from other sources, and from segments that lack the column. */
  readonly empty: Value;
  /** The only kind of hit that has it; absent: views and events. */
  readonly only?: 'view' | 'event';
  /**
   * The journal keeps it beside the view only until the view is counted; packing then separates it from the view,
   * together with all other such facets. Set it for whatever helps to tell one browser from another.
   */
  readonly isApart?: true;
  /** Reads it from a request, or says why the request is not counted. */
  parse(draft: Readonly<Draft>): Value | Dropped;
  readonly column: FacetColumn<Value>;
}

export interface ApartFacet<Name extends string, Value> extends Facet<Name, Value> {
  readonly isApart: true;
}

/** How the journal keeps a value: as text in a line, and as cells in a row of a pack. */
export interface FacetColumn<Value> {
  /**
   * One field of a line: without tabs and line breaks. All apart facets share one field: they write one part for each
   * cell, with `|` between parts and in none.
   */
  write(value: Value): string;
  /** Undoes `write`. An apart facet also gets empty parts: those of a view that was separated from them. */
  read(text: string): Value;
  /** Few texts differ, so the reader may remember what it made of them. Their values are shared between hits. */
  readonly repeats?: true;
  readonly cells: readonly CellType[];
  /** From the text of `write`, and back. An apart facet needs neither: its parts are its cells. */
  toCells?(text: string): readonly Cell[];
  fromCells?(cells: readonly Cell[]): string;
}

export type Cell = string | number | boolean;

/** A column of a pack's table (Parquet). Its name must differ from those of all other facets. */
export interface CellType {
  readonly name: string;
  readonly type: 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN';
}

/** What `parse` returns for a request that is not counted. */
export class Dropped {
  constructor(readonly reason: NotCounted) {}
}

/** For a value that is text already: cleaned, so that it holds no control characters (text.ts). */
export function textColumn(name: string): FacetColumn<string> {
  return { write: (text) => text, read: (text) => text, cells: textCells(name) };
}

export function textCells(...names: string[]): CellType[] {
  return names.map((name) => ({ name, type: 'STRING' }));
}
