// The calls for reports. All who ask for the same get the same answer, packed once; rights and limits are checked before.
import type { Request, Response } from 'express';
import type { SharedAnswer } from '../../reporting/shared.js';
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

  addRoute('GET /api/v1/sites/:site/reports', async (req, res, { site, caller }) => {
    const asked = asking.several(req, site, caller);
    const pay = () => demandWithin('api', caller, req, priceOfReports(asked.queries));
    await sendShared(req, res, await shared.answer(asked, { maxAgeMs: maxAgeMs(req), pay }));
  });

  addRoute('GET /api/v1/sites/:site/:report', async (req, res, { site, caller }) => {
    const report = String(req.params.report);
    const asked = asking.single(req, report, site, caller);
    const pay = () => demandWithin('api', caller, req, priceOfReports(asked.queries));
    const [query] = asked.queries;
    if (query?.csv === undefined) return sendShared(req, res, await shared.answer(asked, { maxAgeMs: maxAgeMs(req), pay }));
    await pay();
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

async function sendShared(req: Request, res: Response, answer: SharedAnswer): Promise<void> {
  const tag = `W/"${answer.tag}"`;
  // nobody stores it, but a client that still has it need not get it again
  notStored(res).set({ ETag: tag, Vary: 'Accept-Encoding' });
  if (isKnownTag(tag, req.get('if-none-match'))) return void res.status(304).end();
  const encoding = bestEncoding(req.get('accept-encoding'));
  const packed = encoding === '' ? undefined : await answer.packed(encoding);
  if (packed !== undefined) res.set('Content-Encoding', encoding);
  const body = packed ?? answer.body;
  res.set({ 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': String(body.length) });
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}
