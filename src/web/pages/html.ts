// The template tag that makes all pages. It escapes every inserted value unless the tag made it.

export class Html {
  constructor(readonly text: string) {}
}

export type Insertable = Html | string | number | false | undefined | readonly Insertable[];

/** Attribute values must be in double quotes. `false` and `undefined` insert nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  let text = strings[0] as string;
  values.forEach((value, index) => {
    text += inserted(value) + (strings[index + 1] as string);
  });
  return new Html(text);
}

function inserted(value: Insertable): string {
  if (value === false || value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(inserted).join('');
  return escapeHtml(String(value));
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] as string);
}
