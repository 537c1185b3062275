// Reads comma-separated values (RFC 4180) from a stream of bytes. Accepts what tools really write: a quote in the
// middle of a field, lines that end with LF or CR LF, records of different lengths, a last line without an end.

import { pipeline } from 'node:stream/promises';
import { CsvError, Parser } from 'csv-parse';
import { LINE_FEED } from './log-stream.js';

/** No tool exports longer fields; a quote that is never closed would swallow the rest of the file. */
const FIELD_CHARS_MAX = 1024 * 1024;
const FIELDS_MAX = 1000;
/** Bounds the memory for a record whose end has not been read yet. A field of FIELD_CHARS_MAX fits in any script. */
const RECORD_BYTES_MAX = 4 * FIELD_CHARS_MAX;
/** Exports have an empty line between tables; a file of nothing else would keep the reader busy for minutes. */
const EMPTY_LINES_MAX = 100_000;
/** The limit on records is checked this often, so that at most this many bytes more are in memory. */
const STEP_BYTES = 64 * 1024;

/** The file is not valid CSV. The message continues a sentence that begins with the file's name. */
export class NotCsv extends Error {}

/** An empty line is a record of one empty field. `line` is where the record begins, counted from 1. */
export type OnRecord = (fields: readonly string[], line: number) => void;

/** Reads UTF-8, with or without a byte order mark. Rejects with a NotCsv, or with what `bytes` or `onRecord` throws. */
export async function readCsv(bytes: AsyncIterable<Buffer> | Iterable<Buffer>, onRecord: OnRecord): Promise<void> {
  let line = 1;
  let pendingBytes = 0;
  let emptyLines = 0;

  const take = (fields: readonly string[]): void => {
    if (fields.length > FIELDS_MAX) throw new NotCsv(`has more than ${FIELDS_MAX} fields on line ${line}`);
    emptyLines = fields.length === 1 && fields[0] === '' ? emptyLines + 1 : 0;
    if (emptyLines > EMPTY_LINES_MAX) throw new NotCsv(`has more than ${EMPTY_LINES_MAX} empty lines before line ${line + 1}`);
    let breaks = 0;
    for (const field of fields) {
      if (field.length > FIELD_CHARS_MAX)
        throw new NotCsv(`has a field of more than ${FIELD_CHARS_MAX} characters in the record that begins on line ${line}`);
      for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) breaks++;
    }
    onRecord(fields, line);
    line += breaks + 1;
    pendingBytes = 0;
  };

  async function* inSteps(): AsyncGenerator<Buffer> {
    let last = LINE_FEED;
    for await (const piece of bytes) {
      for (let from = 0; from < piece.length; from += STEP_BYTES) {
        const step = piece.subarray(from, from + STEP_BYTES);
        pendingBytes += step.length;
        last = step.at(-1) as number;
        yield step;
        if (pendingBytes > RECORD_BYTES_MAX)
          throw new NotCsv(`has a record of more than ${RECORD_BYTES_MAX} bytes that begins on line ${line}`);
      }
    }
    // a CR at the very end is then part of the line's end, as everywhere else
    if (last !== LINE_FEED) yield Buffer.from([LINE_FEED]);
  }

  try {
    await pipeline(inSteps(), new RecordParser(take));
  } catch (error) {
    if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED')
      throw new NotCsv(`has a quote that is never closed, in the record that begins on line ${line}`);
    throw error;
  }
}

/**
 * Delivers each record as soon as it is complete. This is nearly twice as fast as the parser's option `on_record`, which
 * describes each record in an object.
 */
class RecordParser extends Parser {
  constructor(private readonly deliver: (fields: readonly string[]) => void) {
    super({ bom: true, relax_quotes: true, relax_column_count: true, record_delimiter: ['\r\n', '\n'] });
    this.resume();
  }

  override push(record: readonly string[] | null): boolean {
    if (record === null) return super.push(null);
    // The parser compares the length of each record with that of the first one, and builds an error with a stack trace
    // for each difference. Without a first record it compares nothing, which makes exports with remarks on top ten times
    // faster.
    (this.info as { records: number }).records = 0;
    if (this.destroyed) return false;
    try {
      this.deliver(record);
    } catch (error) {
      this.destroy(error as Error);
    }
    return true;
  }
}
