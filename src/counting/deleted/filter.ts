// Removes deleted hits while they are counted, from a journal, from a copy of a journal, or from a log that is being
// imported. Everything here is pure.
import { REMOVED } from '../../counters/cap.js';
import type { Hit, Point, Refusal } from '../../hit/hit.js';
import type { Observation } from '../../hit/observation.js';
import type { Tombstone } from '../../store/tombstones.js';
import { matches } from './pattern.js';

export interface DeletionFilter {
  /** Whether there is a tombstone for this site. */
  concerns(site: string): boolean;
  /** The sites that have tombstones. */
  readonly sites: readonly string[];
  /** Returns the hit, a redacted copy, or undefined if all of it is deleted. Idempotent. */
  hit(hit: Hit): Hit | undefined;
  /** The same for an observation. */
  observation(observation: Observation): Observation | undefined;
  keepsPoint(point: Point, receivedAtMs: number): boolean;
  keepsRefusal(refusal: Refusal): boolean;
}

export function createDeletionFilter(tombstones: readonly Tombstone[]): DeletionFilter {
  const bySite = new Map<string, Tombstone[]>();
  for (const tombstone of tombstones) bySite.set(tombstone.site, [...(bySite.get(tombstone.site) ?? []), tombstone]);

  const keepsDay = (site: string, day: string, receivedAtMs: number): boolean =>
    !bySite.get(site)?.some((tombstone) => isDayDeleted(tombstone, day, receivedAtMs));

  const applied = <Observed extends { readonly site: string }>(
    observed: Observed,
    without: (observed: Observed, tombstone: Tombstone) => Observed | undefined,
  ): Observed | undefined => {
    const about = bySite.get(observed.site);
    if (about === undefined) return observed;
    let remaining: Observed | undefined = observed;
    for (const tombstone of about) remaining = remaining && without(remaining, tombstone);
    return remaining;
  };

  return {
    concerns: (site) => bySite.has(site),
    sites: [...bySite.keys()],
    hit: (hit) => applied(hit, hitWithout),
    observation: (observation) => applied(observation, observationWithout),
    keepsPoint: ({ site, day }, receivedAtMs) => keepsDay(site, day, receivedAtMs),
    keepsRefusal: ({ site, day, receivedAtMs }) => keepsDay(site, day, receivedAtMs),
  };
}

/** The local days that are deleted completely, both inclusive. Undefined if only rows are deleted. */
export function daysDeleted({ deleted }: Tombstone): [from: string, to: string] | undefined {
  if (deleted.kind === 'site') return ['0000-01-01', '9999-12-31'];
  return deleted.kind === 'period' ? [deleted.from, deleted.to] : undefined;
}

/** Whether everything that was received for this day at that time is deleted. */
export function isDayDeleted({ deleted, receivedUntilMs }: Tombstone, day: string, receivedAtMs: number): boolean {
  if (deleted.kind === 'site') return true;
  if (deleted.kind !== 'period' || receivedAtMs > receivedUntilMs) return false;
  return deleted.from <= day && day <= deleted.to;
}

function hitWithout(hit: Hit, tombstone: Tombstone): Hit | undefined {
  const { deleted, receivedUntilMs } = tombstone;
  if (isDayDeleted(tombstone, hit.at.day, hit.receivedAtMs)) return undefined;
  if (hit.receivedAtMs > receivedUntilMs) return hit;
  if (deleted.kind === 'referrer') return withoutReferrer(hit, deleted.pattern);
  return deleted.kind === 'page' && isDeletedPage(deleted.pattern, hit.path) ? { ...hit, path: REMOVED, title: '' } : hit;
}

/** A continued visit remains counted, but a deleted page is removed from its step. */
function observationWithout(observation: Observation, tombstone: Tombstone): Observation | undefined {
  const { deleted, receivedUntilMs } = tombstone;
  const { day, receivedAtMs } = observation;
  if (isDayDeleted(tombstone, day, receivedAtMs)) return undefined;
  if (deleted.kind !== 'page' || receivedAtMs > receivedUntilMs) return observation;
  if (observation.kind === 'reading' || observation.kind === 'page-device') {
    return isDeletedPage(deleted.pattern, observation.path) ? { ...observation, path: REMOVED } : observation;
  }
  if (observation.kind !== 'step' && observation.kind !== 'transition') return observation;
  const from = observation.from !== '' && isDeletedPage(deleted.pattern, observation.from) ? '' : observation.from;
  const to = isDeletedPage(deleted.pattern, observation.to) ? REMOVED : observation.to;
  return from === observation.from && to === observation.to ? observation : { ...observation, from, to };
}

function isDeletedPage(pattern: string, path: string): boolean {
  return path !== REMOVED && matches(pattern, path);
}

/** The view remains a view from another site, but the deleted referrer is removed. */
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
