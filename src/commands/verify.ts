// hitherto verify
import type { Command } from 'commander';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import type { Site } from '../hit/site.js';
import type { RepairParts } from '../operations/repair/read-day.js';
import { type DocumentDifference, type Verified, verifyDays, verifyMonths } from '../operations/repair/verify.js';
import { composeTool, type ToolParts } from '../process/compose.js';
import { whileHeld } from '../store/holds.js';
import { StoreUnavailable } from '../store/unavailable.js';
import { createCalendar } from '../time/calendar.js';
import { addDays } from '../time/dates.js';
import { checkedDay, namedSite } from './arguments.js';
import { CommandFailure, placeOf } from './run.js';
import { verifyWholeStore } from './verify-store.js';

/** A journal that is kept for longer is looked at by naming days. */
const DAYS_MAX = 40;
const SHOWN_MAX = 50;
/** So many are read, and asked of the nodes, together; a journal that is kept for three days covers four of them. */
const SITES_AT_ONCE = 8;
const DAYS_AT_ONCE = 4;

interface VerifyOptions {
  store?: true;
  site?: string;
  day?: string;
  json?: true;
}

export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .description(
      'Count the hits that are still in the journals anew, change nothing, and name each document that is not what they give.',
    )
    .option('--store', 'check the whole store instead: compare every record with its checksum')
    .option('--site <id>', 'only this site')
    .option('--day <day>', 'only this local day, such as 2026-11-20 (default: today and back, as far as the journals reach)')
    .option('--json', 'as JSON, one line for each day and month')
    .addHelpText(
      'after',
      '\nExit code 1 when anything differs, or nothing could be compared. Works while hits come in. Where several nodes run, all of them are\nasked for what their journals hold; a day is compared only when every node that can have counted into it has answered for all of it.',
    )
    .action((options: VerifyOptions, command: Command) => {
      if (options.store === undefined) return run(options, command);
      if (options.site !== undefined || options.day !== undefined)
        command.error('--store checks the whole store: it cannot be combined with --site or --day');
      return verifyWholeStore(options.json === true, placeOf(command));
    });
}

async function run(options: VerifyOptions, command: Command): Promise<void> {
  const day = options.day === undefined ? undefined : checkedDay(options.day);
  const tool = await composeTool(placeOf(command));
  try {
    const sites = options.site === undefined ? tool.accounts.sites() : [namedSite(tool.accounts, options.site)];
    const parts = { ...tool, collections: DOCUMENT_KINDS, nowMs: Date.now };
    let [documents, different] = [0, 0];
    const say = (site: Site, key: string, verified: Verified): void => {
      documents += verified.documents;
      different += verified.differences.length;
      process.stdout.write(options.json ? jsonLine(site, key, verified) : text(site, key, verified));
    };
    const failed: string[] = [];
    /** Where one of several cannot be compared, each is tried by itself. */
    const compared = async (some: readonly Site[]): Promise<Array<Map<string, Verified>>> => {
      try {
        return await verifySites(parts, some, day);
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        if (some.length > 1) return (await Promise.all(some.map((site) => compared([site])))).flat();
        failed.push(`${some[0]?.id} could not be compared: ${(error as Error).message}`);
        process.stderr.write(`hitherto: ${failed.at(-1)}\n`);
        return [new Map()];
      }
    };
    await whileHeld(tool.holds, `verify-${process.pid}`, async () => {
      for (let i = 0; i < sites.length; i += SITES_AT_ONCE) {
        if (process.stdout.destroyed) return; // whoever read it has closed the pipe
        const some = sites.slice(i, i + SITES_AT_ONCE);
        for (const [n, found] of (await compared(some)).entries()) {
          for (const [key, verified] of found) say(some[n] as Site, key, verified);
        }
      }
    });
    if (different > 0) throw new CommandFailure(`counters that are not what they should be: ${different}, see above`);
    const damaged = tool.accounts.damagedSites().filter(({ id }) => options.site === undefined || options.site === id);
    if (damaged.length > 0) throw new CommandFailure(damaged.map(({ problem }) => problem).join('; '));
    if (failed.length > 0) throw new CommandFailure(`sites that could not be compared: ${failed.length}, see above`);
    if (documents === 0) throw new CommandFailure('nothing could be compared: the journals cover none of it');
  } finally {
    await tool.close();
  }
}

/** By site, what was found of each of its days, from the last one back to the first that is not covered, and of their months. */
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
      if (verified.missing.length > 0) left[i] = []; // those before it are not covered either
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

/** Today in the site's zone, and back to the day on which it was made. */
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
  if (differences.length === 0) return `${id} ${key}: ${documents} documents, as they should be\n`;
  const shown = differences.slice(0, SHOWN_MAX).map(line);
  const more = differences.length > SHOWN_MAX ? [`  and ${differences.length - SHOWN_MAX} more`] : [];
  return [`${id} ${key}: ${documents} documents, ${differences.length} counters differ`, ...shown, ...more, ''].join('\n');
}

function line({ collection, id, path, is, shouldBe }: DocumentDifference): string {
  return `  ${collection} ${id} ${path.join(' › ')}: is ${is}, should be ${shouldBe}`;
}
