// The program that simulator.test.ts runs. It can also be run directly: see there.
import { parseArgs } from 'node:util';
import { MUTANTS, type Mutant, OLD_DISK, OLD_DISK_NOTICED } from './mutants.js';
import { type Options, type Result, simulate } from './simulation.js';

/** The last line of the output, as JSON. */
export interface Report {
  readonly simulations: number;
  readonly steps: number;
  readonly seconds: number;
  /** The first seed that broke a rule. */
  readonly seed?: number;
  readonly violations: readonly string[];
}

/** The maximum number of lines of a trace: the last ones of a simulation show the state of the documents. */
const TRACE_MAX = 200;
const LINE_MAX = 200;

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20000' },
    mutant: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

const first = Number(values.first);
const report = await run(first, first + Number(values.seeds), optionsOf(mutantCalled(values.mutant)), values.trace);
console.log(JSON.stringify(report));

async function run(from: number, to: number, options: Options, isTraced: boolean): Promise<Report> {
  const begun = performance.now();
  let steps = 0;
  for (let seed = from; seed < to; seed++) {
    const result = isTraced ? await traced(seed, options) : await simulate(seed, options);
    steps += result.steps;
    const seconds = (performance.now() - begun) / 1000;
    if (result.violations.length > 0)
      return { simulations: seed - from + 1, steps, seconds, seed, violations: result.violations };
  }
  return { simulations: to - from, steps, seconds: (performance.now() - begun) / 1000, violations: [] };
}

async function traced(seed: number, options: Options): Promise<Result> {
  const lines: string[] = [];
  const result = await simulate(seed, { ...options, trace: (line) => lines.push(line.slice(0, LINE_MAX)) });
  console.log(`seed ${seed}, the last ${Math.min(TRACE_MAX, lines.length)} of ${lines.length} lines:`);
  for (const line of lines.slice(-TRACE_MAX)) console.log(line);
  for (const violation of result.violations) console.log(`→ ${violation}`);
  return result;
}

function mutantCalled(name: string | undefined): Mutant | undefined {
  const all = [...MUTANTS, OLD_DISK, OLD_DISK_NOTICED];
  const mutant = all.find((mutant) => mutant.name === name);
  if (name !== undefined && mutant === undefined)
    throw new Error(`no mutant is called "${name}"; there are: ${all.map(({ name }) => name).join('; ')}`);
  return mutant;
}

function optionsOf({ rules = {}, wrap = (store) => store, events, faults, plan }: Partial<Mutant> = {}): Options {
  return {
    rules,
    wrap,
    plan: (made) => ({ ...made, ...plan, weights: { ...made.weights, ...events }, faults: { ...made.faults, ...faults } }),
  };
}
