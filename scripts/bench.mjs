#!/usr/bin/env node
// Measures this machine: everything as a ratio to something else measured in the same run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { DIST } from './bench/processes.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    check: { type: 'boolean' },
    minutes: { type: 'string', default: '10' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(`npm run bench -- [part…] [--quick] [--check] [--minutes 10]

  beacon   the whole path over the network against a bare Node server (needs wrk)
  fsync    the same with DURABILITY=fsync
  fold     hits to deltas, on one core
  report   a month's report after few and after many hits
  import   a large log against GoAccess (if it is installed)
  soak     --minutes of load with hostile paths: does memory grow? (needs wrk)

Without a part: beacon, fold, report, import. Results are printed and written to bench-results.json.
--check makes the exit code 1 when a goal is missed.`);
  process.exit(0);
}
if (!existsSync(`${DIST}src/main.js`)) {
  console.error('bench: the project is not built; run npm run build');
  process.exit(1);
}

const options = { quick: values.quick, minutes: Number(values.minutes) };
const PARTS = {
  beacon: async () => (await import('./bench/beacon.mjs')).benchBeacon(options),
  fsync: async () => (await import('./bench/beacon.mjs')).benchBeacon({ ...options, durability: 'fsync' }),
  fold: async () => (await import('./bench/fold.mjs')).benchFold(options),
  report: async () => (await import('./bench/report.mjs')).benchReport(options),
  import: async () => (await import('./bench/import.mjs')).benchImport(options),
  soak: async () => (await import('./bench/soak.mjs')).benchSoak(options),
};
const parts = positionals.length > 0 ? positionals : ['beacon', 'fold', 'report', 'import'];
const unknown = parts.find((part) => !(part in PARTS));
if (unknown) {
  console.error(`bench: there is no part ${unknown}; there are ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}

const results = {
  date: new Date().toISOString(),
  machine: { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version, kernel: release() },
  version: JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version,
};
let missed = 0;
for (const part of parts) {
  const result = await PARTS[part]();
  results[part] = result;
  console.log(
    `\n${part}  ${result.skipped ? `SKIPPED: ${result.skipped}` : JSON.stringify({ ...result.settings, memoryMb: undefined })}`,
  );
  for (const [name, value] of Object.entries(result)) {
    if (!['settings', 'goals', 'skipped'].includes(name))
      console.log(`  ${name}: ${JSON.stringify(value, (_, n) => (typeof n === 'number' ? rounded(n) : n))}`);
  }
  for (const { what, value, spread, goal, met } of result.goals ?? []) {
    missed += met ? 0 : 1;
    const between = spread ? `  (${rounded(spread.min)} … ${rounded(spread.max)})` : '';
    console.log(`  ${met ? 'met   ' : 'MISSED'}  ${what}: ${rounded(value)}, goal ${goal}${between}`);
  }
}
writeFileSync('bench-results.json', `${JSON.stringify(results, null, 2)}\n`);
console.log('\nwritten to bench-results.json');
process.exit(values.check && missed > 0 ? 1 : 0);

function rounded(number) {
  return Math.abs(number) >= 1000 ? Math.round(number) : Number(number.toPrecision(3));
}
