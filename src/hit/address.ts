// A visitor's address: used at the edge for what the site asks to leave out and for the keyed hash, then forgotten.
import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Longer than any address with its zone and port. */
const LENGTH_MAX = 100;
/** `[2001:db8::1]`, `[2001:db8::1]:443`. A proxy that hides the port may write a name for it (RFC 7239). */
const BRACKETED = /^\[([^\]]*)\](?::[\w.-]+)?$/;
/** `203.0.113.7:50001`, and IPv6 with a port and without brackets, as some proxies write it. */
const WITH_PORT = /^(.+):(?:[0-9]{1,5}|_[\w.-]+)$/;

/**
 * An address in its one spelling, from whatever a proxy wrote: with spaces, quotes, brackets, a port or a zone around
 * it. IPv4 also when it is mapped into IPv6. Empty for anything else, such as `unknown`.
 */
export function readAddress(text: string): string {
  return isIP(text) === 4 ? text : (parse(text)?.toString() ?? '');
}

/** By which addresses are told apart: IPv6 cut to /64, since a household or host has that many. Empty for what is no address. */
export function addressKey(address: string): string {
  if (isIP(address) === 4) return address;
  const parsed = parse(address);
  if (parsed === undefined) return '';
  return parsed.kind() === 'ipv4' ? parsed.toString() : (parsed as ipaddr.IPv6).parts.slice(0, 4).join(':');
}

/**
 * Whether an address is in any of these addresses and ranges; always false when there are none. Unreadable ones are
 * passed over.
 */
export function createAddressRule(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => false;
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    const parsed = parse(network);
    if (parsed === undefined) continue;
    const width = parsed.kind() === 'ipv4' ? 32 : 128;
    // of a range of mapped addresses, the bits before the IPv4 address do not count
    const written = network.includes(':') ? 128 : 32;
    const length = bits === undefined ? width : Number(bits) - (written - width);
    if (length >= 0 && length <= width) list.addSubnet(parsed.toString(), length, parsed.kind());
  }
  return (address) => {
    const parsed = parse(address);
    return parsed !== undefined && list.check(parsed.toString(), parsed.kind());
  };
}

function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const address = isIP(text) === 0 ? bareAddress(text) : text;
  const zone = address.indexOf('%');
  return address === '' ? undefined : ipaddr.process(zone < 0 ? address : address.slice(0, zone));
}

/** What is left without its wrapping; empty when that is no address. */
function bareAddress(text: string): string {
  if (text.length > LENGTH_MAX) return '';
  const unquoted = text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
  const candidates = [unquoted, BRACKETED.exec(unquoted)?.[1], WITH_PORT.exec(unquoted)?.[1]];
  return candidates.find((candidate) => candidate !== undefined && isIP(candidate) !== 0) ?? '';
}
