// A document kind: documents of one shape that are kept for the same time. Several reports may count into one kind, so
// that a hit changes few documents.
import type { z } from 'zod';
import { cappedMapsOf, checkKeys, detailSubjectsOf, type RowSubjects } from './keys.js';
import type { Grain } from './period.js';
import type { Report } from './report.js';

/**
 * How long the documents of a grain are kept. The time begins at the end of their period, or when the last hit for it
 * was received, whichever is later. A site's own settings take precedence.
 */
export type Keep = { readonly months: number } | { readonly years: number } | 'always';

interface Definition {
  /** Lower-case letters. The store's collections are named after it: `traffic.2026`. */
  readonly name: string;
  /**
   * Without `month` there are documents of days only. Documents of years are kept forever, unless the settings of
   * the site limit that.
   */
  readonly keep: { readonly day: Keep; readonly month?: Keep };
  /** The reports that count into these documents, each under its own keys. */
  readonly reports: readonly Report[];
}

export interface DocumentKind extends Definition {
  /** The capped maps (first-level keys of a document) and the number of rows that each keeps. */
  readonly caps: Readonly<Record<string, number>>;
  /** For each capped map whose rows are about pages or referrers: returns these, given the row's key. */
  readonly rowSubjects: Readonly<Record<string, (rowKey: string) => RowSubjects>>;
  /** For each capped map whose rows have details about pages or referrers: returns these, given the detail's key. */
  readonly detailSubjects: Readonly<Record<string, (detailKey: string) => RowSubjects>>;
  /** Absent: one document contains all pages. */
  readonly shard?: Shard;
}

/** The part of a document kind that shows which reports exist and how far back they reach. */
export interface KindOutline extends Pick<DocumentKind, 'name' | 'keep' | 'shard'> {
  readonly reports: ReadonlyArray<Pick<Report, 'name'> & Partial<Pick<Report, 'summary'>>>;
}

/**
 * One of several kinds of the same shape that share the pages of a site between them, because one document for all
 * pages would be too large. The shards follow each other in the list of kinds.
 */
export interface Shard {
  /** The name without the shard's letter. */
  readonly of: string;
  /** From 0. */
  readonly number: number;
  /** The number of the shard that contains a page. */
  shardOf(path: string): number;
}

/** Throws if two of the reports count under the same key. */
export function documentKind(definition: Definition): DocumentKind {
  checkKeys(definition.reports);
  const maps = definition.reports.flatMap(({ keys }) => cappedMapsOf(keys));
  const caps: Record<string, number> = {};
  const rowSubjects: Record<string, (rowKey: string) => RowSubjects> = {};
  const detailSubjects: Record<string, (detailKey: string) => RowSubjects> = {};
  for (const { key, rowsMax, row, subjectsOf } of maps) {
    caps[key] = rowsMax;
    if (subjectsOf !== undefined) rowSubjects[key] = subjectsOf;
    const ofDetail = detailSubjectsOf(row);
    if (ofDetail !== undefined) detailSubjects[key] = ofDetail;
  }
  return { ...definition, caps, rowSubjects, detailSubjects };
}

interface ShardedDefinition extends Definition {
  /** One letter for each shard. It ends the name of the shard's kind. */
  readonly letters: string;
  shardOf(path: string): number;
}

/** One kind for each letter. Reports of a sharded kind are about one page. */
export function shardedKinds({ letters, shardOf, ...definition }: ShardedDefinition): readonly DocumentKind[] {
  const { name } = definition;
  return [...letters].map((letter, number) => ({
    ...documentKind({ ...definition, name: name + letter }),
    shard: { of: name, number, shardOf },
  }));
}

/** The kind's name; the same for all shards. */
export function baseName({ name, shard }: Pick<DocumentKind, 'name' | 'shard'>): string {
  return shard?.of ?? name;
}

/** Whether the documents of this kind contain a page. */
export function holdsPage({ shard }: Pick<DocumentKind, 'shard'>, path: string): boolean {
  return shard === undefined || shard.shardOf(path) === shard.number;
}

/** From the shortest to the longest. */
export function grainsOf({ keep }: Pick<DocumentKind, 'keep'>): readonly Grain[] {
  return keep.month === undefined ? ['day'] : ['day', 'month', 'year'];
}

/** The kind into which each report counts, by the report's name. For a sharded kind, one of the shards. */
export function kindsByReport<Kind extends { readonly reports: ReadonlyArray<{ readonly name: string }> }>(
  kinds: readonly Kind[],
): ReadonlyMap<string, Kind> {
  return new Map(kinds.flatMap((kind) => kind.reports.map(({ name }) => [name, kind] as const)));
}

/** The schema of each report's answer, by the report's name. */
export function answersOf(kinds: readonly DocumentKind[]): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(kinds.flatMap(({ reports }) => reports.map(({ name, answer }) => [name, answer] as const)));
}
