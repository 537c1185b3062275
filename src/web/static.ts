// The browser's files, as the build has made them. They are read once, at the start.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer } from './prepared.js';
import type { OpenRoute } from './security.js';

/** From dist/src/web/static.js. */
const BROWSER_FOLDER = fileURLToPath(new URL('../../browser', import.meta.url));

const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

/** Pages of other origins load it, also with integrity and crossorigin attributes. */
const FOR_EVERY_SITE = {
  'Cache-Control': 'public, max-age=3600',
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
} as const;
/** Kept, but asked about each time: after an update the page and its files are of one version. */
const FOR_OUR_PAGES = { 'Cache-Control': 'no-cache' } as const;

const FILES = {
  'track.js': FOR_EVERY_SITE,
  'page.js': FOR_OUR_PAGES,
  'page.css': FOR_OUR_PAGES,
  'uPlot.min.css': FOR_OUR_PAGES,
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** A file that cannot be read has no answer. */
export function staticAnswers(folder: string = BROWSER_FOLDER): ReadonlyMap<OpenRoute, Answer> {
  const answers = new Map<OpenRoute, Answer>();
  for (const [name, headers] of Object.entries(FILES)) {
    const body = contentOf(join(folder, name));
    const type = TYPES[name.split('.').at(-1) as keyof typeof TYPES];
    if (body !== undefined) {
      answers.set(`GET /${name as keyof typeof FILES}`, { status: 200, headers: { 'Content-Type': type, ...headers }, body });
    }
  }
  return answers;
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
