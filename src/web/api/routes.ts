// The API: sites, reports, the live feed and the document that describes them.
import type { Response } from 'express';
import { byReport, grainsOf } from '../../../collections/collection.js';
import { WebError } from '../errors.js';
import { createLive } from '../live.js';
import type { AppParts } from '../parts.js';
import { type AddRoute, mayRead } from '../security.js';
import { publicSite } from './answers.js';
import { openApiDocument } from './openapi.js';
import { type ReportKind, readReportQuery } from './query.js';

export function addApi(addRoute: AddRoute, parts: AppParts): void {
  const { accounts, reports, reportSchemas, nowMs, countedUntilMs, publicUrl } = parts;
  const live = createLive(parts);
  const collections = byReport(parts.collections);
  const kindOf = (report: string): ReportKind => {
    const collection = collections.get(report);
    return { isOfPage: collection?.part !== undefined, isDaily: collection !== undefined && grainsOf(collection).length === 1 };
  };

  addRoute('GET /api/v1/openapi.json', (_req, res) => {
    res.set('Cache-Control', 'no-cache').json(openApiDocument(reportSchemas, (report) => kindOf(report).isOfPage, publicUrl()));
  });

  addRoute('GET /api/v1/sites', (_req, res, { token }) => {
    const sites = accounts.sites().filter(({ id }) => mayRead(token, id));
    notStored(res).json({ sites: sites.map(publicSite) });
  });

  addRoute('GET /api/v1/sites/:site', (_req, res, { site }) => {
    notStored(res).json(publicSite(site));
  });

  addRoute('GET /api/v1/sites/:site/live', (req, res, { site, secret }) => {
    live.watch(req, res, site.id, secret);
  });

  addRoute('GET /api/v1/sites/:site/:report', async (req, res, { site }) => {
    const collection = String(req.params.report);
    if (!Object.hasOwn(reportSchemas, collection)) throw new WebError('unknown-report');
    const query = readReportQuery(req.query, kindOf(collection), site.timezone, nowMs());
    const text = await reports.report({ collection, site: site.id, timezone: site.timezone, ...query, asOfMs: countedUntilMs() });
    notStored(res).type('application/json').send(text);
  });
}

function notStored(res: Response): Response {
  return res.set('Cache-Control', 'no-store');
}
