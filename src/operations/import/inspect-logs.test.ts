import { describe, expect, it } from '@jest/globals';
import { exampleSite } from '../../store/contracts/accounts.js';
import { recognitionIn } from './inspect-logs.js';

const LINE = '192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0 (X11) Firefox/143.0"';
const DIRECTIVES = '#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem sc-status\n';

describe('a file', () => {
  it.each([
    ['with a line of a log', `${LINE}\n`, 'combined'],
    ['with a line of a log after remarks', `${'#\n'.repeat(900)}${LINE}\n`, 'combined'],
    ['with a byte order mark', `\ufeff${LINE}\n`, 'combined'],
    ['with Windows line ends', `${LINE}\r\n${LINE}\r\n`, 'combined'],
    ['that ends with an incomplete line', `${LINE}\n${LINE.slice(0, 20)}`, 'combined'],
    ['whose inspected part ends within a line', `${LINE}\n`.repeat(20_000).slice(0, 1024 * 1024), 'combined'],
    ['that is empty', '', undefined],
    ['with a line without an end', LINE, undefined],
    ['with a line that has just begun', LINE.slice(0, 40), undefined],
    ['with a line of JSON that has just begun', '{"level":"info","ts":17', undefined],
    ['with directives only', DIRECTIVES, undefined],
    ['with incomplete directives', DIRECTIVES.slice(0, 20), undefined],
  ])('%s is a log, or may become one', (_, text, format) => {
    expect(recognitionIn(Buffer.from(text), exampleSite)?.recognised.layouts[0]?.format).toBe(format);
  });

  it.each([
    ['with a line of a log after too many others', `${'x\n'.repeat(1000)}${LINE}\n`, /is not an access log that can be read/],
    ['with other text', 'hello\n', /none of its first lines .*; its first line reads "hello"$/],
    ['with other text without an end', 'hello', /is not an access log/],
    ['with binary data', '\0\x01\x02', /is not an access log/],
    ['with a long line', 'y'.repeat(100_000), /its first line reads "y{160}…"$/],
    [
      'with a line without an end',
      `{"a":"${'y'.repeat(2_000_000)}`.slice(0, 1024 * 1024),
      /its first line has more than 1,048,576 bytes$/,
    ],
    ['with hostile text', '\n\x1b[2J\x9b0m\u202e\u00e4\n', /its first line reads "\[2J 0m\u202eä"$/],
  ])('%s is not a log', (_, text, message) => {
    expect(() => recognitionIn(Buffer.from(text), exampleSite)).toThrow(message);
  });
});
