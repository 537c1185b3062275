// The rules for the settings of a site. The command line, the first-run page and the API use them, and show the same
// messages.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { hostOf } from '../hit/host.js';
import { canonicalPathPattern } from '../hit/pattern.js';
import { SITE_ID, type Site } from '../hit/site.js';
import { isTimezone } from '../time/calendar.js';

export const TITLE_CODEPOINTS_MAX = 100;
/** Each hit is compared with every entry of these lists. Longer lists are a mistake or an attack. */
export const LIST_MAX = 100;
const PARAMETER_CODEPOINTS_MAX = 100;
const PATH_PATTERN_CODEPOINTS_MAX = 200;

export type SiteSettings = Omit<Site, 'createdAtMs'>;
export type SiteField = keyof SiteSettings;

export interface Problem {
  readonly field: SiteField;
  /** A sentence that says what is wrong and what to do. */
  readonly message: string;
}

/** Names of time zones in their usual spelling, for a list to choose from. */
export const TIMEZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
/** The zones that are named after cities: people know the city. */
const ZONE_OF_CITY = new Map(
  TIMEZONES.flatMap((zone) => (zone.includes('/') ? [[zone.split('/').at(-1)?.toLowerCase(), zone]] : [])),
);
const USUAL_SPELLING = new Map(TIMEZONES.map((name) => [name.toLowerCase(), name]));

const id = z.string({ error: 'A site needs an id.' }).refine((text) => SITE_ID.test(text), {
  error: (issue) =>
    `${quoted(issue.input)} cannot be a site's id: use 2 to 63 lower-case letters, digits and inner hyphens, such as "my-site".`,
});

const title = z
  .string({ error: 'A site needs a title.' })
  .trim()
  .refine((text) => text !== '', 'A site needs a title.')
  .refine(
    (text) => [...text].length <= TITLE_CODEPOINTS_MAX,
    `The title is too long: use at most ${TITLE_CODEPOINTS_MAX} characters.`,
  )
  .refine((text) => !/\p{Cc}/u.test(text), 'The title contains control characters: use plain text of one line.');

const timezone = z
  .string({ error: 'A site needs a time zone, such as Europe/Berlin.' })
  .trim()
  .transform((name) => ZONE_OF_CITY.get(name.toLowerCase().replaceAll(' ', '_')) ?? name)
  .refine((name) => /^[A-Za-z]/.test(name) && isTimezone(name), {
    error: (issue) =>
      `${quoted(issue.input)} is not a time zone: use the name of a city with a zone of its own, such as Berlin, or an IANA ` +
      'name such as America/New_York or UTC.',
  })
  .transform((name) => USUAL_SPELLING.get(name.toLowerCase()) ?? name);

const host = z
  .string()
  .trim()
  .transform(asciiHost)
  .refine(isHostRule, {
    error: (issue) =>
      `${quoted(issue.input)} is not a host name: write it without scheme, port and path, such as example.com, ` +
      'or *.example.com for every name below it.',
  });

const address = z
  .string()
  .trim()
  .refine(isAddressRule, {
    error: (issue) => `${quoted(issue.input)} is not an address or a range: write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48.`,
  });

const pathPattern = z
  .string()
  .trim()
  .refine((pattern) => /^[/*]/.test(pattern) && [...pattern].length <= PATH_PATTERN_CODEPOINTS_MAX, {
    error: (issue) =>
      `${quoted(issue.input)} is not a path: begin with / or *, as in /admin/* for every page below /admin/, and use at most ` +
      `${PATH_PATTERN_CODEPOINTS_MAX} characters.`,
  })
  .refine((pattern) => !/^\/?\*+$/.test(pattern), {
    error: (issue) => `${quoted(issue.input)} would exclude every page of the site.`,
  })
  .transform((pattern) => canonicalPathPattern(pattern.replaceAll(/\*+/g, '*')));

const queryParameter = z
  .string()
  .refine((name) => name !== '' && [...name].length <= PARAMETER_CODEPOINTS_MAX && !/[\s&=#?\p{Cc}]/u.test(name), {
    error: (issue) => `${quoted(issue.input)} is not the name of a query parameter: write the name alone, such as page.`,
  });

export const MONTHS_MIN = 2;
export const MONTHS_MAX = 1200;
const months = (what: string) =>
  z
    .custom<number | 'always'>(
      (value) => value === 'always' || (Number.isInteger(value) && Number(value) >= MONTHS_MIN && Number(value) <= MONTHS_MAX),
      {
        error: (issue) =>
          `${quoted(issue.input)} is not a valid time to keep ${what}: enter a number of months from ${MONTHS_MIN} ` +
          `to ${MONTHS_MAX}, or "always".`,
      },
    )
    .optional();

const keep = z
  .strictObject({ day: months('days'), month: months('months'), year: months('years') })
  .refine(({ day, month }) => isAtMost(day, month), 'Days cannot be kept longer than months: a month is the sum of its days.')
  .refine(({ month, year }) => isAtMost(month, year), 'Months cannot be kept longer than years: a year is the sum of its months.')
  .default({})
  .transform(({ day, month, year }) => ({
    ...(day !== undefined && { day }),
    ...(month !== undefined && { month }),
    ...(year !== undefined && { year }),
  }));

const settings = z.object({
  id,
  title,
  timezone,
  hosts: listOf(host, 'host names'),
  excludedAddresses: listOf(address, 'excluded addresses'),
  excludedPaths: listOf(pathPattern, 'excluded paths'),
  excludedReferrers: listOf(host, 'excluded referrers'),
  queryParameters: listOf(queryParameter, 'query parameters'),
  storage: z
    .enum(['record', 'none'], { error: 'Storage must be "record" (the tracker may keep its record in the browser) or "none".' })
    .default('record'),
  signals: z
    .enum(['without-record', 'views-only', 'ignored'], { error: 'Signals must be "without-record", "views-only" or "ignored".' })
    .default('without-record'),
  keep,
});

/**
 * Returns the normalised settings (host names in lower case and so on) with defaults, or everything that is wrong
 * with them.
 */
export function checkSite(
  fields: Readonly<Record<SiteField, unknown>> | Readonly<Record<string, unknown>>,
): { readonly settings: SiteSettings } | { readonly problems: readonly Problem[] } {
  const checked = settings.safeParse(fields);
  if (checked.success) return { settings: checked.data };
  return { problems: checked.error.issues.map(({ path, message }) => ({ field: path[0] as SiteField, message })) };
}

function isAtMost(shorter: number | 'always' | undefined, longer: number | 'always' | undefined): boolean {
  if (shorter === undefined || longer === undefined || longer === 'always') return true;
  return shorter !== 'always' && shorter <= longer;
}

function listOf<Item extends z.ZodType<string>>(item: Item, what: string) {
  return z
    .array(item)
    .max(LIST_MAX, `There are too many ${what}: at most ${LIST_MAX} are allowed.`)
    .default([])
    .transform((items) => [...new Set(items)]);
}

/** The form that hits have: lower case, `müller.example` as `xn--mller-kva.example`, without a dot at the end. */
function asciiHost(text: string): string {
  const below = text.startsWith('*.') ? '*.' : '';
  const name = text.slice(below.length);
  return /[\s/?#@\\]|:\d+$/.test(name) ? text : below + (hostOf(name) || name);
}

function isHostRule(text: string): boolean {
  if (/^\[[0-9a-f:.]+\]$/.test(text)) return isIP(text.slice(1, -1)) === 6;
  const name = text.startsWith('*.') ? text.slice(2) : text;
  return name.length <= 253 && name.split('.').every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}

function isAddressRule(text: string): boolean {
  const [network = '', ...bits] = text.split('/');
  if (isIP(network) === 0 || bits.length > 1) return false;
  // Visitors' IPv4 addresses are compared as IPv4, so a mapped range would never match.
  if (isIP(network) === 6 && (ipaddr.parse(network) as ipaddr.IPv6).isIPv4MappedAddress()) return false;
  return bits.length === 0 || (/^[0-9]{1,3}$/.test(bits[0] as string) && ipaddr.isValidCIDR(text));
}

/** The input, truncated to a readable length. */
function quoted(input: unknown): string {
  const text = String(input).replaceAll(/\p{Cc}/gu, ' ');
  return `"${[...text].length > 80 ? `${[...text].slice(0, 80).join('')}…` : text}"`;
}
