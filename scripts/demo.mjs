#!/usr/bin/env node
// Fills a data folder with the traffic of an invented blog, so that there is something to look at.
import { parseArgs } from 'node:util';
import { DOCUMENT_KINDS } from '../dist/collections/documents.js';
import { createFold } from '../dist/src/counting/fold.js';
import { parseRequest } from '../dist/src/hit/parse.js';
import { createSiteReader } from '../dist/src/hit/prepared-site.js';
import { composeTool } from '../dist/src/process/compose.js';
import { shellQuoted } from '../dist/src/system/command-line.js';
import { keepFilesPrivate } from '../dist/src/system/own-files.js';
import { allows, foldParsed, SITE_SETTINGS } from './traffic/population.mjs';
import { readings } from './traffic/readers.mjs';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: './demo' },
    days: { type: 'string', default: '80' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(
    'npm run demo -- [--data-dir ./demo] [--days 80]\n\n' +
      'Creates a site called "demo" with generated traffic up to now, and a token.',
  );
  process.exit(0);
}

keepFilesPrivate();
const nowMs = Date.now();
const site = {
  id: 'demo',
  title: 'Field notes',
  timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  ...SITE_SETTINGS,
  hosts: ['notes.example'],
  signals: 'without-record',
  createdAtMs: nowMs - Number(values.days) * 86_400_000,
};
const { accounts, documents, close } = await composeTool({ dataDir: values['data-dir'] });
if ((await accounts.addSite(site)) === 'taken') {
  console.error(`${values['data-dir']} already has a site called demo; choose another folder with --data-dir`);
  process.exit(1);
}
/** The invented history is older than the site would be. */
const measured = createSiteReader()({ ...site, createdAtMs: 0 });
const surroundings = { site: () => measured, salt: () => Buffer.alloc(32), allows };
const fold = createFold(DOCUMENT_KINDS);
let hits = 0;
for (const request of readings(site.id, { days: Number(values.days), untilMs: nowMs })) {
  foldParsed(fold, parseRequest(request, surroundings));
  hits++;
}
await documents.apply({ node: 'demo', number: 1, checksum: 0 }, fold.deltas(), nowMs);
const { secret } = await accounts.addToken({ title: 'demo', sites: ['demo'], nowMs });
await close();
console.log(
  `${hits} hits of ${values.days} days are in ${values['data-dir']}.\n` +
    `Start with DATA_DIR=${shellQuoted(values['data-dir'])} npm start and sign in with this token:\n${secret}`,
);
