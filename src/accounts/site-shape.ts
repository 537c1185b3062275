// A site as a store or a file has it, read with care: a record may be damaged, or of another version whose rules were laxer. What the settings may be
// when a person chooses them is in rules.ts.
import { z } from 'zod';
import { createAddressRule } from '../hit/address.js';
import { isTimezone } from '../hit/calendar.js';
import type { Site } from '../hit/site.js';
import { problemOf } from '../untrusted/files.js';
import { plainSite } from './stored.js';

/** Until the year 2200: what is later was no date. */
const MOMENT_MS_MAX = Date.UTC(2200, 0, 1);

export const momentShape = z.int('no moment: expected are milliseconds since 1970').min(0).max(MOMENT_MS_MAX);

/** Asking takes a while, and the sites of a service are in few zones. */
const knownTimezones = new Set<string>();

function isKnownTimezone(name: string): boolean {
  const isKnown = knownTimezones.has(name) || isTimezone(name);
  if (isKnown) knownTimezones.add(name);
  return isKnown;
}

const texts = z.array(z.string());

function isUsableRange(range: string): boolean {
  try {
    createAddressRule([range]);
    return true;
  } catch {
    return false;
  }
}

const months = z.union([z.int().min(1), z.literal('always')]).optional();

/** Everything that counting needs. What else there is, `plainSite` knows or leaves out. */
const settingsShape = z.looseObject({
  id: z.string(),
  title: z.string(),
  timezone: z.string().refine(isKnownTimezone, 'no time zone that is known here'),
  hosts: texts,
  excludedAddresses: z.array(z.string().refine(isUsableRange, 'no address or range')),
  queryParameters: texts,
  storage: z.enum(['record', 'none']),
  signals: z.enum(['without-record', 'views-only', 'ignored']),
  keep: z.object({ day: months, month: months, year: months }).optional(),
});

export const siteShape = settingsShape.extend({ createdAtMs: momentShape });

/** A site that cannot be used as it is kept. */
export interface DamagedSite {
  readonly id: string;
  /** One sentence: what is wrong, what that means, and what to do. */
  readonly problem: string;
}

export interface ReadSite {
  /** Undefined: it cannot be used at all. */
  readonly site: Site | undefined;
  readonly damaged: DamagedSite | undefined;
}

/** When a site was made is no reason not to count for it: where that is damaged, it is 1970. */
export function readSite(id: string, value: unknown): ReadSite {
  const whole = siteShape.safeParse(value);
  if (whole.success && whole.data.id === id) return { site: plainSite(whole.data as Site), damaged: undefined };
  const settings = settingsShape.safeParse(value);
  if (settings.success && settings.data.id === id) {
    const problem = `the site "${id}" is damaged: when it was made is not known (${problemIn(whole)}), so it counts as made in 1970; hitherto site set ${id} --title … keeps it like that`;
    return { site: plainSite({ ...settings.data, createdAtMs: 0 } as Site), damaged: { id, problem } };
  }
  const what = settings.success ? 'it has the id of another' : problemIn(settings);
  const problem = `the site "${id}" is damaged and cannot be used (${what}): its hits are refused as unknown-site; restore the store from a backup`;
  return { site: undefined, damaged: { id, problem } };
}

function problemIn(checked: { error?: z.ZodError | undefined }): string {
  return checked.error === undefined ? 'unknown' : problemOf(checked.error);
}
