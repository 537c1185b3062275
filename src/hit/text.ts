// Text from outside, made safe to keep: cut in code points, without control characters, never throwing whatever comes.

/** Longest path served in the sample log of 2015: 97 characters; longest asked for: 595. */
export const PATH_CODEPOINTS_MAX = 512;
export const TITLE_CODEPOINTS_MAX = 256;
export const NAME_CODEPOINTS_MAX = 64;
export const VALUE_CODEPOINTS_MAX = 256;

/** Percent-decoding that gives back what it was given where that is not valid. `+` is a space, as forms write it. */
export function decodeField(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** On average. Whatever is written in, what is kept of a hit has a size that can be relied on. */
const BYTES_PER_CODEPOINT = 2;

/** The first `max` code points, or fewer where they would take more than twice as many bytes; never half of a surrogate pair. */
export function cut(text: string, max: number): string {
  const bytesMax = max * BYTES_PER_CODEPOINT;
  if (text.length * 3 <= bytesMax) return text;
  let [end, bytes] = [0, 0];
  for (let points = 0; points < max && end < text.length; points++) {
    const codepoint = text.codePointAt(end) as number;
    bytes += codepoint < 0x80 ? 1 : codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    if (bytes > bytesMax) break;
    end += codepoint > 0xffff ? 2 : 1;
  }
  return end === text.length ? text : text.slice(0, end);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029]/;
const CONTROLS = new RegExp(CONTROL, 'g');

/** One line of text for people: control characters become spaces, lone surrogates U+FFFD, white space around it is dropped. */
export function cleanText(text: string, codepointsMax: number): string {
  const whole = cut(text, codepointsMax).toWellFormed();
  return (CONTROL.test(whole) ? whole.replace(CONTROLS, ' ') : whole).trim();
}

/**
 * A path as people read it: percent-escapes of UTF-8 decoded (reserved characters and control characters stay escaped), lone
 * surrogates U+FFFD. A path whose escapes are not UTF-8 stays as it came.
 */
export function cleanPath(path: string): string {
  let text = path;
  if (path.includes('%')) text = decodePath(path);
  if (CONTROL.test(text)) text = text.replace(CONTROLS, (char) => encodeURIComponent(char));
  return cut(text, PATH_CODEPOINTS_MAX).toWellFormed();
}

/** An escaped code point takes 12 characters at the most; what is longer is cut first, perhaps in the middle of one. */
function decodePath(path: string): string {
  const isCut = path.length > PATH_CODEPOINTS_MAX * 12;
  let text = isCut ? path.slice(0, PATH_CODEPOINTS_MAX * 12) : path;
  for (let tries = isCut ? 5 : 1; tries > 0; tries--) {
    try {
      return decodeURI(text);
    } catch {
      text = isCut ? text.slice(0, Math.max(text.lastIndexOf('%'), 0)) : text;
    }
  }
  return path;
}
