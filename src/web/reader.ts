// For whom a page is written.
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { type Locale, languageOf } from '../language/locale.js';
import { localeOf, localeOfAnswer } from './language.js';
import { type Theme, themeOf } from './theme.js';

export interface Reader {
  readonly locale: Locale;
  readonly theme: Theme;
}

/** The reader of an answer of Express. */
export function readerOf(res: Response): Reader {
  return { locale: localeOfAnswer(res), theme: themeOf(res.req) };
}

/** The reader of an answer that is prepared. Regions are not distinguished, so that few are prepared. */
export function strangerOf(req: IncomingMessage): Reader {
  return { locale: languageOf(localeOf(req)), theme: themeOf(req) };
}

/** The same for readers who get the same page. */
export function keyOf(reader: Reader | undefined): string {
  return reader === undefined ? '' : `${reader.locale} ${reader.theme}`;
}
