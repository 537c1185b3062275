import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { byReport } from '../collections/collection.js';
import { COLLECTIONS } from '../collections/index.js';
import { NOT_COUNTED } from '../src/hit/hit.js';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path, ending) : ending.test(entry.name) ? [path] : [];
  });
}

const sources = [...filesBelow('src', /\.ts$/), ...filesBelow('collections', /\.ts$/)].filter(
  (path) => !/(\.test|\/contract|\/contracts\/[\w-]+)\.ts$/.test(path),
);

/** The project's own files that a file imports. */
function importsOf(path: string): string[] {
  return [...read(path).matchAll(/from '(\.[^']+)'/g)].map((match) =>
    relative(root, resolve(root, dirname(path), match[1] as string)).replace(/\.js$/, '.ts'),
  );
}

const folderOf = (path: string) =>
  path.startsWith('src/') && path.split('/').length > 2
    ? (path.split('/')[1] as string)
    : path.startsWith('src/')
      ? 'root'
      : 'collections';

/** Which folders a folder may import from, beside itself. What is not here may import nothing. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  system: [],
  threads: [],
  time: [],
  counters: [],
  hit: ['time', 'counters'],
  collections: ['time', 'counters', 'hit'],
  store: ['system', 'time', 'counters', 'hit', 'collections'],
  journal: ['time', 'counters', 'hit', 'store'],
  sharing: ['system', 'time', 'hit', 'store'],
  counting: ['threads', 'time', 'counters', 'hit', 'collections', 'store', 'journal'],
  reporting: ['threads', 'time', 'counters', 'collections', 'store', 'upkeep'],
  upkeep: ['system', 'threads', 'time', 'counters', 'hit', 'collections', 'store', 'journal', 'sharing'],
  operations: ['system', 'time', 'counters', 'hit', 'collections', 'store', 'journal', 'counting', 'upkeep'],
  web: ['system', 'time', 'hit', 'collections', 'store', 'journal', 'sharing', 'reporting', 'upkeep'],
  process: [
    'system',
    'threads',
    'hit',
    'collections',
    'store',
    'journal',
    'sharing',
    'counting',
    'reporting',
    'upkeep',
    'operations',
    'web',
  ],
  commands: [
    'system',
    'threads',
    'time',
    'hit',
    'collections',
    'store',
    'journal',
    'counting',
    'upkeep',
    'operations',
    'process',
  ],
  browser: ['time', 'hit'],
  root: ['system', 'store', 'process', 'commands'],
};

/** One of several that keep the same interface: beside its contract, or in the folder of its backend. */
const isAdapter = (path: string) =>
  adapters.has(path) || (/\/(lmdb|local|mongodb|redis)\.ts$/.test(path) && existsSync(join(root, dirname(path), 'contract.ts')));

/** Every adapter in a backend's folder, with its contract. */
const adapters = new Map(
  ['store', 'sharing'].flatMap((folder) => {
    const contracts = existsSync(join(root, 'src', folder, 'contracts'))
      ? readdirSync(join(root, 'src', folder, 'contracts'))
      : [];
    return contracts.flatMap((contract) =>
      ['lmdb', 'mongodb', 'local', 'redis']
        .map((backend) => `src/${folder}/${backend}/${contract}`)
        .filter((path) => existsSync(join(root, path)))
        .map((path) => [path, `../contracts/${contract.replace('.ts', '.js')}`] as const),
    );
  }),
);

describe('the source', () => {
  it('has arrows that point one way', () => {
    const against = sources.flatMap((path) =>
      importsOf(path)
        .filter((target) => folderOf(target) !== folderOf(path) && !(MAY[folderOf(path)] ?? []).includes(folderOf(target)))
        .map((target) => `${path} → ${target}`),
    );
    expect(against).toEqual([]);
  });

  it('says what it has to say by src/system/log.ts, which never ends the process, and not by the console', () => {
    const inBrowsers = /^src\/browser\//;
    expect(sources.filter((path) => !inBrowsers.test(path) && /\bconsole\./.test(read(path)))).toEqual([]);
  });

  it('names an adapter only in the composition root', () => {
    const naming = sources.filter(
      (path) =>
        !/^src\/(process\/)?(compose|servers)\.ts$/.test(path) &&
        importsOf(path).some((target) => isAdapter(target) && dirname(target) !== dirname(path)),
    );
    expect(naming).toEqual([]);
  });

  it('runs the contract of its port on every adapter of it', () => {
    const own = filesBelow('src', /^contract\.ts$/).flatMap((contract) =>
      readdirSync(join(root, dirname(contract)))
        .filter((name) => /^(lmdb|mongodb|local|redis)\.ts$/.test(name))
        .map((name) => [join(dirname(contract), name), './contract.js'] as const),
    );
    expect(own.length + adapters.size).toBeGreaterThan(10);
    for (const [adapter, contract] of [...own, ...adapters]) {
      const tests = filesBelow(dirname(adapter), /\.test\.ts$/);
      expect({ adapter, runs: tests.some((test) => read(test).includes(`from '${contract}'`)) }).toEqual({ adapter, runs: true });
    }
  });

  it('has no file of more than one subject: none is longer than 360 lines, and none is a drawer', () => {
    // a table of names is one subject however long it is
    const long = sources.filter((path) => read(path).split('\n').length > 360 && !path.endsWith('/sources.ts'));
    expect(long).toEqual([]);
    expect(sources.filter((path) => /(utils?|helpers?|manager|service-?\w+|common|misc)\.ts$/.test(path))).toEqual([]);
  });
});

describe('a collection', () => {
  it('is in the list, has tests beside it and a page in docs/metrics.md', () => {
    const folders = readdirSync(join(root, 'collections'), { withFileTypes: true });
    const files = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect([...byReport(COLLECTIONS).keys()].sort()).toEqual(files.sort());
    for (const name of files) {
      expect(existsSync(join(root, 'collections', name, 'report.test.ts'))).toBe(true);
      expect(read('docs/metrics.md')).toContain(`\n## ${name}\n`);
      expect(read('docs/api.md')).toContain(`/${name}\``);
    }
  });
});

describe('the documentation', () => {
  const pages = ['README.md', ...filesBelow('docs', /\.md$/)];

  it('names only files that are there', () => {
    const missing = pages.flatMap((page) => {
      const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) =>
        join(dirname(page), match[1] as string),
      );
      const named = [...read(page).matchAll(/`((?:src|collections|scripts|test|docs)\/[\w./-]+)`/g)].map(
        (match) => match[1] as string,
      );
      return [...links, ...named].filter((path) => !existsSync(join(root, path))).map((path) => `${page}: ${path}`);
    });
    expect(missing).toEqual([]);
  });

  it('names only commands that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run (?:--silent )?([a-z-]+)/g)].map((match) => match[1] as string),
    );
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });

  it('lists every reason for which a hit is not counted', () => {
    for (const reason of NOT_COUNTED) expect(read('docs/beacon.md')).toContain(`\`${reason}\``);
  });

  it('lists every variable of the configuration, and no other', () => {
    const variables = [...read('src/process/config.ts').matchAll(/^ {2}([A-Z_]+):/gm)].map((match) => match[1]);
    const listed = [...read('README.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual(variables.sort());
  });
});
