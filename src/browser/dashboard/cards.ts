// The lists of a site's page: from the API's answers to rows.
import type { Referrers, Refusals, Reports, Technology } from './answers.js';
import type { ListsBefore } from './ask.js';
import { element, make } from './dom.js';
import { languageName, number, reasonName, widthName } from './format.js';
import { link, named, type PageLabels, text } from './labels.js';
import { createListCard } from './lists.js';
import { listsOf } from './other-period.js';
import { createPagesCard } from './pages-card.js';
import { createReadingCard } from './reading-card.js';
import { createVisitorsCard } from './visitors-card.js';

type Shown = Pick<Reports, 'content' | 'engagement' | 'visitors' | 'referrers' | 'technology' | 'refusals'>;

export interface Cards {
  show(reports: Shown, whenEmpty: string, before: ListsBefore | undefined): void;
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
    show(reports, whenEmpty, before) {
      pages.show(reports.content, whenEmpty, before);
      reading.show(reports.engagement);
      visitors.show(reports.visitors, whenEmpty);
      referrers.show(reports.referrers, whenEmpty, before);
      technology.show(reports.technology, whenEmpty, before);
      refusals.show(reports.refusals);
    },
  };
}

function createReferrersCard() {
  const card = createListCard('Referrers');
  return {
    root: card.root,
    show(referrers: Referrers, whenEmpty: string, before: ListsBefore | undefined): void {
      const { views, referred } = referrers.total;
      const list = listsOf(before, 'referrers', referrers);
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
    show(technology: Technology, whenEmpty: string, before: ListsBefore | undefined): void {
      const { views } = technology.total;
      const list = listsOf(before, 'technology', technology);
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
  const card = createListCard('Not counted');
  return {
    root: card.root,
    show({ rows, total: { counted, refused } }: Refusals): void {
      const all = counted + refused;
      const reasons = {
        rows: rows.map(({ key, hits }) => ({ key, label: text(reasonName(key)), value: hits, cells: [] })),
        total: refused,
        unit: 'hits',
        columns: [],
        note: all === 0 ? '' : `${number(counted)} of ${number(all)} hits were counted: views, events and reading times.`,
      };
      card.show({ Reasons: reasons }, 'Everything that came was counted.');
    },
  };
}
