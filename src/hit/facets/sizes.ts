// Widths and heights in CSS pixels, as classes. Exact sizes would help to identify people; classes are enough for layouts.
import type { SplitOffFacet } from '../facet.js';

/** A class is the lower bound of a range of CSS pixels, as text. `other`: below the first bound. `unknown`: not sent. */
export interface Sizes {
  readonly screenWidth: string;
  readonly windowWidth: string;
  readonly windowHeight: string;
}

export const sizes: SplitOffFacet<'sizes', Sizes> = {
  name: 'sizes',
  empty: { screenWidth: 'unknown', windowWidth: 'unknown', windowHeight: 'unknown' },
  isSplitOff: true,
  parse: ({ fields }) => parseSizes(fields.get('sw') ?? '', fields.get('ww') ?? '', fields.get('wh') ?? ''),
  column: {
    write: ({ screenWidth, windowWidth, windowHeight }) => `${screenWidth}|${windowWidth}|${windowHeight}`,
    read(text) {
      const [screenWidth = '', windowWidth = '', windowHeight = ''] = text.split('|');
      return { screenWidth, windowWidth, windowHeight };
    },
    cells: [
      { name: 'screen_width', type: 'STRING' },
      { name: 'window_width', type: 'STRING' },
      { name: 'window_height', type: 'STRING' },
    ],
  },
};

/** Lower bounds, ascending. */
export const WIDTHS: readonly number[] = [320, 480, 800, 1024, 1280, 1440, 1600, 2000];
export const HEIGHTS: readonly number[] = [480, 600, 768, 900, 1024];

/** Every value of `Sizes.screenWidth` and `Sizes.windowWidth`. */
export const WIDTH_CLASSES: readonly string[] = [...WIDTHS.map(String), 'other', 'unknown'];
/** Every value of `Sizes.windowHeight`. */
export const HEIGHT_CLASSES: readonly string[] = [...HEIGHTS.map(String), 'other', 'unknown'];

/** The widest screens on sale have 15,360 pixels. Larger numbers are not credible. At most five digits. */
const PIXELS_MAX = 20_000;

/** The arguments are whole pixels in ASCII digits, or empty if they were not sent. */
export function parseSizes(screenWidth: string, windowWidth: string, windowHeight: string): Sizes {
  return {
    screenWidth: classOf(screenWidth, WIDTHS, WIDTH_CLASSES),
    windowWidth: classOf(windowWidth, WIDTHS, WIDTH_CLASSES),
    windowHeight: classOf(windowHeight, HEIGHTS, HEIGHT_CLASSES),
  };
}

function classOf(text: string, bounds: readonly number[], classes: readonly string[]): string {
  const pixels = pixelsOf(text);
  if (pixels < 0) return 'unknown';
  let at = bounds.length - 1;
  while (at >= 0 && (bounds[at] as number) > pixels) at--;
  return at < 0 ? 'other' : (classes[at] as string);
}

/** Returns -1 if the text is not a whole number. `Number` would accept `0x10`, `1e3` and white space, and is slower. */
function pixelsOf(text: string): number {
  if (text.length === 0 || text.length > 5) return -1;
  let pixels = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    pixels = pixels * 10 + digit;
  }
  return pixels > PIXELS_MAX ? -1 : pixels;
}
