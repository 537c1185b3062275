// The frame of every page.
import type { Language } from '../../language/languages.js';
import { versioned } from '../static.js';
import { type Html, html } from './html.js';

export interface PageParts {
  /** Prefix of every address of the service; see ../base-path.ts. */
  readonly base: string;
  /** Default: English. */
  readonly language?: Language;
  readonly title: string;
  /** Which part of the script runs on the page; none if absent. */
  readonly script?: 'site' | 'setup' | 'installation' | 'passkeys';
  /** The page shows its numbers before its script runs. */
  readonly isRendered?: boolean;
  readonly header?: Html;
  readonly main: Html;
}

/**
 * Pages send a referrer to our own server only. With `no-referrer`, browsers send `Origin: null` with forms, which would look
 * like a form from another site.
 */
export const PAGE_HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
  'Content-Type': 'text/html; charset=utf-8',
} as const;

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E" +
  "%3Cpath fill='%232a6fdb' d='M1 9h3.5v6H1zM6.2 5h3.5v10H6.2zM11.4 1h3.5v14h-3.5z'/%3E%3C/svg%3E";

export function page({ base, language = 'en', title, script, isRendered = false, header, main }: PageParts): Html {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${base}/${versioned('page.css')}">
${isRendered && html`<script src="${base}/${versioned('other-view.js')}"></script>`}
${script !== undefined && html`<script defer src="${base}/${versioned(`page.${language}.js`)}"></script>`}
</head>
<body${base !== '' && html` data-base="${base}"`}${script !== undefined && html` data-page="${script}"`}>
<header class="top"><a class="brand" href="${base}/">Hitherto</a>${header}</header>
${main}
</body>
</html>
`;
}
