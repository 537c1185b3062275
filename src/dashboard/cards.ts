// The lists of a site's page: from the API's answers to rows.
import type { Referrers, Refusals, Reports, Technology } from './answers.js';
import { element, make } from './dom.js';
import { languageName, number, reasonName, widthName } from './format.js';
import { type PageLabels, link, named, text } from './labels.js';
import { createListCard } from './lists.js';
import { createPagesCard } from './pages-card.js';
import { createReadingCard } from './reading-card.js';
import { type OtherPeriod, listsOf } from './other-period.js';
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
      const { views, referred } = referrers.total;
      const list = listsOf(period, referrers);
      card.show(
        {
          Sources: list(({ sources }) => sources, referred, named),
          Hosts: list(
            ({ hosts }) => hosts,
            referred,
            ({ key, title = key }) => link(`https://${key}/`, title, ''),
          ),
          Pages: list(
            ({ pages }) => pages,
            referred,
            ({ key, title = key }) => link(`https://${key}`, title, ''),
          ),
          Media: list(({ media }) => media, views, named),
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
      const { views } = technology.total;
      const list = listsOf(period, technology);
      card.show(
        {
          Browsers: list(
            ({ browsers }) => browsers,
            views,
            named,
            ({ versions }) => versions,
          ),
          Platforms: list(({ platforms }) => platforms, views, named),
          Devices: list(({ devices }) => devices, views, named),
          Screens: list(
            ({ screens }) => screens,
            views,
            ({ key }) => text(widthName(key)),
          ),
          Languages: list(
            ({ languages }) => languages,
            views,
            ({ key }) => text(languageName(key)),
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
