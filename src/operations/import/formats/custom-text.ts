// Reads text logs with fields in the places that guess-fields.ts found.
import { takeFront, takeRequest } from '../access-log.js';
import type { TextFields } from './guess-fields.js';
import type { LineReader, ReadingPlace } from './log-line.js';
import { type Place, type SplitLine, splitLine } from './text-columns.js';
import { createTimeReader } from './times.js';
import { type Token, textOf } from './tokens.js';
import { field, hostOf, statusOf, visitorOf } from './values.js';

export function createCustomReader(fields: TextFields, { timezone }: ReadingPlace): LineReader {
  const parseTime = createTimeReader(timezone);
  return (text, start, end, into) => {
    const found = splitLine(text.slice(start, end), fields.gap);
    if (found === undefined) return 'unreadable';
    const { line, time, front, request } = found;
    const raw = (place: Place | undefined) => rawAt(found, place);
    into.atMs = parseTime(textOf(line, time));
    into.status = statusOf(raw(fields.status));
    if (Number.isNaN(into.atMs) || into.status < 0) return 'unreadable';
    takeRequest(textOf(line, request), into);
    if (fields.front === 'none') {
      into.address = visitorOf(raw(fields.address));
      into.host = '';
    } else {
      takeFront(rawOf(line, front[0]), rawOf(line, front[1]), fields.front, into);
    }
    const visitor = visitorOf(raw(fields.forwarded));
    if (visitor !== '') into.address = visitor;
    if (fields.host !== undefined) into.host = hostOf(raw(fields.host));
    into.referrer = valueAt(found, fields.referrer, false);
    into.agent = valueAt(found, fields.agent, fields.agentIsRest === true);
    into.hasAgent = into.agent !== '' || (tokenAt(found, fields.agent) !== undefined && !fields.agentless);
    return 'request';
  };
}

function tokenAt(found: SplitLine, place: Place | undefined): Token | undefined {
  return place && found[place.side][place.at];
}

function rawOf(line: string, token: Token | undefined): string {
  return token === undefined ? '' : textOf(line, token);
}

function rawAt(found: SplitLine, place: Place | undefined): string {
  return rawOf(found.line, tokenAt(found, place));
}

function valueAt(found: SplitLine, place: Place | undefined, isRest: boolean): string {
  const token = tokenAt(found, place);
  if (token === undefined) return '';
  const { line } = found;
  return field(line, token.start, isRest ? line.trimEnd().length : token.end);
}
