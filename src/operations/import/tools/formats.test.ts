// Imports samples of other tools' exports into both stores. The expected numbers are computed from the samples by code
// that is independent of the importer.
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWith } from '../../../../test/fixtures/servers.js';
import { lmdbStore, mongodbStore, type Store } from '../../../../test/fixtures/stores.js';
import {
  amounts,
  importingInto,
  linesOf,
  reportOf,
  sample,
  samples,
  sums,
  temporaryFiles,
  total,
} from '../../../../test/fixtures/tool-exports.js';

const files = temporaryFiles();
afterAll(files.remove);

/** The sample contains this hostile name. */
const NO_BROWSER = '__proto__';

function suite(open: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());
  const importing = importingInto(() => store);
  const report = (collection: string, from: string, to = from) => reportOf(store, collection, from, to);
  const rowsBy = (rows: ReadonlyArray<{ key: string; views: number }>) =>
    Object.fromEntries(rows.map(({ key, views }) => [key, views]));

  describe('of Plausible', () => {
    const lines = (table: string) => linesOf(sample('plausible', `imported_${table}_2`));
    const [from, to] = ['2024-12-30', '2025-01-05'];

    it('has the sums of its columns, by day, by month and across New Year', async () => {
      const summary = await importing('plausible', [samples('plausible')]);
      const views = sums(lines('visitors'), 'date', 'pageviews');
      const visitors = sums(lines('visitors'), 'date', 'visitors');
      expect(amounts(summary)).toMatchObject({
        views: total(views),
        visitors: total(visitors),
        referrer: total(sums(lines('sources'), 'date', 'visits')),
        visits: total(sums(lines('visitors'), 'date', 'visits')),
      });
      expect(summary).toMatchObject({ leftOut: {}, complete: true });

      const traffic = await report('traffic', from, to);
      const counted = traffic.rows.filter((row: { views: number }) => row.views > 0);
      expect(rowsBy(counted)).toEqual(views);
      expect(Object.fromEntries(counted.map((row: { key: string; visitors: number }) => [row.key, row.visitors]))).toEqual(
        visitors,
      );
      expect(traffic.total).toEqual({ views: total(views), visitors: total(visitors) });
      const january = Object.entries(views).filter(([day]) => day.startsWith('2025'));
      expect((await report('traffic', '2025-01-01', '2025-01-31')).total.views).toBe(total(Object.fromEntries(january)));
      expect((await report('visitors', '2025-01-01')).total).toEqual({
        visitors: visitors['2025-01-01'],
        new: 0,
        returning: 0,
        unknown: visitors['2025-01-01'],
      });
    });

    it('has visits with bounces and durations, by day, month and year', async () => {
      await importing('plausible', [samples('plausible')]);
      const column = (name: string, period = '') =>
        total(
          sums(
            lines('visitors').filter(({ date = '' }) => date.startsWith(period)),
            'date',
            name,
          ),
        );
      const told = (period?: string) => ({
        visits: column('visits', period),
        recorded: column('visits', period),
        bounces: column('bounces', period),
        views: column('pageviews', period),
        seconds: column('visit_duration', period),
      });
      const visits = await report('visits', from, to);
      expect(visits.total).toMatchObject(told());
      for (const { date } of lines('visitors'))
        expect(visits.rows.find(({ key }: { key: string }) => key === date)).toMatchObject(told(date));
      expect((await report('visits', '2025-01-01', '2025-01-31')).total).toMatchObject(told('2025-01'));
      expect((await report('visits', '2024-01-01', '2024-12-31')).total).toMatchObject(told('2024'));
      const rate = Math.round((1000 * column('bounces')) / column('visits')) / 1000;
      expect(visits.total.bounceRate).toBe(rate);
    });

    it('has no visits if one of their numbers is missing', async () => {
      const path = files.file('days.csv', 'date,visitors,pageviews,bounces,visits\n2025-01-01,2,9,1,3\n');
      const summary = await importing('plausible', [path]);
      expect(amounts(summary)).toEqual({ views: 9, visitors: 2 });
      expect(summary.files[0]?.columnsLeftOut).toEqual(['bounces', 'visits']);
      expect((await report('visits', '2025-01-01')).total).toMatchObject({ visits: 0, views: 0, bounceRate: null });
    });

    it('fills the lists of pages, sources and technology', async () => {
      await importing('plausible', [samples('plausible')]);
      const pages = sums(lines('pages'), 'page', 'pageviews');
      const content = await report('content', from, to);
      expect(content.total.views).toBe(total(pages));
      expect(rowsBy(content.rows)).toEqual({
        '/': pages['/'],
        '/about': pages['/about'],
        '/blog/hello-world': pages['/blog/hello-world'],
        '/blog/café': pages['/blog/caf%C3%A9'],
        '/docs/a,b': pages['/docs/a,b'],
        '/search?page=2': pages['/search?q=x&page=2'],
      });

      const sources = sums(lines('sources'), 'source', 'visits');
      const { '': direct, ...named } = sources;
      const referrers = await report('referrers', from, to);
      expect(referrers.total).toEqual({ views: total(sources), referred: total(named) });
      expect(rowsBy(referrers.sources)).toEqual({
        Google: sources.Google,
        GitHub: sources.GitHub,
        newsletter: sources.newsletter,
        DuckDuckGo: sources.DuckDuckGo,
        'Hacker News': sources['Hacker News'],
        X: sources.Twitter,
      });
      expect(rowsBy(referrers.media).direct).toBe(direct);
      expect(rowsBy(referrers.pages)['github.com/someone/repo']).toBe(sources.GitHub);

      const browsers = sums(lines('browsers'), 'browser', 'pageviews');
      const technology = await report('technology', from, to);
      expect(technology.total.views).toBe(total(browsers));
      expect(rowsBy(technology.browsers)).toEqual({
        chrome: browsers.Chrome,
        safari: browsers.Safari,
        firefox: browsers.Firefox,
        edge: browsers['Microsoft Edge'],
        'samsung-internet': browsers['Samsung Browser'],
        other: (browsers[''] as number) + (browsers[NO_BROWSER] as number),
      });
      const { Windows, Mac, iOS, Android, ...rest } = sums(lines('operating_systems'), 'operating_system', 'pageviews');
      expect(rowsBy(technology.platforms)).toEqual({
        windows: Windows,
        macintosh: Mac,
        iphone: iOS,
        android: Android,
        linux: (rest['GNU/Linux'] as number) + (rest.Ubuntu as number),
        other: rest[''],
      });
      const { Desktop = 0, Laptop = 0, Mobile, Tablet } = sums(lines('devices'), 'device', 'pageviews');
      expect(rowsBy(technology.devices)).toEqual({ desktop: Desktop + Laptop, mobile: Mobile, tablet: Tablet });
    });

    it('names the columns and tables that are left out', async () => {
      const { files } = await importing('plausible', [samples('plausible')]);
      const told = Object.fromEntries(
        files.map(({ file, tablesLeftOut, columnsLeftOut }) => [
          file.replace(/.*imported_|_2024.*/g, ''),
          [...tablesLeftOut, ...columnsLeftOut],
        ]),
      );
      expect(told).toEqual({
        browsers: ['visitors', 'visits', 'visit_duration', 'bounces'],
        custom_events: ['events are not counted here'],
        devices: ['visitors', 'visits', 'visit_duration', 'bounces'],
        entry_pages: ['entry pages are not counted here'],
        exit_pages: ['exit pages are not counted here'],
        locations: ['places are not counted here'],
        operating_systems: ['operating_system_version', 'visitors', 'visits', 'visit_duration', 'bounces'],
        pages: ['hostname', 'visits', 'visitors'],
        sources: [
          'utm_source',
          'utm_medium',
          'utm_campaign',
          'utm_content',
          'utm_term',
          'pageviews',
          'visitors',
          'visit_duration',
          'bounces',
        ],
        visitors: [],
      });
    });
  });

  describe('of Google Analytics', () => {
    const [from, to] = ['2025-01-01', '2025-01-03'];

    it('has the sums of its columns, from several tables in a file and without totals', async () => {
      const summary = await importing('ga4', [samples('ga4')]);
      const days = linesOf(sample('ga4', 'days'), 'Date').filter(({ Date: day }) => day !== '');
      const pages = linesOf(sample('ga4', 'pages'), 'Date').filter(({ Date: day }) => day !== '');
      const views = sums(days, 'Date', 'Views');
      expect(total(views)).toBe(200);
      expect(summary.leftOut).toEqual({ 'grand-total': 2, 'nothing-counted': 1 });
      const traffic = await report('traffic', from, to);
      expect(traffic.rows.map((row: { views: number }) => row.views)).toEqual([120, 80, 0]);
      expect(traffic.total).toEqual({ views: total(views), visitors: total(sums(days, 'Date', 'Active users')) });
      // its sessions have no bounces and durations, so they are not counted as visits
      expect(summary.files.find(({ file }) => file.endsWith('days.csv'))?.columnsLeftOut).toEqual(['Sessions']);
      expect((await report('visits', from, to)).total.visits).toBe(0);

      const byPath = sums(pages, 'Page path and screen class', 'Views');
      const content = await report('content', from, to);
      const page = (row: object) => expect.objectContaining(row);
      expect(content.rows).toContainEqual(
        page({ key: '/pricing', title: 'Pricing, plans and "more"', views: byPath['/pricing'] }),
      );
      expect(content.rows).toContainEqual(page({ key: '', title: '', views: byPath['(other)'] }));
      expect(content.rows).toContainEqual(page({ key: '/blog/one', title: 'One', views: byPath['/blog/one?utm_source=x'] }));
      expect(content.total.views).toBe(total(byPath));

      const sessions = total(sums(linesOf(sample('ga4', 'sources'), 'Date'), 'Date', 'Sessions'));
      const referrers = await report('referrers', from, to);
      expect(referrers.total).toEqual({ views: sessions, referred: 20 + 9 + 6 + 5 });
      expect(rowsBy(referrers.media)).toEqual({ search: 20, direct: 15 + 2, social: 9 + 6, other: 5 });
      expect(rowsBy(referrers.hosts)).toEqual({ 'news.ycombinator.com': 9, 't.co': 6 });

      const technology = await report('technology', from, to);
      expect(technology.total.views).toBe(total(sums(linesOf(sample('ga4', 'technology'), 'Date,Browser'), 'Browser', 'Views')));
      expect(rowsBy(technology.browsers)).toEqual({ chrome: 70, webview: 20, 'samsung-internet': 10, other: 20, edge: 80 });
      expect(rowsBy(technology.devices)).toEqual({ desktop: 60, mobile: 40, tv: 20, tablet: 80 });
      expect(rowsBy(technology.platforms)).toEqual({ windows: 60, iphone: 40, other: 20, android: 80 });
      expect(rowsBy(technology.languages)).toEqual({ en: 60, de: 40, other: 100 });
    });

    it('without a date is refused with advice', async () => {
      await expect(importing('ga4', [sample('ga4', 'no-date')])).rejects.toThrow(
        /no-date\.csv: it has no column Date.*export an exploration/,
      );
      const { files } = await importing('ga4', [samples('ga4')]);
      expect(files.find(({ file }) => file.endsWith('no-date.csv'))?.tablesLeftOut).toEqual([
        expect.stringMatching(/^it has no column Date/),
      ]);
    });
  });

  describe('of GoatCounter', () => {
    const lines = () => linesOf(sample('goatcounter', 'goat')).filter(({ Date: date }) => date !== '2025-02-30T10:00:00Z');
    const berlinDay = (iso: string) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(new Date(iso));

    it("is counted view by view, in the site's zone, without bots and broken lines", async () => {
      const summary = await importing('goatcounter', [sample('goatcounter', 'goat')]);
      const people = lines().filter(({ Bot }) => Bot === '0');
      const views = people.filter(({ Event }) => Event === 'false');
      const bots = lines().length - people.length;
      expect(bots).toBeGreaterThan(0);
      expect(people.length).toBeGreaterThan(views.length);
      expect(summary.leftOut).toEqual({ bot: bots, 'no-such-time': 1, 'wrong-number-of-fields': 1 });
      expect(amounts(summary)).toEqual({ hits: people.length });

      const byDay: Record<string, number> = {};
      for (const { Date: date } of views) byDay[berlinDay(date as string)] = (byDay[berlinDay(date as string)] ?? 0) + 1;
      const traffic = await report('traffic', '2025-03-01', '2025-04-30');
      expect(rowsBy(traffic.rows.filter((row: { views: number }) => row.views > 0))).toEqual(byDay);
      // the clock change skips an hour on 30 March
      const hours = traffic.rows
        .find(({ key }: { key: string }) => key === '2025-03-30')
        .hours.map(({ key }: { key: string }) => key);
      expect(hours).not.toContain('02');

      const content = await report('content', '2025-03-01', '2025-04-30');
      const paths = sums(
        views.map((line) => ({ ...line, one: '1' })),
        '2Path',
        'one',
      );
      expect(rowsBy(content.rows)).toEqual({ '/': paths['/'], '/a': paths['/a'], '/b': paths['/b?x=1'], '/home': paths.home });
      expect(content.rows.some(({ title }: { title: string }) => title === 'A "quoted", title in two lines')).toBe(true);

      const refusals = await report('refusals', '2025-03-01', '2025-04-30');
      expect(refusals.total).toEqual({ received: people.length + bots, counted: people.length, refused: bots });
      const technology = await report('technology', '2025-03-01', '2025-04-30');
      const firefox = views.filter(({ Browser }) => Browser === 'Firefox 133').length;
      expect(rowsBy(technology.browsers).firefox).toBe(firefox);
      expect(rowsBy(technology.screens)['1440']).toBe(views.filter((line) => line['Screen size'] === '1440,0,1').length);
      const referrers = await report('referrers', '2025-03-01', '2025-04-30');
      const referred = (text: string) => views.filter(({ Referrer }) => Referrer === text).length;
      expect(rowsBy(referrers.sources).Google ?? 0).toBe(referred('Google') + referred('www.google.com'));
      expect(rowsBy(referrers.pages)['news.example/a/b'] ?? 0).toBe(referred('news.example/a/b?c=d'));
      expect(rowsBy(referrers.media).direct).toBe(referred('') + referred('spring sale'));
    });

    it('has each session as one visitor a day', async () => {
      await importing('goatcounter', [sample('goatcounter', 'goat')]);
      const sessions: Record<string, Set<string>> = {};
      const sessionOf = (day: string) => {
        sessions[day] ??= new Set();
        return sessions[day];
      };
      for (const { Date: date = '', Session = '', Bot, Event } of lines())
        if (Bot === '0' && Event === 'false' && !/^0+$/.test(Session)) sessionOf(berlinDay(date)).add(Session);
      const { rows } = await report('traffic', '2025-03-01', '2025-04-30');
      // a sketch of a dozen visitors is exact unless two of them share a register, which is rare
      for (const [day, { size }] of Object.entries(sessions)) {
        const { visitors } = rows.find(({ key }: { key: string }) => key === day);
        expect(Math.abs(visitors - size)).toBeLessThanOrEqual(1);
      }
    });

    it('in the first version has user agents, which identify more bots', async () => {
      const summary = await importing('goatcounter', [sample('goatcounter', 'version-1')]);
      expect(amounts(summary)).toEqual({ hits: 1 });
      expect(summary.leftOut).toEqual({ bot: 1 });
      const technology = await report('technology', '2020-06-18');
      expect(technology.browsers[0]).toMatchObject({ key: 'firefox', views: 1, versions: [{ key: '77-0' }] });
    });
  });

  describe('of Matomo', () => {
    const [from, to] = ['2025-01-01', '2025-01-03'];

    it('has the sums of its columns, in UTF-16 and UTF-8', async () => {
      const summary = await importing('matomo', [samples('matomo')]);
      const views = sums(linesOf(sample('matomo', 'Actions.get-')), 'date', 'nb_pageviews');
      const visitors = sums(linesOf(sample('matomo', 'VisitsSummary')), 'date', 'nb_uniq_visitors');
      const traffic = await report('traffic', from, to);
      expect(traffic.total).toEqual({ views: total(views), visitors: total(visitors) });
      const pages = linesOf(sample('matomo', 'Actions.getPageUrls'));
      const hits = sums(pages, 'label', 'nb_hits');
      expect(rowsBy((await report('content', from, to)).rows)).toEqual({
        '/': hits['/index'],
        '/blog/café': hits['/blog/café'],
        '/blog/straße': hits['/blog/straße'],
      });
      const visits = ['Websites', 'SearchEngines', 'Socials'].map((name) => linesOf(sample('matomo', `Referrers.get${name}`)));
      const referrers = await report('referrers', from, to);
      expect(referrers.total.views).toBe(total(sums(visits.flat(), 'label', 'nb_visits')));
      expect(rowsBy(referrers.sources)).toEqual({ 'Hacker News': 6, 'example.org': 4, Google: 16, Bing: 2, Facebook: 3 });
      expect(summary.files.flatMap(({ tablesLeftOut }) => tablesLeftOut)).toEqual([
        'DevicesDetection.getType is not counted here',
      ]);
    });

    it('has visits from any method that returns them, with actions as their views', async () => {
      const days = linesOf(sample('matomo', 'VisitsSummary'));
      const column = (name: string) => total(sums(days, 'date', name));
      const told = {
        visits: column('nb_visits'),
        recorded: column('nb_visits'),
        bounces: column('bounce_count'),
        views: column('nb_actions'),
        seconds: column('sum_visit_length'),
      };
      // the same days from the method that returns everything, with translated column names
      const header = 'Date,Unique visitors,Visits,Actions,Pageviews,Bounces,Total time spent by visitors (in seconds)';
      const everything = days.map((day) =>
        ['date', 'nb_uniq_visitors', 'nb_visits', 'nb_actions', 'nb_actions', 'bounce_count', 'sum_visit_length']
          .map((name) => day[name])
          .join(','),
      );
      const summary = await importing('matomo', [
        sample('matomo', 'VisitsSummary'),
        files.file('API.get-2025.csv', `${[header, ...everything].join('\n')}\n`),
      ]);
      expect(amounts(summary)).toMatchObject({ visits: told.visits, visitors: column('nb_uniq_visitors') });
      const visits = await report('visits', from, to);
      expect(visits.total).toMatchObject(told);
      expect(visits.rows.map((row: { visits: number }) => row.visits)).toEqual([...days.map((day) => Number(day.nb_visits)), 0]);
    });

    it('must have the method in its file name', async () => {
      await expect(importing('matomo', [files.file('export.csv', 'date,label,nb_visits\n2025-01-01,x,1')])).rejects.toThrow(
        /not one of its headers; expected are .*Actions\.getPageUrls/,
      );
    });
  });
}

describe('a sample in the embedded store', () => suite(lmdbStore));
describeWith('MONGODB_URI')('a sample on MongoDB', () => suite(mongodbStore));
