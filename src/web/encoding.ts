// Chooses the compressed form of an answer by the Accept-Encoding header.

export type Encoding = 'br' | 'gzip' | '';

/** Real clients send a few short values; the limits are for the others. */
const REMEMBERED_MAX = 100;
const REMEMBERED_LENGTH_MAX = 100;

const remembered = new Map<string, Encoding>();

/** Returns an empty text if the client accepts none of our encodings. */
export function bestEncoding(accepted: string | readonly string[] = ''): Encoding {
  const text = String(accepted);
  let encoding = remembered.get(text);
  if (encoding === undefined) {
    encoding = readEncoding(text);
    if (remembered.size < REMEMBERED_MAX && text.length <= REMEMBERED_LENGTH_MAX) remembered.set(text, encoding);
  }
  return encoding;
}

function readEncoding(accepted: string): Encoding {
  const qualities = new Map<string, number>();
  for (const item of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length) ?? '1';
    qualities.set(name, Number(quality) || 0);
  }
  const qualityOf = (name: string): number => qualities.get(name) ?? qualities.get('*') ?? 0;
  const [br, gzip] = [qualityOf('br'), qualityOf('gzip')];
  if (br === 0 && gzip === 0) return '';
  return br >= gzip ? 'br' : 'gzip';
}
