// Reads text logs whose fields have fixed places that cannot be configured: those of Amazon's load balancers, of S3, and
// of Nginx Proxy Manager.

import type { FieldPositions } from '../../../store/imports.js';
import { takeRequest } from '../access-log.js';
import { emptyLine, type LineReader, type LogFormat, type LogLine } from './log-line.js';
import { createTimeReader } from './times.js';
import { type Token, textOf, tokensOf } from './tokens.js';
import { addressOf, field, hostOf, isHostName, isMethod, statusOf } from './values.js';

/** The numbers of the fields, counted from 0. */
interface Numbers {
  readonly time: number;
  readonly address: number;
  readonly status: number;
  readonly agent: number;
  readonly referrer?: number;
  readonly host?: number;
  /** A whole request line, or a method and a target. */
  readonly request?: number;
  readonly method?: number;
  readonly target?: number;
}

type Text = (number: number) => string;

interface Variant {
  readonly numbers: Numbers;
  /** Whether a line with a readable time is of this variant. Missing fields are empty. */
  fits(text: Text): boolean;
  /** Called after all fields were read. */
  finish?(text: Text, into: LogLine): void;
}

function formatOf(key: string, title: string, ...variants: readonly Variant[]): LogFormat {
  const createReader = (agentless: boolean, timezone: string): LineReader => {
    const parseTime = createTimeReader(timezone);
    return (all, start, end, into) => {
      const line = all.slice(start, end);
      const tokens = tokensOf(line);
      const isRead = variants.some((variant) => readFields(variant, { line, tokens, parseTime, agentless }, into));
      return isRead ? 'request' : 'unreadable';
    };
  };
  return {
    key,
    title,
    recognise(lines, { timezone }) {
      const read = createReader(false, timezone);
      const found = lines.flatMap((line) => {
        const into = emptyLine();
        return read(line, 0, line.length, into) === 'request' ? [{ line, into }] : [];
      });
      const [first] = found;
      if (first === undefined) return undefined;
      return {
        format: key,
        places: placesOf(first.line, variants),
        ...(found.every(({ into }) => into.agent === '') && { agentless: true }),
      };
    },
    createReader: ({ agentless = false }, { timezone }) => createReader(agentless, timezone),
  };
}

interface SplitLine {
  readonly line: string;
  readonly tokens: readonly Token[];
  readonly agentless: boolean;
  parseTime(text: string): number;
}

/** Returns false when the line is not of this variant. */
function readFields(
  { numbers, fits, finish }: Variant,
  { line, tokens, parseTime, agentless }: SplitLine,
  into: LogLine,
): boolean {
  const text = textsOf(line, tokens);
  const value = (number: number | undefined) => {
    const token = number === undefined ? undefined : tokens[number];
    return token === undefined ? '' : field(line, token.start, token.end);
  };
  into.atMs = parseTime(text(numbers.time));
  if (Number.isNaN(into.atMs) || !fits(text)) return false;
  into.status = Math.max(0, statusOf(text(numbers.status)));
  into.address = addressOf(text(numbers.address).replace('Client ', ''));
  into.host = numbers.host === undefined ? '' : hostOf(text(numbers.host));
  if (numbers.request === undefined) {
    into.method = value(numbers.method);
    into.target = value(numbers.target);
  } else {
    takeRequest(text(numbers.request), into);
  }
  into.referrer = value(numbers.referrer);
  into.agent = value(numbers.agent);
  into.hasAgent = into.agent !== '' || !agentless;
  finish?.(text, into);
  return true;
}

function textsOf(line: string, tokens: readonly Token[]): Text {
  return (number) => {
    const token = tokens[number];
    return token === undefined ? '' : textOf(line, token);
  };
}

function placesOf(line: string, variants: readonly Variant[]): FieldPositions {
  const text = textsOf(line, tokensOf(line));
  const { numbers } = variants.find(({ fits }) => fits(text)) as Variant;
  return Object.fromEntries(Object.entries(numbers).map(([role, number]) => [role, `field ${number + 1}`])) as FieldPositions;
}

const isStatusOrNone = (text: string) => text === '-' || statusOf(text) >= 0;
const isAddress = (text: string) => addressOf(text) !== '';

/** Host names that Amazon assigns. Visitors do not know a site by them. */
const AMAZON_HOST = /\.(?:amazonaws\.com(?:\.cn)?|cloudfront\.net)$/;

export function withoutAmazonHost(host: string): string {
  return AMAZON_HOST.test(host) ? '' : host;
}

/** In `alb` and `elb` the target is a whole address with the host: `GET https://www.example.com:443/path HTTP/1.1`. */
const alb = formatOf('alb', 'Amazon Application Load Balancer', {
  numbers: { time: 1, address: 3, status: 8, request: 12, agent: 13 },
  fits: (text) => /^(?:https?|h2|grpcs?|wss?)$/.test(text(0)) && isAddress(text(3)) && isStatusOrNone(text(8)) && text(12) !== '',
});

const elb = formatOf('elb', 'Amazon Classic Load Balancer', {
  numbers: { time: 0, address: 2, status: 7, request: 11, agent: 12 },
  fits: (text) => isAddress(text(2)) && /^-?[0-9.]+$/.test(text(4)) && isStatusOrNone(text(7)) && text(11) !== '',
});

const s3 = formatOf('s3', 'Amazon S3 server access log', {
  // lines contain the Host header since 2019
  numbers: { time: 2, address: 3, request: 8, status: 9, referrer: 15, agent: 16, host: 22 },
  fits: (text) => /^[A-Z0-9]+\.[A-Z]+(?:\.[A-Z0-9_]+)*$/.test(text(6)) && isStatusOrNone(text(9)) && text(15) !== '',
  finish(text, into) {
    const operation = text(6);
    const bucket = `/${text(1)}`;
    // other reads of a bucket are not pages: its listing, its settings, part of an upload
    if (into.method === 'GET' && !operation.endsWith('.GET.OBJECT')) into.method = '';
    if (operation.startsWith('REST.') && into.target.startsWith(`${bucket}/`)) into.target = into.target.slice(bucket.length);
    // the bucket of a website is named like the website
    into.host = withoutAmazonHost(into.host || (isHostName(text(1)) ? hostOf(text(1)) : ''));
  },
});

const isScheme = (text: string) => /^(?:https?|-)$/.test(text);

/**
 * [time] [cache upstream-status ]status - GET https host "/path" [Client address] [Length n] [Gzip n] [[Sent-to
 * server] ]"agent" "referrer"
 */
function proxyManager(method: number, hasServer: boolean): Variant {
  const [client, agent] = [method + 4, method + (hasServer ? 8 : 7)];
  return {
    numbers: {
      time: 0,
      address: client,
      host: method + 2,
      method,
      target: method + 3,
      status: method - 2,
      referrer: agent + 1,
      agent,
    },
    fits: (text) =>
      isMethod(text(method)) &&
      isScheme(text(method + 1)) &&
      text(client).startsWith('Client ') &&
      text(agent - 1).startsWith(hasServer ? 'Sent-to' : 'Gzip') &&
      isStatusOrNone(text(method - 2)),
  };
}

const nginxProxyManager = formatOf(
  'nginx-proxy-manager',
  'Nginx Proxy Manager',
  proxyManager(5, true),
  proxyManager(3, false),
  proxyManager(5, false),
  proxyManager(3, true),
);

export const POSITIONAL_FORMATS: readonly LogFormat[] = [nginxProxyManager, alb, elb, s3];
