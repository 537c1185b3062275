// For which address passkeys are made. Browsers tie a passkey to the host of the page, its *relying party*, and offer
// passkeys only by https or on this machine.
import { isIP } from 'node:net';

export interface RelyingParty {
  /** The host. Passkeys are lost when it changes. */
  readonly id: string;
  /** Of the pages, such as `https://stats.example.com`. */
  readonly origin: string;
}

/** Undefined: no passkey can be made for pages at this address. */
export function relyingPartyAt(publicUrl: string): RelyingParty | undefined {
  if (!URL.canParse(publicUrl)) return undefined;
  const { protocol, hostname, origin } = new URL(publicUrl);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined;
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  return protocol === 'https:' || (protocol === 'http:' && isLocal) ? { id: hostname, origin } : undefined;
}
