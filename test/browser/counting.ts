// A running service, and a web server with pages that carry its snippet: for tests that compare what a browser did
// with the reports.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { prepare, type Running, start, temporaryFolder } from '../end-to-end/running.js';

const WAIT_MS_MAX = 10_000;
/** After a number is reached, so that one too many would be noticed. */
const SETTLE_MS = 300;

/** What the reports contain about today. */
export interface ExpectedNumbers {
  readonly received: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly views: number;
  readonly visitors: number;
  /** Of the five minutes: their views together, and who is here. */
  readonly minutes: { readonly views: number; readonly online: number };
  readonly visits: Readonly<Record<'visits' | 'recorded' | 'bounces' | 'views' | 'seconds', number>>;
  /** By path, without the site in front. */
  readonly pages: Readonly<Record<string, Readonly<Record<'views' | 'visitors' | 'entries' | 'bounces' | 'exits', number>>>>;
  readonly next: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Views whose reading is known, by path; and the engaged seconds of all. */
  readonly read: Readonly<Record<string, number>>;
  readonly readSeconds: number;
}

export interface Counting {
  readonly service: Running;
  /** Pages are at `/<site>/…`. The host name is one of this machine. */
  address(site: string, path: string, host?: string): string;
  /** Inserted into the head of a page before the snippet. */
  head(site: string, path: string, html: string): void;
  /** Runs code in a page whose head is `ASKING`, and returns its result. */
  run(site: string, path: string, code: string): Promise<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of every collection
  report(site: string, name: string, query?: string): Promise<any>;
  /** Resolves once this many hits of the site are counted and no more arrive. */
  received(site: string, hits: number): Promise<void>;
  numbers(site: string): Promise<ExpectedNumbers>;
  close(): Promise<void>;
}

/** A page with this asks what to do, does it, and asks again. */
export const ASKING = `<script>
  const ask = async () => {
    const answer = await fetch('/next' + location.pathname);
    const said = JSON.stringify(await eval(await answer.text())) ?? 'null';
    await fetch('/said' + location.pathname, { method: 'POST', body: said });
    ask();
  };
  addEventListener('DOMContentLoaded', ask);
</script>`;

/** Where it is noon, so that no test ends on another day than it began on. */
function noonZone(): string {
  const hoursAhead = 12 - new Date().getUTCHours();
  return `Etc/GMT${hoursAhead > 0 ? '-' : '+'}${Math.abs(hoursAhead)}`; // signs are the other way round there
}

/**
 * In that zone's day: browsers whose clocks are put forward report views from before the test began, and on the day.
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
  // from here, so that it arrives when the service does not answer
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

/** Polls until the condition holds; the error names what it waited for. */
export async function until(isSo: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  for (const deadline = Date.now() + WAIT_MS_MAX; !(await isSo()); await delay(20))
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what()}`);
}

function servePages(tracker: string, api: string) {
  const heads = new Map<string, string>();
  /** By path: who asks what to do, and what is to be done. */
  const asking = new Map<string, ServerResponse>();
  const answers = new Map<string, (said: unknown) => void>();

  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url as string, 'http://localhost');
    const [, what, ...rest] = pathname.split('/');
    const page = `/${rest.join('/')}`;
    if (what === 'track.js') return void res.writeHead(200, { 'Content-Type': 'text/javascript' }).end(tracker);
    if (what === 'next') return void asking.set(page, res);
    if (what === 'said') {
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
        () => asking.has(page),
        () => `${page} to ask what to do`,
      );
      const said = new Promise((resolve) => answers.set(page, resolve));
      asking.get(page)?.end(code);
      asking.delete(page);
      return said;
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
