// The lists of a site's page: from the API's answers to rows.
import type { Referrers, Refusals, Reports, Technology } from './answers.js';
import { element, make } from './dom.js';
import { languageName, number, reasonName, widthName } from './format.js';
import { type PageLabels, link, named, text } from './labels.js';
import { createListCard } from './lists.js';
import { createPagesCard } from './pages-card.js';
import { createReadingCard } from './reading-card.js';
import { type OtherPeriod, listsOf } from './other-period.js';
import { viewsAndVisitors } from './rows.js';
import { createVisitorsCard } from './visitors-card.js';

type Shown = Pick<Reports, 'content' | 'engagement' | 'visitors' | 'referrers' | 'technology' | 'refusals'>;

export interface Cards {
  show(reports: Shown, whenEmpty: string, period: OtherPeriod | undefined): void;
}

/** `retention` is a card that looks after itself. */
export function createCards(labels: PageLabels, retention: HTMLElement): Cards {
  const pages = createPagesCard(labels);
  const reading = createReadingCard(labels);
  const visitors = createVisitorsCard();
  const referrers = createReferrersCard();
  const technology = createTechnologyCard();
  const refusals = createRefusalsCard();
  for (const column of [
    [pages.root, reading.root],
    [referrers.root, technology.root, visitors.root, refusals.root],
  ]) {
    element('lists', HTMLDivElement).append(make('div', { class: 'column' }, ...column));
  }
  element('lists', HTMLDivElement).after(retention);

  return {
    show(reports, whenEmpty, period) {
      pages.show(reports.content, whenEmpty, period);
      reading.show(reports.engagement);
      visitors.show(reports.visitors, whenEmpty);
      referrers.show(reports.referrers, whenEmpty, period);
      technology.show(reports.technology, whenEmpty, period);
      refusals.show(reports.refusals);
    },
  };
}

function createReferrersCard() {
  const card = createListCard('Referrers');
  return {
    root: card.root,
    show(referrers: Referrers, whenEmpty: string, period: OtherPeriod | undefined): void {
      const { media, sources, hosts, pages, total } = referrers;
      const { views, referred } = total;
      const other = listsOf(period, referrers);
      card.show(
        {
          Sources: viewsAndVisitors(
            sources,
            referred,
            named,
            other?.(({ sources }) => sources),
          ),
          Hosts: viewsAndVisitors(
            hosts,
            referred,
            ({ key }) => link(`https://${key}/`, key, ''),
            other?.(({ hosts }) => hosts),
          ),
          Pages: viewsAndVisitors(
            pages,
            referred,
            ({ key }) => link(`https://${key}`, key, ''),
            other?.(({ pages }) => pages),
          ),
          Media: viewsAndVisitors(
            media,
            views,
            named,
            other?.(({ media }) => media),
          ),
        },
        views === 0 ? whenEmpty : 'Nobody came from another site.',
      );
    },
  };
}

function createTechnologyCard() {
  const card = createListCard('Technology');
  return {
    root: card.root,
    show(technology: Technology, whenEmpty: string, period: OtherPeriod | undefined): void {
      const { browsers, platforms, devices, screens, languages, total } = technology;
      const { views } = total;
      const other = listsOf(period, technology);
      card.show(
        {
          Browsers: viewsAndVisitors(
            browsers,
            views,
            named,
            other?.(({ browsers }) => browsers),
            ({ versions }) => versions,
          ),
          Platforms: viewsAndVisitors(
            platforms,
            views,
            named,
            other?.(({ platforms }) => platforms),
          ),
          Devices: viewsAndVisitors(
            devices,
            views,
            named,
            other?.(({ devices }) => devices),
          ),
          Screens: viewsAndVisitors(
            screens,
            views,
            ({ key }) => text(widthName(key)),
            other?.(({ screens }) => screens),
          ),
          Languages: viewsAndVisitors(
            languages,
            views,
            ({ key }) => text(languageName(key)),
            other?.(({ languages }) => languages),
          ),
        },
        whenEmpty,
      );
    },
  };
}

function createRefusalsCard() {
  const card = createListCard('Left out, by reason');
  return {
    root: card.root,
    show({ rows, total: { counted, refused } }: Refusals): void {
      const all = counted + refused;
      const reasons = {
        rows: rows.map(({ key, hits }) => ({ key, label: text(reasonName(key)), value: hits, cells: [] })),
        total: refused,
        unit: 'hits',
        columns: [],
        note: all === 0 ? '' : `${number(counted)} of ${number(all)} requests were counted, pings and events included.`,
      };
      card.show({ Reasons: reasons }, 'Nothing was left out.');
    },
  };
}
