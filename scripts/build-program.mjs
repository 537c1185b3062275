// Bundles what is started, with its dependencies: otherwise a start reads several hundred modules in each of its threads.
// The compiler has written every module into dist/ before. This replaces those that are started, and writes the code that
// they share into dist/chunks. The other modules are for scripts and tests. Silent when all is well.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Processes and threads; src/process/build-check.ts goes by these names, too. */
const STARTED = /^src\/(\w+|.*-(thread|worker))\.ts$/;

/** Loaded from node_modules. */
const NOT_BUNDLED = [
  ...['@node-rs/argon2', 'lmdb'], // have native code
  ...['bullmq', 'ioredis', 'mongodb'], // other modules reach into the same copy
  ...['@simplewebauthn/server', 'nodemailer', 'openid-client'], // large, and seldom used
];

if (process.argv.includes('--help')) {
  console.log('node scripts/build-program.mjs: bundles what is started, after tsc; prints nothing when all is well');
  process.exit(0);
}

const started = readdirSync(join(ROOT, 'src'), { recursive: true })
  .map((path) => `src/${path.split(sep).join('/')}`)
  .filter((path) => STARTED.test(path));
const { metafile } = await build({
  entryPoints: started,
  absWorkingDir: ROOT,
  outdir: 'dist',
  outbase: '.',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: NOT_BUNDLED,
  charset: 'utf8',
  sourcemap: true,
  sourcesContent: false,
  // packages in the older module format call it
  banner: {
    js: "import { createRequire as createRequire_ } from 'node:module';\nconst require = createRequire_(import.meta.url);",
  },
  plugins: [englishOnly()],
  metafile: true,
  logLevel: 'warning',
});
removeOldChunks(Object.keys(metafile.outputs));
writeFileSync(join(ROOT, 'dist/third-party-licenses.txt'), licensesOf(Object.keys(metafile.inputs)));

/** Only now, so that programs can be started while the others are being built. */
function removeOldChunks(outputs) {
  const old = readdirSync(join(ROOT, 'dist/chunks')).filter((name) => !outputs.includes(`dist/chunks/${name}`));
  for (const name of old) rmSync(join(ROOT, 'dist/chunks', name));
}

/** Leaves out zod's messages in fifty other languages: as much code as the rest of zod. */
function englishOnly() {
  const english = { contents: "export { default as en } from './en.js';", resolveDir: join(ROOT, 'node_modules/zod/v4/locales') };
  return {
    name: 'English only',
    setup: (building) => building.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => english),
  };
}

/** Their licenses ask for it where their code is copied. */
function licensesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...folders].sort().map(licenseOf).join('\n');
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const texts = readdirSync(join(ROOT, folder))
    .filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8').trim());
  return [`${'-'.repeat(80)}\n${name} ${version} (${license})\n`, ...texts, ''].join('\n');
}
