// In which language a page is sent: that of its address (`?lang=de`, for links that others receive), else what the person has
// chosen, else what was chosen in this browser, else what the browser asks for.
import type { IncomingMessage } from 'node:http';
import express, { type Request, type Response } from 'express';
import { isLanguage, type Language } from '../language/languages.js';
import { type Locale, languageOf, localeFor } from '../language/locale.js';
import type { Person } from '../people/person.js';
import { CHOICE_MS, choiceCookie } from './choice-cookies.js';

const COOKIE = 'hitherto-language';
/** Browsers send less. Reading the header must not take long. */
const HEADER_CHARACTERS_MAX = 200;

/** `chosen`: by the person who is signed in. */
export function localeOf(req: IncomingMessage, chosen?: Language | undefined): Locale {
  return localeFor(acceptedBy(req), inAddress(req) ?? chosen ?? inCookie(req));
}

/** The locale in which an answer of Express is written; security.ts sets what the person has chosen. */
export function localeOfAnswer(res: Response): Locale {
  return localeOf(res.req, res.locals.language as Language | undefined);
}

/** The language of a mail: that of the recipient if it is known, else that of the page from which it is sent. */
export function mailLanguage(res: Response, recipient?: Pick<Person, 'language'>): Language {
  return recipient?.language ?? languageOf(localeOfAnswer(res));
}

/** The preferred one first. */
function acceptedBy({ headers }: IncomingMessage): string[] {
  const header = headers['accept-language']?.slice(0, HEADER_CHARACTERS_MAX);
  // it reads the headers alone; without arguments, it returns all that are accepted
  const accepted = express.request.acceptsLanguages.call({ headers: { 'accept-language': header } } as Request);
  return accepted as unknown as string[];
}

/** As in the links at the end of a shared page. */
export function inAddress({ url = '' }: IncomingMessage): Language | undefined {
  const language = /[?&]lang=([a-z]+)(?:&|$)/.exec(url)?.[1];
  return isLanguage(language) ? language : undefined;
}

function inCookie({ headers: { cookie = '' } }: IncomingMessage): Language | undefined {
  const language = /(?:^|; *)hitherto-language=([a-z]+)/.exec(cookie)?.[1];
  return isLanguage(language) ? language : undefined;
}

export function setLanguageCookie(res: Response, language: Language, publicUrl: string): void {
  res.cookie(COOKIE, language, { ...choiceCookie(publicUrl), maxAge: CHOICE_MS });
}

export function clearLanguageCookie(res: Response, publicUrl: string): void {
  res.clearCookie(COOKIE, choiceCookie(publicUrl));
}
