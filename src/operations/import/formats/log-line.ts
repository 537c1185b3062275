// What is read of one line of a log, whatever its format is.
import type { Layout } from '../../../store/imports.js';

/** A line's fields; the same object is filled again for every line, since millions come. Absent fields are empty. */
export interface LogLine {
  /** The name that was asked for, lower case, without the port. */
  host: string;
  /** Of the visitor, without a port, as it stands there; may be a host name. */
  address: string;
  /** Milliseconds since 1970, UTC. */
  atMs: number;
  /** Empty when the line names no request. */
  method: string;
  /** What was asked for, as it was asked for: a path with its query, or a whole address. */
  target: string;
  status: number;
  referrer: string;
  agent: string;
  /** False where the log has no field for it: then an empty `agent` says nothing. */
  hasAgent: boolean;
}

export function emptyLine(): LogLine {
  return { host: '', address: '', atMs: 0, method: '', target: '', status: 0, referrer: '', agent: '', hasAgent: false };
}

/** `directive`: it says something about the log, and is no request. `into` is filled only for a request. */
export type Outcome = 'request' | 'directive' | 'unreadable';

/**
 * Reads one line, from `start` to `end` without the line break. The text holds a character for each byte (latin1), so
 * places in the text are places in the bytes.
 */
export type LineReader = (text: string, start: number, end: number, into: LogLine) => Outcome;

/** What a format's reader needs beside the layout. */
export interface ReadingPlace {
  /** IANA name. Times without a zone are taken for local ones of it. */
  readonly timezone: string;
}

export interface LogFormat {
  readonly key: string;
  /** For people: `Nginx Proxy Manager`. */
  readonly title: string;
  /** Finds out what each field is; undefined when no line is of this format. The lines hold a character for each byte. */
  recognise(lines: readonly string[], hints: Hints): Layout | undefined;
  /** `directives`: those in force where reading begins, of formats that have them; see directives.ts. */
  createReader(layout: Layout, place: ReadingPlace, directives: string): LineReader;
}

/** What is known before a log is looked at. */
export interface Hints {
  /** Undefined where the site has no hosts. */
  readonly isOwnHost: ((host: string) => boolean) | undefined;
  readonly timezone: string;
}
