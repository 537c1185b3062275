// Splits the lines of a text log into columns and describes their contents, so that fields are recognised wherever a
// server was configured to write them.

import { momentOf } from './times.js';
import { type Token, textOf, tokensOf } from './tokens.js';
import { isAddressList, isAgent, isHostName, isPrivate, isRequest, isWebAddress, statusOf, visitorOf } from './values.js';

/** The place of a field, counted from 0: before the time, between time and request (`gap`), or after the request. */
export interface Place {
  readonly side: 'front' | 'gap' | 'tail';
  readonly at: number;
}

/** A line whose time and request were found. */
export interface SplitLine {
  readonly line: string;
  readonly time: Token;
  readonly front: readonly Token[];
  readonly gap: readonly Token[];
  readonly request: Token;
  readonly tail: readonly Token[];
}

/** How many fields are considered on each side. */
const FRONT_MAX = 3;
const TAIL_MAX = 24;
const GAP_MAX = 6;

type IsRequest = (tokens: readonly Token[], at: number, line: string) => boolean;

const looksLikeOne: IsRequest = (tokens, at, line) => isRequest(textOf(line, tokens[at] as Token));
/** In a log that contains only garbage requests, the request is the field before a status. */
const isBeforeStatus: IsRequest = (tokens, at, line) => {
  const next = tokens[at + 1];
  return next !== undefined && statusOf(textOf(line, next)) >= 0;
};

/** The number of fields between the time and the first quoted field that is a request; -1 when there is none. */
function gapOf(tokens: readonly Token[], time: number, line: string, is: IsRequest): number {
  for (let i = time + 1; i < tokens.length && i <= time + 1 + GAP_MAX; i++)
    if (tokens[i]?.kind === 'quoted' && is(tokens, i, line)) return i - time - 1;
  return -1;
}

/** The first field that is a time; -1 when there is none. */
export function timeIn(tokens: readonly Token[], line: string): number {
  return tokens.findIndex((token) => isTime(token, line));
}

const ISO_LENGTH_MIN = '2015-05-17T10:05:03'.length;

function isTime(token: Token, line: string): boolean {
  if (token.kind === 'quoted') return false;
  // a bare number may be anything
  if (token.kind === 'bare' && (token.end - token.start < ISO_LENGTH_MIN || line[token.start + 4] !== '-')) return false;
  return momentOf(textOf(line, token)) !== undefined;
}

/** Divides a line with `gap` fields between time and request. Undefined when it is not such a line. */
export function splitLine(line: string, gap: number): SplitLine | undefined {
  const tokens = tokensOf(line);
  const time = timeIn(tokens, line);
  const request = tokens[time + gap + 1];
  if (time < 0 || request?.kind !== 'quoted') return undefined;
  return {
    line,
    time: tokens[time] as Token,
    front: tokens.slice(0, time),
    gap: tokens.slice(time + 1, time + 1 + gap),
    request,
    tail: tokens.slice(time + gap + 2),
  };
}

/** The number of fields between time and request in most lines; undefined when no line has a request. */
export function usualGap(lines: readonly string[]): number | undefined {
  return mostFrequentGap(lines, looksLikeOne) ?? mostFrequentGap(lines, isBeforeStatus);
}

function mostFrequentGap(lines: readonly string[], is: IsRequest): number | undefined {
  const counts = new Map<number, number>();
  for (const line of lines) {
    const tokens = tokensOf(line);
    const time = timeIn(tokens, line);
    const gap = time < 0 ? -1 : gapOf(tokens, time, line, is);
    if (gap >= 0) counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** The values in one place of all lines that are long enough. */
export interface Column {
  readonly place: Place;
  readonly quoted: boolean;
  /** Without `-` and empty values. */
  readonly values: readonly string[];
  /** The number of `-` and empty values. */
  readonly absent: number;
  /** Shares of the values that are agents, web addresses and so on, from 0 to 1. */
  readonly agents: number;
  readonly webAddresses: number;
  readonly addresses: number;
  readonly hosts: number;
  readonly statuses: number;
  readonly distinct: number;
}

export function columnsOf(lines: readonly SplitLine[]): Column[] {
  const sides = [
    ['front', FRONT_MAX],
    ['gap', GAP_MAX],
    ['tail', TAIL_MAX],
  ] as const;
  return sides.flatMap(([side, max]) =>
    Array.from({ length: max }, (_, at) => columnOf(lines, { side, at })).filter((column) => column !== undefined),
  );
}

function columnOf(lines: readonly SplitLine[], place: Place): Column | undefined {
  const found = lines.flatMap((line) => {
    const token = line[place.side][place.at];
    return token === undefined ? [] : [{ text: textOf(line.line, token), kind: token.kind }];
  });
  if (found.length === 0) return undefined;
  const values = found.map(({ text }) => text).filter((text) => text !== '-' && text !== '');
  const share = (is: (text: string) => boolean) => (values.length === 0 ? 0 : values.filter(is).length / values.length);
  return {
    place,
    quoted: found.filter(({ kind }) => kind === 'quoted').length > found.length / 2,
    values,
    absent: found.length - values.length,
    agents: share((text) => isAgent(text) && !isWebAddress(text)),
    webAddresses: share(isWebAddress),
    addresses: share(isAddressList),
    hosts: share(isHostName),
    statuses: share((text) => statusOf(text) >= 100 && statusOf(text) <= 599),
    distinct: new Set(values).size,
  };
}

export function isEmpty({ values }: Column): boolean {
  return values.length === 0;
}

/** Whether all addresses are private: those of proxies, or of a server behind this one. */
export function areAllPrivate({ values }: Column): boolean {
  return values.every((text) => isPrivate(visitorOf(text)));
}
