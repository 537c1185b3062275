// Deletes a site that somebody deletes on the page or by the API: in a process of its own, by the command line, so that
// hits do not wait. If that process ends early, `hitherto delete list` shows the deletion, and deleting again continues it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type DeletionPreview, deletionPreview } from '../operations/delete/as-json.js';
import { log } from '../system/log.js';
import { builtFile } from '../system/program.js';
import type { SiteDeletion } from '../web/site-deletion.js';
import type { Config } from './config.js';

const CLI = fileURLToPath(builtFile('src/cli.js'));
/** Far more than what is said about a site with all its archives. */
const OUTPUT_BYTES_MAX = 1024 * 1024;
/** A preview reads all documents of the site. */
const PREVIEW_MS_MAX = 120_000;

export function createSiteDeletion({ dataDir, mongodbUri, redisUrl, archivesDir }: Config): SiteDeletion {
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    MONGODB_URI: mongodbUri ?? '',
    REDIS_URL: redisUrl ?? '',
    ...(archivesDir !== undefined && { ARCHIVE_DIR: archivesDir }),
  };
  const run = (args: readonly string[], timeout: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = { env, timeout, maxBuffer: OUTPUT_BYTES_MAX };
      execFile(process.execPath, [CLI, 'delete', 'site', ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(stderr.trim() || error.message));
      });
    });
  /** One process after the other, for previews and for deletions. */
  let lastPreview: Promise<unknown> = Promise.resolve();
  let lastDeletion: Promise<unknown> = Promise.resolve();
  const running = new Set<string>();
  /** Those that are waiting or being made, by site. */
  const previews = new Map<string, Promise<DeletionPreview>>();
  return {
    preview(site) {
      const same = previews.get(site);
      if (same !== undefined) return same;
      const preview = lastPreview
        .then(() => run([site, '--dry-run', '--json', '--quiet'], PREVIEW_MS_MAX))
        .then((text) => deletionPreview.parse(JSON.parse(text)))
        .finally(() => previews.delete(site));
      lastPreview = preview.catch(() => {});
      previews.set(site, preview);
      return preview;
    },
    start(site, who) {
      if (running.has(site)) return;
      running.add(site);
      lastDeletion = lastDeletion
        .then(() => run([site, '--yes', '--quiet', '--recorded-as', JSON.stringify(who)], 0))
        .then(
          () => log(`the site ${site} was deleted`),
          (error: Error) => log(`the site ${site} is not deleted completely: ${error.message}`),
        )
        .finally(() => running.delete(site));
    },
  };
}
