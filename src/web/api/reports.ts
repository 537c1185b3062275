// The calls for reports. All who ask for the same get the same answer, packed once; rights and limits are checked before.
import type { Request, Response } from 'express';
import type { AskedReports, SharedAnswer } from '../../reporting/shared.js';
import type { Caller } from '../callers.js';
import { bestEncoding } from '../encoding.js';
import type { WebParts } from '../parts.js';
import { isKnownTag } from '../prepared.js';
import type { AddRoute } from '../security.js';
import { createDemandWithin } from '../within-limits.js';
import { notStored } from './answers.js';
import type { Asking } from './asked.js';
import { priceOfReports } from './price.js';

export function addReports(addRoute: AddRoute, parts: WebParts, asking: Asking): void {
  const { reports, shared, countedUntilMs } = parts;
  const demandWithin = createDemandWithin(parts);
  const answerTo = (req: Request, caller: Caller, asked: AskedReports): Promise<SharedAnswer> => {
    const price = priceOfReports(asked.queries);
    const pay = () => demandWithin('api', caller, req, price);
    return shared.answer(asked, { maxAgeMs: Math.max(maxAgeMs(req), ageMsFor(caller, price)), pay });
  };

  addRoute('GET /api/v1/sites/:site/reports', async (req, res, { site, caller }) => {
    const asked = asking.several(req, site, caller);
    await sendShared(req, res, await answerTo(req, caller, asked));
  });

  addRoute('GET /api/v1/sites/:site/:report', async (req, res, { site, caller }) => {
    const report = String(req.params.report);
    const asked = asking.single(req, report, site, caller);
    const [query] = asked.queries;
    if (query?.csv === undefined) return sendShared(req, res, await answerTo(req, caller, asked));
    await demandWithin('api', caller, req, priceOfReports(asked.queries));
    const text = await reports.report({ ...query, asOfMs: countedUntilMs() });
    const file = [site.id, report, ...(query.csv === 'rows' ? [] : [query.csv]), query.from, query.to].join('-');
    notStored(res).type('text/csv').attachment(`${file}.csv`).send(text);
  });
}

/** A client may say that it accepts an older answer, but not one from an hour ago. */
const AGE_MS_MAX = 60_000;

/** What `Cache-Control: max-age=2` in a request allows; 0 without it. */
function maxAgeMs(req: Request): number {
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(req.get('cache-control') ?? '')?.[1];
  return Math.min(AGE_MS_MAX, Number(seconds ?? 0) * 1000);
}

/**
 * However many people look at a shared page, each question is made anew at most so often that all of its answers count as 400
 * calls a minute, which is what the page of one person counts as. Else twenty who show all time behind one address would have
 * used up its calls.
 */
const CALLS_OF_QUESTION_A_MINUTE = 400;

/** How old an answer may be. Readers of a share link have no limit of their own: they are counted by their addresses. */
function ageMsFor({ limitKey }: Pick<Caller, 'limitKey'>, price: number): number {
  return limitKey === undefined ? (60_000 * price) / CALLS_OF_QUESTION_A_MINUTE : 0;
}

async function sendShared(req: Request, res: Response, answer: SharedAnswer): Promise<void> {
  const tag = `W/"${answer.tag}"`;
  // nobody stores it, but a client that still has it need not get it again
  // the tag is that of the numbers, so the time up to which they are complete is told apart
  notStored(res).set({ ETag: tag, Vary: 'Accept-Encoding', 'As-Of': new Date(answer.asOfMs).toISOString() });
  if (isKnownTag(tag, req.get('if-none-match'))) return void res.status(304).end();
  const encoding = bestEncoding(req.get('accept-encoding'));
  const packed = encoding === '' ? undefined : await answer.packed(encoding);
  if (packed !== undefined) res.set('Content-Encoding', encoding);
  const body = packed ?? answer.body;
  res.set({ 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': String(body.length) });
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}
