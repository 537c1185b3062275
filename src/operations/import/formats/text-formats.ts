// Text logs with a time and a quoted request: the usual formats of Apache, nginx, lighttpd and Traefik, and custom
// formats. All of them are recognised by the contents of their fields.

import type { FieldPositions, Layout } from '../../../store/imports.js';
import { createLineScanner, type Front, type UsualFields } from '../access-log.js';
import { createCustomReader } from './custom-text.js';
import { guessFields, type TextFields } from './guess-fields.js';
import { emptyLine, type Hints, type LogFormat } from './log-line.js';
import { type Column, columnsOf, type Place, type SplitLine, splitLine } from './text-columns.js';
import { textOf } from './tokens.js';

interface TextLayout {
  /** Set if all fields are in their usual places. */
  readonly usual?: UsualFields;
  readonly custom?: TextFields;
}

type CreateReader = LogFormat['createReader'];

const createReader: CreateReader = (layout, place) => {
  const { usual, custom } = layout.fields as TextLayout;
  if (usual === undefined) return createCustomReader(custom as TextFields, place);
  const scan = createLineScanner(usual);
  return (text, start, end, into) => (scan(text, start, end, into) ? 'request' : 'unreadable');
};

/** Recognises any text format. Throws an Ambiguous. */
export function recogniseText(lines: readonly string[], hints: Hints): Layout | undefined {
  const guessed = guessFields(lines, hints);
  if (guessed === undefined) return undefined;
  const { fields, sample } = guessed;
  const places = placesOf(fields, sample);
  if (!isUsual(fields, sample)) return { format: 'custom', places, fields: { custom: fields } satisfies TextLayout };
  const forwarded = fields.forwarded !== undefined;
  const usual: UsualFields = {
    front: fields.front as Front,
    forwarded,
    agentless: fields.agent !== undefined && fields.agentless,
  };
  const format = nameOf(fields, lines);
  return { format, places, ...(fields.agentless && { agentless: true }), fields: { usual } satisfies TextLayout };
}

function nameOf(fields: TextFields, lines: readonly string[]): string {
  const { front, agent, forwarded } = fields;
  if (agent === undefined) return front === 'host address' ? 'vhost_common' : 'common';
  if (front === 'host address') return 'vhost_combined';
  if (front === 'address host') return 'lighttpd';
  if (forwarded !== undefined) return 'nginx-main';
  return isTraefik(lines) ? 'traefik-common' : 'combined';
}

const TRAEFIK_END = /" [0-9-]+ "[^"]*" "[^"]*" [0-9]+ms\r?$/;

function isTraefik(lines: readonly string[]): boolean {
  const readable = lines.filter((line) => splitLine(line, 0) !== undefined);
  return readable.filter((line) => TRAEFIK_END.test(line)).length > readable.length / 2;
}

const is = (place: Place | undefined, at: number) => place?.side === 'tail' && place.at === at;

function isUsual(fields: TextFields, { line, time }: SplitLine): boolean {
  const { gap, front, status, referrer, agent, forwarded, address, host } = fields;
  const isApacheTime = /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$/.test(textOf(line, time));
  return (
    isApacheTime &&
    line[time.start - 1] === '[' &&
    gap === 0 &&
    front !== 'none' &&
    is(status, 0) &&
    (agent === undefined ? referrer === undefined : is(agent, 3) && is(referrer, 2)) &&
    (forwarded === undefined || is(forwarded, 4)) &&
    address === undefined &&
    host === undefined
  );
}

/** Names the fields by their numbers in a line, counted from 1. A time is one field. */
function placesOf(fields: TextFields, sample: SplitLine): FieldPositions {
  const numberOf = ({ side, at }: Place): string => {
    const before = { front: 0, gap: sample.front.length + 1, tail: sample.front.length + sample.gap.length + 2 }[side];
    return `field ${before + at + 1}`;
  };
  const { front } = fields;
  const at = (place: Place | undefined) => (place === undefined ? undefined : numberOf(place));
  const inFront = (number: number): Place => ({ side: 'front', at: number });
  const second = front === 'host address' || front === 'proxy address';
  const host = front === 'host address' ? inFront(0) : front === 'address host' ? inFront(1) : fields.host;
  const address = front === 'none' ? fields.address : inFront(second ? 1 : 0);
  const named = { host: at(host), address: at(address), forwarded: at(fields.forwarded) };
  const rest = { status: at(fields.status), referrer: at(fields.referrer), agent: at(fields.agent) };
  const places = {
    ...named,
    time: `field ${sample.front.length + 1}`,
    request: `field ${sample.front.length + sample.gap.length + 2}`,
    ...rest,
  };
  return Object.fromEntries(Object.entries(places).filter(([, place]) => place !== undefined)) as FieldPositions;
}

/** Where a text layout has the visitor's address, and which fields certainly contain something else. */
export interface Shape {
  readonly gap: number;
  /** The visitor's field; undefined if there is none, or only one from a header. */
  readonly address: Place | undefined;
  /** Whether a place is the referrer, the agent, or an address that was compared with the visitor's before. */
  without(place: Place): boolean;
}

/** Returns undefined for layouts that are not text. */
export function shapeOf({ fields, places }: Layout): Shape | undefined {
  const { usual, custom } = (fields ?? {}) as TextLayout;
  const front = usual?.front ?? custom?.front;
  if (front === undefined) return undefined;
  const hasAgent = places.agent !== undefined;
  const { gap, referrer, agent, agentIsRest, forwarded } = custom ?? {
    gap: 0,
    referrer: hasAgent ? tail(2) : undefined,
    agent: hasAgent ? tail(3) : undefined,
    agentIsRest: false,
    forwarded: usual?.forwarded ? tail(4) : undefined,
  };
  const number = front === 'host address' || front === 'proxy address' ? 1 : 0;
  const isOf = (one: Place | undefined, { side, at }: Place) => one?.side === side && one.at === at;
  const areTwo = front === 'proxy address' || front === 'address proxy';
  return {
    gap,
    address: front === 'none' ? custom?.address : { side: 'front', at: number },
    without: (place) =>
      isOf(referrer, place) ||
      isOf(agent, place) ||
      (agentIsRest === true && agent?.side === place.side && place.at > agent.at) ||
      (place.side === 'front' && (areTwo ? place.at < 2 : forwarded !== undefined && place.at === number)),
  };
}

function tail(at: number): Place {
  return { side: 'tail', at };
}

const USUAL_PLACES: FieldPositions = { address: 'field 1', time: 'field 4', request: 'field 5', status: 'field 6' };
const WITH_AGENT: FieldPositions = { referrer: 'field 8', agent: 'field 9' };
const BEHIND_HOST: FieldPositions = {
  host: 'field 1',
  address: 'field 2',
  time: 'field 5',
  request: 'field 6',
  status: 'field 7',
};

/** A format that the user can choose. Its fields have fixed places, whatever the lines contain. */
function fixedFormat(key: string, title: string, front: Front, places: FieldPositions): LogFormat {
  return {
    key,
    title,
    recognise(lines) {
      const columns = columnsOf(lines.flatMap((line) => splitLine(line, 0) ?? []));
      const agent = columns.find(({ place }: Column) => is(place, 3));
      const agentless = agent !== undefined && agent.values.length === 0;
      const usual: UsualFields = { front, forwarded: places.forwarded !== undefined, agentless };
      const scan = createLineScanner(usual);
      if (!lines.some((line) => scan(line, 0, line.length, emptyLine()))) return undefined;
      return {
        format: key,
        places,
        ...((agentless || agent === undefined) && { agentless: true }),
        fields: { usual } satisfies TextLayout,
      };
    },
    createReader,
  };
}

export const TEXT_FORMATS: readonly LogFormat[] = [
  fixedFormat('common', 'Apache, nginx, IIS (NCSA): without referrer and browser', 'address', USUAL_PLACES),
  fixedFormat('combined', 'Apache and nginx', 'address', { ...USUAL_PLACES, ...WITH_AGENT }),
  fixedFormat('vhost_common', 'common with the virtual host in front', 'host address', BEHIND_HOST),
  fixedFormat('vhost_combined', 'Apache: combined with the virtual host in front, with or without its port', 'host address', {
    ...BEHIND_HOST,
    referrer: 'field 9',
    agent: 'field 10',
  }),
  fixedFormat('lighttpd', 'lighttpd: combined with the virtual host after the address', 'address host', {
    ...USUAL_PLACES,
    host: 'field 2',
    ...WITH_AGENT,
  }),
  fixedFormat(
    'nginx-main',
    'nginx, the format main of its default configuration: combined with X-Forwarded-For as last field',
    'address',
    { ...USUAL_PLACES, ...WITH_AGENT, forwarded: 'field 10' },
  ),
  fixedFormat('traefik-common', 'Traefik, accessLog format common', 'address', { ...USUAL_PLACES, ...WITH_AGENT }),
  {
    key: 'custom',
    title: 'any other text with a time and a request in quotes; fields are recognised by their contents',
    recognise: recogniseText,
    createReader,
  },
];
