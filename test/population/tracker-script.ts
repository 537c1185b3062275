// The tracker as it is built for browsers, to be run in simulated pages.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs it once, with the values in `scope` as its globals. */
export type Tracker = (scope: object) => void;

/** Builds it again, in a folder of its own: other tests may read `dist` at the same time. */
export function buildTracker(): Tracker {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  try {
    execFileSync(process.execPath, ['scripts/build-browser.mjs', folder], { cwd: ROOT });
    return new Function('scope', `with (scope) {${readFileSync(join(folder, 'track.js'), 'utf8')}}`) as Tracker;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
