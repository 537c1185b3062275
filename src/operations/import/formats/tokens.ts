// Splits a line into fields at spaces, except within quotes and brackets, and after the comma of a list.
import { closingQuote } from './values.js';

export interface Token {
  readonly kind: 'bare' | 'quoted' | 'bracketed';
  /** The place of its contents, without quotes and brackets. */
  readonly start: number;
  readonly end: number;
}

/** No format has more fields; the rest of a line is ignored. */
const TOKENS_MAX = 64;

export function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  const length = line.endsWith('\r') ? line.length - 1 : line.length;
  for (let at = 0; at < length && tokens.length < TOKENS_MAX; ) {
    if (line[at] === ' ') {
      at++;
      continue;
    }
    const token = quoted(line, at) ?? bracketed(line, at) ?? bare(line, at, length);
    tokens.push(token);
    at = token.end + (token.kind === 'bare' ? 0 : 1);
  }
  return tokens;
}

export function textOf(line: string, { start, end }: Token): string {
  return line.slice(start, end);
}

function quoted(line: string, at: number): Token | undefined {
  const end = closingQuote(line, at);
  return end < 0 ? undefined : { kind: 'quoted', start: at + 1, end };
}

function bracketed(line: string, at: number): Token | undefined {
  if (line[at] !== '[') return undefined;
  const end = line.indexOf(']', at);
  // an IPv6 address with a port continues after the bracket
  return end < 0 || (end + 1 < line.length && line[end + 1] !== ' ' && line[end + 1] !== '\r')
    ? undefined
    : { kind: 'bracketed', start: at + 1, end };
}

function bare(line: string, at: number, length: number): Token {
  let space = line.indexOf(' ', at);
  while (space > at && line[space - 1] === ',') space = line.indexOf(' ', space + 1);
  return { kind: 'bare', start: at, end: space < 0 || space > length ? length : space };
}
