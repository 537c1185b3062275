// One service on one data folder, killed again and again.
import { setTimeout as delay } from 'node:timers/promises';
import { openLmdbAccounts } from '../../dist/src/store/lmdb/accounts.js';
import { openLmdbDocuments } from '../../dist/src/store/lmdb/documents.js';
import { openEnvironment } from '../../dist/src/store/lmdb/environment.js';
import { random } from '../traffic/population.mjs';
import { compareWithApi, compareWithDocuments, daysFrom, today } from './compare.mjs';
import { createHits, startLoad, tally } from './hits.mjs';
import { runService, untilCounted } from './processes.mjs';

/** More than 700 ms of load can use up. */
const SITES_PER_ROUND = 30;
const SITES_AT_ONCE = 90;
const SITES_ASKED_FOR = 5;

/**
 * Runs the rounds and returns the problems: none, if all is well. `dataDir` must be empty. Needs one byte of memory per
 * hit.
 * @param {{ rounds: number, seed: number, dataDir: string, log?: (line: string) => void }} options
 */
export async function crash({ rounds, seed, dataDir, log = () => {} }) {
  const next = random(seed);
  const hits = createHits((sites) =>
    withAccounts(dataDir, (accounts) => Promise.all(sites.map((site) => accounts.addSite(site)))),
  );
  const problems = [];
  const totals = { acknowledged: 0, unanswered: 0, errors: 0, kills: 0 };
  const startDay = today();

  for (let round = 1; round <= rounds; round++) {
    if (hits.left() < SITES_PER_ROUND) await hits.addSites(SITES_AT_ONCE);
    const env = {
      // now and then counted hits are removed at once, as happens after days in normal operation
      JOURNAL_KEEP: next() < 0.5 ? '0' : '3',
      DURABILITY: next() < 0.25 ? 'fsync' : 'write',
    };
    const kind = next();
    const service = runService(dataDir, env);
    totals.kills++;
    let sent = [];
    if (kind < 0.1) {
      await delay(next() * 400); // in the middle of starting, or of counting what the last one left
    } else {
      const load = startLoad(await service.port(), hits.take);
      await delay(50 + next() * 650);
      if (kind < 0.2) {
        service.child.kill('SIGTERM'); // in the middle of stopping
        await delay(next() * 300);
      }
      service.child.kill('SIGKILL');
      sent = await load.ended();
    }
    service.child.kill('SIGKILL');
    await service.exited;
    if (service.stderr() !== '') problems.push(`round ${round}: the service said: ${service.stderr().trim()}`);
    const { acknowledged, unanswered, errors } = tally(sent);
    totals.acknowledged += acknowledged;
    totals.unanswered += unanswered;
    totals.errors += errors;
    const how = kind < 0.1 ? 'while starting' : kind < 0.2 ? 'while stopping' : 'under load';
    log(
      `round ${round}: killed ${how}, ${env.DURABILITY}: ${acknowledged} acknowledged, ` +
        `${unanswered} unanswered, ${errors} errors`,
    );
  }

  const { secret } = await withAccounts(dataDir, (accounts) =>
    accounts.addToken({ title: 'crash', sites: 'all', nowMs: Date.now() }),
  );
  const last = runService(dataDir, {});
  const port = await last.port();
  await untilCounted(port);
  const asked = Array.from({ length: SITES_ASKED_FOR }, () => hits.anyUsed(next));
  for (const site of new Set(asked)) problems.push(...(await compareWithApi(port, secret, site)));
  last.child.kill('SIGTERM');
  const code = await last.exited;
  if (code !== 0) problems.push(`the last stop ended with ${code}`);
  if (last.stderr() !== '') problems.push(`at the end the service said: ${last.stderr().trim()}`);

  const { root } = openEnvironment(dataDir);
  const documents = openLmdbDocuments(root);
  let found = 0;
  for (const site of hits.sites) {
    const compared = await compareWithDocuments(documents, site, daysFrom(startDay));
    problems.push(...compared.problems);
    found += compared.unansweredCounted;
  }
  await root.close();
  return { seed, ...totals, unansweredCounted: found, sites: hits.sites.length, problems };
}

async function withAccounts(dataDir, use) {
  const { root } = openEnvironment(dataDir);
  const accounts = openLmdbAccounts(root);
  try {
    return await use(accounts);
  } finally {
    await accounts.close();
    await root.close();
  }
}
