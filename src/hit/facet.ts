// A facet is one part of a hit. It declares how the part is read from a request and how the journal stores it. All code
// that handles whole hits is derived from the list of facets (facets/index.ts).
import type { Draft } from './draft.js';
import type { NotCounted } from './refusal.js';

export interface Facet<Name extends string, Value> {
  /** The name of the field in a hit and of the column in the journal. Never change it: existing segments contain it. */
  readonly name: Name;
  /** The value if nothing is known, as in hits from other sources and from segments that lack the column. */
  readonly empty: Value;
  /** The only kind of hit that has the facet. Absent: views and events have it. */
  readonly only?: 'view' | 'event';
  /**
   * The journal stores the facet with the view only until the view is counted. Packing then splits it from the view,
   * together with all other such facets. Set this for every facet that helps to distinguish browsers.
   */
  readonly isSplitOff?: true;
  /** Reads the value from a request, or returns why the request is not counted. */
  parse(draft: Readonly<Draft>): Value | Dropped;
  readonly column: FacetColumn<Value>;
}

export interface SplitOffFacet<Name extends string, Value> extends Facet<Name, Value> {
  readonly isSplitOff: true;
}

/** How the journal stores a value: as text in a line, and as cells in a row of a pack. */
export interface FacetColumn<Value> {
  /**
   * Returns one field of a line, without tabs and line breaks. All split-off facets share one field. Each of them writes
   * one part for each of its cells, with `|` between the parts. No part may contain `|`.
   */
  write(value: Value): string;
  /** The reverse of `write`. For a view that was split, a split-off facet is given empty parts. */
  read(text: string): Value;
  /** There are few different texts, so the reader may cache their values. Hits then share them. */
  readonly repeats?: true;
  readonly cells: readonly CellType[];
  /** Converts the text of `write` to cells, and back. A split-off facet needs neither, because its parts are its cells. */
  toCells?(text: string): readonly Cell[];
  fromCells?(cells: readonly Cell[]): string;
}

export type Cell = string | number | boolean;

/** A column of a table in a pack (Parquet). Its name must differ from those of all other facets. */
export interface CellType {
  readonly name: string;
  readonly type: 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN';
}

/** What `parse` returns for a request that is not counted. */
export class Dropped {
  constructor(readonly reason: NotCounted) {}
}

/** The column of a text. The text must be cleaned, so that it contains no control characters (text.ts). */
export function textColumn(name: string): FacetColumn<string> {
  return { write: (text) => text, read: (text) => text, cells: textCells(name) };
}

export function textCells(...names: string[]): CellType[] {
  return names.map((name) => ({ name, type: 'STRING' }));
}
