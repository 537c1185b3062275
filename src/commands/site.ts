// hitherto site add | list | show | set
import type { Command } from 'commander';
import { grainsOf, kindsByReport } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { readableHost } from '../hit/host.js';
import type { Site, SiteKeep } from '../hit/site.js';
import { REZONED } from '../operations/repair/received.js';
import { checkSite, type SiteSettings } from '../store/account-rules.js';
import type { Accounts } from '../store/accounts.js';
import { createCalendar } from '../time/calendar.js';
import { addDays } from '../time/dates.js';
import type { DayRange } from '../time/day-range.js';
import { zoneChange, zoneChangeText } from '../time/zone-change.js';
import { keptSince, monthsKept } from '../upkeep/keep.js';
import { CommandFailure, collect, table } from './run.js';
import { withAccounts, withTool } from './with-tool.js';

/** For those who must keep nothing longer than 25 months, as some supervisory authorities ask. */
const KEEP_PRESET = '25-months';
/** From the end of each period: the first day of a month is then 25 months old. */
const PRESET_MONTHS = 24;

interface SiteOptions {
  title?: string;
  timezone?: string;
  host?: string[];
  exclude?: string[];
  queryParameter?: string[];
  storage?: string;
  signals?: string;
  keep?: string;
  keepDays?: string;
  keepMonths?: string;
  keepYears?: string;
}

export function siteCommands(program: Command): void {
  const site = program.command('site').description('Sites: what is measured');

  settingsOf(site.command('add').argument('<id>', 'lower-case letters, digits and hyphens; never used again'))
    .description('Add a site. Prints its id.')
    .action((id: string, options: SiteOptions, command: Command) =>
      withAccounts(command, async (accounts) => {
        const settings = checked({ ...given(options), id });
        if ((await accounts.addSite({ ...settings, createdAtMs: Date.now() })) === 'taken') {
          throw new CommandFailure(`"${id}" is or was a site here, and ids are never used again; choose another`);
        }
        process.stdout.write(`${id}\n`);
      }),
    );

  site
    .command('list')
    .description('List the sites: id, time zone, title.')
    .action((_options: object, command: Command) =>
      withAccounts(command, async (accounts) => {
        process.stdout.write(table(accounts.sites().map(({ id, timezone, title }) => [id, timezone, title])));
        for (const { problem } of accounts.damagedSites()) process.stderr.write(`hitherto: ${problem}\n`);
      }),
    );

  site
    .command('show')
    .argument('<id>')
    .description("Show a site's settings as JSON.")
    .action((id: string, _options: object, command: Command) =>
      withAccounts(command, async (accounts) => {
        const { createdAtMs, ...settings } = siteOf(accounts, id);
        const hosts = settings.hosts.map(readableHost);
        process.stdout.write(
          `${JSON.stringify({ ...settings, hosts, createdAt: new Date(createdAtMs).toISOString() }, null, 2)}\n`,
        );
      }),
    );

  settingsOf(site.command('set').argument('<id>'))
    .description(
      'Change settings of a site; those that are not named stay as they are. A list that is named is replaced; "" empties it.',
    )
    .action((id: string, options: SiteOptions, command: Command) =>
      withTool(command, async ({ accounts, ledger }) => {
        const before = siteOf(accounts, id);
        const changes = given(options, before);
        if (Object.keys(changes).length === 0)
          throw new CommandFailure('nothing to change: name at least one setting, such as --title');
        const settings = checked({ ...before, ...changes });
        const change = zoneChange(before.timezone, settings.timezone, Date.now());
        const isRezoned = settings.timezone !== before.timezone;
        // before it is so: these days' hits may be of either zone, which whoever counts them anew must know
        if (isRezoned) await ledger.add(REZONED, id, daysAround(change.firstDay, change.lastDay));
        if ((await accounts.updateSite({ ...settings, createdAtMs: before.createdAtMs })) === 'unknown') throw unknown(id);
        if (changes.keep !== undefined) process.stdout.write(keptText(settings, Date.now()));
        if (isRezoned) process.stdout.write(`${zoneChangeText(before.timezone, settings.timezone, change).join('\n')}\n`);
      }),
    );
}

/** Said at once: what is older is removed within the hour, for good. */
function keptText(site: SiteSettings, nowMs: number): string {
  const today = createCalendar(site.timezone).localTime(nowMs).day;
  const rows = [...kindsByReport(DOCUMENT_KINDS)].map(([name, collection]) => [
    name,
    ...(['day', 'month', 'year'] as const).map((grain) =>
      grainsOf(collection).includes(grain) ? (keptSince(grain, monthsKept(collection, site, grain), today) ?? 'always') : 'none',
    ),
  ]);
  return `${table([['kept since', 'days', 'months', 'years'], ...rows])}What is older is removed for good by the running service, within the hour.\n`;
}

/** Pings count for a day and a night after their view. */
function daysAround(firstDay: string, lastDay: string): DayRange {
  return { from: addDays(firstDay, -2), to: addDays(lastDay, 1) };
}

function settingsOf(command: Command): Command {
  return command
    .option('--title <title>', 'what people call it')
    .option('--timezone <zone>', 'IANA name, such as Europe/Berlin: where its days begin')
    .option('--host <name>', 'host name whose pages count, or *.example.com; repeatable (none: any)', collect)
    .option('--exclude <address>', 'address or range whose hits are left out; repeatable', collect)
    .option('--query-parameter <name>', 'query parameter that is part of a page; repeatable', collect)
    .option('--storage <record|none>', "whether the tracker may keep its record in the visitor's browser")
    .option('--signals <without-record|views-only|ignored>', 'what Do Not Track and Global Privacy Control do')
    .option(
      '--keep <25-months|default>',
      'nothing longer than 25 months (that is: months and years for 24); or everything as each report says',
    )
    .option('--keep-days <months|always|default>', 'how long days are kept, in months')
    .option('--keep-months <months|always|default>', 'how long months are kept, in months')
    .option('--keep-years <months|always|default>', 'how long the summaries of years are kept, in months');
}

/** Only the settings that were named, by their names in `Site`. */
function given(options: SiteOptions, before?: Site): Partial<Record<keyof Site, unknown>> {
  const { title, timezone, host, exclude, queryParameter, storage, signals } = options;
  const keep = keepOf(options, before?.keep ?? {});
  const all = {
    title,
    timezone,
    hosts: host,
    excludedAddresses: exclude,
    queryParameters: queryParameter,
    storage,
    signals,
    keep,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Undefined where nothing of it was named. */
function keepOf({ keep, keepDays, keepMonths, keepYears }: SiteOptions, before: SiteKeep): object | undefined {
  const grains = { day: keepDays, month: keepMonths, year: keepYears };
  const named = Object.entries(grains).filter(([, text]) => text !== undefined);
  if (keep === undefined && named.length === 0) return undefined;
  if (keep !== undefined && keep !== 'default' && keep !== KEEP_PRESET) {
    throw new CommandFailure(
      `"${keep}" is not known: give --keep ${KEEP_PRESET} or --keep default, or name --keep-days and so on`,
    );
  }
  const preset = keep === KEEP_PRESET ? { month: PRESET_MONTHS, year: PRESET_MONTHS } : {};
  const kept: Record<string, unknown> = keep === undefined ? { ...before } : preset;
  for (const [grain, text] of named) {
    if (text === 'default') delete kept[grain];
    else kept[grain] = /^[0-9]+$/.test(text as string) ? Number(text) : text;
  }
  return kept;
}

function checked(fields: Partial<Record<keyof Site, unknown>>): SiteSettings {
  const result = checkSite(fields);
  if ('settings' in result) return result.settings;
  throw new CommandFailure(result.problems.map(({ message }) => message).join(' '));
}

function siteOf(accounts: Accounts, id: string): Site {
  const site = accounts.site(id);
  if (site !== undefined) return site;
  const damaged = accounts.damagedSites().find((one) => one.id === id);
  throw damaged === undefined ? unknown(id) : new CommandFailure(damaged.problem);
}

function unknown(id: string): CommandFailure {
  return new CommandFailure(`there is no site "${id}" in this data folder; \`hitherto site list\` shows those that there are`);
}
