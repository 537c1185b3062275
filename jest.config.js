import { availableParallelism } from 'node:os';

/** TypeScript is only stripped of its types here (swc); tsc checks them in `npm run build`. */
export default {
  roots: ['<rootDir>/src', '<rootDir>/collections', '<rootDir>/test'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  /** The long tests wait for processes that they start and end as often as they compute. */
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  workerIdleMemoryLimit: '512MB',
  testSequencer: '<rootDir>/test/sequencer.mjs',
  /** A server that is busy with other tests takes its time. */
  testTimeout: 120_000,
};
