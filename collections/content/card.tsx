import { searchable } from '../../src/browser/dashboard/address.js';
import type { PageRow } from '../../src/browser/dashboard/answers.js';
import { number, rate } from '../../src/browser/dashboard/format.js';
import { AS_PAGES, Isolated } from '../../src/browser/dashboard/labels.js';
import { type ListContext, listCard } from '../../src/browser/dashboard/list-card.js';
import type { Cell, ListView } from '../../src/browser/dashboard/list-view.js';
import { ratesOf } from '../../src/browser/dashboard/page-rates.js';
import { changeCells, changeNote, changeOf } from '../../src/browser/dashboard/rows.js';
import type { Answer } from './report.js';

const EN = {
  title: 'Pages',
  pages: 'Pages',
  titles: 'Titles',
  entryPages: 'Entry pages',
  exitPages: 'Exit pages',
  entries: 'entries',
  exits: 'exits',
  bounceRate: 'bounce rate',
  exitRate: 'exit rate',
  bounces: (visits: string, ofSite: string) => `${visits} visits with only this view (site: ${ofSite})`,
  recorded: (views: string, ofSite: string) => `of ${views} views by browsers with a record (site: ${ofSite})`,
  note: 'Visits by browsers with a record, including visits that are not over.',
  noVisits: 'No visit by a browser with a record.',
};
const DE: typeof EN = {
  title: 'Seiten',
  pages: 'Seiten',
  titles: 'Titel',
  entryPages: 'Einstiegsseiten',
  exitPages: 'Ausstiegsseiten',
  entries: 'Einstiege',
  exits: 'Ausstiege',
  bounceRate: 'Absprungrate',
  exitRate: 'Ausstiegsrate',
  bounces: (visits, ofSite) => `${visits} Besuche mit nur diesem Seitenaufruf (Website: ${ofSite})`,
  recorded: (views, ofSite) => `von ${views} Seitenaufrufen durch Browser mit Besuchsdaten (Website: ${ofSite})`,
  note: 'Besuche von Browsern mit Besuchsdaten, auch solche, die noch andauern.',
  noVisits: 'Kein Besuch eines Browsers mit Besuchsdaten.',
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

export const card = listCard<Answer>({
  report: 'content',
  place: 'left',
  order: 10,
  isCompared: true,
  title: TEXTS.title,
  tabs(answer, context) {
    const site = ratesOf(answer.total);
    const pages = context.list({
      name: 'rows',
      rows: ({ rows }) => rows,
      total: answer.total.views,
      ...AS_PAGES,
    });
    const titles = context.list({
      name: 'titles',
      rows: ({ titles }) => titles,
      total: answer.total.views,
      label: ({ key }) => <Isolated shown={key} />,
      // a title may have several pages
      onRow: ({ key }) => ({ list: { report: 'content', list: 'rows', search: searchable(key), offset: 0 } }),
    });
    const entryPages = listOf(answer, context, {
      name: 'entries',
      unit: TEXTS.entries,
      column: TEXTS.bounceRate,
      cell: (row) => ({
        text: rate(ratesOf(row).bounces),
        title: TEXTS.bounces(number(row.bounces), rate(site.bounces)),
      }),
    });
    const exitPages = listOf(answer, context, {
      name: 'exits',
      unit: TEXTS.exits,
      column: TEXTS.exitRate,
      cell: (row) => ({
        text: rate(ratesOf(row).exits),
        title: TEXTS.recorded(number(row.recorded), rate(site.exits)),
      }),
    });
    return { [TEXTS.pages]: pages, [TEXTS.titles]: titles, [TEXTS.entryPages]: entryPages, [TEXTS.exitPages]: exitPages };
  },
});

interface VisitList {
  readonly name: 'entries' | 'exits';
  readonly unit: string;
  /** A column with a rate, and its cell. */
  readonly column: string;
  readonly cell: (row: PageRow) => Cell;
}

/** The pages on which visits began or ended. */
function listOf(answer: Answer, context: ListContext<Answer>, { name, unit, column, cell }: VisitList): ListView {
  const change = changeOf<Answer, PageRow>(context.before, 'content', name, (body) => body[name]);
  const changeCellOf = changeCells(change, (row) => row[name]);
  const sum = answer[name].reduce((views, row) => views + row[name], 0);
  return {
    name,
    rows: answer[name].map((row) => ({
      key: row.key,
      label: AS_PAGES.label(row),
      action: AS_PAGES.onRow(row),
      outside: AS_PAGES.outside(row),
      value: row[name],
      cells: [cell(row)],
      change: changeCellOf(row),
    })),
    // where a site has several hosts, pages may keep exits that the total does not have
    total: Math.max(answer.total[name], sum),
    unit,
    columns: [column],
    isCompared: change !== undefined,
    note: answer[name].length === 0 ? '' : `${TEXTS.note} ${changeNote(change)}`.trim(),
    whenEmpty: answer.total.views === 0 ? context.nothingYet : TEXTS.noVisits,
  };
}
