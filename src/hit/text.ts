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

/** Escapes that follow each other. */
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
/** A percent sign that begins no escape. */
const STRAY_PERCENT = /%(?![0-9a-f]{2})/i;
/** What an escape at the end may have lost when the text was cut. */
const TORN_ESCAPE = /%[0-9a-f]?$/i;
/** Browsers escape these themselves, so the escaped and the plain one are the same page. */
const ESCAPED_BY_BROWSERS = ' "<>`{}';
/** One code point that is escaped has 12 characters at the most. */
const ESCAPED_LENGTH_MAX = PATH_CODEPOINTS_MAX * 12;

/**
 * A path as people read it, one spelling for each page and none for two: `/caf%C3%A9` and `/caf%c3%a9` are `/café`,
 * `/%7Euser` is `/~user`, but `/a%2Fb` stays apart from `/a/b`, and `/a%2520b` from `/a%20b`. Only those escapes are
 * decoded whose character an address may hold with the same meaning: letters, digits and `-._~`, what is not ASCII,
 * and what browsers escape by themselves. Control characters and bytes that are not UTF-8 stay escaped; lone
 * surrogates become U+FFFD, as in browsers. Again, and it stays as it is.
 */
export function cleanPath(path: string): string {
  let text = path;
  if (path.includes('%')) {
    if (path.length > ESCAPED_LENGTH_MAX) text = path.slice(0, ESCAPED_LENGTH_MAX).replace(TORN_ESCAPE, '');
    // With a stray percent sign a decoded digit could make an escape that was not there.
    const isStray = STRAY_PERCENT.test(text);
    text = text.replace(ESCAPES, (escapes) => readable(escapes, isStray));
  }
  if (CONTROL.test(text)) text = text.replace(CONTROLS, (char) => encodeURIComponent(char));
  const short = cut(text, PATH_CODEPOINTS_MAX);
  return (short.length < text.length ? short.replace(TORN_ESCAPE, '') : short).toWellFormed();
}

function readable(escapes: string, isStray: boolean): string {
  let text = '';
  for (let at = 0; at < escapes.length; ) {
    const bytes = utf8Length(byteAt(escapes, at));
    const point = codePointAt(escapes, at, bytes);
    const end = at + (point < 0 ? 3 : 3 * bytes);
    const char = point < 0 ? '' : String.fromCodePoint(point);
    const isPlain = bytes > 1 || ESCAPED_BY_BROWSERS.includes(char) || (!isStray && /[\w.~-]/.test(char));
    text += point >= 0 && isPlain ? char : escapes.slice(at, end).toUpperCase();
    at = end;
  }
  return text;
}

/** Of the escape that begins at `at`. */
function byteAt(escapes: string, at: number): number {
  return 16 * digit(escapes.charCodeAt(at + 1)) + digit(escapes.charCodeAt(at + 2));
}

function digit(hex: number): number {
  return (hex & 0xf) + (hex > 0x40 ? 9 : 0);
}

/** How many bytes a code point has that begins with this one; 0: none does. */
function utf8Length(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The smallest one that needs so many bytes. */
const LEAST_POINTS = [0, 0, 0x80, 0x800, 0x10000];

/**
 * -1 where the bytes are no UTF-8: too few, written longer than need be, half of a surrogate pair, or beyond the last
 * code point.
 */
function codePointAt(escapes: string, at: number, bytes: number): number {
  if (bytes === 0 || at + 3 * bytes > escapes.length) return -1;
  let point = byteAt(escapes, at) & (bytes === 1 ? 0x7f : 0x7f >> bytes);
  for (let i = 1; i < bytes; i++) {
    const byte = byteAt(escapes, at + 3 * i);
    if ((byte & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (byte & 0x3f);
  }
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return point < (LEAST_POINTS[bytes] as number) || point > 0x10ffff || isSurrogate ? -1 : point;
}
