// What others put around a log's lines: syslog, Docker and Kubernetes. Taken off, the lines are those of some format.

export interface Envelope {
  readonly key: string;
  readonly title: string;
  /** The line in it; undefined for what is not wrapped so. */
  unwrap(line: string): string | undefined;
}

/** Kept short: behind it anything may come, and none of these is longer. */
const PREFIX_CHARS_MAX = 512;

/** `Feb  6 12:14:14 host program[123]: `, by rsyslog with an ISO time, RFC 5424, all perhaps with `<134>` in front. */
const SYSLOG =
  /^(?:<[0-9]{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} {1,2}[0-9]{1,2} (?:[0-9]{4} )?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]+(?:Z|[+-][0-9]{2}:?[0-9]{2}))(?: [^ :[]+)? (?:[^ :[\]]+(?:\[[0-9]+\])?: |[^ ]+ [^ ]+ [^ ]+ (?:-|\[[^\]]*\]) )/;
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

/** `{"log":"…\n","stream":"stdout","time":"…"}`: Docker's files. */
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

/** A character for each byte, as in lines that were not wrapped. */
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
