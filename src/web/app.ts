// All of HTTP except the beacon.
import type { RequestListener } from 'node:http';
import { parse } from 'node:querystring';
import compression from 'compression';
import express from 'express';
import { createSharedReports } from '../reporting/shared.js';
import { log } from '../system/log.js';
import { openApiDocument } from './api/openapi.js';
import { parameterProblem } from './api/parameters.js';
import { createReportKinds } from './api/query.js';
import { addApi } from './api/routes.js';
import { type Callers, createCallers } from './callers.js';
import { createErrorHandler, type Problem, WebError } from './errors.js';
import { createFront, type Open } from './front.js';
import { addPages } from './handlers/pages.js';
import type { AppParts } from './parts.js';
import { createPreparing, type Prepared, type Preparing } from './prepared.js';
import type { OpenRoute } from './routes.js';
import { createRoutes } from './security.js';
import { securityHeaders } from './security-headers.js';
import { signInFrame } from './sign-in-frame.js';
import { staticFiles } from './static.js';
import { createTokenUses } from './token-uses.js';

export type { AppParts } from './parts.js';

export function createApp(parts: AppParts): RequestListener {
  let headers: Readonly<Record<string, string>> | undefined;
  const shared = () => {
    headers ??= securityHeaders(parts.publicUrl());
    return headers;
  };
  const preparing = createPreparing(shared, () => signInFrame(parts));
  const callers = createCallers(parts.accounts, parts.people);
  const further = createFramework(parts, callers, shared);
  return createFront({ ...parts, callers }, preparing, openRoutes(parts, preparing), further);
}

/** The routes whose answer is the same for everyone. */
function openRoutes(parts: AppParts, { prepare, error }: Preparing): ReadonlyMap<OpenRoute, Open> {
  const { reportSchemas, kinds, health, blocker, publicUrl, browserFolder } = parts;
  const open = new Map<OpenRoute, Open>();
  for (const [route, { answer, kept, version }] of staticFiles(browserFolder)) {
    const [current, forever] = [prepare(answer), prepare(kept)];
    open.set(route, (req) => (req.url?.endsWith(`?v=${version}`) ? forever : current));
  }

  const noStore = { 'Cache-Control': 'no-store' };
  const json = { 'Content-Type': 'application/json; charset=utf-8' };
  const say = (state: { readonly status: string; readonly failure?: string }): Prepared =>
    prepare({ status: state.status === 'failing' ? 503 : 200, headers: { ...noStore, ...json }, body: JSON.stringify(state) });
  const alive = say({ status: 'ok' });
  // `live`: the process runs. `ready`: hits can be sent here. `/health` reports everything, and fails if any part does.
  open.set(
    'GET /health',
    oncePerTurn(() => say(health())),
  );
  open.set('GET /health/live', () => alive);
  open.set(
    'GET /health/ready',
    oncePerTurn(() => {
      const failure = blocker?.();
      return say(failure === undefined ? { status: 'ok' } : { status: 'failing', failure });
    }),
  );

  let document: Prepared | undefined;
  open.set('GET /api/v1/openapi.json', (req) => {
    const problem = problemWith(req.url ?? '');
    if (problem !== undefined) return error(problem, undefined);
    document ??= prepare({
      status: 200,
      headers: { 'Cache-Control': 'no-cache', ...json },
      body: JSON.stringify(openApiDocument(reportSchemas, createReportKinds(kinds, reportSchemas), publicUrl())),
    });
    return document;
  });
  return open;
}

/** For answers that change all the time: all requests of one turn of the event loop share one. */
function oncePerTurn(make: () => Prepared): Open {
  let made: Prepared | undefined;
  return () => {
    if (made === undefined) {
      made = make();
      setImmediate(() => {
        made = undefined;
      });
    }
    return made;
  };
}

/** Checks a call that takes no parameters, so the first one is enough. */
function problemWith(url: string): Problem | undefined {
  const question = url.indexOf('?');
  return question < 0 ? undefined : parameterProblem(parse(url.slice(question + 1), '&', '=', { maxKeys: 1 }), [], 'this call');
}

/** The routes that need a caller, and the forms. */
function createFramework(parts: AppParts, callers: Callers, headers: () => Readonly<Record<string, string>>): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  // none of these answers may be cached
  app.disable('etag');
  // only strings and lists of strings, never objects: `?site[$ne]=1` is a parameter with an odd name
  app.set('query parser', 'simple');
  app.use((_req, res, next) => {
    res.set(headers());
    next();
  });

  // a year of hours is 400 KB; event streams are not compressed, so that each event is sent at once
  app.use(
    compression({
      // on other threads; a page is 2 % smaller than by default
      ...{ level: 9, memLevel: 9 },
      filter: (req, res) =>
        compression.filter(req, res) && !String(res.getHeader('Content-Type')).startsWith('text/event-stream'),
    }),
  );

  const useToken = createTokenUses(parts.accounts, { nowMs: parts.nowMs, onProblem: log });
  const logError = parts.logError ?? ((error: unknown) => log(`an unexpected error in the web: ${textOf(error)}`));
  const addRoute = createRoutes(app, { ...parts, useToken, logError }, callers);
  const shared = createSharedReports(parts);
  addApi(addRoute, { ...parts, shared }, callers);
  addPages(addRoute, parts, callers);

  app.use(() => {
    throw new WebError('not-found');
  });
  app.use(createErrorHandler(logError, () => signInFrame(parts)));
  return app;
}

function textOf(error: unknown): string {
  return (error instanceof Error && error.stack) || String(error);
}
