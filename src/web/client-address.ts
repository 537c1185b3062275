// Whose address a request came from. A header that anyone can type counts only from proxies that are trusted by name.
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { createAddressRule, readAddress } from '../hit/address.js';
import { beginningOfElement, forwardedFor } from './forwarded.js';

/** The address in one spelling; empty where it is not known. */
export type ClientAddress = (req: IncomingMessage) => string;

/** How the addresses in a header are written. Each proxy adds the one that it saw at the end, or replaces all with it. */
interface Notation {
  /** Where the last item of the text begins. */
  beginningOfLast(text: string): number;
  /** The address in an item; empty where it names none. */
  addressOf(item: string): string;
}

const COMMAS: Notation = { beginningOfLast: (text) => text.lastIndexOf(',') + 1, addressOf: readAddress };
/** Always with a port, IPv6 without brackets: `2001:db8::1:443` would be read as an address. */
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

/** The headers that can be believed, as people write them. */
export const CLIENT_IP_HEADERS = Object.keys(NOTATIONS) as readonly ClientIpHeader[];

/** More proxies than stand one behind the other anywhere; a longer list is someone's invention. */
const HOPS_MAX = 20;

export interface ProxySettings {
  /** Addresses and ranges of the proxies that are believed; `unix`: whoever comes through the Unix socket. */
  readonly trusted: readonly string[];
  readonly header: ClientIpHeader;
  /** It listens on a Unix socket: whoever comes has no address. */
  readonly isUnixSocket: boolean;
}

/**
 * The rightmost address of the header that is not a trusted proxy's. An item that cannot be read ends the search:
 * whoever wrote what stands before it is not known. Then it is the last address that is. `warn` is told once of each
 * setting that seems to be missing.
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

/** Names no address: addresses are never written to the log. */
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
        `a request came with ${header} ${from} is not trusted, so the header was not read; if that is your proxy, ${setting}: until then everybody behind it counts as one visitor`,
      );
    },
    otherHeader(req: IncomingMessage): void {
      const header = saidOther ? undefined : headerOf(req);
      if (header === undefined) return;
      saidOther = true;
      warn(
        `a request came from a trusted proxy with ${header} and without ${believed}; if your proxy names visitors' addresses in ${header}, set CLIENT_IP_HEADER=${header}: until then everybody behind it counts as one visitor`,
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
