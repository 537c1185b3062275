// Envelopes that other programs put around the lines of a log: syslog, Docker and Kubernetes.

export interface Envelope {
  readonly key: string;
  readonly title: string;
  /** Returns the line inside, or undefined if the text is not wrapped in this way. */
  unwrap(line: string): string | undefined;
}

/** No prefix is longer. The rest of the line may contain anything. */
const PREFIX_CHARS_MAX = 512;

const ISO_TIME = '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]+(?:Z|[+-][0-9]{2}:?[0-9]{2})';
const SYSLOG_TIME = String.raw`[A-Z][a-z]{2} {1,2}[0-9]{1,2} (?:[0-9]{4} )?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?`;
/** `program[123]: `, or the fields of RFC 5424 after the host. */
const SYSLOG_SOURCE = String.raw`(?:[^ :[\]]+(?:\[[0-9]+\])?: |[^ ]+ [^ ]+ [^ ]+ (?:-|\[[^\]]*\]) )`;
/** `Feb  6 12:14:14 host program[123]: `, the same with an ISO time, or RFC 5424; each of them with or without `<134>`. */
const SYSLOG = new RegExp(`^(?:<[0-9]{1,3}>)?(?:1 )?(?:${SYSLOG_TIME}|${ISO_TIME})(?: [^ :[]+)? ${SYSLOG_SOURCE}`);
/** Kubernetes: `2016-10-06T00:17:09.669794202Z stdout F `. */
const CONTAINER = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2}) (?:stdout|stderr) [FP] /;
/** `docker compose logs`: `web-1  | `. */
const COMPOSE = /^[A-Za-z0-9][\w.-]* +\| /;

function prefixed(key: string, title: string, prefix: RegExp): Envelope {
  return {
    key,
    title,
    unwrap(line) {
      const match = prefix.exec(line.slice(0, PREFIX_CHARS_MAX));
      return match === null ? undefined : line.slice(match[0].length);
    },
  };
}

/** The lines of Docker's files: `{"log":"…\n","stream":"stdout","time":"…"}`. */
const docker: Envelope = {
  key: 'docker',
  title: 'Docker (json-file)',
  unwrap(line) {
    if (!line.startsWith('{"log":"')) return undefined;
    try {
      const { log } = JSON.parse(line) as { log?: unknown };
      return typeof log === 'string' ? bytesOf(log).trimEnd() : undefined;
    } catch {
      return undefined;
    }
  },
};

/** Converts to one character for each byte, as in lines without an envelope. */
function bytesOf(text: string): string {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return Buffer.from(text).toString('latin1');
  return text;
}

export const ENVELOPES: readonly Envelope[] = [
  docker,
  prefixed('container', 'Kubernetes', CONTAINER),
  prefixed('syslog', 'syslog', SYSLOG),
  prefixed('compose', 'docker compose', COMPOSE),
];
