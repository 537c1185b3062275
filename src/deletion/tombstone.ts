// What remains of what was deleted: enough to keep it from being counted again out of a journal, a copy of one, or a log that is being
// imported. Everything here is pure.
import type { RowSubjects } from '../../collections/collection.js';
import { REMOVED } from '../counters/cap.js';
import type { Hit, Point, Refusal } from '../hit/hit.js';
import { matches } from './pattern.js';

export type RowKind = keyof RowSubjects;

export type Deleted =
  | { readonly kind: 'site' }
  /** Local days, both inclusive. */
  | { readonly kind: 'period'; readonly from: string; readonly to: string }
  /** See pattern.ts. */
  | { readonly kind: RowKind; readonly pattern: string };

export interface Tombstone {
  readonly id: string;
  readonly site: string;
  readonly deleted: Deleted;
  /** Hits received until this moment are deleted; later ones count again, unless the whole site is deleted. Milliseconds since 1970. */
  readonly receivedUntilMs: number;
}

/** What the counting does with hits, as tombstones say. */
export interface Obedience {
  /** Whether any tombstone is about this site. */
  concerns(site: string): boolean;
  /** The sites that it is about. */
  readonly sites: readonly string[];
  /** The same hit, one without what was deleted of it, or nothing. Again, and it stays as it is. */
  hit(hit: Hit): Hit | undefined;
  /** A point has no time of its own: it is deleted with the earliest hit that it may have come with. */
  keepsPoint(point: Point, receivedAtMs: number): boolean;
  keepsRefusal(refusal: Refusal): boolean;
}

export function createObedience(tombstones: readonly Tombstone[]): Obedience {
  const bySite = new Map<string, Tombstone[]>();
  for (const tombstone of tombstones) bySite.set(tombstone.site, [...(bySite.get(tombstone.site) ?? []), tombstone]);

  const keepsDay = (site: string, day: string, receivedAtMs: number): boolean =>
    !bySite.get(site)?.some((tombstone) => isDayDeleted(tombstone, day, receivedAtMs));

  return {
    concerns: (site) => bySite.has(site),
    sites: [...bySite.keys()],
    hit(hit) {
      const about = bySite.get(hit.site);
      if (about === undefined) return hit;
      let kept: Hit | undefined = hit;
      for (const tombstone of about) kept = kept && without(kept, tombstone);
      return kept;
    },
    keepsPoint: ({ site, day }, receivedAtMs) => keepsDay(site, day, receivedAtMs),
    keepsRefusal: ({ site, day, receivedAtMs }) => keepsDay(site, day, receivedAtMs),
  };
}

/** Whether everything of this day that was received at that moment is deleted. */
export function isDayDeleted({ deleted, receivedUntilMs }: Tombstone, day: string, receivedAtMs: number): boolean {
  if (deleted.kind === 'site') return true;
  if (deleted.kind !== 'period' || receivedAtMs > receivedUntilMs) return false;
  return deleted.from <= day && day <= deleted.to;
}

function without(hit: Hit, tombstone: Tombstone): Hit | undefined {
  const { deleted, receivedUntilMs } = tombstone;
  if (isDayDeleted(tombstone, hit.at.day, hit.receivedAtMs)) return undefined;
  if (hit.receivedAtMs > receivedUntilMs) return hit;
  if (deleted.kind === 'page') return withoutPage(hit, deleted.pattern);
  if (deleted.kind === 'referrer') return withoutReferrer(hit, deleted.pattern);
  // What a ping tells counts at its view's day, and that a visit went on at the day of its first page.
  if (hit.refersTo === undefined || !isDayDeleted(tombstone, hit.refersTo.day, hit.receivedAtMs)) return hit;
  return { ...hit, refersTo: undefined, engagement: undefined };
}

function withoutPage(hit: Hit, pattern: string): Hit {
  let kept = hit;
  if (hit.path !== REMOVED && matches(pattern, hit.path)) kept = { ...kept, path: REMOVED, title: '' };
  const { previousPath } = hit.visitor;
  if (previousPath !== '' && matches(pattern, previousPath)) kept = { ...kept, visitor: { ...hit.visitor, previousPath: '' } };
  return kept;
}

/** The view stays a view that came from another site; what is gone is from where. */
function withoutReferrer(hit: Hit, pattern: string): Hit {
  const { source, host, path } = hit.referrer;
  if (host === '') return hit;
  const isHost = matches(pattern, host);
  const referrer = {
    ...hit.referrer,
    source: matches(pattern, source) ? REMOVED : source,
    host: isHost ? REMOVED : host,
    path: isHost || matches(pattern, host + path) ? REMOVED : path,
  };
  const isSame = referrer.source === source && referrer.host === host && referrer.path === path;
  return isSame ? hit : { ...hit, referrer };
}
