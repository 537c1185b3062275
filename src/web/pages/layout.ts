// The frame of every page.
import { LANGUAGES, type Language, OWN_NAMES } from '../../language/languages.js';
import { type Locale, languageOf } from '../../language/locale.js';
import { versioned } from '../static.js';
import { THEMES, type Theme } from '../theme.js';
import { type Html, html, type Insertable } from './html.js';

export interface PageParts {
  /** Prefix of every address of the service; see ../base-path.ts. */
  readonly base: string;
  readonly title: Insertable;
  /** Whether it is behind a share link: then what is chosen is part of the address, since there is no cookie. */
  readonly isShared?: boolean;
  /** Which part of the script runs on the page; none if absent. */
  readonly script?: 'site' | 'sites' | 'setup' | 'installation' | 'passkeys' | 'copying';
  readonly header?: Html;
  readonly main: Html;
}

/**
 * Pages send a referrer to our own server only. With `no-referrer`, browsers send `Origin: null` with forms, which would look
 * like a form from another site.
 */
export const PAGE_HEADERS = {
  'Cache-Control': 'no-store',
  Vary: 'Accept-Language, Cookie',
  'Referrer-Policy': 'same-origin',
  'Content-Type': 'text/html; charset=utf-8',
} as const;

/** Bars that grow, as in the icon. */
const LOGO = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M1 9h3.5v6H1z"/><path d="M6.2 5h3.5v10H6.2z"/><path
  d="M11.4 1h3.5v14h-3.5z"/></svg>`;
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E" +
  "%3Cpath fill='%232a6fdb' d='M1 9h3.5v6H1zM6.2 5h3.5v10H6.2zM11.4 1h3.5v14h-3.5z'/%3E%3C/svg%3E";

export function page(parts: PageParts): Html {
  return html`${pageStart(parts)}${parts.main}${pageEnd(parts)}`;
}

/** What is before the main part: with it, browsers load the style and the script. */
export function pageStart({ base, title, script, header }: Omit<PageParts, 'main'>): Html {
  return html`<!doctype html>
<html lang="${(locale) => locale}"${(_, theme) => html`${theme !== 'system' && html` data-theme="${theme}"`}`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${(_, theme) => (theme === 'system' ? 'light dark' : theme)}">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${base}/${versioned('page.css')}">
${script !== 'site' && html`<link rel="stylesheet" href="${base}/${versioned('other-pages.css')}">`}
${script !== undefined && ((locale) => scriptsOf(script, base, languageOf(locale)))}
</head>
<body${base !== '' && html` data-base="${base}"`}${script !== undefined && html` data-page="${script}"`}>
<header class="top"><a class="brand" href="${base}/">${LOGO}Hitherto</a>${header}</header>
`;
}

export function pageEnd({ base, isShared = false }: Pick<PageParts, 'base' | 'isShared'>): Html {
  return html`
<footer class="foot">${(locale, theme) => html`${themeChoice(base, locale, theme, isShared)}
${languageChoice(base, locale, theme, isShared)}`}</footer>
</body>
</html>
`;
}

const COLOURS = { en: 'Colours', de: 'Farben' };
const THEME_NAMES = {
  system: { en: 'System', de: 'System' },
  light: { en: 'Light', de: 'Hell' },
  dark: { en: 'Dark', de: 'Dunkel' },
};

/** Where there is a script, it does without loading the page again: see browser/dashboard/foot.ts. */
function themeChoice(base: string, locale: Locale, theme: Theme, isShared: boolean): Html {
  const buttons = THEMES.map((one) => {
    const isChosen = String(one === theme);
    return html`<button class="quiet" name="theme" value="${one}" aria-pressed="${isChosen}">${THEME_NAMES[one]}</button>`;
  });
  const group = html`<span role="group" aria-label="${COLOURS}">${buttons}</span>`;
  if (!isShared) return html`<form method="post" action="${base}/theme">${group}</form>`;
  return html`<form><input type="hidden" name="lang" value="${languageOf(locale)}">${group}</form>`;
}

/** The other languages, each by its own name. A form, because the choice is stored; see ../handlers/language.ts. */
function languageChoice(base: string, locale: Locale, theme: Theme, isShared: boolean): Html {
  const others = LANGUAGES.filter((language) => language !== languageOf(locale));
  if (isShared) {
    const chosen = theme === 'system' ? '' : `&theme=${theme}`;
    return html`${others.map(
      (one) => html`<a href="?lang=${one}${chosen}" lang="${one}" hreflang="${one}">${OWN_NAMES[one]}</a>`,
    )}`;
  }
  return html`<form method="post" action="${base}/language">${others.map(
    (one) => html`<button class="quiet" name="language" value="${one}" lang="${one}">${OWN_NAMES[one]}</button>`,
  )}</form>`;
}

/** Pages that come with their numbers load their script at once, and run it when the numbers have been painted. */
const AFTER_NUMBERS = { site: 'page', sites: 'sites' } as const;

function scriptsOf(script: NonNullable<PageParts['script']>, base: string, language: Language): Html {
  const address = (name: 'forms' | 'page' | 'sites') => `${base}/${versioned(`${name}.${language}.js`)}`;
  if (script !== 'site' && script !== 'sites') return html`<script defer src="${address('forms')}"></script>`;
  return html`<link rel="modulepreload" href="${address(AFTER_NUMBERS[script])}">
<script src="${base}/${versioned('start.js')}"></script>`;
}
