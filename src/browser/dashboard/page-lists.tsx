// The lists of one page: where its views came from, on which devices, and which pages were viewed before and after it.
import type { Answer } from '../../../collections/pages/report.js';
import { sourceName } from './format.js';
import { AS_PAGES } from './labels.js';
import { listsOf } from './list-card.js';
import { PANEL } from './texts/dialogs.js';

export const PAGE_LISTS = listsOf<Answer>({
  report: 'pages',
  title: '',
  tabs: (answer, { list }) => {
    const { views, followed, preceded } = answer.total;
    return {
      [PANEL.sources]: list({
        name: 'sources',
        rows: ({ sources }) => sources,
        total: views,
        label: ({ key, title = key }) => <bdi>{sourceName(title)}</bdi>,
      }),
      [PANEL.previous]: list({ name: 'previous', rows: ({ previous }) => previous, total: preceded, ...AS_PAGES }),
      [PANEL.devices]: list({
        name: 'devices',
        rows: ({ devices }) => devices,
        total: views,
        label: ({ key, title = key }) => <bdi>{title}</bdi>,
      }),
      [PANEL.next]: list({ name: 'next', rows: ({ next }) => next, total: followed, ...AS_PAGES }),
    };
  },
});
