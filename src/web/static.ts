// The built files for browsers. They are read once, at start.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer } from './answer.js';
import type { OpenRoute } from './routes.js';

/** From dist/src/web/static.js. */
const BROWSER_FOLDER = fileURLToPath(new URL('../../browser', import.meta.url));

const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

/** Pages of other origins load it, possibly with integrity and crossorigin attributes. */
const FOR_EVERY_SITE = {
  'Cache-Control': 'public, max-age=3600',
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
} as const;
/** Cached but revalidated each time, so that after an update a page and its files have the same version. */
const FOR_OUR_PAGES = { 'Cache-Control': 'no-cache' } as const;

const FILES = {
  'track.js': FOR_EVERY_SITE,
  'page.en.js': FOR_OUR_PAGES,
  'page.de.js': FOR_OUR_PAGES,
  'other-view.js': FOR_OUR_PAGES,
  'page.css': FOR_OUR_PAGES,
  'uPlot.min.css': FOR_OUR_PAGES,
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** A file that cannot be read is left out. */
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
