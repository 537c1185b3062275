import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HEIGHT_CLASSES, parseSizes, WIDTH_CLASSES } from './sizes.js';

describe('a size', () => {
  it.each([
    ['0', 'other'],
    ['319', 'other'],
    ['320', '320'],
    ['479', '320'],
    ['480', '480'],
    ['1023', '800'],
    ['1024', '1024'],
    ['1366', '1280'],
    ['1920', '1600'],
    ['2000', '2000'],
    ['20000', '2000'],
  ])('of %s wide is in the class %s', (width, expected) => {
    expect(parseSizes(width, width, '')).toEqual({ screenWidth: expected, windowWidth: expected, windowHeight: 'unknown' });
  });

  it.each([
    ['0', 'other'],
    ['479', 'other'],
    ['480', '480'],
    ['599', '480'],
    ['767', '600'],
    ['768', '768'],
    ['1023', '900'],
    ['1080', '1024'],
    ['20000', '1024'],
  ])('of %s high is in the class %s', (height, expected) => {
    expect(parseSizes('', '', height).windowHeight).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '1.5',
    '0x10',
    '-1',
    '+1',
    '1e3',
    '1024px',
    ' 1024',
    '１０２４',
    '٣٢٠',
    '20001',
    '99999',
    '999999999999999999',
    'NaN',
    '\0',
  ])('that is not a plain number of pixels is unknown: %j', (text) => {
    expect(parseSizes(text, text, text)).toEqual({ screenWidth: 'unknown', windowWidth: 'unknown', windowHeight: 'unknown' });
  });

  it('is in a known class for any text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.integer().map(String), fc.double().map(String));
    fc.assert(
      fc.property(text, text, text, (screen, width, height) => {
        const sizes = parseSizes(screen, width, height);
        expect(WIDTH_CLASSES).toContain(sizes.screenWidth);
        expect(WIDTH_CLASSES).toContain(sizes.windowWidth);
        expect(HEIGHT_CLASSES).toContain(sizes.windowHeight);
      }),
    );
  });
});
