// The server's side: parses each request as the beacon does and turns it into lines of the journal.
import { createHash } from 'node:crypto';
import type { Point } from '../../src/hit/hit.js';
import { type BeaconRequest, type ParseContext, parseRequest } from '../../src/hit/parse.js';
import { createSiteReader } from '../../src/hit/prepared-site.js';
import { linesOf, refusalLine } from '../../src/journal/line.js';
import type { Person } from './person.js';
import type { SiteSetup } from './sites.js';

/** All lines of one request. */
export interface Line {
  readonly atMs: number;
  readonly text: string;
}

export interface Raised {
  readonly atMs: number;
  readonly point: Point;
}

/** Everything that arrived for one site. */
export interface Journal {
  readonly hits: Line[];
  readonly points: Raised[];
}

export interface Beacon {
  readonly journals: ReadonlyMap<string, Journal>;
  /** Returns why the request is not counted, if scripts can read that reason. */
  take(person: Person, query: string, atMs: number, referer?: string): string | undefined;
}

export function createBeacon(setups: readonly SiteSetup[]): Beacon {
  const measured = new Map(setups.map(({ site }) => [site.id, createSiteReader()(site)]));
  const journals = new Map(setups.map(({ site }): [string, Journal] => [site.id, { hits: [], points: [] }]));
  const salts = new Map<string, Buffer>();
  const surroundings: ParseContext = {
    site: (id) => measured.get(id),
    salt(day) {
      const salt = salts.get(day) ?? createHash('sha256').update(day).digest();
      salts.set(day, salt);
      return salt;
    },
    allows: () => true,
  };
  return {
    journals,
    take(person, query, atMs, referer = '') {
      const parsed = parseRequest(requestOf(person, query, atMs, referer), surroundings);
      const { hits, points } = journals.get(person.setup.site.id) as Journal;
      if ('refused' in parsed) hits.push({ atMs, text: refusalLine(parsed.refused) });
      else {
        hits.push({ atMs, text: linesOf(parsed) });
        if (parsed.point) points.push({ atMs, point: parsed.point });
      }
      return 'refused' in parsed && parsed.refused.reason === 'foreign-host' ? 'foreign-host' : undefined;
    },
  };
}

function requestOf({ kind, language, signal, address }: Person, query: string, atMs: number, referer: string): BeaconRequest {
  return {
    query,
    userAgent: kind.userAgent,
    referer,
    acceptLanguage: language[0],
    brands: kind.brands,
    mobile: kind.mobile,
    platform: kind.platformHint,
    purpose: '',
    signal: signal !== undefined,
    address,
    receivedAtMs: atMs,
  };
}
