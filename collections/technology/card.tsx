import type { Row } from '../../src/browser/dashboard/answers.js';
import { Badge, Glyph } from '../../src/browser/dashboard/icons.js';
import { Named } from '../../src/browser/dashboard/labels.js';
import { listCard } from '../../src/browser/dashboard/list-card.js';
import { LISTS } from '../../src/browser/dashboard/texts.js';
import { HEIGHTS, WIDTHS } from '../../src/hit/facets/sizes.js';
import type { Answer } from './report.js';

const EN = {
  title: 'Devices',
  browsers: 'Browsers',
  platforms: 'Operating systems',
  devices: 'Device types',
  screens: 'Screens',
  windowWidths: 'Window widths',
  windowHeights: 'Window heights',
  languages: 'Languages',
  /** By key; others are called as in the answer. */
  names: {} as Readonly<Record<string, string>>,
  widths: 'By width, in CSS pixels.',
  heights: 'By height, in CSS pixels.',
  below: (least: number) => `below ${least} px`,
  between: (least: string, most: number) => `${least} – ${most} px`,
  atLeast: (least: string) => `${least} px and more`,
};
const DE: typeof EN = {
  title: 'Geräte',
  browsers: 'Browser',
  platforms: 'Betriebssysteme',
  devices: 'Gerätetypen',
  screens: 'Bildschirme',
  windowWidths: 'Fensterbreiten',
  windowHeights: 'Fensterhöhen',
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
  heights: 'Nach der Höhe, in CSS-Pixeln.',
  below: (least) => `unter ${least} px`,
  between: (least, most) => `${least} – ${most} px`,
  atLeast: (least) => `${least} px und mehr`,
};
const TEXTS = { en: EN, de: DE }[LANGUAGE];

/** By key. */
const GLYPHS: Readonly<Record<string, string>> = {
  desktop: 'M1.5 2.5h13V11h-13zM8 11v2.5M5 13.5h6',
  mobile: 'M5 1.5h6v13H5zM7.5 12.5h1',
  tablet: 'M2.5 1.5h11v13h-11zM7.5 12.5h1',
  tv: 'M1.5 4.5h13v8h-13zM5 1.5l3 3 3-3M5 14.5h6',
  console: 'M4.5 4.5h7a3.5 3.5 0 0 1 0 7h-7a3.5 3.5 0 0 1 0-7zM5 6.5v3M3.5 8h3M11 8h0',
  watch: 'M4.5 4.5h7v7h-7zM6 4.5l.5-3h3l.5 3M6 11.5l.5 3h3l.5-3',
};
/** Three dots. */
const OTHER = 'M3 8h0M8 8h0M13 8h0';

export const card = listCard<Answer>({
  report: 'technology',
  place: 'right',
  order: 20,
  isCompared: true,
  title: TEXTS.title,
  tabs({ total: { views } }, { list }) {
    const named = { total: views, label: (row: Row) => <Named row={{ ...row, title: TEXTS.names[row.key] ?? row.title }} /> };
    const badge = ({ key, title = key }: Row) => <Badge name={title} />;
    const bySize = (
      bounds: readonly number[],
      note: string,
      parts: { name: string; rows: (answer: Answer) => readonly Row[] },
    ) => {
      const view = list({ ...parts, total: views, label: ({ key }) => <bdi>{sizeName(key, bounds)}</bdi> });
      return { ...view, note: view.rows.length === 0 ? '' : `${note} ${view.note}`.trim() };
    };
    return {
      [TEXTS.browsers]: list({
        ...named,
        name: 'browsers',
        icon: badge,
        rows: ({ browsers }) => browsers,
        inner: ({ versions }) => versions,
      }),
      [TEXTS.platforms]: list({ ...named, name: 'platforms', icon: badge, rows: ({ platforms }) => platforms }),
      [TEXTS.devices]: list({
        ...named,
        name: 'devices',
        icon: ({ key }) => <Glyph path={GLYPHS[key] ?? OTHER} />,
        rows: ({ devices }) => devices,
      }),
      [TEXTS.screens]: bySize(WIDTHS, TEXTS.widths, { name: 'screens', rows: ({ screens }) => screens }),
      [TEXTS.windowWidths]: bySize(WIDTHS, TEXTS.widths, { name: 'windowWidths', rows: ({ windowWidths }) => windowWidths }),
      [TEXTS.windowHeights]: bySize(HEIGHTS, TEXTS.heights, {
        name: 'windowHeights',
        rows: ({ windowHeights }) => windowHeights,
      }),
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

/** A range of sizes is named by its lower bound. */
function sizeName(key: string, bounds: readonly number[]): string {
  if (key === 'unknown') return LISTS.unknown;
  if (key === 'other') return TEXTS.below(bounds[0] ?? 0);
  const next = bounds[bounds.indexOf(Number(key)) + 1];
  return next === undefined ? TEXTS.atLeast(key) : TEXTS.between(key, next - 1);
}
