// The browser's files, as the build has made them.
import { fileURLToPath } from 'node:url';
import type { Response } from 'express';
import type { AddRoute, Route } from './security.js';

/** From dist/src/web/static.js. */
const BROWSER_FOLDER = fileURLToPath(new URL('../../browser', import.meta.url));

export function addStatic(addRoute: AddRoute, browserFolder: string = BROWSER_FOLDER): void {
  const serve = (name: string, setHeaders: (res: Response) => void): void => {
    addRoute(`GET /${name}` as Extract<Route, 'GET /page.js'>, (_req, res) => {
      setHeaders(res);
      return new Promise<void>((resolve, reject) => {
        res.sendFile(name, { root: browserFolder, cacheControl: false }, (error) => {
          // a reader that went away is no error
          if (error === undefined || error === null || res.destroyed) resolve();
          else reject(error);
        });
      });
    });
  };

  // pages of other origins load it, also with integrity and crossorigin attributes
  serve('track.js', (res) => {
    res.set({
      'Cache-Control': 'public, max-age=3600',
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
  });
  // kept, but asked about each time: after an update the page and its files are of one version
  for (const name of ['page.js', 'page.css', 'uPlot.min.css']) serve(name, (res) => void res.set('Cache-Control', 'no-cache'));
}
