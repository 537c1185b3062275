// The rules for the settings of a site. The command line, the first-run page and the API use them, and show the same
// messages.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { hostOf } from '../hit/host.js';
import { canonicalPathPattern } from '../hit/pattern.js';
import { SITE_ID, type Site } from '../hit/site.js';
import type { Text } from '../language/languages.js';
import { rule, textOfIssue } from '../language/rule.js';
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
  /** The same for pages. Absent: only programs can cause it. */
  readonly text?: Text | undefined;
}

/** Names of time zones in their usual spelling, for a list to choose from. */
export const TIMEZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
/** The zones that are named after cities: people know the city. */
const ZONE_OF_CITY = new Map(
  TIMEZONES.flatMap((zone) => (zone.includes('/') ? [[zone.split('/').at(-1)?.toLowerCase(), zone]] : [])),
);
const USUAL_SPELLING = new Map(TIMEZONES.map((name) => [name.toLowerCase(), name]));

const id = z.string({ error: 'A site needs an id.' }).check(
  rule(
    (text) => SITE_ID.test(text),
    (text) => ({
      en: `${quoted(text)} cannot be a site's id: use 2 to 63 lower-case letters, digits and inner hyphens, such as "my-site".`,
      de:
        `${quoted(text, GERMAN)} kann keine Kennung sein: Verwenden Sie 2 bis 63 Kleinbuchstaben, Ziffern und Bindestriche ` +
        'dazwischen, etwa „my-site“.',
    }),
  ),
);

const title = z
  .string({ error: 'A site needs a title.' })
  .trim()
  .check(rule((text) => text !== '', { en: 'A site needs a title.', de: 'Eine Website braucht einen Titel.' }))
  .check(
    rule((text) => [...text].length <= TITLE_CODEPOINTS_MAX, {
      en: `The title is too long: use at most ${TITLE_CODEPOINTS_MAX} characters.`,
      de: `Der Titel ist zu lang: Verwenden Sie höchstens ${TITLE_CODEPOINTS_MAX} Zeichen.`,
    }),
  )
  .check(
    rule((text) => !/\p{Cc}/u.test(text), {
      en: 'The title contains control characters: use plain text of one line.',
      de: 'Der Titel enthält Steuerzeichen: Verwenden Sie einfachen Text in einer Zeile.',
    }),
  );

const timezone = z
  .string({ error: 'A site needs a time zone, such as Europe/Berlin.' })
  .trim()
  .transform((name) => ZONE_OF_CITY.get(name.toLowerCase().replaceAll(' ', '_')) ?? name)
  .check(
    rule(
      (name) => /^[A-Za-z]/.test(name) && isTimezone(name),
      (name) => ({
        en:
          `${quoted(name)} is not a time zone: use the name of a city with a zone of its own, such as Berlin, or an IANA ` +
          'name such as America/New_York or UTC.',
        de:
          `${quoted(name, GERMAN)} ist keine Zeitzone: Verwenden Sie den Namen einer Stadt mit eigener Zone, etwa Berlin, oder ` +
          'einen IANA-Namen wie America/New_York oder UTC.',
      }),
    ),
  )
  .transform((name) => USUAL_SPELLING.get(name.toLowerCase()) ?? name);

const host = z
  .string()
  .trim()
  .transform(asciiHost)
  .check(
    rule(isHostRule, (name) => ({
      en:
        `${quoted(name)} is not a host name: write it without scheme, port and path, such as example.com, ` +
        'or *.example.com for every name below it.',
      de:
        `${quoted(name, GERMAN)} ist kein Hostname: Schreiben Sie ihn ohne Schema, Port und Pfad, etwa example.com, oder ` +
        '*.example.com für jeden Namen darunter.',
    })),
  );

const address = z
  .string()
  .trim()
  .check(
    rule(isAddressRule, (text) => ({
      en: `${quoted(text)} is not an address or a range: write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48.`,
      de:
        `${quoted(text, GERMAN)} ist keine Adresse und kein Bereich: Schreiben Sie 203.0.113.7, 203.0.113.0/24 oder ` +
        '2001:db8::/48.',
    })),
  );

const pathPattern = z
  .string()
  .trim()
  .check(
    rule(
      (pattern) => /^[/*]/.test(pattern) && [...pattern].length <= PATH_PATTERN_CODEPOINTS_MAX,
      (pattern) => ({
        en:
          `${quoted(pattern)} is not a path: begin with / or *, as in /admin/* for every page below /admin/, and use at most ` +
          `${PATH_PATTERN_CODEPOINTS_MAX} characters.`,
        de:
          `${quoted(pattern, GERMAN)} ist kein Pfad: Beginnen Sie mit / oder *, wie in /admin/* für jede Seite unter /admin/, ` +
          `und verwenden Sie höchstens ${PATH_PATTERN_CODEPOINTS_MAX} Zeichen.`,
      }),
    ),
  )
  .check(
    rule(
      (pattern) => !/^\/?\*+$/.test(pattern),
      (pattern) => ({
        en: `${quoted(pattern)} would exclude every page of the site.`,
        de: `${quoted(pattern, GERMAN)} würde jede Seite der Website ausschließen.`,
      }),
    ),
  )
  .transform((pattern) => canonicalPathPattern(pattern.replaceAll(/\*+/g, '*')));

const queryParameter = z.string().check(
  rule(
    (name) => name !== '' && [...name].length <= PARAMETER_CODEPOINTS_MAX && !/[\s&=#?\p{Cc}]/u.test(name),
    (name) => ({
      en: `${quoted(name)} is not the name of a query parameter: write the name alone, such as page.`,
      de: `${quoted(name, GERMAN)} ist kein Name eines Abfrageparameters: Schreiben Sie nur den Namen, etwa page.`,
    }),
  ),
);

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
  .check(
    rule(({ day, month }) => isAtMost(day, month), {
      en: 'Days cannot be kept longer than months: a month is the sum of its days.',
      de: 'Tage können nicht länger gespeichert bleiben als Monate: Ein Monat ist die Summe seiner Tage.',
    }),
  )
  .check(
    rule(({ month, year }) => isAtMost(month, year), {
      en: 'Months cannot be kept longer than years: a year is the sum of its months.',
      de: 'Monate können nicht länger gespeichert bleiben als Jahre: Ein Jahr ist die Summe seiner Monate.',
    }),
  )
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
  return {
    problems: checked.error.issues.map((issue) => ({
      field: issue.path[0] as SiteField,
      message: issue.message,
      text: textOfIssue(issue),
    })),
  };
}

function isAtMost(shorter: number | 'always' | undefined, longer: number | 'always' | undefined): boolean {
  if (shorter === undefined || longer === undefined || longer === 'always') return true;
  return shorter !== 'always' && shorter <= longer;
}

function listOf<Item extends z.ZodType<string>>(item: Item, what: string) {
  return z
    .array(item)
    .check(
      rule((items) => items.length <= LIST_MAX, {
        en: `There are too many ${what}: at most ${LIST_MAX} are allowed.`,
        de: `Das sind zu viele Einträge: Höchstens ${LIST_MAX} sind erlaubt.`,
      }),
    )
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

const GERMAN = ['„', '“'] as const;

/** The input, truncated to a readable length. */
function quoted(input: unknown, [start, end]: readonly [string, string] = ['"', '"']): string {
  const text = String(input).replaceAll(/\p{Cc}/gu, ' ');
  return `${start}${[...text].length > 80 ? `${[...text].slice(0, 80).join('')}…` : text}${end}`;
}
