// Requests to the beacon: views, whose failure must be noticed, and hits that are sent while the page is being left.

/** The limit of the server. It also keeps all values together below the limit of requests at unload (64 KB). */
const VALUE_LENGTH_MAX = 4096;
/** Some proxies refuse longer addresses. */
const URL_LENGTH_MAX = 2000;

/** Undefined and empty values are left out. */
export interface Fields {
  [name: string]: string | number | undefined;
}

function encode(fields: Fields): string {
  // not encodeURIComponent, which throws on half a surrogate pair: a cut can leave one
  const body = new URLSearchParams();
  for (const name in fields) {
    const value = fields[name];
    if (value || value === 0) body.set(name, String(value).slice(0, VALUE_LENGTH_MAX));
  }
  return String(body);
}

/** Sends the fields in the address, or in the body if the address is too long. Calls `failed` if it was not counted. */
export async function ask(api: string, fields: Fields, failed: () => void): Promise<void> {
  try {
    const body = encode(fields);
    const url = `${api}?${body}`;
    const long = url.length > URL_LENGTH_MAX;
    const answer = await fetch(long ? api : url, {
      keepalive: true,
      credentials: 'omit',
      ...(long && { method: 'POST', body }),
    });
    // the header says that the hit was not counted because of its page; other reasons cannot be read
    if (answer.ok && !answer.headers.get('x-hitherto')) return;
  } catch {}
  failed();
}

/** The browser sends this even after the page is closed, but does not report the outcome. */
export function post(api: string, fields: Fields): void {
  navigator.sendBeacon(api, encode(fields));
}
