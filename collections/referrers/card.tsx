import { Badge, Glyph } from '../../src/browser/dashboard/icons.js';
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

/** By key. */
const GLYPHS: Readonly<Record<string, string>> = {
  direct: 'M2 8h11M9 4l4 4-4 4',
  internal: 'M2 7.5l6-5.5 6 5.500M3.5 6.500v7.500h9V6.5',
  search: 'M2 6.500a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0M10 10l4.5 4.5',
  social:
    'M3.5 5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M1 14a5 5 0 0 1 10 0M10.5 2.500a2.5 2.5 0 0 1 0 5M12.5 9.500A5 5 0 0 1 15 14',
  mail: 'M1.5 3.500h13v9h-13zl6.5 5 6.5-5',
  chat: 'M1.5 2.500h13v8.500H7l-3.5 3V11h-2z',
  ai: 'M8 1.500l1.5 5 5 1.5-5 1.5-1.5 5-1.5-5-5-1.5 5-1.500z',
};
const WORLD = 'M1.5 8a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0h13M8 1.500c-4 4-4 9 0 13c4-4 4-9 0-13';

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
      icon: ({ key, title = key }) => <Badge name={title} />,
      rows: ({ sources }) => sources,
      total: referred,
      label: (row) => <Named row={row} />,
    }),
    [TEXTS.hosts]: list({
      name: 'hosts',
      icon: ({ key }) => <Badge name={key} />,
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
      icon: ({ key }) => <Glyph path={GLYPHS[key] ?? WORLD} />,
      rows: ({ media }) => media,
      total: views,
      label: (row) => <Named row={{ ...row, title: TEXTS.mediaNames[row.key] ?? row.title }} />,
    }),
  }),
});
