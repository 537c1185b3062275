import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as texts from './texts.js';

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
      'uplot',
    ]);
    const isOurs =
      /^(cards:all|src\/(browser\/dashboard(\/[\w-]+)*|hit(\/facets)?|language|time)\/[\w-]+\.tsx?|collections\/\w+\/(?!report\.)[\w-]+\.tsx?)$/;
    expect(inputs.filter((path) => !path.startsWith('node_modules/') && !isOurs.test(path))).toEqual([]);
  });

  it('contains the texts of one language', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
    execFileSync(process.execPath, ['scripts/build-browser.mjs', folder], { cwd: ROOT });
    const [english, german] = ['en', 'de'].map((language) => readFileSync(join(folder, `page.${language}.js`), 'utf8'));
    rmSync(folder, { recursive: true });
    expect(english).toContain(texts.PANEL.noNext);
    expect(english).not.toMatch(/[äöüß]/i);
    const sentences = Object.values(texts)
      .flatMap((group) => Object.values(group))
      .filter((text) => typeof text === 'string' && text.includes(' '));
    expect(sentences.length).toBeGreaterThan(50);
    expect(sentences.filter((text) => german?.includes(`"${text}"`))).toEqual([]);
  });
});
