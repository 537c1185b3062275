import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as textsOfDialogs from './texts/dialogs.js';
import * as texts from './texts.js';

/** A page in German with its numbers, gzipped, of a site with 80 days of traffic, at six in the evening. */
const PAGE_BYTES = 15_440;

const ROOT = join(import.meta.dirname, '../../..');

describe("the dashboard's script", () => {
  const inputs = execFileSync(process.execPath, ['scripts/build-browser.mjs', '--inputs'], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n');

  it('contains the card of every report that has one', () => {
    const cards = readdirSync(join(ROOT, 'collections'))
      .map((name) => `collections/${name}/card.tsx`)
      .filter((path) => existsSync(join(ROOT, path)));
    expect(cards.length).toBeGreaterThan(5);
    expect(inputs.filter((path) => path.endsWith('/card.tsx')).sort()).toEqual(cards.sort());
  });

  it('contains no report, nothing of the server, and no package but those for the page', () => {
    const packages = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
    expect([...new Set(packages.filter((name) => name !== undefined))].sort()).toEqual([
      '@preact/signals',
      '@preact/signals-core',
      'preact',
    ]);
    const isOurs =
      /^(cards:all|src\/(browser\/dashboard(\/[\w-]+)*|hit(\/facets)?|language|time)\/[\w-]+\.tsx?|collections\/\w+\/(?!report\.)[\w-]+\.tsx?)$/;
    expect(inputs.filter((path) => !path.startsWith('node_modules/') && !isOurs.test(path))).toEqual([]);
  });

  describe('as it is built', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
    beforeAll(() => {
      execFileSync(process.execPath, ['scripts/build-browser.mjs', folder], { cwd: ROOT });
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('contains the texts of one language', () => {
      const [english, german] = ['en', 'de'].map((language) =>
        ['page', 'page-dialogs'].map((name) => readFileSync(join(folder, `${name}.${language}.js`), 'utf8')).join(),
      );
      expect(english).toContain(texts.LISTS.rest);
      expect(english).toContain(textsOfDialogs.PANEL.noNext);
      expect(english).not.toMatch(/[äöüß]/i);
      const sentences = Object.values({ ...texts, ...textsOfDialogs })
        .flatMap((group) => Object.values(group))
        .filter((text) => typeof text === 'string' && text.includes(' '));
      expect(sentences.length).toBeGreaterThan(50);
      expect(sentences.filter((text) => german?.includes(`"${text}"`))).toEqual([]);
    });

    it.each(['en', 'de'])('has its dialogs in a file of their own, and asks for this version of it: %s', (language) => {
      const [page = '', dialogs = ''] = ['page', 'page-dialogs'].map((name) =>
        readFileSync(join(folder, `${name}.${language}.js`), 'utf8'),
      );
      const version = createHash('sha256').update(dialogs).digest('base64url').slice(0, 10);
      expect(page).toContain(`import("./page-dialogs.${language}.js?v=${version}")`);
      expect(dialogs).not.toContain('chunk');
      if (language === 'en') expect(page).not.toContain(textsOfDialogs.PANEL.noNext);
    });

    it('contains the path of each icon once, and not as a text', () => {
      const paths = readFileSync(join(folder, 'page.de.js'), 'utf8').match(/(["'`])M\d[\d.a-z -]*\1/gi) ?? [];
      expect(paths.length).toBeGreaterThan(6);
      expect(new Set(paths).size).toBe(paths.length);
    });

    it.each(['en', 'de'])('weighs less than 70 KB with the page and its style: %s', (language) => {
      const files = [`page.${language}.js`, 'start.js', 'page.css'];
      const bytes = files.map((name) => statSync(join(folder, `${name}.gz`)).size);
      expect(bytes.reduce((sum, size) => sum + size, PAGE_BYTES)).toBeLessThan(70_000);
    });
  });
});
