// A visitor's address. The beacon uses it for the site's excluded addresses and for the keyed hash, and does not store it.
import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Any address with its zone and port is shorter. */
const LENGTH_MAX = 100;
/** `[2001:db8::1]`, `[2001:db8::1]:443`. A proxy that hides the port may write a name for it (RFC 7239). */
const BRACKETED = /^\[([^\]]*)\](?::[\w.-]+)?$/;
/** `203.0.113.7:50001`, and IPv6 with a port and without brackets, as some proxies write it. */
const WITH_PORT = /^(.+):(?:[0-9]{1,5}|_[\w.-]+)$/;

/**
 * Returns the canonical form of an address that a proxy has written, without spaces, quotes, brackets, port and zone.
 * An IPv4 address that is mapped into IPv6 becomes IPv4. Empty for any other text, such as `unknown`.
 */
export function readAddress(text: string): string {
  return isIP(text) === 4 ? text : (parse(text)?.toString() ?? '');
}

/**
 * The key by which addresses are distinguished. For IPv6 it is the /64 prefix, because one household or host has that
 * many addresses. Empty for a text that is not an address.
 */
export function addressKey(address: string): string {
  if (isIP(address) === 4) return address;
  const parsed = parse(address);
  if (parsed === undefined) return '';
  return parsed.kind() === 'ipv4' ? parsed.toString() : (parsed as ipaddr.IPv6).parts.slice(0, 4).join(':');
}

/**
 * Returns a function that tells whether an address is in any of these ranges. A range is an address or a CIDR range;
 * invalid ones are ignored.
 */
export function createAddressRule(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => false;
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    const parsed = parse(network);
    if (parsed === undefined) continue;
    const width = parsed.kind() === 'ipv4' ? 32 : 128;
    // In a range of mapped addresses, the bits before the IPv4 address do not count.
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

/** The address without quotes, brackets and port; empty if the text is not an address. */
function bareAddress(text: string): string {
  if (text.length > LENGTH_MAX) return '';
  const unquoted = text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
  const candidates = [unquoted, BRACKETED.exec(unquoted)?.[1], WITH_PORT.exec(unquoted)?.[1]];
  return candidates.find((candidate) => candidate !== undefined && isIP(candidate) !== 0) ?? '';
}
