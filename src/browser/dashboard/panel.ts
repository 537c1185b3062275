// What is counted of one page, above the page of its site. It has an address of its own, and closes with Escape.
import { type Address, PERIODS, type Shown } from './address.js';
import type { Content, PageRow, Pages, Reading, Reports } from './answers.js';
import type { PageAnswers } from './ask.js';
import { type Now, soFar } from './change.js';
import { changeText } from './change-text.js';
import { type Chart, createChart } from './chart.js';
import { make, setText } from './dom.js';
import { counted, duration, number, rate, share, sourceName } from './format.js';
import { outward, type PageLabels, text } from './labels.js';
import { createListCard, type ListCard } from './lists.js';
import { ratesOf } from './pages-card.js';
import { dayPoints, hourPoints, sinceBegun } from './points.js';
import { viewsAndVisitors, visitorsText } from './rows.js';
import { createTabs } from './tabs.js';

export const PERIOD_NAMES: Readonly<Record<Shown, string>> = { today: 'Today', month: 'This month', year: 'This year' };

export interface PageReports extends PageAnswers {
  readonly content: Content;
  readonly engagement: Reports['engagement'];
}

export interface Panel {
  /** Opens it, or closes it where no page is meant. */
  follow(address: Address): void;
  /** `otherName`: what the period is called that is compared with; undefined: none is. */
  show(reports: PageReports, shown: Shown, otherName: string | undefined, now: Now, whenEmpty: string): void;
}

export function createPanel(host: string, labels: PageLabels, choose: (shown: Shown) => void, closed: () => void): Panel {
  const title = make('h2', { id: 'panel-title' });
  const subtitle = make('p', { class: 'hint' });
  const periods = createTabs(
    'Period',
    (name) => choose(PERIODS.find((shown) => PERIOD_NAMES[shown] === name) as Shown),
    'toggle',
  );
  const close = make('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', autofocus: '' }, '✕');
  const numbers = make('dl', { class: 'facts' });
  const area = make('div', { class: 'chart', 'aria-hidden': 'true' });
  const table = make('table');
  const tableBox = make('div', { class: 'visually-hidden' }, table);
  const note = make('p', { class: 'empty' });
  const sources = createListCard('Where its views came from');
  const next = createListCard('Viewed next');
  const devices = createListCard('Devices');
  const column = (...cards: ListCard[]): HTMLElement => make('div', { class: 'column' }, ...cards.map(({ root }) => root));
  const lists = make('div', { class: 'lists' }, column(sources, devices), column(next));
  const head = make('div', { class: 'panel-head' }, make('div', { class: 'panel-title' }, title, subtitle), periods.root, close);
  const dialog = make('dialog', { class: 'panel', 'aria-labelledby': 'panel-title' }, head, numbers, area, tableBox, note, lists);
  document.body.append(dialog);

  let chart: Chart | undefined;
  let open: string | undefined;

  close.addEventListener('click', () => dialog.close());
  // a click beside it
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener('close', () => open !== undefined && closed());

  const clear = (): void => {
    numbers.replaceChildren();
    for (const part of [area, tableBox, lists, subtitle]) part.hidden = true;
    setText(note, 'Reading …');
    note.hidden = false;
  };

  return {
    follow({ page, shown }) {
      periods.show(
        PERIODS.map((name) => PERIOD_NAMES[name]),
        PERIOD_NAMES[shown],
      );
      if (page === open) return;
      open = page;
      if (page === undefined) return dialog.close();
      title.replaceChildren(page === '' ? 'Unknown page' : text(page), ...outward(page, host));
      clear();
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
    },

    show(reports, shown, otherName, now, whenEmpty) {
      if (open === undefined) return;
      const { pages, row } = reports;
      setText(subtitle, row?.title ?? '');
      subtitle.hidden = subtitle.textContent === '';
      numbers.replaceChildren(...factsOf(reports, otherName && changeOf(reports.pages, shown, otherName, now)));
      const isEmpty = pages === undefined || pages.total.views === 0;
      for (const part of [area, tableBox, lists]) part.hidden = isEmpty;
      note.hidden = !isEmpty;
      setText(note, shown === 'year' ? OF_A_YEAR : (whyEmpty(pages, row) ?? whenEmpty));
      if (pages === undefined || isEmpty) return;
      chart ??= createChart(area, table);
      chart.show(
        shown === 'today'
          ? hourPoints(pages.rows[0]?.hours ?? [], now.hour)
          : dayPoints(sinceBegun(pages.rows, now.siteSince), now.day, false),
        `Views and visitors of this page by ${shown === 'today' ? 'hour' : 'day'}`,
      );
      const { views } = pages.total;
      sources.show({ '': viewsAndVisitors(pages.sources, views, ({ key, title = key }) => text(sourceName(title))) }, whenEmpty);
      devices.show({ '': viewsAndVisitors(pages.devices, views, ({ key, title }) => text(title ?? key)) }, whenEmpty);
      const followed = pages.next.reduce((sum, { views }) => sum + views, 0);
      next.show(
        { '': viewsAndVisitors(pages.next, followed, ({ key }) => labels.label(key)) },
        'No other page was viewed after it.',
      );
    },
  };
}

/** Undefined: it was not viewed. */
function whyEmpty(pages: Pages | undefined, row: PageRow | undefined): string | undefined {
  if (pages === undefined) return 'This cannot be read at the moment.';
  return row === undefined ? undefined : 'No more is known of it: only pages with more views are followed through the day.';
}

const OF_A_YEAR =
  'How a page’s views went, where they came from and what came after them is kept by the day for three months: look at today or at this month.';

/** Of its views, like the ones of the site at the head of the page. */
function changeOf(pages: Pages | undefined, shown: Shown, otherName: string, now: Now): string | undefined {
  const numbers = pages && soFar(shown, pages, now, ({ views }) => views);
  const change = numbers && changeText(numbers);
  if (!change) return undefined;
  return `${change} (same ${shown === 'today' ? 'hours' : 'days'} of ${otherName})`;
}

/** Each beside what it is a part of, or the site's average. */
function factsOf({ pages, row, reading, content, engagement }: PageReports, change: string | undefined): HTMLElement[] {
  const { total } = content;
  const views = row?.views ?? pages?.total.views ?? 0;
  const average = reading?.averageSeconds ?? averageOf(pages);
  const [its, site] = [row && ratesOf(row), ratesOf(total)];
  return [
    fact(
      'Views',
      counted(views, row?.error ?? pages?.total.error),
      `${share(views, total.views) || '0%'} of the site’s${change ? `; ${change}` : ''}`,
    ),
    fact('Visitors', row?.visitors === undefined ? '–' : visitorsText(row), 'with a record'),
    fact('Reading time', duration(average), `site: ${duration(engagement.total.averageSeconds)}`),
    ...(reading === undefined ? [] : readingFacts(reading, engagement.total)),
    ...(its === undefined
      ? []
      : [
          fact('Entries', number(row?.entries ?? 0), `${share(row?.entries ?? 0, total.entries) || '0%'} of the site’s`),
          fact('Bounce rate', rate(its.bounces), `site: ${rate(site.bounces)}`),
          fact('Exit rate', rate(its.exits), `site: ${rate(site.exits)}`),
        ]),
  ];
}

/** What the list of pages, which has a cap, may not tell. */
function averageOf(pages: Pages | undefined): number | null {
  return pages === undefined || pages.total.known === 0 ? null : pages.total.seconds / pages.total.known;
}

function readingFacts(read: Reading, site: Reading): HTMLElement[] {
  const depth = ({ averageDepth }: Reading) => rate(averageDepth === null ? null : averageDepth / 100);
  return [
    fact('Median', duration(read.medianSeconds?.estimate ?? null), `site: ${duration(site.medianSeconds?.estimate ?? null)}`),
    fact('Seen down to', depth(read), `site: ${depth(site)}`),
  ];
}

function fact(name: string, value: string, beside: string): HTMLElement {
  return make('div', {}, make('dt', {}, name), make('dd', {}, value), make('dd', { class: 'hint' }, beside));
}
