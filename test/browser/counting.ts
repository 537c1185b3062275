// A running service, and a web server with pages that carry its snippet: for tests that compare what a browser did
// with the reports.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { prepare, type Running, start, temporaryFolder } from '../end-to-end/running.js';
import { until } from '../fixtures/until.js';

/** The wait after a number is reached, so that a surplus hit would be noticed. */
const SETTLE_MS = 300;

/** What the reports contain about today. */
export interface ExpectedNumbers {
  readonly received: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly views: number;
  readonly visitors: number;
  /** `views`: the sum over all five minutes. `online`: the visitors who are here now. */
  readonly minutes: { readonly views: number; readonly online: number };
  readonly visits: Readonly<Record<'visits' | 'recorded' | 'bounces' | 'views' | 'seconds', number>>;
  /** By path, without the site at its beginning. */
  readonly pages: Readonly<Record<string, Readonly<Record<'views' | 'visitors' | 'entries' | 'bounces' | 'exits', number>>>>;
  readonly next: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Views with a known reading time, by path. `readSeconds`: the engaged seconds of all views. */
  readonly read: Readonly<Record<string, number>>;
  readonly readSeconds: number;
}

export interface Counting {
  readonly service: Running;
  /** Pages are at `/<site>/…`. The host name is one of this machine. */
  address(site: string, path: string, host?: string): string;
  /** Inserted into the head of a page before the snippet. */
  head(site: string, path: string, html: string): void;
  /** Runs code in a page whose head is `FOLLOW_INSTRUCTIONS`, and returns its result. */
  run(site: string, path: string, code: string): Promise<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of every collection
  report(site: string, name: string, query?: string): Promise<any>;
  /** Resolves once this many hits of the site are counted and no more arrive. */
  received(site: string, hits: number): Promise<void>;
  numbers(site: string): Promise<ExpectedNumbers>;
  close(): Promise<void>;
}

/** A page with this script fetches an instruction, runs it, sends the result, and repeats this. */
export const FOLLOW_INSTRUCTIONS = `<script>
  const follow = async () => {
    const answer = await fetch('/next' + location.pathname);
    const result = JSON.stringify(await eval(await answer.text())) ?? 'null';
    await fetch('/result' + location.pathname, { method: 'POST', body: result });
    follow();
  };
  addEventListener('DOMContentLoaded', follow);
</script>`;

/** A time zone in which it is noon, so that no test runs over midnight. */
function noonZone(): string {
  const hoursAhead = 12 - new Date().getUTCHours();
  return `Etc/GMT${hoursAhead > 0 ? '-' : '+'}${Math.abs(hoursAhead)}`; // the signs of these zones are reversed
}

/**
 * The last midnight in that zone. Browsers whose clocks are set forward report views from before the test, but on the same
 * day.
 */
function midnightMs(): number {
  const hourMs = 3_600_000;
  return (Math.floor(Date.now() / hourMs) - 12) * hourMs;
}

export async function startCounting(sites: readonly string[]): Promise<Counting> {
  const folder = temporaryFolder();
  const timezone = noonZone();
  const token = await prepare(
    folder.path,
    sites.map((id) => ({ id, timezone, hosts: ['127.0.0.1', '*.test'], createdAtMs: midnightMs() })),
  );
  const service = await start(folder.path);
  const tracker = await (await fetch(`${service.url}/track.js`)).text();
  // The pages load the tracker from this server, so that it arrives even if the service does not answer.
  const pages = servePages(tracker, `${service.url}/a.gif`);
  await new Promise((resolve) => pages.server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = pages.server.address() as AddressInfo;

  const report: Counting['report'] = async (site, name, query = '') => {
    const url = `${service.url}/api/v1/sites/${site}/${name}?period=today${query}`;
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };

  return {
    service,
    address: (site, path, host = '127.0.0.1') => `http://${host}:${port}/${site}${path}`,
    head: pages.head,
    run: pages.run,
    report,
    async received(site, hits) {
      let count = 0;
      await until(
        async () => {
          count = (await report(site, 'refusals')).total.received;
          return count >= hits;
        },
        () => `${hits} hits of ${site}, have ${count}`,
      );
      await delay(SETTLE_MS);
    },
    numbers: (site) => numbersOf(site, (name, query) => report(site, name, query)),
    async close() {
      pages.server.close();
      pages.server.closeAllConnections();
      const code = await service.stop();
      folder.remove();
      if (code !== 0) throw new Error(`the service ended with ${code}: ${service.stderr()}`);
    },
  };
}

function servePages(tracker: string, api: string) {
  const heads = new Map<string, string>();
  /** The pages that wait for an instruction, by path. */
  const waiting = new Map<string, ServerResponse>();
  const answers = new Map<string, (result: unknown) => void>();

  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url as string, 'http://localhost');
    const [, what, ...rest] = pathname.split('/');
    const page = `/${rest.join('/')}`;
    if (what === 'track.js') return void res.writeHead(200, { 'Content-Type': 'text/javascript' }).end(tracker);
    if (what === 'next') return void waiting.set(page, res);
    if (what === 'result') {
      let body = '';
      req.on('data', (chunk) => {
        body += chunk;
      });
      return void req.on('end', () => {
        res.end();
        answers.get(page)?.(JSON.parse(body));
      });
    }
    const snippet = `<script defer src="/track.js" data-site="${what}" data-api="${api}"></script>`;
    const head = `<title>${page}</title><link rel="icon" href="data:,">${heads.get(pathname) ?? ''}${snippet}`;
    const html = `<!doctype html><html><head>${head}</head>`;
    res.writeHead(200, { 'Content-Type': 'text/html' }).end(`${html}<body><p>${page}</p></body></html>`);
  });

  return {
    server,
    head: (site: string, path: string, html: string) => void heads.set(`/${site}${path}`, html),
    async run(site: string, path: string, code: string): Promise<unknown> {
      const page = `/${site}${path}`;
      await until(
        () => waiting.has(page),
        () => `${page} to fetch an instruction`,
      );
      const result = new Promise((resolve) => answers.set(page, resolve));
      waiting.get(page)?.end(code);
      waiting.delete(page);
      return result;
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the answers of every collection
async function numbersOf(site: string, report: (name: string, query?: string) => Promise<any>): Promise<ExpectedNumbers> {
  const [refusals, traffic, minutes, visits, content, engagement] = await Promise.all(
    ['refusals', 'traffic', 'minutes', 'visits', 'content', 'engagement'].map((name) => report(name)),
  );
  const without = (path: string) => path.slice(site.length + 1);
  const by = <Row extends { key: string }, T>(rows: readonly Row[], value: (row: Row) => T): Record<string, T> =>
    Object.fromEntries(rows.map((row) => [without(row.key), value(row)]));
  const next: Record<string, Record<string, number>> = {};
  for (const { key } of content.rows as ReadonlyArray<{ key: string }>) {
    const page = await report('pages', `&page=${encodeURIComponent(key)}`);
    next[without(key)] = by(page.next as ReadonlyArray<{ key: string; views: number }>, ({ views }) => views);
  }
  const { bounceRate, viewsPerVisit, secondsPerVisit, ...numbers } = visits.total;
  return {
    received: refusals.total.received,
    refused: Object.fromEntries(refusals.rows.map(({ key, hits }: { key: string; hits: number }) => [key, hits])),
    views: traffic.total.views,
    visitors: traffic.total.visitors,
    minutes: {
      views: minutes.rows[0].minutes.reduce((sum: number, { views }: { views: number }) => sum + views, 0),
      online: minutes.online.visitors,
    },
    visits: numbers,
    pages: by(
      content.rows as Array<ExpectedNumbers['pages'][string] & { key: string }>,
      ({ views, visitors, entries, bounces, exits }) => ({
        views,
        visitors,
        entries,
        bounces,
        exits,
      }),
    ),
    next,
    read: by(engagement.rows as ReadonlyArray<{ key: string; known: number }>, ({ known }) => known),
    readSeconds: engagement.total.seconds,
  };
}
