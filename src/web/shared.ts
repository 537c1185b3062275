// Requests below the address of a share link: `/share/<secret>/…`. The page behind such a link uses the same addresses as
// any page of the service, below this prefix, so that it works without a cookie and in a frame of another site.
import type { IncomingMessage } from 'node:http';

const SHARED = /^\/share\/([A-Za-z0-9_-]{1,64})(\/[^?]*)?(\?.*)?$/;
/** Between the secret and the proof of the password, in the header that the front sets. */
const SEPARATOR = '~';
export const SHARE_PREFIX = 'shr_';

export const PROOF_COOKIE = 'hitherto-share';

/** The path below the public path at which a share begins. */
export function sharePath(secret: string): string {
  return `/share/${secret}`;
}

/**
 * Turns a request to read below a share link into the same request to the service, sent by the share. Its own cookies
 * and headers do not count: a link shows the same to everybody.
 */
export function asSharedRequest(req: IncomingMessage): void {
  if (req.method !== 'GET' && req.method !== 'HEAD') return;
  const [, secret, path = '/', query = ''] = SHARED.exec(req.url ?? '') ?? [];
  if (secret === undefined) return;
  const proof = new RegExp(`(?:^|; *)${PROOF_COOKIE}=([\\w-]+)`).exec(req.headers.cookie ?? '')?.[1] ?? '';
  req.url = path + query;
  req.headers.authorization = `Bearer ${SHARE_PREFIX}${secret}${SEPARATOR}${proof}`;
  delete req.headers.cookie;
}

/** The secret and the proof of a request that `asSharedRequest` has turned; undefined for all others. */
export function shareIn(secret: string): { readonly secret: string; readonly proof: string } | undefined {
  if (!secret.startsWith(SHARE_PREFIX)) return undefined;
  const [share = '', proof = ''] = secret.slice(SHARE_PREFIX.length).split(SEPARATOR);
  return { secret: share, proof };
}
