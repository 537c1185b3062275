// The beacon: a request to /a.gif is answered here, before Express is reached, with the GIF, whatever came.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseFields } from '../hit/fields.js';
import { type Hit, NO_SITE, type NotCounted, type Parsed, type Refusal } from '../hit/hit.js';
import { type BeaconRequest, type ParseContext, parseRequest } from '../hit/parse.js';
import { SITE_ID } from '../hit/site.js';
import type { Journal } from '../journal/journal.js';
import { linesOf, refusalLine } from '../journal/line.js';
import { TooManyAsk } from '../store/accounts.js';
import { utcDay } from '../time/dates.js';
import { answerEarly, readBody } from './body.js';
import type { ClientAddress } from './client-address.js';

/** A transparent pixel: the smallest GIF that every browser takes, 43 bytes. */
export const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

/** One text with the head of the answer: one write, where a buffer would make it two. */
const GIF_TEXT = GIF.toString('latin1');

/** A list of names and values: Node writes it as it is, without checking each header of each answer. */
const GIF_HEADERS = [
  'Content-Type',
  'image/gif',
  'Content-Length',
  String(GIF.length),
  'Cache-Control',
  'no-store',
  'Access-Control-Allow-Origin',
  '*',
  'Cross-Origin-Resource-Policy',
  'cross-origin',
];

const REFUSED_EVERY_MS = 1000;

export interface BeaconTally {
  /** Requests that have come whole, or as far as they are read, counted before anything of them is looked at. */
  received: number;
  /** Hits that were kept and acknowledged. */
  taken: number;
  refused: Partial<Record<NotCounted, number>>;
  /** Requests answered 503: nothing of them was kept. */
  unavailable: number;
}

export interface Beacon {
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** Keeps what is still only in memory, or waits for the store. To be awaited before the journal is closed. */
  close(): Promise<void>;
  readonly tally: BeaconTally;
}

export interface BeaconSurroundings extends ParseContext {
  /** Resolves once `site` knows every site that was there at the call; rejects when the store does not answer soon. */
  refreshSites(): Promise<void>;
}

export function isBeacon(url: string): boolean {
  return url.startsWith('/a.gif') && (url.length === 6 || url[6] === '?');
}

export function createBeacon(
  journal: Journal,
  surroundings: BeaconSurroundings,
  clientAddress: ClientAddress,
  nowMs: () => number,
  onTaken?: (hit: Hit) => void,
  onUnavailable?: (error: Error) => void,
): Beacon {
  const tally: BeaconTally = { received: 0, taken: 0, refused: {}, unavailable: 0 };
  const tooMany = new Map<string, { site: string; day: string; reason: NotCounted; hits: number }>();
  let tooManyTimer: NodeJS.Timeout | undefined;
  /** Hits of sites that are not known here, until the store has been asked. */
  const asking = new Set<Promise<void>>();

  const take = (req: IncomingMessage, res: ServerResponse, query: string, address: string): void => {
    const request = requestOf(req, query, address, nowMs());
    const parsed = parse(res, request);
    if (parsed === undefined) return;
    if (!mayBeNewSite(parsed, query)) {
      keep(res, parsed);
      return;
    }
    const kept = keepOnceAsked(res, request).finally(() => asking.delete(kept));
    asking.add(kept);
  };

  /** Undefined where nothing can be made of it at the moment; then the request is answered. */
  const parse = (res: ServerResponse, request: BeaconRequest): Parsed | undefined => {
    try {
      return parseRequest(request, surroundings);
    } catch (error) {
      unavailable(res, error as Error); // a new day's salt could not be kept
      return undefined;
    }
  };

  /** The site may have been made a moment ago, by another process: its first hits must not be lost. */
  const keepOnceAsked = async (res: ServerResponse, request: BeaconRequest): Promise<void> => {
    try {
      await surroundings.refreshSites();
    } catch (error) {
      // that strangers make ids up in great numbers is no fault of this node
      const isFault = !(error instanceof TooManyAsk);
      unavailable(res, new Error(`no site of this id is known, and ${(error as Error).message}`), isFault);
      return;
    }
    const parsed = parse(res, { ...request, receivedAtMs: nowMs() });
    if (parsed !== undefined) keep(res, parsed);
  };

  const keep = (res: ServerResponse, parsed: Parsed): void => {
    if ('refused' in parsed) {
      if (parsed.refused.reason === 'too-many') refuseAtOnce(res, parsed.refused);
      else refuse(res, parsed.refused);
      return;
    }
    journal.append(linesOf(parsed), parsed.point, (error) => {
      if (error !== undefined) {
        unavailable(res, error);
      } else {
        tally.taken++;
        answer(res);
        onTaken?.(parsed.hit);
      }
    });
  };

  const refuse = (res: ServerResponse, refusal: Refusal): void => {
    journal.append(refusalLine(refusal), undefined, (error) => {
      if (error !== undefined) {
        unavailable(res, error);
      } else {
        tally.refused[refusal.reason] = (tally.refused[refusal.reason] ?? 0) + 1;
        answer(res, refusal.reason);
      }
    });
  };

  /** A flood costs a line for each site and second, and not for each hit. A kill loses what was refused since. */
  const refuseAtOnce = (res: ServerResponse, { site, day, reason }: Refusal): void => {
    tally.refused[reason] = (tally.refused[reason] ?? 0) + 1;
    answer(res, reason);
    const key = `${site} ${day} ${reason}`;
    const waiting = tooMany.get(key);
    if (waiting !== undefined) waiting.hits++;
    else tooMany.set(key, { site, day, reason, hits: 1 });
    tooManyTimer ??= setTimeout(keepRefused, REFUSED_EVERY_MS);
  };

  const keepRefused = (): void => {
    tooManyTimer = undefined;
    const receivedAtMs = nowMs();
    const lines = [...tooMany.values()].map((refused) => refusalLine({ ...refused, receivedAtMs })).join('');
    tooMany.clear();
    if (lines !== '') journal.append(lines, undefined, () => {});
  };

  const unavailable = (res: ServerResponse, error: Error, isFault = true): void => {
    tally.unavailable++;
    if (isFault) onUnavailable?.(error);
    if (res.headersSent) return;
    const text = `hits cannot be kept at the moment: ${error.message.split('\n', 1)[0]}\n`;
    res
      .writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '5', 'Cache-Control': 'no-store' })
      .end(text);
  };

  const refuseUnread = (address: string, res: ServerResponse, reason: NotCounted): void => {
    const receivedAtMs = nowMs();
    const refusal = { site: NO_SITE, day: utcDay(receivedAtMs), receivedAtMs, hits: 1 };
    if (surroundings.allows(address, NO_SITE)) refuse(res, { ...refusal, reason });
    else refuseAtOnce(res, { ...refusal, reason: 'too-many' });
  };

  return {
    tally,
    async close() {
      await Promise.all(asking);
      clearTimeout(tooManyTimer);
      keepRefused();
    },
    handle(req, res) {
      const { method } = req;
      if (method === 'OPTIONS') {
        res.writeHead(204, PREFLIGHT_HEADERS).end(); // a question before a hit, not a hit
        return;
      }
      if (method === 'GET') {
        tally.received++;
        take(req, res, queryOf(req.url as string), clientAddress(req));
      } else if (method === 'POST') {
        // asked now: it is not known any more once the client has closed the connection
        const address = clientAddress(req);
        readBody(req, (body) => {
          tally.received++;
          if (body === undefined) refuseUnread(address, res, 'too-large');
          else take(req, res, body, address);
        });
      } else {
        tally.received++;
        refuseUnread(clientAddress(req), res, 'method');
      }
    },
  };
}

const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': 'Content-Type',
  'Access-Control-Max-Age': '86400',
};

function answer(res: ServerResponse, reason?: NotCounted): void {
  if (res.headersSent) return;
  const headers = reason === undefined ? GIF_HEADERS : [...GIF_HEADERS, 'X-Hitherto', reason];
  if (reason !== undefined && res.req.method === 'POST' && !res.req.complete) answerEarly(res, 200, headers, GIF_TEXT);
  else res.writeHead(200, headers).end(GIF_TEXT, 'latin1');
}

function mayBeNewSite(parsed: Parsed, query: string): boolean {
  return 'refused' in parsed && parsed.refused.reason === 'unknown-site' && SITE_ID.test(parseFields(query).get('s') ?? '');
}

function queryOf(url: string): string {
  const question = url.indexOf('?');
  return question < 0 ? '' : url.slice(question + 1);
}

function requestOf({ headers }: IncomingMessage, query: string, address: string, receivedAtMs: number): BeaconRequest {
  return {
    query,
    userAgent: headers['user-agent'] ?? '',
    referer: headers.referer ?? '',
    acceptLanguage: headers['accept-language'] ?? '',
    brands: text(headers['sec-ch-ua']),
    mobile: text(headers['sec-ch-ua-mobile']),
    platform: text(headers['sec-ch-ua-platform']),
    purpose: text(headers['sec-purpose'] ?? headers.purpose ?? headers['x-moz'] ?? headers['x-purpose']),
    signal: headers.dnt === '1' || headers['sec-gpc'] === '1',
    address,
    receivedAtMs,
  };
}

function text(header: string | string[] | undefined): string {
  return header === undefined ? '' : typeof header === 'string' ? header : header.join(', ');
}
