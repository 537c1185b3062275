// The fields of a log line, and the interface of a log format.
import type { Layout } from '../../../store/imports.js';

/** A line's fields. Missing fields are empty. The same object is used for all lines, because there are millions. */
export interface LogLine {
  /** The requested host in lower case, without the port. */
  host: string;
  /** The visitor's address as in the log, without a port; may be a host name. */
  address: string;
  /** Milliseconds since 1970, UTC. */
  atMs: number;
  /** Empty when the line has no request. */
  method: string;
  /** The requested target: a path with its query, or a whole address. */
  target: string;
  status: number;
  referrer: string;
  agent: string;
  /** False if the log has no field for it, so that an empty `agent` means nothing. */
  hasAgent: boolean;
}

export function emptyLine(): LogLine {
  return { host: '', address: '', atMs: 0, method: '', target: '', status: 0, referrer: '', agent: '', hasAgent: false };
}

/** `directive`: a line about the log itself. `into` is filled only for a request. */
export type Outcome = 'request' | 'directive' | 'unreadable';

/**
 * Reads one line from `start` to `end`, without the line break. The text has one character for each byte (latin1), so
 * positions in the text are positions in the bytes.
 */
export type LineReader = (text: string, start: number, end: number, into: LogLine) => Outcome;

/** What a format's reader needs in addition to the layout. */
export interface ReadingPlace {
  /** IANA name. Times without a zone are in this zone. */
  readonly timezone: string;
}

export interface LogFormat {
  readonly key: string;
  /** Shown to the user: `Nginx Proxy Manager`. */
  readonly title: string;
  /** Finds the place of each field; undefined when no line has this format. Lines have one character for each byte. */
  recognise(lines: readonly string[], hints: Hints): Layout | undefined;
  /** `directives`: the directives in force at the start, for formats that have them; see w3c.ts. */
  createReader(layout: Layout, place: ReadingPlace, directives: string): LineReader;
}

/** What is known before a log is inspected. */
export interface Hints {
  /** Undefined if the site has no hosts. */
  readonly isOwnHost: ((host: string) => boolean) | undefined;
  readonly timezone: string;
}
