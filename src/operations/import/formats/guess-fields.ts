// Guesses the fields of a text log from the contents of its first lines: host and address in front of the time; and
// status, referrer, agent and the addresses of proxies after the request.
import type { Front } from '../access-log.js';
import type { Hints } from './log-line.js';
import {
  areAllPrivate,
  type Column,
  columnsOf,
  isEmpty,
  type Place,
  type SplitLine,
  splitLine,
  usualGap,
} from './text-columns.js';
import { hostOf, isHost } from './values.js';

export interface TextFields {
  /** The number of fields between time and request. */
  readonly gap: number;
  readonly front: Front | 'none';
  readonly status: Place;
  readonly referrer?: Place;
  readonly agent?: Place;
  readonly forwarded?: Place;
  /** Set if the address is not in front. */
  readonly address?: Place;
  /** Set if the host is not in front. */
  readonly host?: Place;
  /** The agent has no quotes and takes the rest of the line. */
  readonly agentIsRest?: boolean;
  /** No line has an agent. */
  readonly agentless: boolean;
}

/** Why lines that look like those of a log cannot be read reliably. */
export class Ambiguous extends Error {
  constructor(
    message: string,
    /** What the user can do instead of naming the format; may be empty. */
    readonly advice = '',
  ) {
    super(message);
  }
}

/** Shares of a column's values that must be of a kind. */
const NEARLY_ALL = 0.9;
const MOST = 0.5;

/** Returns undefined when the lines do not have a time and a request. Throws an Ambiguous. */
export function guessFields(all: readonly string[], hints: Hints): { fields: TextFields; sample: SplitLine } | undefined {
  const gap = usualGap(all);
  if (gap === undefined) return undefined;
  const lines = all.flatMap((line) => splitLine(line, gap) ?? []);
  const columns = columnsOf(lines);
  const tail = columns.filter(({ place }) => place.side !== 'front');
  const status = tail.find((column) => column.place.side === 'tail' && column.statuses >= NEARLY_ALL);
  if (status === undefined) return undefined;

  const agent = agentAmong(tail);
  refuseUnlikelyAgent(agent, tail);
  const behind = tail.filter((column) => column !== agent && column !== status && !isRestOf(agent, column));
  const referrer = referrerAmong(behind, agent);
  const front = frontOf(columns);
  const rest = behind.filter((column) => column !== referrer);
  const forwarded = forwardedAmong(rest, columns);
  const address = front === 'none' ? rest.find((one) => one.addresses >= NEARLY_ALL && one !== forwarded) : undefined;
  const hasHost = front === 'host address' || front === 'address host';
  const host = hasHost ? undefined : hostAmong(rest, hints);
  return {
    sample: longest(lines),
    fields: {
      gap,
      front,
      status: status.place,
      ...(referrer && { referrer: referrer.place }),
      ...(agent && { agent: agent.place }),
      ...(forwarded && { forwarded: forwarded.place }),
      ...(address && { address: address.place }),
      ...(host && { host: host.place }),
      ...(agent && !agent.quoted && { agentIsRest: true }),
      agentless: agent === undefined || isEmpty(agent),
    },
  };
}

/** The line with the most fields. */
function longest(lines: readonly SplitLine[]): SplitLine {
  return lines.reduce((most, one) => (one.tail.length > most.tail.length ? one : most), lines[0] as SplitLine);
}

/**
 * Prefers the usual place, then the column with the most values that look like agents. If no column has such values,
 * the agents may be missing in their usual place.
 */
function agentAmong(columns: readonly Column[]): Column | undefined {
  const usual = columns.find(isUsualAgent);
  const looksLikeOne = (column: Column) => column.agents > MOST;
  if (usual !== undefined && looksLikeOne(usual)) return usual;
  const [best] = columns.filter(looksLikeOne).sort((a, b) => b.agents * b.values.length - a.agents * a.values.length);
  return best ?? (usual?.quoted && (isEmpty(usual) || !isOther(usual)) ? usual : undefined);
}

/** This many values without an agent are not a coincidence. */
const UNLIKELY_MIN = 10;

/**
 * In a log with additional fields, the usual place of the agent may contain something else. Then every line would count
 * as a bot, so such a log is refused.
 */
function refuseUnlikelyAgent(agent: Column | undefined, columns: readonly Column[]): void {
  const quoted = columns.filter((column) => column.quoted && !isEmpty(column));
  const most = Math.max(0, ...quoted.map(({ values }) => values.length));
  if (quoted.length > 2 && most >= UNLIKELY_MIN && (agent === undefined || (!isEmpty(agent) && agent.agents === 0)))
    throw new Ambiguous('none of the fields after the request contains user agents');
}

/** `"…" 200 1234 "referrer" "agent"` */
function isUsualAgent({ place }: Column): boolean {
  return place.side === 'tail' && place.at === 3;
}

function isUsualReferrer({ place }: Column): boolean {
  return place.side === 'tail' && place.at === 2;
}

/** Whether most lines have a value. */
function isUsuallyThere({ values, absent }: Column): boolean {
  return values.length > (values.length + absent) * MOST;
}

/** Whether it certainly contains something else than agents. */
function isOther(column: Column): boolean {
  return (
    isUsuallyThere(column) && [column.addresses, column.hosts, column.webAddresses, column.statuses].some((share) => share > MOST)
  );
}

/** An agent without quotes takes the rest of the line. */
function isRestOf(agent: Column | undefined, column: Column): boolean {
  return agent !== undefined && !agent.quoted && column.place.side === 'tail' && column.place.at > agent.place.at;
}

/** Prefers a column next to the agent, then the one with the most different web addresses. */
function referrerAmong(columns: readonly Column[], agent: Column | undefined): Column | undefined {
  const mayBe = (column: Column) => (isEmpty(column) ? column.quoted : column.webAddresses > MOST);
  const beside = (step: number) =>
    columns.find(({ place }) => agent !== undefined && place.side === agent.place.side && place.at === agent.place.at + step);
  for (const column of [beside(-1), beside(1)]) if (column !== undefined && !isEmpty(column) && mayBe(column)) return column;
  const before = beside(-1);
  if (before?.quoted && (mayBe(before) || !isUsuallyThere(before))) return before;
  const [best] = columns.filter((column) => column.quoted && column.webAddresses > MOST).sort((a, b) => b.distinct - a.distinct);
  return best ?? columns.find((column) => isUsualReferrer(column) && mayBe(column));
}

/** The column with the addresses of a header, as opposed to those of this server or of one behind it. */
function forwardedAmong(columns: readonly Column[], all: readonly Column[]): Column | undefined {
  const front = all.find(({ place, addresses }) => place.side === 'front' && addresses >= NEARLY_ALL);
  const isBehindProxy = front === undefined || areAllPrivate(front);
  return columns.find((column) => {
    // no request has come through a proxy yet
    if (isEmpty(column)) return column.quoted && column.place.side === 'tail' && column.place.at === 4;
    if (!column.quoted || column.addresses < NEARLY_ALL) return false;
    // private addresses with ports are those of a server behind this one
    if (areAllPrivate(column) && column.values.every((text) => /:\d+$/.test(text))) return false;
    return isBehindProxy || column.distinct > 1 || front.distinct === 1;
  });
}

/** A host name after the request may be that of any machine. It is the requested host if it is one of the site's. */
function hostAmong(columns: readonly Column[], { isOwnHost }: Hints): Column | undefined {
  return columns.find((column) => {
    if (!isUsuallyThere(column) || column.values.filter(isHost).length < NEARLY_ALL * column.values.length) return false;
    return isOwnHost === undefined || column.values.some((text) => isOwnHost(hostOf(text)));
  });
}

/** The fields in front of the time in most lines. Throws an Ambiguous. */
function frontOf(columns: readonly Column[]): TextFields['front'] {
  const [first, second] = [0, 1].map((at) => columns.find(({ place }) => place.side === 'front' && place.at === at));
  if (first === undefined) return 'none';
  if (second === undefined) return 'any';
  const count = (column: Column, share: number) => share * column.values.length;
  const most = (first.values.length + first.absent) * MOST;
  if (count(second, second.addresses) > most) {
    if (count(first, first.addresses) > most) return visitorOfTwo(first, second);
    return count(first, first.hosts) > 0 || first.values.length > most ? 'host address' : 'any';
  }
  if (count(second, second.hosts) > most) return count(first, first.hosts) > most ? 'host address' : 'address host';
  return 'any';
}

function visitorOfTwo(first: Column, second: Column): Front {
  const isPrivate = [areAllPrivate(first), areAllPrivate(second)];
  if (isPrivate[0] !== isPrivate[1]) return isPrivate[0] ? 'proxy address' : 'address proxy';
  if (first.distinct === second.distinct) {
    throw new Ambiguous(
      'its lines begin with two addresses, and it is unclear which of them is the visitor’s and which is that of a proxy ' +
        'or the server',
    );
  }
  return first.distinct > second.distinct ? 'address proxy' : 'proxy address';
}
