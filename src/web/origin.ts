// Requests that another web site has caused.
import type { IncomingMessage } from 'node:http';
import { basePathOf } from './base-path.js';
import type { Problem } from './errors.js';

/**
 * A form on another site must not act for the owner. Browsers name the origin of a request. A client that does not is
 * not a browser, and has no cookies except its own.
 */
export function problemOfOrigin(req: IncomingMessage, publicUrl: string): Problem | undefined {
  if (['GET', 'HEAD', 'OPTIONS'].includes(req.method ?? '')) return undefined;
  const { origin, host } = req.headers;
  const fetchSite = req.headers['sec-fetch-site'];
  // No page can forge this header, and it is right even if a proxy changes `Host`; but browsers send it only by https or
  // on this machine.
  if (fetchSite !== undefined) return fetchSite === 'same-origin' ? undefined : { code: 'other-origin' };
  if (origin === undefined) return undefined;
  if (!URL.canParse(origin)) return { code: 'other-origin' };
  const own = URL.canParse(publicUrl) ? new URL(publicUrl).origin : '';
  const from = new URL(origin);
  if (from.host === host || from.origin === own) return undefined;
  const wanted = from.origin + basePathOf(publicUrl);
  return {
    code: 'other-origin',
    message:
      `This form was sent from ${from.origin}, which this service does not know as its own address. If the address bar shows ` +
      `that address, set PUBLIC_URL=${wanted} and restart the service, or let the proxy pass on the Host header. If it does ` +
      'not, another web site sent the form.',
  };
}
