// The beacon. Requests to /a.gif are answered here, before Express, and always with the GIF, even if they are malformed.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseFields } from '../hit/fields.js';
import { type Hit, NO_SITE, type NotCounted, type Parsed, type Refusal } from '../hit/hit.js';
import { type BeaconRequest, type ParseContext, parseRequest } from '../hit/parse.js';
import { SITE_ID } from '../hit/site.js';
import type { Journal } from '../journal/journal.js';
import { linesOf, refusalLine } from '../journal/line.js';
import { TooManyRefreshes } from '../store/accounts.js';
import { firstLine } from '../system/first-line.js';
import { utcDay } from '../time/dates.js';
import { answerEarly, readBody } from './body.js';
import type { ClientAddress } from './client-address.js';

/** A transparent pixel: the smallest GIF that every browser accepts, 43 bytes. */
export const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

/** Text, so that Node sends the headers and the body in one write; a buffer would take two. */
const GIF_TEXT = GIF.toString('latin1');

/** A flat list of names and values: Node writes it as it is, without checking each header of each answer. */
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

/**
 * Scripts of pages can read these reasons, which are about the page: the tracker does not advance the browser's record then.
 * Another reason could tell any web site something about its visitor, such as that the address is one that this site excludes.
 */
const READABLE: ReadonlySet<NotCounted> = new Set(['foreign-host', 'local-page', 'excluded-path']);
const AS_READABLE = ['Access-Control-Expose-Headers', 'X-Hitherto'];

const REFUSED_EVERY_MS = 1000;

export interface BeaconTally {
  /** Requests that arrived completely, or as far as they are read. Counted before they are parsed. */
  received: number;
  /** Hits that were journalled and acknowledged. */
  taken: number;
  refused: Partial<Record<NotCounted, number>>;
  /** Requests answered with 503, of which nothing was kept. */
  unavailable: number;
}

export interface Beacon {
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** Journals what is still in memory or waits for the store. Await it before closing the journal. */
  close(): Promise<void>;
  readonly tally: BeaconTally;
}

export interface BeaconContext extends ParseContext {
  /** Resolves when `site` knows every site that existed at the call; rejects if the store does not answer in time. */
  refreshSites(): Promise<void>;
}

export interface BeaconParts {
  readonly journal: Journal;
  readonly context: BeaconContext;
  readonly clientAddress: ClientAddress;
  readonly nowMs: () => number;
  /** Called for each hit once it is journalled. */
  readonly onTaken?: ((hit: Hit) => void) | undefined;
  /** Called with the host of a page that is refused for its host. */
  readonly onForeignHost?: ((site: string, host: string) => void) | undefined;
  /** Called when a hit cannot be kept for a reason that an operator should know. */
  readonly onUnavailable?: ((error: Error) => void) | undefined;
}

export function isBeacon(url: string): boolean {
  return url.startsWith('/a.gif') && (url.length === 6 || url[6] === '?');
}

export function createBeacon(parts: BeaconParts): Beacon {
  const { journal, context, clientAddress, nowMs, onTaken, onForeignHost, onUnavailable } = parts;
  const tally: BeaconTally = { received: 0, taken: 0, refused: {}, unavailable: 0 };
  const replies = createReplies(journal, tally, nowMs, onUnavailable);
  /** Hits of unknown sites that wait for the store. */
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

  /** Returns `undefined` if the request cannot be parsed at the moment; it has been answered with 503 then. */
  const parse = (res: ServerResponse, request: BeaconRequest): Parsed | undefined => {
    try {
      return parseRequest(request, context);
    } catch (error) {
      replies.unavailable(res, error as Error); // the salt of a new day could not be saved
      return undefined;
    }
  };

  /** Another process may have just created the site: its first hits must not be lost. */
  const keepOnceAsked = async (res: ServerResponse, request: BeaconRequest): Promise<void> => {
    try {
      await context.refreshSites();
    } catch (error) {
      // many made-up ids are no fault of this node
      const isFault = !(error instanceof TooManyRefreshes);
      replies.unavailable(res, new Error(`no site of this id is known, and ${(error as Error).message}`), isFault);
      return;
    }
    const parsed = parse(res, { ...request, receivedAtMs: nowMs() });
    if (parsed !== undefined) keep(res, parsed);
  };

  const keep = (res: ServerResponse, parsed: Parsed): void => {
    if ('refused' in parsed) {
      if (parsed.foreignHost) onForeignHost?.(parsed.refused.site, parsed.foreignHost);
      replies.refuse(res, parsed.refused);
      return;
    }
    journal.append(linesOf(parsed), parsed.point, (error) => {
      if (error !== undefined) {
        replies.unavailable(res, error);
      } else {
        tally.taken++;
        answer(res);
        onTaken?.(parsed.hit);
      }
    });
  };

  const refuseUnread = (address: string, res: ServerResponse, reason: NotCounted): void => {
    const receivedAtMs = nowMs();
    const isAllowed = context.allows(address, NO_SITE);
    const refusal = { site: NO_SITE, day: utcDay(receivedAtMs), receivedAtMs, hits: 1 };
    replies.refuse(res, { ...refusal, reason: isAllowed ? reason : 'too-many' });
  };

  return {
    tally,
    async close() {
      await Promise.all(asking);
      replies.flush();
    },
    handle(req, res) {
      const { method } = req;
      if (method === 'OPTIONS') {
        res.writeHead(204, PREFLIGHT_HEADERS).end(); // the browser asks before it sends the hit
        return;
      }
      if (method === 'GET') {
        tally.received++;
        take(req, res, queryOf(req.url as string), clientAddress(req));
      } else if (method === 'POST') {
        // read now: it is unknown once the client has closed the connection
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

/** The replies to hits that are not counted, or cannot be kept. Updates the tally. */
function createReplies(journal: Journal, tally: BeaconTally, nowMs: () => number, onUnavailable?: (error: Error) => void) {
  const tooMany = new Map<string, { site: string; day: string; reason: NotCounted; hits: number }>();
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const receivedAtMs = nowMs();
    const lines = [...tooMany.values()].map((refused) => refusalLine({ ...refused, receivedAtMs })).join('');
    tooMany.clear();
    if (lines !== '') journal.append(lines, undefined, () => {});
  };

  /** Writes one line per site and second instead of one per hit. A kill loses the refusals since the last line. */
  const refuseAtOnce = (res: ServerResponse, { site, day, reason }: Refusal): void => {
    tally.refused[reason] = (tally.refused[reason] ?? 0) + 1;
    answer(res, reason);
    const key = `${site} ${day} ${reason}`;
    const waiting = tooMany.get(key);
    if (waiting !== undefined) waiting.hits++;
    else tooMany.set(key, { site, day, reason, hits: 1 });
    timer ??= setTimeout(flush, REFUSED_EVERY_MS);
  };

  const unavailable = (res: ServerResponse, error: Error, isFault = true): void => {
    tally.unavailable++;
    if (isFault) onUnavailable?.(error);
    if (res.headersSent) return;
    const text = `hits cannot be kept at the moment: ${firstLine(error)}\n`;
    res
      .writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '5', 'Cache-Control': 'no-store' })
      .end(text);
  };

  const refuse = (res: ServerResponse, refusal: Refusal): void => {
    if (refusal.reason === 'too-many') {
      refuseAtOnce(res, refusal);
      return;
    }
    journal.append(refusalLine(refusal), undefined, (error) => {
      if (error !== undefined) {
        unavailable(res, error);
      } else {
        tally.refused[refusal.reason] = (tally.refused[refusal.reason] ?? 0) + 1;
        answer(res, refusal.reason);
      }
    });
  };

  return { refuse, unavailable, flush };
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
  if (reason !== undefined && READABLE.has(reason)) headers.push(...AS_READABLE);
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
