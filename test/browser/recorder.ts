// A small web server for tests of the tracker: it serves pages with the snippet and records the requests to the
// beacon.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export interface Recorded {
  readonly method: string;
  readonly contentType: string;
  readonly cookie: string;
  readonly urlLength: number;
  readonly fields: Record<string, string>;
}

export interface Served {
  /** Attributes of the snippet after `data-site`. */
  readonly attributes?: string;
  /** Inserted into the head before the snippet. */
  readonly before?: string;
  readonly body?: string;
  /** The page contains the snippet a second time. */
  readonly twice?: boolean;
  /** How the beacon behaves for this site. */
  readonly beacon?: 'answer' | 'hang-up' | 'unavailable' | 'refuse';
}

export interface Recorder {
  readonly port: number;
  /** Pages are at `/<site>/…`; their title is their path. */
  serve(site: string, served: Served): void;
  hits(site: string): Recorded[];
  close(): Promise<void>;
}

export async function startRecorder(trackerPath: string): Promise<Recorder> {
  const tracker = readFileSync(trackerPath);
  const recorded: Recorded[] = [];
  const sites = new Map<string, Served>();

  const take = (req: IncomingMessage, res: ServerResponse, query: string): void => {
    const fields = Object.fromEntries(new URLSearchParams(query));
    const { 'content-type': contentType = '', cookie = '' } = req.headers;
    recorded.push({ method: req.method as string, contentType, cookie, urlLength: (req.url as string).length, fields });
    const { beacon } = sites.get(fields.s ?? '') ?? {};
    if (beacon === 'hang-up') req.socket.destroy();
    else if (beacon === 'unavailable') res.writeHead(503, { 'Access-Control-Allow-Origin': '*' }).end();
    else {
      const headers = { 'Content-Type': 'image/gif', 'Cache-Control': 'no-store', 'Access-Control-Allow-Origin': '*' };
      const refused = { 'X-Hitherto': 'excluded-path', 'Access-Control-Expose-Headers': 'X-Hitherto' };
      res.writeHead(200, beacon === 'refuse' ? { ...headers, ...refused } : headers).end(GIF);
    }
  };

  const server = createServer((req, res) => {
    const { pathname, search } = new URL(req.url as string, 'http://localhost');
    if (pathname.endsWith('/a.gif')) {
      if (req.method === 'GET') return take(req, res, search.slice(1));
      let body = '';
      req.on('data', (chunk: Buffer) => {
        body += chunk.toString('utf8');
      });
      req.on('end', () => take(req, res, body));
    } else if (pathname.endsWith('/track.js')) {
      res.writeHead(200, { 'Content-Type': 'text/javascript' }).end(tracker);
    } else {
      const site = pathname.split('/')[1] as string;
      const served = sites.get(site);
      if (served === undefined) res.writeHead(404).end();
      else res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(pageOf(site, pathname, served));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    port,
    serve: (site, served) => void sites.set(site, served),
    hits: (site) => recorded.filter(({ fields }) => fields.s === site),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pageOf(site: string, path: string, { attributes = '', before = '', body = '', twice = false }: Served): string {
  const snippet = `<script defer src="/stats/track.js" data-site="${site}" ${attributes}></script>`;
  const head = `<title>${path}</title><link rel="icon" href="data:,">${before}${snippet}`;
  return `<!doctype html><html><head>${head}</head><body>${body}${twice ? snippet : ''}</body></html>`;
}
