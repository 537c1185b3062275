// Makes untrusted text safe to store: truncated by code points and without control characters. Nothing here throws.

/** In the sample log of 2015, the longest path that was served has 97 characters, and the longest requested one 595. */
export const PATH_CODEPOINTS_MAX = 512;
export const TITLE_CODEPOINTS_MAX = 256;
export const NAME_CODEPOINTS_MAX = 64;
export const VALUE_CODEPOINTS_MAX = 256;

/** Decodes percent escapes, and `+` as a space, as in forms. Returns invalid escapes unchanged. */
export function decodeField(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** An average, which limits the stored size of a hit in any script. */
const BYTES_PER_CODEPOINT = 2;

/** Returns the first `max` code points, or fewer if they take more than 2 x `max` bytes. Never splits a surrogate pair. */
export function truncate(text: string, max: number): string {
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: it must match control characters
const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029]/;
const CONTROLS = new RegExp(CONTROL, 'g');

/** Returns one line of text for people. Control characters become spaces, lone surrogates U+FFFD. The text is trimmed. */
export function cleanText(text: string, codepointsMax: number): string {
  const whole = truncate(text, codepointsMax).toWellFormed();
  return (CONTROL.test(whole) ? whole.replace(CONTROLS, ' ') : whole).trim();
}

/** One or more escapes in a row. */
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
/** A percent sign that does not begin an escape. */
const STRAY_PERCENT = /%(?![0-9a-f]{2})/i;
/** The rest of an escape at the end, after the text was truncated. */
const TORN_ESCAPE = /%[0-9a-f]?$/i;
/** Browsers escape these themselves, so the escaped and the plain character mean the same page. */
const ESCAPED_BY_BROWSERS = ' "<>`{}';
/** An escaped code point has at most 12 characters. */
const ESCAPED_LENGTH_MAX = PATH_CODEPOINTS_MAX * 12;

/**
 * Returns the canonical form of a path, readable for people. `/caf%C3%A9` and `/caf%c3%a9` become `/café`, `/%7Euser`
 * becomes `/~user`, but `/a%2Fb` remains different from `/a/b`, and `/a%2520b` from `/a%20b`. An escape is decoded only if
 * the character has the same meaning in an address: letters, digits and `-._~`, characters beyond ASCII, and those that
 * browsers escape themselves. Control characters and bytes that are not UTF-8 remain escaped. Lone surrogates become
 * U+FFFD, as in browsers. Idempotent.
 */
export function cleanPath(path: string): string {
  let text = path;
  if (path.includes('%')) {
    if (path.length > ESCAPED_LENGTH_MAX) text = path.slice(0, ESCAPED_LENGTH_MAX).replace(TORN_ESCAPE, '');
    // After a stray percent sign, a decoded digit could complete an escape that was not sent.
    const isStray = STRAY_PERCENT.test(text);
    text = text.replace(ESCAPES, (escapes) => readable(escapes, isStray));
  }
  if (CONTROL.test(text)) text = text.replace(CONTROLS, (char) => encodeURIComponent(char));
  const short = truncate(text, PATH_CODEPOINTS_MAX);
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

/** The byte of the escape that begins at `at`. */
function byteAt(escapes: string, at: number): number {
  return 16 * digit(escapes.charCodeAt(at + 1)) + digit(escapes.charCodeAt(at + 2));
}

function digit(hex: number): number {
  return (hex & 0xf) + (hex > 0x40 ? 9 : 0);
}

/** The number of bytes of a code point whose first byte this is; 0 if no code point begins with it. */
function utf8Length(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The smallest code point that needs this number of bytes, by the number. */
const LEAST_POINTS = [0, 0, 0x80, 0x800, 0x10000];

/**
 * Returns -1 if the bytes are not UTF-8: there are too few, the encoding is overlong, or it is that of a surrogate or of
 * a number beyond the last code point.
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
