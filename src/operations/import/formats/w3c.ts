// Reads W3C's extended log format, which IIS and Amazon CloudFront write. A directive names the columns, and another
// directive may change them in the middle of the file. Times are UTC unless a column says that they are local.

import type { FieldPositions, Layout, Role } from '../../../store/imports.js';
import { NAMES, type NamedRole, plainName, preference } from './field-names.js';
import type { LineReader, LogFormat, LogLine } from './log-line.js';
import { withoutAmazonHost } from './positional.js';
import { createTimeReader } from './times.js';
import { tokensOf } from './tokens.js';
import { addressOf, decoded, hostOf, isMethod, statusOf, visitorOf } from './values.js';

const FIELDS = '#Fields:';
const DATE = '#Date:';
/** No server writes more columns. */
const COLUMNS_MAX = 200;

type Columns = Partial<Record<NamedRole, readonly number[]>>;

interface Directives {
  readonly names: readonly string[];
  readonly columns: Columns;
  /** Times are in the server's zone. */
  readonly isLocal: boolean;
  /** The date for logs whose lines have only a time. */
  readonly date: string;
  /** No directive has named the columns. */
  readonly isDefault: boolean;
}

/** The default columns of IIS, and the fixed ones of CloudFront, for parts of a log that lack the directive. */
const IIS_NAMES =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status ' +
  'sc-substatus sc-win32-status time-taken';
const CLOUDFRONT_NAMES =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query ' +
  'cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ' +
  'ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port ' +
  'time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end';

function directivesOf(text: string, defaults: string): Directives {
  const lines = text.split('\n');
  const fields = lines.findLast((line) => line.startsWith(FIELDS));
  const names = namesIn(fields?.slice(FIELDS.length) ?? defaults);
  const date =
    lines
      .findLast((line) => line.startsWith(DATE))
      ?.slice(DATE.length)
      .trim()
      .slice(0, 10) ?? '';
  const isLocal = names.some((name) => plainName(name) === 'timelocal');
  return { names, columns: columnsOf(names), isLocal, date, isDefault: fields === undefined };
}

function namesIn(text: string): string[] {
  return text.trim().split(/\s+/, COLUMNS_MAX);
}

function columnsOf(names: readonly string[]): Columns {
  const columns: Partial<Record<NamedRole, readonly number[]>> = {};
  for (const role of Object.keys(NAMES) as NamedRole[]) {
    // a column `time` contains the clock time; the day is in another column
    const isPart = (name: string) => preference('date', name) !== undefined || preference('clock', name) !== undefined;
    const of = (name: string) => (role === 'time' && isPart(plainName(name)) ? undefined : preference(role, plainName(name)));
    const found = names
      .map((name, number) => ({ number, preference: of(name) }))
      .filter(({ preference }) => preference !== undefined)
      .sort((a, b) => (a.preference as number) - (b.preference as number));
    if (found.length > 0) columns[role] = found.map(({ number }) => number);
  }
  return columns;
}

/** Splits a line at tabs or spaces. If the number of values differs from `count`, values may be in quotes. */
function valuesOf(line: string, count = 0): string[] {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (text.includes('\t')) return text.split('\t', COLUMNS_MAX);
  const values = text.trimEnd().split(' ', COLUMNS_MAX);
  if (values.length === count || !text.includes('"')) return values;
  return tokensOf(text).map(({ start, end }) => text.slice(start, end));
}

interface Dialect {
  readonly key: string;
  readonly title: string;
  readonly defaults: string;
  /** Whether the values of a line without a directive before it match this dialect. */
  fits(values: readonly string[]): boolean;
  target(stem: string): string;
  text(value: string): string;
  host(value: string): string;
}

function createReader(dialect: Dialect, agentless: boolean, timezone: string, begin: string): LineReader {
  const { defaults, target, text: plain, host, fits } = dialect;
  let directives = directivesOf(begin, defaults);
  const [parseUtc, parseLocal] = [createTimeReader('UTC'), createTimeReader(timezone)];
  return (text, start, end, into) => {
    const line = text.slice(start, end);
    if (line[0] === '#') {
      if (line.startsWith(FIELDS)) directives = { ...directives, ...directivesOf(line, defaults), date: directives.date };
      if (line.startsWith(DATE)) directives = { ...directives, date: line.slice(DATE.length).trim().slice(0, 10) };
      return 'directive';
    }
    const { names, columns, isLocal, date, isDefault } = directives;
    const values = valuesOf(line, names.length);
    if (isDefault ? !fits(values) : values.length < names.length) return 'unreadable';
    const value = (role: NamedRole) => {
      for (const number of columns[role] ?? [])
        if (values[number] !== '-' && values[number] !== '') return values[number] as string;
      return '';
    };
    const time = value('time') || `${value('date') || date} ${value('clock')}`;
    into.atMs = (isLocal ? parseLocal : parseUtc)(time);
    if (Number.isNaN(into.atMs) || (columns.status !== undefined && statusOf(value('status')) < 0 && value('status') !== ''))
      return 'unreadable';
    into.status = Math.max(0, statusOf(value('status')));
    takeTarget(value, target, columns.method === undefined ? 'GET' : '', into);
    into.address = visitorOf(value('forwarded').replaceAll(/\+|%20/g, ' ')) || addressOf(value('address')) || value('address');
    into.host = host(hostOf(value('host')));
    into.referrer = decoded(plain(value('referrer')));
    into.agent = decoded(plain(value('agent')).replaceAll('+', ' '));
    into.hasAgent = into.agent !== '' || (columns.agent !== undefined && !agentless);
    return 'request';
  };
}

function takeTarget(value: (role: NamedRole) => string, target: Dialect['target'], usualMethod: string, into: LogLine): void {
  const query = value('query');
  into.method = value('method') || usualMethod;
  into.target = decoded(target(value('target'))) + (query === '' ? '' : `?${decoded(query)}`);
}

function formatOf(dialect: Dialect): LogFormat {
  const { key, title, defaults, fits } = dialect;
  return {
    key,
    title,
    recognise(lines): Layout | undefined {
      const directive = lines.findLast((line) => line.startsWith(FIELDS));
      const requests = lines.filter((line) => line[0] !== '#');
      const names = directive === undefined ? namesIn(defaults) : namesIn(directive.slice(FIELDS.length));
      const isOfDialect = key === 'cloudfront' ? names.includes('x-edge-location') : !names.includes('x-edge-location');
      if (directive === undefined ? !requests.some((line) => fits(valuesOf(line))) : !isOfDialect) return undefined;
      const columns = columnsOf(names);
      if (columns.status === undefined || columns.target === undefined) return undefined;
      const agents = requests.map((line) => valuesOf(line)[columns.agent?.[0] ?? -1] ?? '-');
      return {
        format: key,
        places: positionsOf(names, columns),
        ...(agents.every((agent) => agent === '-') && { agentless: true }),
      };
    },
    createReader: ({ agentless = false }, { timezone }, directives) => createReader(dialect, agentless, timezone, directives),
  };
}

function positionsOf(names: readonly string[], columns: Columns): FieldPositions {
  const roles: readonly Role[] = ['address', 'forwarded', 'host', 'method', 'target', 'status', 'referrer', 'agent'];
  const place = (role: NamedRole) => names[columns[role]?.[0] ?? -1];
  const time = place('time') ?? ([place('date'), place('clock')].filter((name) => name !== undefined).join(' and ') || undefined);
  const places = [['time', time], ...roles.map((role) => [role, place(role)])] as Array<[Role, string | undefined]>;
  const target = places.find(([role]) => role === 'target');
  if (target?.[1] !== undefined && place('query') !== undefined) target[1] += ` and ${place('query')}`;
  return Object.fromEntries(places.filter(([, name]) => name !== undefined)) as FieldPositions;
}

/** IIS writes `+` for a space. */
const iis: Dialect = {
  key: 'w3c',
  title: 'W3C extended, as IIS writes it',
  defaults: IIS_NAMES,
  fits: (values) =>
    values.length === 15 &&
    isMethod(values[3] as string) &&
    statusOf(values[11] as string) >= 0 &&
    addressOf(values[8] as string) !== '',
  target: (stem) => stem.replaceAll('+', '%20'),
  text: (value) => value,
  host: (host) => host,
};

/** CloudFront escapes special characters, and escapes characters that were escaped already once more. */
const cloudfront: Dialect = {
  key: 'cloudfront',
  title: 'Amazon CloudFront, standard log',
  defaults: CLOUDFRONT_NAMES,
  fits: (values) =>
    values.length >= 12 &&
    isMethod(values[5] as string) &&
    /^[A-Z]{3}[0-9]/.test(values[2] as string) &&
    addressOf(values[4] as string) !== '',
  target: (stem) => stem.replaceAll(/%25([0-9a-f]{2})/gi, '%$1'),
  text: (value) => unescaped(unescaped(value)),
  host: withoutAmazonHost,
};

/** Decodes escapes. The text has one character for each byte. */
function unescaped(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

export const W3C_FORMATS: readonly LogFormat[] = [iis, cloudfront].map(formatOf);

/** Tracks directives from range to range. Does nothing for formats without directives, because it reads every byte. */
export function directivesFollower({ layouts }: { readonly layouts: readonly Layout[] }): typeof directivesAfter {
  return layouts.some(({ format }) => W3C_FORMATS.some(({ key }) => key === format)) ? directivesAfter : () => '';
}

/** The directives in force after these bytes. `before`: those in force before them. */
export function directivesAfter(bytes: Buffer, before: string): string {
  return [FIELDS, DATE]
    .map((name) => lastLine(bytes, name) ?? before.split('\n').findLast((line) => line.startsWith(name)))
    .filter((line) => line !== undefined)
    .join('\n');
}

const DIRECTIVE_BYTES_MAX = 8192;
const LF = 0x0a;

function lastLine(bytes: Buffer, name: string): string | undefined {
  const inside = bytes.lastIndexOf(`\n${name}`);
  const start = inside >= 0 ? inside + 1 : bytes.subarray(0, name.length).toString('latin1') === name ? 0 : -1;
  if (start < 0) return undefined;
  const end = bytes.indexOf(LF, start);
  return bytes
    .subarray(start, Math.min(end < 0 ? bytes.length : end, start + DIRECTIVE_BYTES_MAX))
    .toString('latin1')
    .trimEnd();
}
