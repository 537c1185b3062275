import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { kindsByReport } from '../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../collections/documents.js';
import { NOT_COUNTED } from '../src/hit/hit.js';
import { REPORTS, REPORTS_ON_ONE_PAGE } from './population/truth/truth.js';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path, ending) : ending.test(entry.name) ? [path] : [];
  });
}

const sources = [...filesBelow('src', /\.tsx?$/), ...filesBelow('collections', /\.tsx?$/)].filter(
  (path) => !/(\.test|\.d|\/contract|\/contracts\/[\w-]+)\.tsx?$/.test(path),
);

/** The project's own files that a file imports: statically, dynamically, or types only. */
function importsOf(path: string): string[] {
  return [...read(path).matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    relative(root, resolve(root, dirname(path), match[1] as string)).replace(/\.js$/, '.ts'),
  );
}

function layerOf(path: string): string {
  const [top, folder, ...below] = path.split('/') as [string, string, ...string[]];
  if (top === 'src') return below.length > 0 ? folder : 'root';
  return path.endsWith('.tsx') ? 'cards' : top;
}

/** Which folders a folder may import from, beside itself. They are in order: none may import from one below it. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  language: [],
  system: [],
  threads: [],
  time: ['language'],
  counters: [],
  hit: ['language', 'time', 'counters'],
  collections: ['language', 'time', 'counters', 'hit'],
  store: ['language', 'system', 'time', 'counters', 'hit', 'collections'],
  people: ['language', 'system', 'time', 'store'],
  mail: ['language', 'system', 'people'],
  journal: ['system', 'time', 'counters', 'hit', 'store'],
  sharing: ['system', 'time', 'hit', 'store'],
  counting: ['threads', 'time', 'counters', 'hit', 'collections', 'store', 'journal'],
  upkeep: ['system', 'threads', 'time', 'counters', 'hit', 'collections', 'store', 'journal', 'sharing'],
  reporting: ['language', 'system', 'threads', 'time', 'counters', 'collections', 'store', 'upkeep'],
  operations: [
    ...['language', 'system', 'threads', 'time', 'counters', 'hit', 'collections', 'store', 'people', 'journal'],
    ...['counting', 'upkeep'],
  ],
  web: [
    ...['language', 'system', 'time', 'hit', 'collections', 'store', 'people', 'mail', 'journal', 'sharing'],
    ...['reporting', 'upkeep', 'operations'],
  ],
  process: [
    ...['language', 'system', 'threads', 'hit', 'collections', 'store', 'people', 'mail', 'journal', 'sharing'],
    ...['counting', 'upkeep', 'reporting', 'operations', 'web'],
  ],
  commands: [
    ...['language', 'system', 'threads', 'time', 'hit', 'collections', 'store', 'people', 'mail', 'journal'],
    ...['counting', 'upkeep', 'operations', 'process'],
  ],
  root: ['system', 'store', 'process', 'commands'],
  // in the browser; a card is collections/<report>/card.tsx
  // of the last three, types only: see dashboard/bundle.test.ts
  browser: ['language', 'time', 'hit', 'collections', 'sharing', 'web'],
  cards: ['language', 'time', 'hit', 'collections', 'browser'],
};

/** One of several implementations of a port: beside its contract, or in the folder of its backend. */
const isAdapter = (path: string) =>
  adapters.has(path) || (/\/(lmdb|local|mongodb|redis)\.ts$/.test(path) && existsSync(join(root, dirname(path), 'contract.ts')));

/** Every adapter that is in the folder of its backend, with its contract. */
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
  it('imports only from folders that its own folder may import from', () => {
    const forbidden = sources.flatMap((path) =>
      importsOf(path)
        .filter((target) => layerOf(target) !== layerOf(path) && !MAY[layerOf(path)]?.includes(layerOf(target)))
        .map((target) => `${path} → ${target}`),
    );
    expect(forbidden).toEqual([]);
  });

  it('has no circles between folders: each may import only from folders above it in the list', () => {
    const order = Object.keys(MAY);
    for (const [folder, others] of Object.entries(MAY)) {
      const above = order.slice(0, order.indexOf(folder));
      expect({ folder, notAbove: others.filter((other) => !above.includes(other)) }).toEqual({ folder, notAbove: [] });
    }
  });

  it('logs through src/system/log.ts, which never ends the process, and not through the console', () => {
    const inBrowsers = /^src\/browser\//;
    expect(sources.filter((path) => !inBrowsers.test(path) && /\bconsole\./.test(read(path)))).toEqual([]);
  });

  it('imports adapters only in the composition root', () => {
    const naming = sources.filter(
      (path) =>
        !/^src\/process\/(embedded|distributed)\.ts$/.test(path) &&
        !/^src\/(store|sharing)\/\w+\/open\.ts$/.test(path) &&
        importsOf(path).some((target) => isAdapter(target) && dirname(target) !== dirname(path)),
    );
    expect(naming).toEqual([]);
  });

  it('tests every adapter with the contract of its port', () => {
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

  it('has no file over 350 lines, and none for things that belong nowhere', () => {
    // a table of names may be longer
    const long = sources.filter((path) => read(path).split('\n').length > 351 && !path.endsWith('/sources.ts'));
    expect(long).toEqual([]);
    expect(sources.filter((path) => /(utils?|helpers?|manager|service-?\w+|common|misc)\.ts$/.test(path))).toEqual([]);
  });

  it('starts only files that the build bundles and a start looks for', () => {
    const started = sources.flatMap((path) =>
      [...read(path).matchAll(/builtFile\('(src\/[^']+)\.js'\)/g)].map(([, file]) => file),
    );
    expect(started.length).toBeGreaterThan(4);
    expect(started.filter((file) => !/^src\/(\w+|.*-(thread|worker))$/.test(file as string))).toEqual([]);
  });
});

describe('a line', () => {
  const isTestData = (path: string) => /\.test\.ts$|^test\/|^scripts\/(traffic|linking)\//.test(path);
  /** One literal, such as a user agent or a line of a log: it would be harder to read in parts. */
  const isLiteral = (line: string) => /^\s*(\w+: |[+|] )?(['"`]).{100,}\2[,;)]*$|^\s*\/.{100,}\/\w*[,;)]*$/.test(line);

  it('has at most 130 columns, unless it is test data', () => {
    const folders = ['src', 'collections', 'test', 'scripts'];
    const files = folders.flatMap((folder) => filesBelow(folder, /\.(tsx?|mjs|css)$/));
    const long = files.flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, i) => (line.length > 130 && !(isTestData(path) && isLiteral(line)) ? [`${path}:${i + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });
});

describe('a report', () => {
  const names = [...kindsByReport(DOCUMENT_KINDS).keys()];

  it('has a folder of its name in collections, with tests', () => {
    const entries = readdirSync(join(root, 'collections'), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.sort()).toEqual([...names].sort());
    for (const name of names) expect(existsSync(join(root, 'collections', name, 'report.test.ts'))).toBe(true);
  });

  it('is recounted for the simulated visitors', () => {
    const recounted = [...REPORTS, ...REPORTS_ON_ONE_PAGE];
    expect(recounted.sort()).toEqual([...names].sort());
  });
});

describe('the documentation', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'scripts/README.md', ...filesBelow('docs', /\.md$/)].filter(
    (page) => existsSync(join(root, page)),
  );

  it('names only files that exist', () => {
    const missing = pages.flatMap((page) => {
      const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) =>
        join(dirname(page), match[1] as string),
      );
      const named = [...read(page).matchAll(/(?:`|<br>)((?:src|collections|scripts|test|docs)\/[\w./-]+)`/g)].map(
        (match) => match[1] as string,
      );
      return [...links, ...named].filter((path) => !existsSync(join(root, path))).map((path) => `${page}: ${path}`);
    });
    expect(missing).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map((match) => match[1] as string),
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
