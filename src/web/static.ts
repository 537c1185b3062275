// The built files for browsers. They are read once, at start.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFile } from '../system/program.js';
import type { Answer } from './answer.js';
import type { OpenRoute } from './routes.js';

const BROWSER_FOLDER = fileURLToPath(builtFile('browser'));

const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

/** Pages of other origins load it, possibly with integrity and crossorigin attributes. */
const FOR_EVERY_SITE = {
  'Cache-Control': 'public, max-age=3600',
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
} as const;
/** Cached but revalidated each time. Pages ask for the version that they need, which is cached without asking again. */
const FOR_OUR_PAGES = { 'Cache-Control': 'no-cache' } as const;
const FOREVER = 'public, max-age=31536000, immutable';

const FILES = {
  'track.js': FOR_EVERY_SITE,
  'page.en.js': FOR_OUR_PAGES,
  'page.de.js': FOR_OUR_PAGES,
  'page-dialogs.en.js': FOR_OUR_PAGES,
  'page-dialogs.de.js': FOR_OUR_PAGES,
  'sites.en.js': FOR_OUR_PAGES,
  'sites.de.js': FOR_OUR_PAGES,
  'forms.en.js': FOR_OUR_PAGES,
  'forms.de.js': FOR_OUR_PAGES,
  'start.js': FOR_OUR_PAGES,
  'page.css': FOR_OUR_PAGES,
  'other-pages.css': FOR_OUR_PAGES,
} as const satisfies Record<string, Readonly<Record<string, string>>>;
type FileName = keyof typeof FILES;
export const FILE_NAMES = Object.keys(FILES) as readonly FileName[];

/** Parts of scripts. A script asks for its own version, and would not work with another one. */
const PARTS: readonly FileName[] = ['page-dialogs.en.js', 'page-dialogs.de.js'];
const OTHER_VERSION = { status: 404, headers: { 'Cache-Control': 'no-store' }, body: '' } as const;

export interface StaticFile {
  /** The answer where another version is asked for, or none. */
  readonly answer: Answer;
  /** The answer to the address that `versioned` gives. */
  readonly kept: Answer;
  readonly version: string;
}

/** A file that cannot be read is left out. */
export function staticFiles(folder: string = BROWSER_FOLDER): ReadonlyMap<OpenRoute, StaticFile> {
  const files = new Map<OpenRoute, StaticFile>();
  for (const name of FILE_NAMES) {
    const body = contentOf(join(folder, name));
    if (body === undefined) continue;
    const type = TYPES[name.split('.').at(-1) as keyof typeof TYPES];
    const [br, gzip] = [contentOf(join(folder, `${name}.br`)), contentOf(join(folder, `${name}.gz`))];
    const answer = {
      status: 200,
      headers: { 'Content-Type': type, ...FILES[name] },
      body,
      compressed: { ...(br && { br }), ...(gzip && { gzip }) },
    };
    const kept = { ...answer, headers: { ...answer.headers, 'Cache-Control': FOREVER } };
    files.set(`GET /${name}`, { answer: PARTS.includes(name) ? OTHER_VERSION : answer, kept, version: versionOf(body) });
  }
  return files;
}

/**
 * The address of a file that changes when the file does, below the public path. During an update of several nodes, one that
 * has another version answers with its own, which browsers do not keep.
 */
export function versioned(name: FileName): string {
  const version = versions.get(name) ?? versionOf(contentOf(join(BROWSER_FOLDER, name)) ?? '');
  versions.set(name, version);
  return `${name}?v=${version}`;
}

const versions = new Map<FileName, string>();

function versionOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 10);
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
