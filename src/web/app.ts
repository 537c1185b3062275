// Everything that is called over HTTP except the beacon.
import compression from 'compression';
import express, { type Express } from 'express';
import { addApi } from './api/routes.js';
import { WebError, createErrorHandler } from './errors.js';
import { addPages } from './pages/routes.js';
import type { AppParts } from './parts.js';
import { createRoutes, refuseOtherOrigins, securityHeaders } from './security.js';
import { addStatic } from './static.js';

export type { AppParts } from './parts.js';

export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  // only strings and lists of strings, never objects: `?site[$ne]=1` is a parameter with an odd name
  app.set('query parser', 'simple');
  app.use(securityHeaders(parts.publicUrl));
  app.use(refuseOtherOrigins(parts.publicUrl));

  // a year of hours is 400 KB; a stream of events is passed on as it comes
  app.use(
    compression({
      filter: (req, res) =>
        compression.filter(req, res) && !String(res.getHeader('Content-Type')).startsWith('text/event-stream'),
    }),
  );

  const addRoute = createRoutes(app, parts);
  addStatic(addRoute, parts.browserFolder);
  addRoute('GET /health', (_req, res) => {
    res.set('Cache-Control', 'no-store').json(parts.health());
  });
  addApi(addRoute, parts);
  addPages(addRoute, parts);

  app.use(() => {
    throw new WebError('not-found');
  });
  app.use(createErrorHandler(parts.logError ?? ((error) => console.error('hitherto: an unexpected error in the web:', error))));
  return app;
}
