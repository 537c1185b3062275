// Builds what runs in browsers into dist/browser: the tracker, which must stay small, and the dashboard's page.
// Silent when all is well.

import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { minify as minifyCode } from '@swc/core';
import { build } from 'esbuild';

/** Every visitor of every measured page pays for this. */
const TRACKER_GZIP_BYTES_MAX = 2048;

if (process.argv.includes('--help')) {
  console.log(
    'node scripts/build-browser.mjs [folder]: builds src/browser/tracker and src/browser/dashboard into dist/browser, or the folder; says nothing when all is well',
  );
  process.exit(0);
}

const root = fileURLToPath(new URL('../', import.meta.url));
const out = process.argv[2] ? `${process.argv[2]}/` : `${root}dist/browser/`;
await mkdir(out, { recursive: true });

await bundle('src/browser/tracker/track.ts', 'track.js', 'es2018', false);
await minifyTracker('track.js', 2018);
if (existsSync(`${root}src/browser/dashboard/page.ts`)) {
  await bundle('src/browser/dashboard/page.ts', 'page.js', 'es2020');
  await copyFile(`${root}node_modules/uplot/dist/uPlot.min.css`, `${out}uPlot.min.css`);
  if (existsSync(`${root}src/browser/dashboard/page.css`))
    await copyFile(`${root}src/browser/dashboard/page.css`, `${out}page.css`);
}

const bytes = gzipSync(await readFile(`${out}track.js`), { level: 9 }).length;
if (bytes > TRACKER_GZIP_BYTES_MAX) {
  console.error(`track.js is ${bytes} bytes gzipped; at most ${TRACKER_GZIP_BYTES_MAX} are allowed`);
  process.exit(1);
}

/** esbuild names its errors itself and rejects; node then ends with 1. */
async function bundle(source, name, target, minify = true) {
  await build({
    entryPoints: [root + source],
    outfile: out + name,
    absWorkingDir: root,
    bundle: true,
    minify,
    format: 'iife',
    target,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    tsconfigRaw: {}, // what tsconfig.json says is for the server
  });
}

/**
 * By swc, whose result is four per cent smaller than esbuild's. What it calls unsafe makes arrows of functions that
 * use no `this`.
 */
async function minifyTracker(name, ecma) {
  const { code } = await minifyCode(await readFile(out + name, 'utf8'), {
    ecma,
    module: true,
    compress: { ecma, passes: 5, toplevel: true, unsafe_arrows: true },
    mangle: { toplevel: true },
  });
  await writeFile(out + name, code);
}
