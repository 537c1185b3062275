// The five lists of a site's page: from the API's answers to rows.
import type { Reports, Row } from './answers.js';
import { element, make } from './dom.js';
import { languageName, number, reasonName, widthName } from './format.js';
import { type ListRow, type ListView, createListCard } from './lists.js';

export interface Cards {
  show(reports: Omit<Reports, 'traffic'>, whenEmpty: string): void;
}

/** `host` is the site's own, if it has one that is not a pattern: its pages can be linked to. */
export function createCards(host: string): Cards {
  const pages = createListCard('Pages', 'views');
  const referrers = createListCard('Referrers', 'views');
  const technology = createListCard('Technology', 'views');
  const visitors = createListCard('Visitors', 'visitors');
  const refusals = createListCard('Left out, by reason', 'hits');
  for (const column of [
    [pages, visitors],
    [referrers, technology, refusals],
  ]) {
    element('lists', HTMLDivElement).append(make('div', { class: 'column' }, ...column.map(({ root }) => root)));
  }

  return {
    show(reports, whenEmpty) {
      const { content } = reports;
      pages.show({ Pages: view(content.rows, content.total.views, (row) => pageLabel(row, host)) }, '', whenEmpty);
      showReferrers(reports.referrers);
      showTechnology(reports.technology);
      showVisitors(reports.visitors);

      const { counted, refused } = reports.refusals.total;
      const note =
        counted + refused === 0
          ? ''
          : `${number(counted)} of ${number(counted + refused)} requests were counted, pings and events included.`;
      const rows = reports.refusals.rows.map(({ key, hits }) => ({ key, label: text(reasonName(key)), value: hits }));
      refusals.show({ Reasons: { rows, total: refused } }, note, 'Nothing was left out.');

      function showReferrers({ media, sources, hosts, pages, total }: Reports['referrers']): void {
        const { referred } = total;
        referrers.show(
          {
            Sources: view(sources, referred, named),
            Hosts: view(hosts, referred, (row) => link(`https://${row.key}/`, row.key, '')),
            Pages: view(pages, referred, (row) => link(`https://${row.key}`, row.key, '')),
            Media: view(media, total.views, named),
          },
          '',
          total.views === 0 ? whenEmpty : 'Nobody came from another site.',
        );
      }

      function showTechnology({ browsers, platforms, devices, screens, languages, total }: Reports['technology']): void {
        const browserRows = browsers.map((browser) => ({
          ...rowOf(browser, named),
          inner: browser.versions.map((version) => rowOf(version, named)),
        }));
        technology.show(
          {
            Browsers: { rows: browserRows, total: total.views },
            Platforms: view(platforms, total.views, named),
            Devices: view(devices, total.views, named),
            Screens: view(screens, total.views, ({ key }) => text(widthName(key))),
            Languages: view(languages, total.views, ({ key }) => text(languageName(key))),
          },
          '',
          whenEmpty,
        );
      }

      function showVisitors({ total }: Reports['visitors']): void {
        const known = total.new + total.returning;
        const rows = [
          { key: 'new', label: text('New'), value: total.new },
          { key: 'returning', label: text('Returning'), value: total.returning },
        ];
        const others = Math.max(0, total.visitors - known);
        const note =
          others === 0 ? '' : `${number(others)} more keep no record in their browser: whether they are new is not known.`;
        visitors.show({ Visitors: { rows: known === 0 ? [] : rows, total: known } }, note, whenEmpty);
      }
    },
  };
}

function view(rows: readonly Row[], total: number, label: (row: Row) => Node): ListView {
  return { rows: rows.map((row) => rowOf(row, label)), total };
}

function rowOf(row: Row, label: (row: Row) => Node): ListRow {
  return { key: row.key, label: label(row), value: row.views, error: row.error };
}

function named(row: Row): Node {
  return text(row.title === undefined || row.title === '' ? row.key : row.title);
}

function pageLabel({ key, title }: Row, host: string): Node {
  if (key === '') return make('em', {}, 'Unknown page');
  if (host === '' || !key.startsWith('/') || key.startsWith('//')) return isolated(key, title ?? '');
  return link(`https://${host}${key}`, key, title ?? '');
}

/** What came from outside may be written from right to left: `bdi` keeps that from turning what stands around it. */
function isolated(shown: string, title: string): HTMLElement {
  return make('bdi', { title: title === '' ? shown : `${shown}\n${title}` }, shown);
}

function text(shown: string): HTMLElement {
  return make('bdi', {}, shown);
}

/** Only web addresses become links, and only those that lead to the host that is shown. */
function link(address: string, shown: string, title: string): Node {
  const label = isolated(shown, title);
  if (!URL.canParse(address)) return label;
  const { protocol, username, password, href } = new URL(address);
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return label;
  return make('a', { href, rel: 'noreferrer noopener', target: '_blank' }, label);
}
