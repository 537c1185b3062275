import type { Row } from '../../src/browser/dashboard/answers.js';
import { Named } from '../../src/browser/dashboard/labels.js';
import { listCard } from '../../src/browser/dashboard/list-card.js';
import { LISTS } from '../../src/browser/dashboard/texts.js';
import { WIDTHS } from '../../src/hit/facets/sizes.js';
import type { Answer } from './report.js';

const EN = {
  title: 'Devices',
  browsers: 'Browsers',
  platforms: 'Operating systems',
  devices: 'Device types',
  screens: 'Screens',
  windows: 'Windows',
  languages: 'Languages',
  /** By key; others are called as in the answer. */
  names: {} as Readonly<Record<string, string>>,
  widths: 'By width, in CSS pixels.',
  below: (width: number) => `below ${width} px`,
  between: (least: string, most: number) => `${least} – ${most} px`,
  atLeast: (width: string) => `${width} px and more`,
};
const DE: typeof EN = {
  title: 'Geräte',
  browsers: 'Browser',
  platforms: 'Betriebssysteme',
  devices: 'Gerätetypen',
  screens: 'Bildschirme',
  windows: 'Fenster',
  languages: 'Sprachen',
  names: {
    desktop: 'Computer',
    mobile: 'Smartphone',
    tablet: 'Tablet',
    tv: 'Fernseher',
    console: 'Spielkonsole',
    watch: 'Uhr',
    other: 'Andere',
  },
  widths: 'Nach der Breite, in CSS-Pixeln.',
  below: (width) => `unter ${width} px`,
  between: (least, most) => `${least} – ${most} px`,
  atLeast: (width) => `${width} px und mehr`,
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

export const card = listCard<Answer>({
  report: 'technology',
  place: 'right',
  order: 20,
  isCompared: true,
  title: TEXTS.title,
  tabs({ total: { views } }, { list }) {
    const named = { total: views, label: (row: Row) => <Named row={{ ...row, title: TEXTS.names[row.key] ?? row.title }} /> };
    const ofWidths = (parts: { name: string; rows: (answer: Answer) => readonly Row[] }) => {
      const view = list({ ...parts, total: views, label: ({ key }) => <bdi>{widthName(key)}</bdi> });
      return { ...view, note: view.rows.length === 0 ? '' : `${TEXTS.widths} ${view.note}`.trim() };
    };
    return {
      [TEXTS.browsers]: list({ ...named, name: 'browsers', rows: ({ browsers }) => browsers, inner: ({ versions }) => versions }),
      [TEXTS.platforms]: list({ ...named, name: 'platforms', rows: ({ platforms }) => platforms }),
      [TEXTS.devices]: list({ ...named, name: 'devices', rows: ({ devices }) => devices }),
      [TEXTS.screens]: ofWidths({ name: 'screens', rows: ({ screens }) => screens }),
      [TEXTS.windows]: ofWidths({ name: 'windowWidths', rows: ({ windowWidths }) => windowWidths }),
      [TEXTS.languages]: list({
        name: 'languages',
        rows: ({ languages }) => languages,
        total: views,
        label: ({ key }) => <bdi>{languageName(key)}</bdi>,
      }),
    };
  },
});

const languageNames = new Intl.DisplayNames(LANGUAGE, { type: 'language', fallback: 'code' });

function languageName(key: string): string {
  if (key === 'other') return LISTS.other;
  if (key === 'unknown') return LISTS.unknown;
  try {
    return languageNames.of(key) ?? key;
  } catch {
    return key;
  }
}

/** A range of widths is named by its lower bound. */
function widthName(key: string): string {
  if (key === 'unknown') return LISTS.unknown;
  if (key === 'other') return TEXTS.below(WIDTHS[0] ?? 0);
  const next = WIDTHS[WIDTHS.indexOf(Number(key)) + 1];
  return next === undefined ? TEXTS.atLeast(key) : TEXTS.between(key, next - 1);
}
