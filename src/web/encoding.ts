// Chooses the compressed form of an answer by the Accept-Encoding header.

export type Encoding = 'br' | 'gzip' | '';

/** Real clients send a few short values; the limits are for the others. */
const REMEMBERED_MAX = 100;
const REMEMBERED_LENGTH_MAX = 100;

interface Accepted {
  readonly best: Encoding;
  readonly isGzip: boolean;
}

const remembered = new Map<string, Accepted>();

/** Returns an empty text if the client accepts none of our encodings. */
export function bestEncoding(accepted?: string | readonly string[]): Encoding {
  return acceptedIn(accepted).best;
}

export function acceptsGzip(accepted?: string | readonly string[]): boolean {
  return acceptedIn(accepted).isGzip;
}

function acceptedIn(accepted: string | readonly string[] = ''): Accepted {
  const text = String(accepted);
  let read = remembered.get(text);
  if (read === undefined) {
    read = readAccepted(text);
    if (remembered.size < REMEMBERED_MAX && text.length <= REMEMBERED_LENGTH_MAX) remembered.set(text, read);
  }
  return read;
}

function readAccepted(accepted: string): Accepted {
  const qualities = new Map<string, number>();
  for (const item of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length) ?? '1';
    qualities.set(name, Number(quality) || 0);
  }
  const qualityOf = (name: string): number => qualities.get(name) ?? qualities.get('*') ?? 0;
  const [br, gzip] = [qualityOf('br'), qualityOf('gzip')];
  const best = br >= gzip ? 'br' : 'gzip';
  return { best: br === 0 && gzip === 0 ? '' : best, isGzip: gzip > 0 };
}
