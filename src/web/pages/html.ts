// The template tag that makes all pages. It escapes every inserted value unless the tag made it. A page is made once for all
// readers; only when it is sent, its texts, numbers and dates are written in the language of the reader.
import type { InEach } from '../../language/languages.js';
import { type Locale, languageOf } from '../../language/locale.js';
import type { Theme } from '../theme.js';

type Part = string | ((locale: Locale, theme: Theme) => string);

export class Html {
  /** `parts`: markup, and functions that make markup for a reader. */
  constructor(readonly parts: readonly Part[]) {}

  /** Joining it with texts would lose the escaping, and the language. */
  toString(): never {
    throw new Error('markup is not a text: insert it with the tag `html`');
  }

  in(locale: Locale, theme: Theme = 'system'): string {
    return this.parts.map((part) => (typeof part === 'string' ? part : part(locale, theme))).join('');
  }
}

export type Insertable =
  | Html
  | string
  | number
  | false
  | undefined
  | InEach<Html | string>
  | ((locale: Locale, theme: Theme) => Html | string)
  | readonly Insertable[];

/** Attribute values must be in double quotes. `false` and `undefined` insert nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  const parts: Part[] = [strings[0] as string];
  values.forEach((value, index) => {
    parts.push(...partsOf(value), strings[index + 1] as string);
  });
  return new Html(parts);
}

function partsOf(value: Insertable): readonly Part[] {
  if (value === false || value === undefined) return [];
  if (value instanceof Html) return value.parts;
  if (Array.isArray(value)) return value.flatMap(partsOf);
  if (typeof value === 'function') return [(...reader) => html`${value(...reader)}`.in(...reader)];
  if (isInEach(value)) return [(locale, theme) => html`${value[languageOf(locale)]}`.in(locale, theme)];
  return [escapeHtml(String(value))];
}

function isInEach(value: Insertable): value is InEach<Html | string> {
  return typeof value === 'object' && 'en' in value;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] as string);
}
