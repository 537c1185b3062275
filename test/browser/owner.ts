// Opens the owner's page in a real browser. The service runs in this process: the test decides its clock, its history
// and what it refuses.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from 'lmdb';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { Hit } from '../../src/hit/hit.js';
import { type ReadRecord, readRecord } from '../../src/hit/record.js';
import type { Site } from '../../src/hit/site.js';
import { type Locale, languageOf } from '../../src/language/locale.js';
import { createAudit } from '../../src/operations/audit/audit.js';
import { createPeople } from '../../src/people/people.js';
import type { Reports } from '../../src/reporting/port.js';
import { severalReports } from '../../src/reporting/several.js';
import { openLocalFeed } from '../../src/sharing/local/feed.js';
import { openLocalLimits } from '../../src/sharing/local/limits.js';
import { exampleSite } from '../../src/store/contracts/accounts.js';
import { openLmdbAccounts } from '../../src/store/lmdb/accounts.js';
import { openLmdbAuditLog } from '../../src/store/lmdb/audit-log.js';
import { createCalendar } from '../../src/time/calendar.js';
import { HOUR_MS } from '../../src/time/units.js';
import { createApp } from '../../src/web/app.js';
import { createFirstViews, createSitesViews, type PageProgram } from '../../src/web/first-view.js';
import { createForeignHosts } from '../../src/web/foreign-hosts.js';
import { deletionOf } from '../fixtures/deletion.js';
import { plainHit, type ViewWithObservations } from '../fixtures/hits.js';
import { personOf } from '../fixtures/people.js';
import { answers, type Counted, reporting } from '../fixtures/reporting.js';
import { alwaysChanging } from '../fixtures/site-changes.js';

const BUILT = fileURLToPath(new URL('../../dist/browser', import.meta.url));

export interface Owned {
  readonly site: Site;
  /** What has been counted, and the time; tests may change both while pages are open. */
  counted: Counted;
  nowMs: number;
  /** How far counting is behind the clock. */
  behindMs: number;
  readonly asked: string[];
  readonly feed: ReturnType<typeof openLocalFeed>;
  /** The pages come with their first view. Default: they do not, so that tests can tell what they ask for. */
  isRendered: boolean;
  readonly base: string;
  page(options?: BrowserContextOptions, hash?: string): Promise<Page>;
  /** Another site of the same owner. */
  addSite(changes: Partial<Site>): Promise<void>;
  /** From now on, pages are those of a person who may edit the site. */
  signInAsEditor(): Promise<void>;
  revoke(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a service with one site, whose pages are signed in. */
export async function startOwned(browser: Browser, changes: Partial<Site>, counted: Counted, now: string): Promise<Owned> {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-owned-'));
  const root = open({ path: join(folder, 'store'), maxDbs: 32, encoding: 'binary' });
  const accounts = openLmdbAccounts(root);
  const site: Site = {
    ...exampleSite,
    id: 'one',
    title: 'The garden',
    timezone: 'Europe/Berlin',
    hosts: ['garden.example'],
    ...changes,
  };
  await accounts.addSite(site);
  const { secret, token } = await accounts.addToken({ title: '', sites: 'all', nowMs: 1 });
  let signedInAs = secret;
  const contexts: Array<{ close(): Promise<void> }> = [];
  let server: Server;
  let base = '';
  const reportsOf = (now: Counted) => reporting({ ...now, nowMs: () => owned.nowMs });
  let [made, answering]: [Counted, ReturnType<typeof reporting> | undefined] = [counted, undefined];

  const clock = { nowMs: Date.parse(now) };
  const owned: Owned = {
    site,
    counted,
    get nowMs() {
      return clock.nowMs;
    },
    set nowMs(ms) {
      clock.nowMs = ms;
    },
    behindMs: 250,
    asked: [],
    isRendered: false,
    feed: openLocalFeed(() => clock.nowMs),
    get base() {
      return base;
    },
    async page(options = {}, hash = '') {
      const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options });
      contexts.push(context);
      await context.addCookies([{ name: 'hitherto', value: signedInAs, url: base }]);
      const page = await context.newPage();
      await page.goto(`${base}/sites/${site.id}${hash}`);
      return page;
    },
    async addSite(changes) {
      await accounts.addSite({ ...site, ...changes });
    },
    async signInAsEditor() {
      await people.directory.add(personOf('editor', { sites: { [site.id]: 'editor' } }));
      signedInAs = await people.sessions.begin('editor', 'Chromium');
    },
    async revoke() {
      await accounts.revokeToken(token.prefix);
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await owned.feed.close();
      await accounts.close();
      await root.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };

  const reportsNow = () => {
    if (answering === undefined || made !== owned.counted) [made, answering] = [owned.counted, reportsOf(owned.counted)];
    return answering;
  };
  const reports: Reports = {
    async report({ report, from, to, asOfMs, ...query }) {
      const answering = reportsNow();
      owned.asked.push(`${report} ${from} ${to}`);
      if (query.csv !== undefined) return answering.csv(report, from, to, query.csv, query);
      return JSON.stringify(await answering.get(report, from, to, { ...query, asOf: new Date(asOfMs).toISOString() }));
    },
    rollup: (query) => reportsNow().rollup(query),
    overview: (query) => reportsNow().overview(query),
    several: (queries) => severalReports(reports.report, queries),
    close: async () => {},
  };
  const load = (locale: Locale): Promise<PageProgram> =>
    import(`${join(BUILT, `first-view.${languageOf(locale)}.mjs`)}?locale=${locale}`);
  const sitesView = createSitesViews({ overview: reports.overview, load });
  const firstView = createFirstViews({
    report: reports.report,
    firstDayOf: (id) => reportsNow().firstDayOf(id),
    load,
    kinds: DOCUMENT_KINDS,
    reportSchemas: answers,
  });

  const people = createPeople(accounts, () => clock.nowMs);
  const app = createApp({
    accounts,
    people,
    usage: { hitsOf: async () => undefined },
    audit: createAudit(openLmdbAuditLog(root), { nowMs: () => owned.nowMs, onProblem: () => {} }),
    ledger: { add: async () => {} },
    siteDeletion: { preview: async () => deletionOf({}), start() {} },
    reports,
    firstView: async (query) => (owned.isRendered ? firstView(query) : undefined),
    sitesView: async (query) => (owned.isRendered ? sitesView(query) : undefined),
    feed: owned.feed,
    foreignHosts: createForeignHosts(),
    limits: openLocalLimits(),
    clientAddress: () => '192.0.2.1',
    publicUrl: () => base,
    setupSecret: 'secret',
    health: () => ({ status: 'ok' }),
    countedUntilMs: () => owned.nowMs - owned.behindMs,
    changes: alwaysChanging(),
    nowMs: () => owned.nowMs,
    kinds: DOCUMENT_KINDS,
    reportSchemas: answers,
    browserFolder: BUILT,
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return owned;
}

/**
 * In each hour of some local days, at half past, this many views by new browsers; twelve pages take turns. `until`: the
 * first hour without views, such as `2026-11-20 08`.
 */
export function history(
  timezone: string,
  from: string,
  to: string,
  viewsOf: (day: string) => number,
  until = '9999',
): ViewWithObservations[] {
  const calendar = createCalendar(timezone);
  const hits: ViewWithObservations[] = [];
  for (let hour = Date.parse(from) / HOUR_MS - 24; hour < Date.parse(to) / HOUR_MS + 48; hour++) {
    const ms = hour * HOUR_MS + HOUR_MS / 2;
    const at = calendar.localTime(ms);
    if (at.day < from || at.day > to || `${at.day} ${at.hour}` >= until) continue;
    for (let i = 0; i < viewsOf(at.day); i++) hits.push(viewOf(ms + i, timezone, `/${(hour + i) % 12}`));
  }
  return hits;
}

/** The first view of a new browser, with what its record says. */
export function viewOf(atMs: number, timezone: string, path: string, changes: Partial<Hit> = {}): ViewWithObservations {
  const calendar = createCalendar(timezone);
  const hit = plainHit(atMs, { at: calendar.localTime(atMs), path, ...changes });
  const fields = {
    age: undefined,
    firstViewDaysAgo: '0',
    visitNumber: '1',
    pageNumber: '1',
    pageAge: undefined,
    previousPath: '',
  };
  const view = { site: hit.site, path: hit.path, receivedAtMs: atMs, at: hit.at, calendar, siteSinceMs: 0 };
  const { visitor, observations } = readRecord(fields, view) as ReadRecord;
  return [{ ...hit, visitor }, ...observations];
}
