// Reads HAProxy's HTTP log (`option httplog`), whose times have no zone. It contains headers only if the configuration
// captures them: in braces before the request, without names. Each is recognised by its contents.

import type { FieldPositions } from '../../../store/imports.js';
import { takeRequest } from '../access-log.js';
import type { LineReader, LogFormat } from './log-line.js';
import { createTimeReader } from './times.js';
import { addressOf, hostOf, isAddressList, isAgent, isHost, isWebAddress, visitorOf } from './values.js';

/**
 * client [time] frontend backend/server timers status bytes cookie cookie state connections queues. No two adjacent
 * parts can match the same characters, so matching takes linear time.
 */
const HEAD = /^(\S+) \[([^\]]+)\] \S+ [^\s/]+\/\S+ [-+\d/]+ (-?\d{1,3}) \+?\d+ \S+ \S+ \S+ [\d/+]+ [\d/]+ /;

interface Line {
  readonly client: string;
  readonly time: string;
  readonly status: string;
  readonly headers: readonly string[];
  readonly request: string;
}

/** After the head: `[{request headers}] [{response headers}] "request"`. A request that is too long has no closing quote. */
function lineOf(line: string): Line | undefined {
  const match = HEAD.exec(line);
  if (match === null) return undefined;
  const [head, client = '', time = '', status = ''] = match;
  let at = head.length;
  let braces: string | undefined;
  while (line[at] === '{') {
    const end = line.indexOf('} ', at);
    if (end < 0) return undefined;
    braces ??= line.slice(at + 1, end);
    at = end + 2;
  }
  if (line[at] !== '"') return undefined;
  const quote = line.indexOf('"', at + 1);
  const request = line.slice(at + 1, quote < 0 ? line.length : quote);
  return { client, time, status, headers: braces === undefined ? [] : braces.split('|'), request };
}

type Captured = 'host' | 'agent' | 'referrer' | 'forwarded';

interface HaproxyFields {
  /** The numbers of the captured headers that are used. */
  readonly captured: Partial<Record<Captured, number>>;
}

const KINDS: ReadonlyArray<[Captured, (value: string) => boolean]> = [
  ['agent', (value) => isAgent(value) && !isWebAddress(value)],
  ['referrer', isWebAddress],
  ['forwarded', isAddressList],
  ['host', isHost],
];

function capturedIn(headers: ReadonlyArray<readonly string[]>): HaproxyFields['captured'] {
  const captured: Partial<Record<Captured, number>> = {};
  const most = Math.max(0, ...headers.map((values) => values.length));
  for (let number = 0; number < most; number++) {
    const values = headers.map((line) => line[number] ?? '').filter((value) => value !== '');
    const kind = KINDS.find(([kind, is]) => captured[kind] === undefined && values.filter(is).length > values.length / 2);
    if (kind !== undefined) captured[kind[0]] = number;
  }
  return captured;
}

export const haproxy: LogFormat = {
  key: 'haproxy',
  title: 'HAProxy, HTTP log',
  recognise(lines) {
    const found = lines.map(lineOf).filter((line) => line !== undefined);
    if (found.length === 0) return undefined;
    const captured = capturedIn(found.map(({ headers }) => headers));
    const header = (number: number | undefined) => (number === undefined ? undefined : `captured header ${number + 1}`);
    const places = {
      time: 'in brackets',
      address: 'before the time',
      forwarded: header(captured.forwarded),
      host: header(captured.host),
      request: 'in quotes',
      status: 'behind the timers',
      referrer: header(captured.referrer),
      agent: header(captured.agent),
    };
    return {
      format: 'haproxy',
      places: Object.fromEntries(Object.entries(places).filter(([, place]) => place !== undefined)) as FieldPositions,
      fields: { captured } satisfies HaproxyFields,
      ...(captured.agent === undefined && { agentless: true }),
    };
  },
  createReader(layout, { timezone }): LineReader {
    const { captured } = layout.fields as HaproxyFields;
    const parseTime = createTimeReader(timezone);
    return (text, start, end, into) => {
      const line = lineOf(text.slice(start, end));
      if (line === undefined) return 'unreadable';
      const { client, time, status, headers, request } = line;
      const header = (name: Captured) => headers[captured[name] ?? -1] ?? '';
      into.atMs = parseTime(time);
      if (Number.isNaN(into.atMs)) return 'unreadable';
      into.status = Math.max(0, Number(status));
      takeRequest(request, into);
      into.address = visitorOf(header('forwarded')) || clientOf(client);
      into.host = hostOf(header('host'));
      into.referrer = header('referrer');
      into.agent = header('agent');
      into.hasAgent = captured.agent !== undefined;
      return 'request';
    };
  },
};

/** The port always follows the last colon, even in an IPv6 address without brackets. */
function clientOf(client: string): string {
  const colon = client.lastIndexOf(':');
  return addressOf(client.slice(0, Math.max(colon, 0))) || addressOf(client);
}
