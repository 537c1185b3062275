import { expect, it } from '@jest/globals';
import { createHitLimits } from './hit-limits.js';

let nowMs = 1e12;
const limits = (perAddress: number, perSite: number) => createHitLimits({ perAddress, perSite }, () => nowMs);
const taken = (take: () => boolean, tries: number) => Array.from({ length: tries }, take).filter((isAllowed) => isAllowed).length;

it('an address may send ten seconds’ worth at once, and then the limit per second', () => {
  const { allows } = limits(20, 0);
  const take = () => allows('192.0.2.1', 'garden');
  expect(taken(take, 1000)).toBe(200);
  nowMs += 1000;
  expect(taken(take, 1000)).toBe(20);
  nowMs += 3_600_000;
  expect(taken(take, 1000)).toBe(200);
});

it('addresses do not share a limit, and an IPv6 network counts as one address', () => {
  const { allows } = limits(1, 0);
  expect(taken(() => allows('192.0.2.1', 'garden'), 100)).toBe(10);
  expect(taken(() => allows('192.0.2.2', 'garden'), 100)).toBe(10);
  expect(taken(() => allows('2001:db8::1', 'garden'), 7)).toBe(7);
  expect(taken(() => allows('2001:db8::2', 'garden'), 100)).toBe(3);
  expect(taken(() => allows('2001:db8:0:1::2', 'garden'), 100)).toBe(10);
});

it('a site has its own limit for hits from all addresses', () => {
  const { allows } = limits(0, 5);
  let sender = 0;
  const take = (site: string) => () => allows(`10.0.${sender >> 8}.${sender++ & 255}`, site);
  expect(taken(take('garden'), 1000)).toBe(50);
  expect(taken(take('shop'), 1000)).toBe(50);
});

it('0 means no limit', () => {
  const { allows } = limits(0, 0);
  expect(taken(() => allows('192.0.2.1', 'garden'), 5000)).toBe(5000);
});

it('a clock that is set back neither fills a bucket nor blocks it forever', () => {
  const { allows } = limits(1, 0);
  const take = () => allows('192.0.2.1', 'garden');
  expect(taken(take, 100)).toBe(10);
  nowMs -= 86_400_000;
  expect(taken(take, 100)).toBe(0);
  nowMs += 5000;
  expect(taken(take, 100)).toBe(5);
});
