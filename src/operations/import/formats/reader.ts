// Reads the lines of a recognised log: removes the envelope, and uses the first of the log's formats that the line fits.

import type { Recognised } from '../../../store/imports.js';
import { ENVELOPES } from './envelope.js';
import { formatNamed } from './index.js';
import type { LineReader, LogFormat, LogLine, Outcome, ReadingPlace } from './log-line.js';

/** No server writes longer lines. */
const LINE_CHARS_MAX = 256 * 1024;
const HASH = 0x23;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** `directives`: the directives in force at the start; see w3c.ts. */
export function createLogReader({ layouts, envelope }: Recognised, place: ReadingPlace, directives = ''): LineReader {
  const readers = layouts.map((layout) => (formatNamed(layout.format) as LogFormat).createReader(layout, place, directives));
  const [first] = readers;
  const wrapped = ENVELOPES.find(({ key }) => key === envelope);
  const readAny: LineReader = (text, start, end, into) => {
    for (const read of readers) {
      const outcome = read(text, start, end, into);
      if (outcome !== 'unreadable') return outcome;
    }
    return 'unreadable';
  };
  const readLine = readers.length === 1 ? (first as LineReader) : readAny;
  const readFrom: LineReader = (text, start, end, into) => {
    const code = text.charCodeAt(start);
    // at the start of a file, or where files were joined
    if (code === BYTE_ORDER_MARK[0] && isMarked(text, start)) return readFrom(text, start + BYTE_ORDER_MARK.length, end, into);
    const outcome = read(text, start, end, into);
    return outcome === 'unreadable' && code === HASH ? 'directive' : outcome;
  };
  return readFrom;

  function read(text: string, start: number, end: number, into: LogLine): Outcome {
    if (end - start > LINE_CHARS_MAX) return 'unreadable';
    if (wrapped === undefined) return readLine(text, start, end, into);
    const line = wrapped.unwrap(text.slice(start, end));
    return line === undefined ? 'unreadable' : readLine(line, 0, line.length, into);
  }
}

function isMarked(text: string, start: number): boolean {
  return BYTE_ORDER_MARK.every((code, i) => text.charCodeAt(start + i) === code);
}
