// npm start builds if necessary and only then; and a program that is incomplete says so in one line.
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from './running.js';

const ROOT = resolve(import.meta.dirname, '../..');
const { path: folder, remove } = temporaryFolder();
/** A copy that may be changed and damaged. */
const copy = join(folder, 'hitherto');
const at = (path: string) => join(copy, path);
const MAIN = 'dist/src/main.js';

beforeAll(() => {
  mkdirSync(copy);
  for (const name of [
    'src',
    'collections',
    'scripts',
    'dist',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'test/fixtures',
  ]) {
    cpSync(join(ROOT, name), at(name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), at('node_modules'));
  expect(ensure()).toMatchObject({ status: 0 });
});
afterAll(remove);

function ensure(): Pick<SpawnSyncReturns<string>, 'status' | 'stderr'> {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/ensure-build.mjs'], { cwd: copy, encoding: 'utf8' });
  return { status, stderr };
}

const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');

/**
 * A whole build takes 20 seconds of two processors, so only the tests of a changed source and of an empty folder make one. In
 * the others, `npm run build` puts the files of this checkout there.
 */
function setBuild(isWhole: boolean): void {
  if (isWhole) {
    writeFileSync(at('package.json'), manifest);
    return;
  }
  const copying = `require('fs').cpSync(${JSON.stringify(join(ROOT, 'dist'))}, 'dist', { recursive: true })`;
  writeFileSync(at('copy-build.cjs'), copying);
  const { scripts, ...others } = JSON.parse(manifest) as { scripts: Record<string, string> };
  const build = 'node copy-build.cjs && node scripts/ensure-build.mjs --record';
  writeFileSync(at('package.json'), JSON.stringify({ ...others, scripts: { ...scripts, build } }));
}

/** When the compiler last wrote. */
const builtAt = () => statSync(at(MAIN)).mtimeMs;

describe('before a start', () => {
  let before: number;
  beforeEach(() => {
    utimesSync(at(MAIN), 1, 1);
    before = builtAt();
  });

  it('builds nothing when nothing has changed, even if files have new times', () => {
    utimesSync(at('src/main.ts'), new Date(), new Date());
    appendFileSync(at('src/journal/lock.test.ts'), '\n// a test is not part of the build\n');
    expect(ensure()).toEqual({ status: 0, stderr: '' });
    expect(builtAt()).toBe(before);
  });

  it.each<[string, RegExp, () => void, isWhole?: boolean]>([
    ['a source has changed', /src\/main\.ts has changed/, () => appendFileSync(at('src/main.ts'), '\n'), true],
    ['a source is new', /src\/new\.ts has changed/, () => writeFileSync(at('src/new.ts'), 'export const isNew = true;\n')],
    ['a source is removed', /src\/new\.ts has changed/, () => rmSync(at('src/new.ts'))],
    ['a file of the program is missing', /dist\/src\/process\/web\.js is missing/, () => rmSync(at('dist/src/process/web.js'))],
    [
      'a file for browsers is damaged',
      /dist\/browser\/page\.en\.js is damaged/,
      () => writeFileSync(at('dist/browser/page.en.js'), 'cut'),
    ],
    ['the record of the build is damaged', /dist\/build\.json is damaged/, () => writeFileSync(at('dist/build.json'), '{"sou')],
    ['nothing is built', /it is not built/, () => rmSync(at('dist'), { recursive: true }), true],
  ])('builds the program when %s', (_what, why, change, isWhole = false) => {
    setBuild(isWhole);
    change();
    const { status, stderr } = ensure();
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(why) });
    expect(stderr).toMatch(/^hitherto: [^\n]*\n$/);
    for (const path of [MAIN, 'dist/src/process/web.js', 'dist/browser/page.en.js', 'dist/build.json'])
      expect(existsSync(at(path))).toBe(true);
    expect(readFileSync(at('dist/browser/page.en.js')).equals(readFileSync(join(ROOT, 'dist/browser/page.en.js')))).toBe(true);
    expect(builtAt()).not.toBe(before);
    expect(ensure()).toEqual({ status: 0, stderr: '' });
  });

  it('explains what to do if there are no sources to build from', () => {
    renameSync(at('src'), at('src.away'));
    try {
      expect(ensure()).toEqual({ status: 0, stderr: '' });
      const file = readFileSync(at('dist/browser/track.js'));
      rmSync(at('dist/browser/track.js'));
      expect(ensure()).toEqual({
        status: 1,
        stderr: 'hitherto: dist/browser/track.js is missing, and there is nothing here to build it with: install it again\n',
      });
      writeFileSync(at('dist/browser/track.js'), file);
    } finally {
      renameSync(at('src.away'), at('src'));
    }
  });
});

describe('a started program', () => {
  const start = () =>
    spawn('npm', ['start'], {
      cwd: copy,
      env: { PATH: process.env.PATH, HOME: folder, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });

  it('does not mention building when started by npm start', async () => {
    utimesSync(at(MAIN), 1, 1);
    const child = start();
    let text = '';
    const running = new Promise<void>((done) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          text += chunk;
          if (text.includes('</script>')) done();
        });
      }
    });
    await Promise.race([running, once(child, 'close')]);
    process.kill(-(child.pid as number), 'SIGTERM');
    expect(text).toContain('Hitherto is running at');
    expect(text).toContain('npm run hitherto -- site add my-site');
    expect(text).not.toContain('built');
    expect(builtAt()).toBe(1000);
    await once(child.stdout, 'close');
  });

  it.each([
    ['is missing', () => rmSync(at('dist/browser/page.en.js'))],
    ['is empty', () => writeFileSync(at('dist/browser/page.en.js'), '')],
  ])('reports in one line that one of its files %s, and exits with 70', (_what, damage) => {
    const file = readFileSync(join(ROOT, 'dist/browser/page.en.js'));
    damage();
    const env = { PATH: process.env.PATH, DATA_DIR: join(folder, 'other') };
    const { status, stderr } = spawnSync(process.execPath, [at(MAIN)], { env, encoding: 'utf8' });
    writeFileSync(at('dist/browser/page.en.js'), file);
    expect(status).toBe(70);
    expect(stderr).toBe(
      `hitherto: the program is damaged: ${at('dist/browser/page.en.js')} is missing or empty; build it again (npm run build), or install it again\n`,
    );
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });
});
