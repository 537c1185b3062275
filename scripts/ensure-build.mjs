#!/usr/bin/env node
// Runs before `npm start`: builds only if a source of the build has changed, or a file of the build is missing or
// damaged. `--record`, after a build: records its sources and its results.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const RECORD = join(DIST, 'build.json');
const SOURCES = [
  'src',
  'collections',
  'test/fixtures',
  'scripts/build-browser.mjs',
  'scripts/build-program.mjs',
  'tsconfig.json',
  'package-lock.json',
];

if (process.argv.includes('--help')) {
  console.log('node scripts/ensure-build.mjs: builds if necessary; --record records the build that was just made');
} else if (process.argv.includes('--record')) {
  writeFileSync(RECORD, JSON.stringify({ sources: hashesOf(sources()), files: hashesOf(built()) }));
} else {
  const why = whyNotWhole();
  if (why !== undefined) build(why);
}

/** In words; `undefined`: there is nothing to do. */
function whyNotWhole() {
  if (!existsSync(RECORD)) return 'it is not built';
  let record;
  try {
    record = JSON.parse(readFileSync(RECORD, 'utf8'));
  } catch {
    return `${shown(RECORD)} is damaged`;
  }
  for (const [name, hash] of Object.entries(record.files)) {
    const path = join(ROOT, name);
    if (!existsSync(path)) return `${name} is missing`;
    if (hashOf(path) !== hash) return `${name} is damaged`;
  }
  const now = hasSources() ? hashesOf(sources()) : record.sources;
  const names = new Set([...Object.keys(now), ...Object.keys(record.sources)]);
  const changed = [...names].find((name) => now[name] !== record.sources[name]);
  return changed === undefined ? undefined : `${changed} has changed`;
}

function build(why) {
  if (!hasSources() || !existsSync(join(ROOT, 'node_modules/typescript'))) {
    const what = hasSources() ? 'npm install' : 'install it again';
    console.error(`hitherto: ${why}, and there is nothing here to build it with: ${what}`);
    process.exit(1);
  }
  console.error(`hitherto: ${why}, so it is built`);
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  process.exit(status ?? 1);
}

/** An installed package contains only what was built. */
function hasSources() {
  return existsSync(join(ROOT, 'src'));
}

function sources() {
  const isBuiltFrom = (path) => !/(\.test|\/contract|\/contracts\/[\w-]+)\.ts$/.test(path);
  return SOURCES.flatMap((name) => filesAt(join(ROOT, name))).filter(isBuiltFrom);
}

function built() {
  return filesAt(DIST).filter((path) => path !== RECORD);
}

function filesAt(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesAt(join(path, name)));
}

function hashesOf(paths) {
  return Object.fromEntries(paths.map((path) => [shown(path), hashOf(path)]));
}

function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('base64url');
}

function shown(path) {
  return relative(ROOT, path).split(sep).join('/');
}
