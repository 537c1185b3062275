// Whose address a request came from. A header that anyone can type counts only from proxies that are trusted by name.
import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import { createAddressRule } from '../hit/address.js';

export type ClientAddress = (req: IncomingMessage) => string;

/** The rightmost address of X-Forwarded-For that is not a trusted proxy's; without trusted ones, the socket's. */
export function createClientAddress(trusted: readonly string[], onUntrustedHeader: () => void): ClientAddress {
  const isTrusted = createAddressRule(trusted);
  let told = false;
  return (req) => {
    const socketAddress = req.socket.remoteAddress ?? '';
    if (req.headers['x-forwarded-for'] === undefined) return socketAddress;
    if (trusted.length > 0 && isTrusted(socketAddress)) return proxyAddr(req, isTrusted);
    if (!told) {
      told = true;
      onUntrustedHeader();
    }
    return socketAddress;
  };
}
