// Refuses logs whose visitors were read from the wrong field. A log that nearly fits a format can be read without an
// error, although the visitor's address is in another field. All its lines would then count as one visitor, or as a few
// proxies.
import { isIP } from 'node:net';
import type { Layout } from '../../../store/imports.js';
import { Ambiguous } from './guess-fields.js';
import { emptyLine } from './log-line.js';
import { createLogReader } from './reader.js';
import { type Place, type SplitLine, splitLine } from './text-columns.js';
import { shapeOf } from './text-formats.js';
import { type Token, textOf } from './tokens.js';
import { addressOf, isAgent, isPrivate, isWebAddress } from './values.js';

/** A field with at least this many addresses, and this many times as many as the visitor's field, is likely the right one. */
const OTHERS_MIN = 3;
const TIMES_MORE = 2;
const MOST = 0.5;

/** `lines`: the lines by which the layouts were found, without envelopes. Throws an Ambiguous. */
export function refuseOtherVisitors(layouts: readonly Layout[], lines: readonly string[], timezone: string): void {
  let rest = lines;
  for (const layout of layouts) {
    const read = createLogReader({ layouts: [layout] }, { timezone });
    const into = emptyLine();
    const unreadable: string[] = [];
    const found: ReadLine[] = [];
    for (const line of rest) {
      const outcome = read(line, 0, line.length, into);
      if (outcome === 'request') found.push({ line, visitor: into.address });
      if (outcome === 'unreadable') unreadable.push(line);
    }
    check(layout, found);
    rest = unreadable;
  }
}

interface ReadLine {
  readonly line: string;
  readonly visitor: string;
}

/** Checks text formats only, whose fields were guessed. Other formats name their fields or have fixed ones. */
function check(layout: Layout, all: readonly ReadLine[]): void {
  const shape = shapeOf(layout);
  if (shape === undefined) return;
  const found = all.flatMap((one) => {
    const fields = splitLine(one.line, shape.gap);
    return fields === undefined ? [] : [{ ...one, fields }];
  });
  const place = layout.places.forwarded ?? layout.places.address ?? 'no field';
  const noVisitors = found.flatMap(({ visitor, fields }) => noVisitorIn(visitor, at(fields, shape.address)));
  if (noVisitors.length > found.length * MOST)
    throw new Ambiguous(
      `${place}, where the visitor’s address should be, contains neither an address nor a host name in most lines`,
    );
  const visitors = new Set(found.map(({ visitor }) => visitor)).size;
  const [most] = [...othersIn(found, shape.without)].sort(([, a], [, b]) => b.size - a.size);
  if (most === undefined || most[1].size < Math.max(OTHERS_MIN, TIMES_MORE * visitors)) return;
  const number = (n: number) => n.toLocaleString('en');
  const [other, addresses] = most;
  throw new Ambiguous(
    `in its first ${number(found.length)} lines ${place}, which was read as the visitor, has ${number(visitors)} different ` +
      `${visitors === 1 ? 'value' : 'values'}, and field ${other} has ${number(addresses.size)} different addresses, ` +
      `so field ${other} is probably the visitor`,
    `to use ${place} anyway, add --format ${layout.format}; to use field ${other}, move it to the front of each line, ` +
      'in place of the address there',
  );
}

function at(fields: SplitLine, place: Place | undefined): string {
  const token = place && fields[place.side][place.at];
  return token === undefined ? '' : textOf(fields.line, token);
}

/** Host names of visitors, and pseudonyms of their addresses. */
const NAME = /^[\w.-]+$/;
/** Requests through a socket, and unknown visitors. */
const ABSENT = /^(?:|-|unknown|unix:.*)$/;

/** Returns the contents of the visitor's field if they cannot identify a visitor. */
function noVisitorIn(visitor: string, raw: string): string[] {
  const isOne = visitor === '' ? ABSENT.test(raw) : isIP(visitor) !== 0 || NAME.test(visitor) || ABSENT.test(visitor);
  return isOne ? [] : [raw];
}

/** The different addresses in each field that may belong to the visitor, by the number of the field. */
function othersIn(
  found: ReadonlyArray<ReadLine & { readonly fields: SplitLine }>,
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
      number++; // the time after the first side, the request after the second
    }
  }
  const areMostPublic = found.filter(({ visitor }) => visitor !== '' && !isPrivate(visitor)).length > found.length * MOST;
  return new Map(
    [...places.values()]
      // exclude servers behind this one: private addresses with ports, or in a log with public visitors
      .filter(({ isBehind, addresses }) => !isBehind && !(areMostPublic && addresses.every(isPrivate)))
      .map(({ number, addresses }) => [number, new Set(addresses)]),
  );
}

const CHARS_MAX = 1024;

/**
 * The first public address in a text, or the first one if none is public: `(192.0.2.1)`, `for=192.0.2.1;proto=https`.
 * Empty when there is none.
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
