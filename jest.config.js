import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const ROOT = import.meta.dirname;

/** Tests that stand beside the source, as paths from the root. */
const besideSource = ['src', 'collections'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`),
);

const textOf = (path) => readFileSync(join(ROOT, path), 'utf8');

/** It starts the built program. */
const needsBuild = (path) => textOf(path).includes('dist/');

/**
 * An adapter's own test, a command, or one that opens stores by these fixtures: some of its cases need Redis or MongoDB.
 */
const needsStore = (path) =>
  /^src\/((store|sharing)\/(lmdb|mongodb|local|redis)|commands)\//.test(path) ||
  /fixtures\/(web|stores|servers|redis-server|lossy-mongodb)\.js'/.test(textOf(path));

/**
 * Too slow for the unit tests: all time zones, many random cases, independent recounts of random visits, and large
 * files that do harm.
 */
const EXHAUSTIVE = [
  'src/time/timezones.test.ts',
  'src/operations/import/csv.test.ts',
  'src/operations/import/overlap/match.test.ts',
];
const isExhaustive = (path) => EXHAUSTIVE.includes(path) || /(recount|hostile)\.test\.ts$/.test(path);

const isUnit = (path) => !needsStore(path) && !needsBuild(path) && !isExhaustive(path);

/** `npm run test:unit` and so on run one project, `npm test` all of them. Each test file is in exactly one. */
const PROJECTS = {
  /** Needs no server and no built program. */
  unit: [...besideSource.filter(isUnit), 'test/tidy.test.ts'],
  /** Without REDIS_URL and MONGODB_URI, only the embedded stores are tested. */
  store: besideSource.filter((path) => needsStore(path) && !needsBuild(path)),
  /** Needs Chromium, and a built program. */
  browser: ['test/browser/**/*.test.ts'],
  /** Whole processes, also killed ones; thousands of simulated visitors and crashes. Needs a built program. */
  slow: [
    'test/{end-to-end,faults,hostile,population,simulator}/**/*.test.ts',
    'test/linking.test.ts',
    ...besideSource.filter(needsBuild),
    ...besideSource.filter((path) => isExhaustive(path) && !needsStore(path) && !needsBuild(path)),
  ],
};

const swc = (parser, transform) => [
  '@swc/jest',
  { jsc: { target: 'es2022', parser, transform }, module: { type: 'es6' }, sourceMaps: 'inline' },
];

const project = ([displayName, tests]) => ({
  displayName,
  roots: ['<rootDir>/src', '<rootDir>/collections', '<rootDir>/test'],
  testMatch: tests.map((path) => `<rootDir>/${path}`),
  testEnvironment: 'node',
  globals: { LANGUAGE: 'en' }, // of texts for pages; see src/language/languages.ts
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  // swc only removes the types; `npm run check` checks them
  transform: {
    '^.+\\.ts$': swc({ syntax: 'typescript' }),
    '^.+\\.tsx$': swc({ syntax: 'typescript', tsx: true }, { react: { runtime: 'automatic', importSource: 'preact' } }),
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
});

export default {
  projects: Object.entries(PROJECTS).map(project),
  // more than there are processors: the slow tests mostly wait for processes that they have started
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  workerIdleMemoryLimit: '512MB',
  testSequencer: '<rootDir>/test/sequencer.mjs',
  // generous, because servers that other tests use as well answer slowly; jest ignores it in a project
  testTimeout: 300_000,
};
