// A visitor's address: used at the edge for what the site asks to leave out and for the keyed hash, then forgotten.
import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** One spelling of an address: IPv4 also when mapped into IPv6; IPv6 cut to /64, since a household or host has that many. */
export function addressKey(address: string): string {
  if (isIP(address) === 0) return '';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' ? parsed.toString() : (parsed as ipaddr.IPv6).parts.slice(0, 4).join(':');
}

/** Whether an address is in any of these addresses and ranges; always false when there are none. Unreadable ones are passed over. */
export function createAddressRule(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => false;
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(network) === 0) continue;
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  return (address) => {
    const family = isIP(address);
    if (family === 0) return false;
    const parsed = ipaddr.process(address);
    return list.check(parsed.toString(), parsed.kind());
  };
}
