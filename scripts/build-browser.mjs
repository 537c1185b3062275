// Builds what runs in browsers into dist/browser: the tracker, which must stay small, and the dashboard's page.
// Silent when all is well.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { minify as minifyCode } from '@swc/core';
import { build } from 'esbuild';

/** Every visitor of every measured page pays for this. */
const TRACKER_GZIP_BYTES_MAX = 2128;

/** As in src/language/languages.ts, which is not built when this runs for the first time. */
const LANGUAGES = ['en', 'de'];

/** Functions that are put in place of their calls make a script longer, and its gzip 1 % larger. */
const NOT_INLINED = { passes: 3, inline: 0, reduce_funcs: false };

/** What pages load. Each of these scripts is complete, so that a page needs one request; that of a site has parts. */
const SCRIPTS = { sites: 'sites/page.tsx', forms: 'forms.ts' };

const root = fileURLToPath(new URL('../', import.meta.url));

if (process.argv.includes('--help')) {
  console.log(
    `node scripts/build-browser.mjs [folder]   builds src/browser/tracker and src/browser/dashboard into dist/browser,
                                          or into the folder; prints nothing when all is well
node scripts/build-browser.mjs --inputs   builds nothing; prints the files that the dashboard's script is made of`,
  );
  process.exit(0);
}
if (process.argv.includes('--inputs')) {
  const { metafile } = await build({ ...dashboard('en'), metafile: true, write: false });
  const [{ inputs }] = Object.values(metafile.outputs);
  console.log(
    Object.keys(inputs)
      .filter((name) => inputs[name].bytesInOutput > 0)
      .join('\n'),
  );
  process.exit(0);
}

const out = process.argv[2] ? `${process.argv[2]}/` : `${root}dist/browser/`;
await mkdir(out, { recursive: true });

await build({ ...options('src/browser/tracker/track.ts', 'es2018'), outfile: `${out}track.js` });
await minify('track.js', 2018, { passes: 5, unsafe_arrows: true });
for (const language of LANGUAGES) {
  for (const [name, source] of Object.entries(SCRIPTS)) {
    const entryPoints = [`${root}src/browser/dashboard/${source}`];
    await build({ ...dashboard(language), entryPoints, outfile: `${out}${name}.${language}.js` });
    await minify(`${name}.${language}.js`, 2022);
  }
  await buildSitePage(language);
  await build({ ...firstView(language), outfile: `${out}first-view.${language}.mjs` });
}
await build({ ...options('src/browser/dashboard/first-view/start.ts', 'es2020'), outfile: `${out}start.js`, minify: true });
for (const name of ['page.css', 'other-pages.css'])
  await build({ ...options(`src/browser/dashboard/${name}`), outfile: out + name, minify: true });

// once here rather than at each start of the service
for (const name of (await readdir(out)).filter((name) => /\.(js|css)$/.test(name))) {
  const contents = await readFile(out + name);
  await writeFile(`${out}${name}.br`, brotliCompressSync(contents));
  await writeFile(`${out}${name}.gz`, gzipSync(contents, { level: 9 }));
}

const bytes = (await readFile(`${out}track.js.gz`)).length;
if (bytes > TRACKER_GZIP_BYTES_MAX) {
  console.error(`track.js is ${bytes} bytes gzipped; at most ${TRACKER_GZIP_BYTES_MAX} are allowed`);
  process.exit(1);
}

/** The page's script in one language: esbuild folds `{ en: EN, de: DE }[LANGUAGE]`, and then nothing refers to the others. */
function dashboard(language) {
  const jsx = { jsx: 'automatic', jsxImportSource: 'preact' };
  const define = { LANGUAGE: JSON.stringify(language) };
  return { ...options('src/browser/dashboard/page.tsx', 'es2022'), ...jsx, define, minify: true, plugins: [cards()] };
}

/**
 * The script of a site's page, and its dialogs, which are loaded when one of them is opened. What both need is in the page's
 * script. The dialogs find it by the address that the page has loaded, since a module with another address, such as that of
 * another version, would be a second instance.
 */
async function buildSitePage(language) {
  const [page, dialogs] = [`page.${language}.js`, `page-dialogs.${language}.js`];
  const { outputFiles } = await build({
    ...dashboard(language),
    ...{ format: 'esm', splitting: true, write: false, outdir: out, chunkNames: '[name]', plugins: [cards(), dialogsOfPage()] },
  });
  const textOf = (name) => outputFiles.find(({ path }) => path.endsWith(`/${name}.js`)).text;
  await writeFile(out + dialogs, replaced(textOf('dialogs'), /import\{([^}]*)\}from"\.\/chunk\.js";/, importOfOpenPage));
  await minify(dialogs, 2022);
  const address = `./${dialogs}?v=${versionOf(await readFile(out + dialogs))}`;
  await writeFile(out + page, replaced(textOf('chunk'), '"./dialogs.js"', JSON.stringify(address)));
  await minify(page, 2022);
}

/** Instead of a static import: the page's module, by the address with which first-view/start.ts has imported it. */
function importOfOpenPage(_, names) {
  const loaded = 'await import(document.querySelector("link[rel=modulepreload]").href)';
  return `const{${names.replaceAll(/ as /g, ':')}}=${loaded};`;
}

function replaced(text, what, by) {
  const result = text.replace(what, by);
  if (result === text || result.search(what) !== -1) throw new Error(`esbuild has not written ${what} once`);
  return result;
}

/** Lets the dialogs import the page, so that esbuild puts what both need into one file with it. */
function dialogsOfPage() {
  const folder = './src/browser/dashboard';
  return {
    name: 'dialogs-of-page',
    setup(building) {
      building.onResolve({ filter: /\/dialogs\.js$/ }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: 'dialogs', namespace: 'dialogs' } : undefined,
      );
      building.onLoad({ filter: /.*/, namespace: 'dialogs' }, () => ({
        contents: `import '${folder}/page.tsx'; export { Dialogs } from '${folder}/dialogs.tsx';`,
        resolveDir: root,
      }));
    },
  };
}

/** As in src/web/static.ts. */
function versionOf(content) {
  return createHash('sha256').update(content).digest('base64url').slice(0, 10);
}

/** The components of the dashboard for Node, which renders the first view of a page with them. */
function firstView(language) {
  return {
    ...dashboard(language),
    entryPoints: [`${root}src/browser/dashboard/first-view/render.tsx`],
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    plugins: [cards(), onServer()],
  };
}

/** esbuild names its errors itself and rejects; node then ends with 1. */
function options(source, target) {
  return {
    entryPoints: [root + source],
    absWorkingDir: root,
    bundle: true,
    format: 'iife',
    target,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    tsconfigRaw: {}, // what tsconfig.json says is for the server
  };
}

/** Makes the module src/browser/dashboard/cards.js: all cards of collections, so that a new report only adds its folder. */
function cards() {
  const files = readdirSync(`${root}collections`)
    .map((name) => `./collections/${name}/card.tsx`)
    .filter((file) => existsSync(root + file));
  const imports = files.map((file, index) => `import { card as card${index} } from '${file}';`);
  const list = `export const CARDS = [${files.map((_, index) => `card${index}`).join(', ')}];`;
  return {
    name: 'cards',
    setup(building) {
      building.onResolve({ filter: /\/cards\.js$/ }, () => ({ path: 'all', namespace: 'cards' }));
      building.onLoad({ filter: /.*/, namespace: 'cards' }, () => ({
        contents: [...imports, list].join('\n'),
        loader: 'js',
        resolveDir: root,
      }));
    },
  };
}

/** On the server, answers are not fetched. */
function onServer() {
  return {
    name: 'on-server',
    setup(building) {
      const file = `${root}src/browser/dashboard/first-view/on-server.ts`;
      building.onResolve({ filter: /\/server\.js$/, namespace: 'file' }, () => ({ path: file }));
    },
  };
}

/**
 * Uses swc, whose result is a few percent smaller than esbuild's, and which removes unused code. `unsafe_arrows`
 * makes arrows of functions that use no `this`.
 */
async function minify(name, ecma, options = NOT_INLINED) {
  const { code } = await minifyCode(await readFile(out + name, 'utf8'), {
    ecma,
    module: true,
    compress: { ecma, toplevel: true, ...options },
    mangle: { toplevel: true },
  });
  await writeFile(out + name, code);
}
