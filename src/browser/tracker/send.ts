// The way to the beacon: views, whose failure must be seen, and hits that a page on its way out leaves behind.

/** The server reads no more; and all values together stay below what a request at unload may carry (64 KB). */
const VALUE_LENGTH_MAX = 4096;
/** Some proxies refuse longer addresses. */
const URL_LENGTH_MAX = 2000;

/** Undefined and empty values are left out. */
export interface Fields {
  [name: string]: string | number | undefined;
}

function encode(fields: Fields): string {
  // URLSearchParams, because encodeURIComponent throws on half a surrogate pair, and a cut can leave one
  const body = new URLSearchParams();
  for (const name in fields) {
    const value = fields[name];
    if (value || value === 0) body.set(name, String(value).slice(0, VALUE_LENGTH_MAX));
  }
  return String(body);
}

/** The fields in the address, or in the body if that would be long. `failed` is called unless a good answer comes. */
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
    if (answer.ok) return;
  } catch {}
  failed();
}

/** The browser sends this whatever becomes of the page, but says nothing of how it went. */
export function post(api: string, fields: Fields): void {
  navigator.sendBeacon(api, encode(fields));
}
