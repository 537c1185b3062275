// hitherto verify
import type { Command } from 'commander';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { Site } from '../hit/site.js';
import type { RepairParts } from '../operations/repair/read-day.js';
import { type DocumentDifference, type Verified, verifyDays, verifyMonths } from '../operations/repair/verify.js';
import type { ToolParts } from '../process/compose.js';
import { whileHeld } from '../store/holds.js';
import { StoreUnavailable } from '../store/unavailable.js';
import { createCalendar } from '../time/calendar.js';
import { addDays } from '../time/dates.js';
import { checkedDay, namedSite } from './arguments.js';
import { CommandFailure, placeOf } from './run.js';
import { verifyWholeStore } from './verify-store.js';
import { withTool } from './with-tool.js';

/** The longest period that is verified without --day. */
const DAYS_MAX = 40;
const SHOWN_MAX = 50;
/** How many are read, and queried from the nodes, together. With JOURNAL_KEEP of 3 days a journal covers 4 days. */
const SITES_AT_ONCE = 8;
const DAYS_AT_ONCE = 4;

interface VerifyOptions {
  store?: true;
  site?: string;
  day?: string;
  json?: true;
}

const HELP = `
The exit code is 1 if anything differs, or if nothing could be compared. It works while hits are counted. If several
nodes run, all of them are asked for what their journals contain. A day is compared only if every node that can have
counted into it has answered for all of it.`;

export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .description('Count the hits that are still in the journals again, and list the documents that differ. Changes nothing.')
    .option('--store', 'check the whole store instead: compare every record with its checksum')
    .option('--site <id>', 'only this site')
    .option('--day <day>', 'only this local day, such as 2026-11-20 (default: today and all earlier days in the journals)')
    .option('--json', 'as JSON, one line for each day and month')
    .addHelpText('after', HELP)
    .action((options: VerifyOptions, command: Command) => {
      if (options.store === undefined) {
        const day = options.day === undefined ? undefined : checkedDay(options.day);
        return withTool(command, (tool) => run(options, day, tool));
      }
      if (options.site !== undefined || options.day !== undefined)
        command.error('--store checks the whole store: it cannot be combined with --site or --day');
      return verifyWholeStore(options.json === true, placeOf(command));
    });
}

async function run(options: VerifyOptions, day: string | undefined, tool: ToolParts): Promise<void> {
  const sites = options.site === undefined ? tool.accounts.sites() : [namedSite(tool.accounts, options.site)];
  let [documents, different, failed] = [0, 0, 0];
  const print = (site: Site, key: string, verified: Verified): void => {
    documents += verified.documents;
    different += verified.differences.length;
    process.stdout.write(options.json ? jsonLine(site, key, verified) : text(site, key, verified));
  };
  await whileHeld(tool.holds, `verify-${process.pid}`, async () => {
    for (let i = 0; i < sites.length; i += SITES_AT_ONCE) {
      if (process.stdout.destroyed) return; // the reader has closed the pipe
      for (const { site, found } of await verifyEach(tool, sites.slice(i, i + SITES_AT_ONCE), day)) {
        if (found === 'failed') failed++;
        else for (const [key, verified] of found) print(site, key, verified);
      }
    }
  });
  if (different > 0)
    throw new CommandFailure(`${different === 1 ? '1 counter differs' : `${different} counters differ`}, see above`);
  const damaged = tool.accounts.damagedSites().filter(({ id }) => options.site === undefined || options.site === id);
  if (damaged.length > 0) throw new CommandFailure(damaged.map(({ problem }) => problem).join('; '));
  if (failed > 0) throw new CommandFailure(`${failed === 1 ? '1 site' : `${failed} sites`} could not be compared, see above`);
  if (documents === 0) throw new CommandFailure('nothing could be compared, because the journals do not cover any of it');
}

/** Verifies sites together. If that fails, each site is tried separately, and those that fail are reported on stderr. */
async function verifyEach(
  tool: ToolParts,
  sites: readonly Site[],
  day: string | undefined,
): Promise<Array<{ site: Site; found: Map<string, Verified> | 'failed' }>> {
  try {
    const found = await verifySites({ ...tool, kinds: DOCUMENT_KINDS, nowMs: Date.now }, sites, day);
    return sites.map((site, i) => ({ site, found: found[i] as Map<string, Verified> }));
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    if (sites.length > 1) return (await Promise.all(sites.map((site) => verifyEach(tool, [site], day)))).flat();
    const [site] = sites as [Site];
    process.stderr.write(`hitherto: ${site.id} could not be compared: ${(error as Error).message}\n`);
    return [{ site, found: 'failed' }];
  }
}

/**
 * Returns for each site what was found for its days and their months, by key. Goes back from the last day to the first
 * one that the journals do not cover.
 */
async function verifySites(
  parts: ToolParts & RepairParts,
  sites: readonly Site[],
  day: string | undefined,
): Promise<Array<Map<string, Verified>>> {
  const found = sites.map(() => new Map<string, Verified>());
  const left = sites.map((site) => (day === undefined ? daysBack(site) : [day]));
  for (;;) {
    const some = sites.flatMap((site, i) => (left[i] as string[]).splice(0, DAYS_AT_ONCE).map((day) => ({ i, site, day })));
    if (some.length === 0) break;
    for (const [n, verified] of (await verifyDays(parts, some)).entries()) {
      const { i, day } = some[n] as (typeof some)[number];
      if ([...(found[i] as Map<string, Verified>).values()].some(({ missing }) => missing.length > 0)) continue;
      found[i]?.set(day, verified);
      if (verified.missing.length > 0) left[i] = []; // earlier days are not covered either
    }
  }
  await verifyTheirMonths(parts, sites, found);
  return found;
}

async function verifyTheirMonths(
  parts: ToolParts & RepairParts,
  sites: readonly Site[],
  found: ReadonlyArray<Map<string, Verified>>,
): Promise<void> {
  const monthsOf = found.map((days) => [...days].flatMap(([day, { missing }]) => (missing.length > 0 ? [] : [day.slice(0, 7)])));
  for (const month of new Set(monthsOf.flat())) {
    const places = [...sites.keys()].filter((i) => monthsOf[i]?.includes(month));
    const some = places.map((i) => sites[i] as Site);
    for (const [n, verified] of (await verifyMonths(parts, some, month)).entries())
      found[places[n] as number]?.set(month, verified);
  }
}

/** The days from today back to the day on which the site was created, in its time zone. */
function daysBack({ timezone, createdAtMs }: Site): string[] {
  const { localTime } = createCalendar(timezone);
  const today = localTime(Date.now()).day;
  const first = localTime(createdAtMs).day;
  return Array.from({ length: DAYS_MAX }, (_, i) => addDays(today, -i)).filter((day) => day >= first || day === today);
}

function jsonLine({ id: site }: Site, key: string, verified: Verified): string {
  return `${JSON.stringify({ site, key, ...verified })}\n`;
}

function text({ id }: Site, key: string, { documents, differences, missing }: Verified): string {
  if (missing.length > 0) return [`${id} ${key}: not compared`, ...missing.map((reason) => `  ${reason}`), ''].join('\n');
  if (differences.length === 0) return `${id} ${key}: ${documents} documents, all correct\n`;
  const shown = differences.slice(0, SHOWN_MAX).map(line);
  const more = differences.length > SHOWN_MAX ? [`  and ${differences.length - SHOWN_MAX} more`] : [];
  return [`${id} ${key}: ${documents} documents, ${differences.length} counters differ`, ...shown, ...more, ''].join('\n');
}

function line({ collection, id, path, is, shouldBe }: DocumentDifference): string {
  return `  ${collection} ${id} ${path.join(' › ')}: is ${is}, should be ${shouldBe}`;
}
