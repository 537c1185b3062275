#!/usr/bin/env node
// Kills the service with `kill -9` under load, again and again, and then compares hit by hit: every acknowledged hit
// must be counted exactly once, every unanswered one at most once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crashYears } from './crash/years.mjs';

/** How long MongoDB or Redis is unavailable by default: long enough for every timeout and retry. */
const AWAY_SECONDS = 300;

const HELP = `npm run crash -- [rounds] [--distributed [--away seconds] | --years] [--seed n] [--data-dir folder]

Starts the service, sends hits over 32 connections, kills it with kill -9 at a random time, and starts it again on the same
folder, for 20 rounds by default. Then compares every hit with what was counted. If something is wrong, prints what and the seed,
and exits with 1. The folder is removed unless something was wrong or you named it.

--distributed  two web nodes, a worker, Redis and the tests' MongoDB-compatible server (test/mongodb/build.sh). Each of them is
               killed, cut off, or restored from a copy. In some rounds MongoDB or Redis is unavailable for --away seconds
               (${AWAY_SECONDS})
--years        kills upkeep of old documents instead: expiring, summarising, archiving, restoring. Sends no hits`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      distributed: { type: 'boolean' },
      years: { type: 'boolean' },
      away: { type: 'string', default: String(AWAY_SECONDS) },
      seed: { type: 'string' },
      'data-dir': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(HELP);
  const rounds = Number(positionals[0] ?? 20);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (!(Number.isInteger(rounds) && rounds > 0 && Number.isInteger(seed))) throw new Error(HELP);
  const dataDir = values['data-dir'] ?? mkdtempSync(join(tmpdir(), 'hitherto-crash-'));
  console.log(`${rounds} rounds, seed ${seed}, in ${dataDir}`);
  const beganMs = Date.now();
  if (values.years) return end(await crashYears({ rounds, seed, dataDir, log: console.log }), seed, dataDir, values);
  const run = values.distributed
    ? (await import('./crash/distributed.mjs')).crashDistributed
    : (await import('./crash/embedded.mjs')).crash;
  const result = await run({ rounds, seed, dataDir, awayMs: Number(values.away) * 1000, log: console.log }).catch((error) => {
    throw new Error(`could not continue, with --seed ${seed} in ${dataDir}`, { cause: error });
  });
  const { acknowledged, unanswered, unansweredCounted, errors } = result;
  console.log(
    `${result.kills} kills in ${Math.round((Date.now() - beganMs) / 1000)} s: ${acknowledged} hits acknowledged, ` +
      `${unanswered} unanswered (${unansweredCounted} of them counted), ${errors} answered with an error, ` +
      `on ${result.sites} sites`,
  );
  if (result.problems.length === 0) console.log('Every acknowledged hit was counted exactly once, every other at most once.');
  end(result, seed, dataDir, values);
}

function end({ kills, problems }, seed, dataDir, values) {
  if (problems.length === 0) {
    console.log(`${kills} kills, nothing wrong`);
    if (values['data-dir'] === undefined) rmSync(dataDir, { recursive: true });
    return;
  }
  console.error(`WRONG, with --seed ${seed}; the data is in ${dataDir}:`);
  for (const problem of problems.slice(0, 50)) console.error(`  ${problem}`);
  if (problems.length > 50) console.error(`  … and ${problems.length - 50} more`);
  process.exitCode = 1;
}

await main();
