import { WebLink } from '../../src/browser/dashboard/labels.js';
import { listCard } from '../../src/browser/dashboard/list-card.js';
import type { Answer } from './report.js';

const TEXTS = {
  title: 'Hostnames',
  hosts: 'Hostnames',
};

export const card = listCard<Answer>({
  report: 'hostnames',
  place: 'left',
  order: 30,
  isCompared: true,
  title: TEXTS.title,
  tabs: ({ total: { views } }, { list }) => ({
    [TEXTS.hosts]: list({
      name: 'rows',
      rows: ({ rows }) => rows,
      total: views,
      label: ({ key, title = key }) => <WebLink href={`https://${key}/`} shown={title} />,
    }),
  }),
});
