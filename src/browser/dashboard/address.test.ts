import { describe, expect, it } from '@jest/globals';
import { addressOf, readAddress } from './address.js';

describe('the address of the page', () => {
  it.each([
    ['', { shown: 'today', comparison: 'previous', page: undefined }],
    ['#month', { shown: 'month', comparison: 'previous', page: undefined }],
    ['#page=/about', { shown: 'today', comparison: 'previous', page: '/about' }],
    ['#year&compare=nothing&page=/a%20b/%23%26%3D%25', { shown: 'year', comparison: 'nothing', page: '/a b/#&=%' }],
    ['#page=', { shown: 'today', comparison: 'previous', page: '' }],
  ] as const)('reads and writes %j', (hash, address) => {
    expect(readAddress(hash)).toEqual(address);
    expect(addressOf(address)).toBe(hash);
  });

  it('uses the defaults for parts that it cannot read', () => {
    expect(readAddress('#decade&compare=all&page=/%E0%A4%A')).toEqual({
      shown: 'today',
      comparison: 'previous',
      page: '/%E0%A4%A',
    });
  });
});
