// The client address of a request. Anyone can forge a header, so headers count only from proxies that are trusted by name.
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { createAddressRule, readAddress } from '../hit/address.js';
import { beginningOfElement, forwardedFor } from './forwarded.js';

/** The normalized address; empty if unknown. */
export type ClientAddress = (req: IncomingMessage) => string;

/** The syntax of addresses in a header. Each proxy appends the address that it saw, or replaces the header with it. */
interface Notation {
  /** Returns the start of the last item in the text. */
  beginningOfLast(text: string): number;
  /** Returns the address in an item; empty if there is none. */
  addressOf(item: string): string;
}

const COMMAS: Notation = { beginningOfLast: (text) => text.lastIndexOf(',') + 1, addressOf: readAddress };
/** This header always has a port, and IPv6 without brackets: `2001:db8::1:443` would be read as an address. */
const WITH_PORT: Notation = { ...COMMAS, addressOf: (item) => readAddress(item.replace(/:[0-9]+\s*$/, '')) };
const RFC_7239: Notation = { beginningOfLast: beginningOfElement, addressOf: (item) => readAddress(forwardedFor(item)) };

const NOTATIONS = {
  'X-Forwarded-For': COMMAS,
  Forwarded: RFC_7239,
  'X-Real-IP': COMMAS,
  'CF-Connecting-IP': COMMAS,
  'CF-Connecting-IPv6': COMMAS,
  'True-Client-IP': COMMAS,
  'X-Client-IP': COMMAS,
  'X-Cluster-Client-IP': COMMAS,
  'X-Envoy-External-Address': COMMAS,
  'X-Azure-ClientIP': COMMAS,
  'Fastly-Client-IP': COMMAS,
  'Fly-Client-IP': COMMAS,
  'DO-Connecting-IP': COMMAS,
  'X-NF-Client-Connection-IP': COMMAS,
  'X-Appengine-User-IP': COMMAS,
  'CloudFront-Viewer-Address': WITH_PORT,
} as const satisfies Record<string, Notation>;

export type ClientIpHeader = keyof typeof NOTATIONS;

/** The headers that can be configured, as people write them. */
export const CLIENT_IP_HEADERS = Object.keys(NOTATIONS) as readonly ClientIpHeader[];

/** More proxies than any real chain has; a longer list is forged. */
const HOPS_MAX = 20;

export interface ProxySettings {
  /** Addresses and ranges of trusted proxies; `unix` trusts every connection through the Unix socket. */
  readonly trusted: readonly string[];
  readonly header: ClientIpHeader;
  /** The service listens on a Unix socket, where connections have no address. */
  readonly isUnixSocket: boolean;
}

/** Returns the rightmost address of the header that is not a trusted proxy's. An unreadable item ends the search, since the
 * author of the items before it is unknown; the last known address is returned then. `warn` is called once for each setting
 * that seems to be missing.
 */
export function createClientAddress(settings: ProxySettings, warn: (message: string) => void): ClientAddress {
  const { header, isUnixSocket } = settings;
  const isTrusted = createAddressRule(settings.trusted.filter((range) => range !== 'unix'));
  const isSocketTrusted = isUnixSocket && settings.trusted.includes('unix');
  const { beginningOfLast, addressOf } = NOTATIONS[header];
  const name = header.toLowerCase();
  const warnOnce = createWarnings(settings, warn);

  const addressIn = (text: string, peer: string): string => {
    let known = peer;
    let rest = text;
    for (let hop = 0; hop < HOPS_MAX && rest !== ''; hop++) {
      const beginning = beginningOfLast(rest);
      const item = rest.slice(beginning);
      rest = rest.slice(0, Math.max(0, beginning - 1));
      if (item.trim() === '') continue;
      const address = addressOf(item);
      if (address === '') break;
      known = address;
      if (!isTrusted(address)) break;
    }
    return known;
  };

  return (req) => {
    const peer = readAddress(req.socket.remoteAddress ?? '');
    if (!(isUnixSocket ? isSocketTrusted : isTrusted(peer))) {
      warnOnce.untrusted(req, peer);
      return peer;
    }
    const text = req.headers[name];
    if (text !== undefined) return addressIn(String(text), peer);
    warnOnce.otherHeader(req);
    return peer;
  };
}

/** Must not name an address: addresses are never logged. */
function createWarnings({ header: believed, isUnixSocket }: ProxySettings, warn: (message: string) => void) {
  const headers = [believed, ...CLIENT_IP_HEADERS.filter((header) => header !== believed)].map(
    (header) => [header, header.toLowerCase()] as const,
  );
  const headerOf = (req: IncomingMessage) => headers.find(([, name]) => req.headers[name] !== undefined)?.[0];
  let [saidUntrusted, saidOther] = [false, false];
  return {
    untrusted(req: IncomingMessage, peer: string): void {
      const header = saidUntrusted ? undefined : headerOf(req);
      if (header === undefined) return;
      saidUntrusted = true;
      const other = header === believed ? '' : `, and set CLIENT_IP_HEADER=${header}`;
      const [from, setting] = isUnixSocket
        ? ['through the socket, which', `set TRUST_PROXY=unix${other}`]
        : [`from ${kindOf(peer)} address that`, `name its address in TRUST_PROXY${other}`];
      warn(
        `a request had the header ${header} ${from} is not trusted, so the header was ignored; if that is your proxy, ` +
          `${setting}: until then, everybody behind it counts as one visitor`,
      );
    },
    otherHeader(req: IncomingMessage): void {
      const header = saidOther ? undefined : headerOf(req);
      if (header === undefined) return;
      saidOther = true;
      warn(
        `a request from a trusted proxy had ${header} instead of ${believed}; if your proxy writes visitors' addresses to ` +
          `${header}, set CLIENT_IP_HEADER=${header}: until then, everybody behind it counts as one visitor`,
      );
    },
  };
}

function kindOf(address: string): string {
  if (address === '') return 'an unknown';
  switch (ipaddr.process(address).range()) {
    case 'loopback':
      return 'a loopback';
    case 'linkLocal':
      return 'a link-local';
    case 'private':
    case 'uniqueLocal':
    case 'carrierGradeNat':
      return 'a private';
    default:
      return 'a public';
  }
}
