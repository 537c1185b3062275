// Limits the hits per second of an address and of a site with token buckets. Hits above the limit are answered but not
// counted (`too-many`), so that nobody can fill the disk or use up the service for one site. The table has a fixed size:
// a hash with a random key assigns addresses to buckets, so no address is stored and no flood of addresses makes it grow.
// Addresses that share a bucket share its limit.
import { randomBytes } from 'node:crypto';
import { addressKey } from '../hit/address.js';

/** 1.5 MB for both tables. */
const BUCKETS = 1 << 16;

export interface HitLimitSettings {
  /** Average hits per second; 0 means no limit. */
  readonly perAddress: number;
  readonly perSite: number;
}

/** The burst, in seconds of the average rate. */
const BURST_SECONDS = 10;

export interface HitLimits {
  /** Takes one hit from both buckets; returns false if either is empty. */
  allows(address: string, site: string): boolean;
}

export function createHitLimits({ perAddress, perSite }: HitLimitSettings, nowMs: () => number): HitLimits {
  const addresses = perAddress > 0 ? createBuckets(perAddress, nowMs) : undefined;
  const sites = perSite > 0 ? createBuckets(perSite, nowMs) : undefined;
  return {
    allows(address, site) {
      if (addresses !== undefined && !addresses.take(addressKey(address))) return false;
      return sites === undefined || sites.take(site);
    },
  };
}

function createBuckets(perSecond: number, nowMs: () => number): { take(key: string): boolean } {
  const burst = perSecond * BURST_SECONDS;
  const [left, filledAtMs] = [new Float64Array(BUCKETS).fill(burst), new Float64Array(BUCKETS)];
  const seed = randomBytes(4).readUInt32LE(0);
  return {
    take(key) {
      const bucket = hashOf(key, seed) & (BUCKETS - 1);
      const now = nowMs();
      // a clock that was set back must neither fill nor empty a bucket
      const seconds = Math.max(0, now - (filledAtMs[bucket] as number)) / 1000;
      const tokens = Math.min(burst, (left[bucket] as number) + seconds * perSecond);
      filledAtMs[bucket] = now;
      const isAllowed = tokens >= 1;
      left[bucket] = isAllowed ? tokens - 1 : tokens;
      return isAllowed;
    },
  };
}

/** FNV-1a with a seed, mixed so that every bit of the text affects the lowest bits. */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
