import { Isolated, Named } from '../../src/browser/dashboard/labels.js';
import { listCard } from '../../src/browser/dashboard/list-card.js';
import type { Answer } from './report.js';

const EN = {
  /** By key; others are called as in the answer. */
  mediaNames: {} as Readonly<Record<string, string>>,
  title: 'Referrers',
  sources: 'Sources',
  hosts: 'Referring domains',
  pages: 'Full addresses',
  media: 'Channels',
  whenEmpty: 'Nobody came from another site.',
};
const DE: typeof EN = {
  mediaNames: {
    direct: 'Direkt oder unbekannt',
    internal: 'Von der Website selbst',
    search: 'Suchmaschinen',
    social: 'Soziale Netzwerke',
    mail: 'E-Mail',
    chat: 'Chat',
    ai: 'KI-Assistenten',
    other: 'Andere Websites',
  },
  title: 'Herkunft',
  sources: 'Quellen',
  hosts: 'Verweisende Domains',
  pages: 'Vollständige Adressen',
  media: 'Kanäle',
  whenEmpty: 'Niemand kam von einer anderen Website.',
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

export const card = listCard<Answer>({
  report: 'referrers',
  place: 'right',
  order: 10,
  isCompared: true,
  title: TEXTS.title,
  whenEmpty: ({ total }) => (total.views === 0 ? undefined : TEXTS.whenEmpty),
  tabs: ({ total: { views, referred } }, { list }) => ({
    [TEXTS.sources]: list({
      name: 'sources',
      rows: ({ sources }) => sources,
      total: referred,
      label: (row) => <Named row={row} />,
    }),
    [TEXTS.hosts]: list({
      name: 'hosts',
      rows: ({ hosts }) => hosts,
      total: referred,
      label: ({ key, title = key }) => <Isolated shown={title} />,
      outside: ({ key }) => `https://${key}/`,
    }),
    [TEXTS.pages]: list({
      name: 'pages',
      rows: ({ pages }) => pages,
      total: referred,
      label: ({ key, title = key }) => <Isolated shown={title} />,
      outside: ({ key }) => `https://${key}`,
    }),
    [TEXTS.media]: list({
      name: 'media',
      rows: ({ media }) => media,
      total: views,
      label: (row) => <Named row={{ ...row, title: TEXTS.mediaNames[row.key] ?? row.title }} />,
    }),
  }),
});
