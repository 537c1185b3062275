// How handlers read forms and answer with pages.
import express, { type Request, type Response } from 'express';
import { browserTitle, parseTechnology, platformTitle } from '../../hit/agent.js';
import type { Text } from '../../language/languages.js';
import { browserName } from '../../people/browser-name.js';
import type { FieldProblem } from '../../people/person.js';
import { WebError } from '../errors.js';
import type { Html } from '../pages/html.js';
import { PAGE_HEADERS } from '../pages/layout.js';
import { readerOf } from '../reader.js';

export const form = express.urlencoded({ extended: false, limit: '32kb', parameterLimit: 50 });

/** For the settings of a site: escaped lists are up to three times as long as in the API. No request may be longer. */
export const longForm = express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 50 });

export function show(res: Response, page: Html, status = 200): void {
  const { locale, theme } = readerOf(res);
  res.status(status).set(PAGE_HEADERS).send(page.in(locale, theme));
}

/** Sends the first part of a page at once, so that browsers load what it names while the rest is made. */
export async function showInParts(res: Response, start: Html, rest: Promise<Html>): Promise<void> {
  const { locale, theme } = readerOf(res);
  res.set(PAGE_HEADERS).write(start.in(locale, theme));
  res.flush();
  res.end((await rest).in(locale, theme));
}

/** After a form, so that reloading the page does not send it again. */
export function goTo(res: Response, address: string): void {
  res.set('Cache-Control', 'no-store').redirect(303, address);
}

/** Returns what the page says after a form, named by `done` in the address. */
export function messageIn({ query: { done } }: Request, messages: Readonly<Record<string, Text>>): Text | undefined {
  return typeof done === 'string' && Object.hasOwn(messages, done) ? messages[done] : undefined;
}

const FIELD_TWICE = {
  en: 'The form has a field more than once. Reload the page and send it again.',
  de: 'Das Formular enthält ein Feld mehrmals. Laden Sie die Seite neu, und senden Sie es noch einmal.',
};

/** Returns an empty text if the field is missing. */
export function textField(req: Request, name: string): string {
  const value: unknown = (req.body as Record<string, unknown> | undefined)?.[name] ?? '';
  if (typeof value !== 'string') throw new WebError('bad-request', FIELD_TWICE);
  return value;
}

/** The entries of a list that was typed with spaces, commas or lines between them. */
export function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((entry) => entry !== '');
}

/** Hosts, typed as in `listOf`. An address copied from a browser stands for its host. */
export function hostsOf(text: string): string[] {
  return listOf(text).map((entry) => (/^https?:\/\//i.test(entry) && URL.canParse(entry) ? new URL(entry).hostname : entry));
}

/** The entries of a list that was typed with one entry a line. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Such as "Firefox on Linux", for the list of sessions. */
export function browserOf(req: Request): string {
  const { technology } = parseTechnology({
    userAgent: req.headers['user-agent'] ?? '',
    brands: String(req.headers['sec-ch-ua'] ?? ''),
    mobile: String(req.headers['sec-ch-ua-mobile'] ?? ''),
    platform: String(req.headers['sec-ch-ua-platform'] ?? ''),
    touch: false,
  });
  const { browser, platform } = technology;
  const names = [browser === 'other' ? '' : browserTitle(browser), platform === 'other' ? '' : platformTitle(platform)];
  return browserName(names.filter((name) => name !== ''));
}

/** What is wrong first, for an error page. */
export function problemText([problem]: readonly FieldProblem[]): Text | string | undefined {
  return problem?.text ?? problem?.message;
}

/** A problem that pages show in every language, and programs in English. */
export function fieldProblem(field: string, text: Text): FieldProblem {
  return { field, message: text.en, text };
}
