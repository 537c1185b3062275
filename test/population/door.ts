// The service's door: each request is parsed as the beacon does it, and becomes a line of the journal.
import { createHash } from 'node:crypto';
import { createSiteReader } from '../../src/hit/measured.js';
import { type BeaconRequest, type Surroundings, parseRequest } from '../../src/hit/parse.js';
import { hitLine, pointLine, refusalLine } from '../../src/journal/line.js';
import type { Person } from './person.js';
import type { Town } from './towns.js';

export interface Line {
  readonly atMs: number;
  readonly text: string;
}

/** What came for one site. */
export interface Journal {
  readonly hits: Line[];
  readonly points: Line[];
}

export interface Door {
  readonly journals: ReadonlyMap<string, Journal>;
  take(person: Person, query: string, atMs: number, referer?: string): void;
}

export function createDoor(towns: readonly Town[]): Door {
  const measured = new Map(towns.map(({ site }) => [site.id, createSiteReader()(site)]));
  const journals = new Map(towns.map(({ site }): [string, Journal] => [site.id, { hits: [], points: [] }]));
  const salts = new Map<string, Buffer>();
  const surroundings: Surroundings = {
    site: (id) => measured.get(id),
    salt(day) {
      const salt = salts.get(day) ?? createHash('sha256').update(day).digest();
      salts.set(day, salt);
      return salt;
    },
  };
  return {
    journals,
    take(person, query, atMs, referer = '') {
      const parsed = parseRequest(requestOf(person, query, atMs, referer), surroundings);
      const { hits, points } = journals.get(person.town.site.id) as Journal;
      if ('refused' in parsed) hits.push({ atMs, text: refusalLine(parsed.refused) });
      else {
        hits.push({ atMs, text: hitLine(parsed.hit) });
        if (parsed.point) points.push({ atMs, text: pointLine(parsed.point) });
      }
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
