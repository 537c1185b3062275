// Comma-separated values as RFC 4180 has them, in pieces as they come: quoted fields, in them separators, quotes and
// line breaks; lines that end with LF or CR LF. Lenient where others are: a quote in the middle of a field is a
// quote.

/** No tool exports longer ones, and a quote that is never closed would take in the rest of the file. */
const FIELD_CHARS_MAX = 1024 * 1024;
const FIELDS_MAX = 1000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;

/** The text is no CSV; says on which line, from 1. */
export class NotCsv extends Error {}

export interface CsvReader {
  /** The next piece of the text, cut anywhere. Throws a NotCsv. */
  push(text: string): void;
  /** There is no more; the last line needs no end. Throws a NotCsv. */
  end(): void;
}

type State = 'start' | 'plain' | 'quoted' | 'quote seen';

/** An empty line is a record of one empty field. `line` is where a record begins, from 1. */
export function createCsvReader(onRecord: (fields: readonly string[], line: number) => void): CsvReader {
  let state: State = 'start';
  let field = '';
  let fields: string[] = [];
  let line = 1;
  let recordLine = 1;
  let quoteLine = 1;

  const take = (piece: string): void => {
    field = field === '' ? piece : field + piece;
    if (field.length > FIELD_CHARS_MAX)
      throw new NotCsv(`has a field of more than ${FIELD_CHARS_MAX} characters that begins on line ${recordLine}`);
  };
  const endField = (): void => {
    fields.push(field);
    if (fields.length > FIELDS_MAX) throw new NotCsv(`has more than ${FIELDS_MAX} fields on line ${recordLine}`);
    field = '';
    state = 'start';
  };
  const endRecord = (): void => {
    const record = fields;
    fields = [];
    onRecord(record, recordLine);
    recordLine = line;
  };
  const withoutReturn = (): void => {
    if (field.endsWith('\r')) field = field.slice(0, -1);
  };

  return {
    push(text) {
      let from = 0; // of what belongs to the field and is not taken yet
      for (let at = 0; at < text.length; at++) {
        const char = text.charCodeAt(at);
        if (char === LF) line++;
        if (state === 'quoted') {
          if (char !== QUOTE) continue;
          take(text.slice(from, at));
          state = 'quote seen';
          continue;
        }
        if (char === QUOTE && state === 'start') {
          state = 'quoted';
          quoteLine = line;
          from = at + 1;
          continue;
        }
        if (char === QUOTE && state === 'quote seen') {
          state = 'quoted';
          from = at; // two quotes are one
          continue;
        }
        const isEnd = char === COMMA || char === LF;
        if (state === 'quote seen') {
          if (!isEnd) {
            state = 'plain';
            from = at;
            continue;
          }
        } else {
          if (state === 'start') {
            state = 'plain';
            from = at;
          }
          if (!isEnd) continue;
          take(text.slice(from, at));
          if (char === LF) withoutReturn();
        }
        endField();
        if (char === LF) endRecord();
      }
      if (state === 'quoted' || state === 'plain') take(text.slice(from));
    },

    end() {
      if (state === 'quoted') throw new NotCsv(`has a quote on line ${quoteLine} that is never closed`);
      if (state === 'start' && fields.length === 0) return;
      if (state === 'plain') withoutReturn();
      endField();
      endRecord();
    },
  };
}
