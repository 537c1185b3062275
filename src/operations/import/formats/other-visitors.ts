// Whether what was taken for the visitor tells visitors apart. A log that nearly fits a format is read by it without
// a broken line, while the visitor stands somewhere else: every line would be of the same one, or of a few proxies.
// Such a log is refused, with what was found.
import { isIP } from 'node:net';
import type { Layout } from '../../../store/imports.js';
import { Ambiguous } from './guess-fields.js';
import { emptyLine } from './log-line.js';
import { createLogReader } from './reader.js';
import { type Parted, type Place, parted } from './text-columns.js';
import { shapeOf } from './text-formats.js';
import { type Token, textOf } from './tokens.js';
import { addressOf, isAgent, isPrivate, isWebAddress } from './values.js';

/** With so many more addresses than the visitor's place another one is more likely to be it. */
const OTHERS_MIN = 3;
const TIMES_MORE = 2;
const MOST = 0.5;

/** `lines`: what the layouts were found by, out of what is wrapped around them. Throws an Ambiguous. */
export function refuseOtherVisitors(layouts: readonly Layout[], lines: readonly string[], timezone: string): void {
  let rest = lines;
  for (const layout of layouts) {
    const read = createLogReader({ layouts: [layout] }, { timezone });
    const into = emptyLine();
    const unreadable: string[] = [];
    const found: Seen[] = [];
    for (const line of rest) {
      const outcome = read(line, 0, line.length, into);
      if (outcome === 'request') found.push({ line, visitor: into.address });
      if (outcome === 'unreadable') unreadable.push(line);
    }
    check(layout, found);
    rest = unreadable;
  }
}

interface Seen {
  readonly line: string;
  readonly visitor: string;
}

/** Only where texts have their fields was guessed: the other formats name them, or nobody can move them. */
function check(layout: Layout, all: readonly Seen[]): void {
  const shape = shapeOf(layout);
  if (shape === undefined) return;
  const found = all.flatMap((seen) => {
    const fields = parted(seen.line, shape.gap);
    return fields === undefined ? [] : [{ ...seen, fields }];
  });
  const place = layout.places.forwarded ?? layout.places.address ?? 'no field';
  const noVisitors = found.flatMap(({ visitor, fields }) => noVisitorIn(visitor, at(fields, shape.address)));
  if (noVisitors.length > found.length * MOST)
    throw new Ambiguous(
      `what stands in ${place}, where the visitor’s address should be, is neither an address nor the name of a host in most lines`,
    );
  const visitors = new Set(found.map(({ visitor }) => visitor)).size;
  const [most] = [...othersIn(found, shape.without)].sort(([, a], [, b]) => b.size - a.size);
  if (most === undefined || most[1].size < Math.max(OTHERS_MIN, TIMES_MORE * visitors)) return;
  const number = (n: number) => n.toLocaleString('en');
  throw new Ambiguous(
    `in its first ${number(found.length)} lines ${place}, which was taken for the visitor, has ${number(visitors)} different ${visitors === 1 ? 'value' : 'values'}, and field ${most[0]} has ${number(most[1].size)} different addresses, so that field ${most[0]} is likely to be the visitor’s`,
    `to count by ${place} all the same, add --format ${layout.format}; to count by field ${most[0]}, put it in front of each line instead of what is there`,
  );
}

function at(fields: Parted, place: Place | undefined): string {
  const token = place && fields[place.side][place.at];
  return token === undefined ? '' : textOf(fields.line, token);
}

/** Names of visitors' hosts, and what stands for an address where it was made unrecognisable. */
const NAME = /^[\w.-]+$/;
/** Of what came by a socket, and of nobody. */
const ABSENT = /^(?:|-|unknown|unix:.*)$/;

/** What stands in the visitor's place, where it is nothing that tells visitors apart. */
function noVisitorIn(visitor: string, raw: string): string[] {
  const isOne = visitor === '' ? ABSENT.test(raw) : isIP(visitor) !== 0 || NAME.test(visitor) || ABSENT.test(visitor);
  return isOne ? [] : [raw];
}

/** The different addresses in each place but those that are of something else, by the number of the field. */
function othersIn(
  found: ReadonlyArray<Seen & { readonly fields: Parted }>,
  isWithout: (place: Place) => boolean,
): Map<number, Set<string>> {
  const places = new Map<string, { number: number; addresses: string[]; isBehind: boolean }>();
  for (const { fields } of found) {
    let number = 0;
    const sides: ReadonlyArray<[Place['side'], readonly Token[]]> = [
      ['front', fields.front],
      ['gap', fields.gap],
      ['tail', fields.tail],
    ];
    for (const [side, tokens] of sides) {
      for (const [at, token] of tokens.entries()) {
        number++;
        const text = textOf(fields.line, token);
        const address = isWithout({ side, at }) ? '' : addressWithin(text);
        if (address === '') continue;
        const key = `${side} ${at}`;
        const known = places.get(key) ?? { number, addresses: [], isBehind: true };
        places.set(key, known);
        known.addresses.push(address);
        if (!(isPrivate(address) && /:\d+$/.test(text))) known.isBehind = false;
      }
      number++; // the time, and then the request
    }
  }
  const areMostPublic = found.filter(({ visitor }) => visitor !== '' && !isPrivate(visitor)).length > found.length * MOST;
  return new Map(
    [...places.values()]
      // machines that this one has asked: their ports are told, or visitors are elsewhere
      .filter(({ isBehind, addresses }) => !isBehind && !(areMostPublic && addresses.every(isPrivate)))
      .map(({ number, addresses }) => [number, new Set(addresses)]),
  );
}

const CHARS_MAX = 1024;

/**
 * The first public address, else the first, whatever is around it: `(192.0.2.1)`, `for=192.0.2.1;proto=https`. Empty
 * when there is none.
 */
function addressWithin(text: string): string {
  if (isWebAddress(text) || isAgent(text)) return '';
  const found = text
    .slice(0, CHARS_MAX)
    .split(/[^\w:./%-]+/)
    .map((piece) => addressOf(piece) || addressOf(piece.slice(piece.indexOf(':') + 1)))
    .filter((address) => address !== '');
  return found.find((address) => !isPrivate(address)) ?? found[0] ?? '';
}
