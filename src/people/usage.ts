// How many hits the sites of a person have this month. Only the sites count that the person owns.
import { createTurns } from '../system/turns.js';
import { within } from '../system/within.js';
import { MINUTE_MS, SECOND_MS } from '../time/units.js';
import type { Person } from './person.js';
import { ownedSites } from './rights.js';

/** Documents are read for it, so the number may be a minute old. */
const FRESH_MS = MINUTE_MS;
/** After a failure, so that a store that does not answer is not asked by every page. */
const RETRY_MS = 10 * SECOND_MS;
/** Pages with reports come first. */
const READS_AT_ONCE = 4;
const PEOPLE_MAX = 10_000;

/** The hits of one site in the current month of its time zone. May reject. */
export type HitsOfSite = (site: string) => Promise<number>;

export interface Usage {
  /** Undefined: not known now. An older number is returned if the new one takes longer than a page can wait. Never rejects. */
  hitsOf(person: Person): Promise<number | undefined>;
}

interface Known {
  readonly sites: string;
  hits: number | undefined;
  /** When the number is read again. */
  freshUntilMs: number;
  reading: Promise<void> | undefined;
}

export interface UsageOptions {
  readonly nowMs: () => number;
  /** How long a caller waits for the number. Absent: as long as it takes. */
  readonly waitMs?: number;
}

export function createUsage(hitsOfSite: HitsOfSite, { nowMs, waitMs }: UsageOptions): Usage {
  const known = new Map<string, Known>();
  const inTurn = createTurns(READS_AT_ONCE);

  const read = async (entry: Known, sites: readonly string[]): Promise<void> => {
    try {
      const hits = await Promise.all(sites.map((site) => inTurn(() => hitsOfSite(site))));
      entry.hits = hits.reduce((sum, one) => sum + one, 0);
      entry.freshUntilMs = nowMs() + FRESH_MS;
    } catch {
      // the page that shows the number is still useful without it, and says that it is not known
      entry.freshUntilMs = nowMs() + RETRY_MS;
    }
    entry.reading = undefined;
  };
  const entryOf = (id: string, sites: readonly string[]): Known => {
    const before = known.get(id);
    if (before !== undefined && before.sites === String(sites)) return before;
    const entry: Known = { sites: String(sites), hits: undefined, freshUntilMs: 0, reading: undefined };
    known.delete(id); // the order of the map is that of the entries' age
    known.set(id, entry);
    const [oldest] = known.keys();
    if (known.size > PEOPLE_MAX && oldest !== undefined) known.delete(oldest);
    return entry;
  };

  return {
    async hitsOf(person) {
      const sites = ownedSites(person);
      if (sites.length === 0) return 0;
      const entry = entryOf(person.id, sites);
      if (entry.freshUntilMs <= nowMs()) entry.reading ??= read(entry, sites);
      if (entry.reading !== undefined) await (waitMs === undefined ? entry.reading : within(entry.reading, waitMs));
      return entry.hits;
    },
  };
}

/** How near somebody is to the limit of hits: `near` from 80 %, `reached` from 100 %. */
export function stateOfHits(hits: number | undefined, hitsMax: number | undefined): 'below' | 'near' | 'reached' {
  if (hits === undefined || hitsMax === undefined) return 'below';
  if (hits >= hitsMax) return 'reached';
  return hits >= hitsMax * NEAR ? 'near' : 'below';
}

const NEAR = 0.8;
