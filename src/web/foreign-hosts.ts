// The host of the last page whose hit was refused as foreign-host, so that the owner of a new site sees what is missing in its
// settings. It is in the memory of this process for a few minutes, and is never stored.
import { LRUCache } from 'lru-cache';
import { MINUTE_MS } from '../time/units.js';

const SITES_MAX = 1_000;
const KEPT_MS = 10 * MINUTE_MS;

export interface ForeignHosts {
  refused(site: string, host: string): void;
  /** Undefined: none in the last minutes, or only on another node. */
  last(site: string): string | undefined;
}

export function createForeignHosts(): ForeignHosts {
  const hosts = new LRUCache<string, string>({ max: SITES_MAX, ttl: KEPT_MS });
  return {
    refused: (site, host) => void hosts.set(site, host),
    last: (site) => hosts.get(site),
  };
}
