import { Isolated } from '../../src/browser/dashboard/labels.js';
import { listCard } from '../../src/browser/dashboard/list-card.js';
import type { Answer } from './report.js';

const EN = {
  title: 'Hostnames',
  hosts: 'Hostnames',
};
const DE: typeof EN = {
  title: 'Hostnamen',
  hosts: 'Hostnamen',
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

export const card = listCard<Answer>({
  report: 'hostnames',
  place: 'left',
  order: 30,
  room: 3,
  isCompared: true,
  title: TEXTS.title,
  tabs: ({ total: { views } }, { list }) => ({
    [TEXTS.hosts]: list({
      name: 'rows',
      rows: ({ rows }) => rows,
      total: views,
      label: ({ key, title = key }) => <Isolated shown={title} />,
      outside: ({ key }) => `https://${key}/`,
    }),
  }),
});
