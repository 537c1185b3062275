// Validates a site that was read from a store or a file. The record may be damaged, or written by a version with laxer
// rules. The rules for settings that a person enters are in account-rules.ts.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Site } from '../hit/site.js';
import { problemOf } from '../system/untrusted-files.js';
import { isTimezone } from '../time/calendar.js';

/** The year 2200. A later time cannot be a creation time. */
const TIMESTAMP_MS_MAX = Date.UTC(2200, 0, 1);

export const timestampShape = z.int('expected milliseconds since 1970').min(0).max(TIMESTAMP_MS_MAX);

/** A cache, because checking a time zone is slow and the sites of a service are in few of them. */
const knownTimezones = new Set<string>();

function isKnownTimezone(name: string): boolean {
  const isKnown = knownTimezones.has(name) || isTimezone(name);
  if (isKnown) knownTimezones.add(name);
  return isKnown;
}

const texts = z.array(z.string());

const range = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'not an address or a range');
const months = z.union([z.int().min(1), z.literal('always')]).optional();

/** The fields that counting needs. Other fields pass; `plainSite` keeps the ones it knows. */
const settingsShape = z.looseObject({
  id: z.string(),
  title: z.string(),
  timezone: z.string().refine(isKnownTimezone, 'unknown time zone'),
  hosts: texts,
  excludedAddresses: z.array(range),
  // older versions stored neither of these
  excludedPaths: texts.default([]),
  excludedReferrers: texts.default([]),
  queryParameters: texts,
  storage: z.enum(['record', 'none']),
  signals: z.enum(['without-record', 'views-only', 'ignored']),
  keep: z.object({ day: months, month: months, year: months }).optional(),
});

export const siteShape = settingsShape.extend({ createdAtMs: timestampShape });

/** A site whose stored settings are damaged. */
export interface DamagedSite {
  readonly id: string;
  /** One sentence that says what is wrong, what follows from it, and what to do. */
  readonly problem: string;
}

export interface ReadSite {
  /** Undefined when the site cannot be used at all. */
  readonly site: Site | undefined;
  readonly damaged: DamagedSite | undefined;
}

/** A damaged creation time does not stop the site from being counted: 1970 takes its place. */
export function readSite(id: string, value: unknown): ReadSite {
  const whole = siteShape.safeParse(value);
  if (whole.success && whole.data.id === id) return { site: plainSite(whole.data as Site), damaged: undefined };
  const settings = settingsShape.safeParse(value);
  if (settings.success && settings.data.id === id) {
    const problem =
      `the site "${id}" is damaged: its creation time is not valid (${problemIn(whole)}), so 1970 is used; ` +
      `to store that, run hitherto site set ${id} --title …`;
    return { site: plainSite({ ...settings.data, createdAtMs: 0 } as Site), damaged: { id, problem } };
  }
  const what = settings.success ? 'it has the id of another site' : problemIn(settings);
  const problem =
    `the site "${id}" is damaged and cannot be used (${what}): its hits are refused as unknown-site; ` +
    'restore the store from a backup';
  return { site: undefined, damaged: { id, problem } };
}

function problemIn(checked: { error?: z.ZodError | undefined }): string {
  return checked.error === undefined ? 'unknown' : problemOf(checked.error);
}

/** Whether a stored site has these settings. Every process reads it as `seen` then. */
export function isSameSite(seen: Site, stored: unknown): boolean {
  return isDeepStrictEqual(readSite(seen.id, stored).site, plainSite(seen));
}

/** A copy with exactly the fields of a site, without any others that a caller has added to the object. */
export function plainSite(site: Site): Site {
  const { id, title, timezone, storage, signals, keep, createdAtMs } = site;
  return {
    id,
    title,
    timezone,
    hosts: [...site.hosts],
    excludedAddresses: [...site.excludedAddresses],
    excludedPaths: [...site.excludedPaths],
    excludedReferrers: [...site.excludedReferrers],
    queryParameters: [...site.queryParameters],
    storage,
    signals,
    ...(keep === undefined ? {} : { keep: { ...keep } }),
    createdAtMs,
  };
}
