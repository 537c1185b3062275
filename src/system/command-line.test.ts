import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dataDirOption, shellQuoted, withDataDir } from './command-line.js';

describe('a word in a command that people copy', () => {
  it('is read by a shell unchanged', () => {
    const word = fc.stringMatching(/^[ -~äé\n]{1,30}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellQuoted).join(' ')}`], { encoding: 'utf8' });
        expect(printed.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });

  it('has no quotes if it needs none', () => {
    expect(shellQuoted('/var/lib/hitherto-1')).toBe('/var/lib/hitherto-1');
    expect(shellQuoted("/my data/it's")).toBe(`'/my data/it'\\''s'`);
    expect(shellQuoted('~/data')).toBe("'~/data'");
  });
});

describe('a command that is named in a text', () => {
  const NAMES = ['site', 'delete'];
  const complete = (text: string, dataDir = '/my data') => withDataDir(text, dataDir, NAMES);

  it('contains the data folder if that is not the default', () => {
    expect(complete('see `hitherto site list`; or hitherto delete list')).toBe(
      "see `hitherto --data-dir '/my data' site list`; or hitherto --data-dir '/my data' delete list",
    );
    for (const usual of ['./data', 'data', 'data/', join(process.cwd(), 'data')]) {
      expect(complete('`hitherto site list`', usual)).toBe('`hitherto site list`');
      expect(dataDirOption(usual)).toBe('');
    }
  });

  it('is not confused with other words', () => {
    for (const text of [
      'hitherto sites',
      'a hitherto site-wide thing that hitherto was',
      'ahitherto site',
      'hitherto --data-dir /x site list',
    ]) {
      expect(complete(text)).toBe(text.replace('hitherto site-wide', "hitherto --data-dir '/my data' site-wide"));
    }
  });
});
