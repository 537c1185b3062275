// Reads logs whose lines are JSON objects: Caddy, Traefik, nginx with `escape=json`, and others. Fields are recognised
// by their names.

import type { FieldPositions, Layout, Role } from '../../../store/imports.js';
import { takeRequest } from '../access-log.js';
import { NAMES, type NamedRole, plainName, preference } from './field-names.js';
import type { Hints, LineReader, LogFormat, LogLine, ReadingPlace } from './log-line.js';
import { createTimeReader, epoch, type Moment, momentOf } from './times.js';
import { addressOf, decoded, hostOf, isAddressList, isHost, isRequest, statusOf, visitorOf } from './values.js';

/** For each role the paths of the fields that may contain it, the preferred one first. */
type Paths = Partial<Record<NamedRole, ReadonlyArray<readonly string[]>>>;

interface JsonFields {
  readonly paths: Paths;
}

type Json = Readonly<Record<string, unknown>>;

/** Fields are searched up to this depth; `request.headers.User-Agent` is deep enough. */
const DEPTH_MAX = 4;
const NAMES_MAX = 400;
/** At most this many fields are tried for a role until one of them has a value. */
const PATHS_MAX = 4;

/** Returns undefined when the line is not a JSON object. */
export function objectOf(line: string): Json | undefined {
  const first = line.trimStart()[0];
  if (first !== '{') return undefined;
  const value = parsed(line) ?? (line.includes('\\x') ? parsed(line.replaceAll(ESCAPE, jsonEscape)) : undefined);
  return isObject(value) ? value : undefined;
}

const ESCAPE = /\\(?:x([0-9a-f]{2})|.)/gi;

/** nginx writes `\x22` into JSON if `escape=json` is not set. */
function jsonEscape(escaped: string, hex: string | undefined): string {
  return hex === undefined ? escaped : `\\u00${hex}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Named {
  readonly path: readonly string[];
  readonly value: string;
}

/** Every text and number in an object, with its path. From a list it takes the first value, because headers are lists. */
function valuesIn(object: Json, path: readonly string[] = []): Named[] {
  const found: Named[] = [];
  for (const [name, value] of Object.entries(object).slice(0, NAMES_MAX)) {
    const text = textOf(value);
    if (text !== undefined) found.push({ path: [...path, name], value: text });
    else if (isObject(value) && path.length < DEPTH_MAX) found.push(...valuesIn(value, [...path, name]));
  }
  return found;
}

function textOf(value: unknown): string | undefined {
  const single = Array.isArray(value) ? value[0] : value;
  if (typeof single === 'string') return single === '-' ? '' : single;
  return typeof single === 'number' ? String(single) : undefined;
}

/** Checks for the values of a role. Roles without a check accept any value. */
const CHECKS: Partial<Record<NamedRole, (value: string) => boolean>> = {
  time: (value) => timeOf(value) !== undefined,
  date: (value) => /^\d{4}-\d{2}-\d{2}$/.test(value),
  clock: (value) => /^\d{2}:\d{2}:\d{2}(?:\.\d+)?$/.test(value),
  forwarded: isAddressList,
  address: (value) => addressOf(value) !== '' || isAddressList(value),
  host: isHost,
  request: isRequest,
  method: (value) => /^[A-Z][A-Z_-]{1,30}$/.test(value),
  target: (value) => value.startsWith('/') || value === '*' || /^https?:\/\//i.test(value),
  status: (value) => statusOf(value) >= 0 || value === '0',
};

function timeOf(value: string): Moment | undefined {
  return momentOf(value) ?? epoch(Number(value));
}

/** Returns undefined when time, request or status is missing. */
function pathsIn(lines: readonly Json[], { isOwnHost }: Hints): Paths | undefined {
  const byName = new Map<string, { path: readonly string[]; values: string[] }>();
  for (const line of lines) {
    for (const { path, value } of valuesIn(line)) {
      const key = path.join('\0');
      const known = byName.get(key) ?? { path, values: [] };
      byName.set(key, known);
      if (value !== '') known.values.push(value);
    }
  }
  const paths: Partial<Record<NamedRole, string[][]>> = {};
  for (const role of Object.keys(NAMES) as NamedRole[]) {
    const check = CHECKS[role];
    const isOwn = (values: readonly string[]) =>
      role === 'host' && isOwnHost !== undefined && values.some((value) => isOwnHost(hostOf(value)));
    const fitting = [...byName.values()]
      .map((field) => ({ ...field, number: preference(role, field.path.map(plainName).join('.')) }))
      .filter(
        ({ number, values }) => number !== undefined && (check === undefined || values.filter(check).length > values.length / 2),
      )
      .sort((a, b) => Number(isOwn(b.values)) - Number(isOwn(a.values)) || (a.number as number) - (b.number as number));
    if (fitting.length > 0) paths[role] = fitting.slice(0, PATHS_MAX).map(({ path }) => [...path]);
  }
  const hasTime = paths.time !== undefined || (paths.date !== undefined && paths.clock !== undefined);
  const hasRequest = paths.request !== undefined || paths.target !== undefined;
  return hasTime && hasRequest && paths.status !== undefined ? paths : undefined;
}

function recognise(lines: readonly string[], hints: Hints): { layout: Omit<Layout, 'format'>; paths: Paths } | undefined {
  const objects = lines.map(objectOf).filter((object) => object !== undefined);
  if (objects.length === 0) return undefined;
  const paths = pathsIn(objects, hints);
  if (paths === undefined) return undefined;
  const agentless = objects.every((object) => first(object, paths.agent) === '');
  const roles: readonly Role[] = [
    'time',
    'address',
    'forwarded',
    'host',
    'request',
    'method',
    'target',
    'status',
    'referrer',
    'agent',
  ];
  const place = (role: NamedRole) => paths[role]?.[0]?.join('.');
  const places = Object.fromEntries(
    roles.flatMap((role) => [[role, place(role)]].filter(([, found]) => found !== undefined)),
  ) as FieldPositions;
  if (paths.time === undefined) places.time = `${place('date')} and ${place('clock')}`;
  if (paths.target !== undefined && isOriginal(paths)) delete places.request;
  return { paths, layout: { places, ...(agentless && { agentless: true }), fields: { paths } satisfies JsonFields } };
}

/**
 * Whether the target is the requested one. nginx's `uri` and similar fields contain the result of rewriting, so the
 * request line is better then.
 */
function isOriginal({ target, request }: Paths): boolean {
  return (
    request === undefined ||
    /^(?:requesturi|request\.uri|requestpath|clientrequesturi)$/.test((target?.[0] ?? []).map(plainName).join('.'))
  );
}

/** The first of the fields that is not empty. */
function first(object: Json, paths: Paths[NamedRole]): string {
  for (const path of paths ?? []) {
    let value: unknown = object;
    for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    const text = textOf(value);
    if (text !== undefined && text !== '') return text;
  }
  return '';
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function createReader(layout: Layout, { timezone }: ReadingPlace): LineReader {
  const { paths } = layout.fields as JsonFields;
  const parseTime = createTimeReader(timezone);
  const byRequest =
    paths.request !== undefined && !(paths.target !== undefined && paths.method !== undefined && isOriginal(paths));
  // a log without methods contains page views
  const usualMethod = paths.method === undefined ? 'GET' : '';
  return (text, start, end, into) => {
    const object = objectOf(text.slice(start, end));
    if (object === undefined) return 'unreadable';
    const value = (role: NamedRole) => first(object, paths[role]);
    const time = value('time') || `${value('date')} ${value('clock')}Z`;
    into.atMs = epoch(Number(time))?.atMs ?? parseTime(time);
    const status = value('status');
    if (Number.isNaN(into.atMs) || status === '') return 'unreadable';
    into.status = Math.max(0, statusOf(status));
    takeTarget(value, byRequest, usualMethod, into);
    into.address = visitorOf(value('forwarded')) || visitorOf(value('address')) || value('address');
    into.host = hostOf(value('host'));
    into.referrer = decoded(value('referrer'));
    into.agent = decoded(value('agent'));
    into.hasAgent = into.agent !== '' || layout.agentless !== true;
    return 'request';
  };
}

function takeTarget(value: (role: NamedRole) => string, byRequest: boolean, usualMethod: string, into: LogLine): void {
  if (byRequest) {
    takeRequest(value('request'), into);
    return;
  }
  const target = decoded(value('target'));
  const query = value('query');
  into.method = value('method') || usualMethod;
  into.target = query === '' || target.includes('?') ? target : `${target}?${query.replace(/^\?/, '')}`;
}

function formatOf(key: string, title: string, isOne: (paths: Paths) => boolean): LogFormat {
  return {
    key,
    title,
    recognise(lines, hints) {
      const found = recognise(lines, hints);
      return found !== undefined && isOne(found.paths) ? { format: key, ...found.layout } : undefined;
    },
    createReader,
  };
}

const has = ({ address = [], target = [] }: Paths, name: string) =>
  [...address, ...target].some((path) => path.join('.') === name);

/** The first format that fits is used. */
export const JSON_FORMATS: readonly LogFormat[] = [
  formatOf(
    'caddy',
    'Caddy, JSON',
    (paths) =>
      has(paths, 'request.uri') &&
      (has(paths, 'request.remote_ip') || has(paths, 'request.remote_addr') || has(paths, 'request.client_ip')),
  ),
  formatOf(
    'traefik-json',
    'Traefik, JSON',
    (paths) => has(paths, 'RequestPath') && (has(paths, 'ClientHost') || has(paths, 'ClientAddr')),
  ),
  formatOf('json', 'JSON, as nginx (escape=json) and others can write it', () => true),
];
