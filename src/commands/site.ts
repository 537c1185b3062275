// hitherto site add | list | show | set
import type { Command } from 'commander';
import { grainsOf, kindsByReport } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { readableHost } from '../hit/host.js';
import type { Site, SiteKeep } from '../hit/site.js';
import { forPrograms } from '../language/sentence.js';
import { settingsChange } from '../operations/audit/changes.js';
import { changeSite } from '../operations/settings/change-site.js';
import type { ToolParts } from '../process/compose.js';
import { zonePreviewOfTool } from '../process/tool-reports.js';
import { checkSite, type Problem, type SiteSettings } from '../store/account-rules.js';
import { createCalendar } from '../time/calendar.js';
import { zoneChangeText } from '../time/zone-change.js';
import { keptSince, monthsKept } from '../upkeep/keep.js';
import { namedSite, unknownSite } from './arguments.js';
import { recordChanges } from './record-changes.js';
import { CommandFailure, collect, table } from './run.js';
import { withAccounts, withTool } from './with-tool.js';

/** For owners who must not store anything for more than 25 months, as some supervisory authorities require. */
const KEEP_PRESET = '25-months';
/** Counted from the end of each period: then the first day of a month is 25 months old. */
const PRESET_MONTHS = 24;

interface SiteOptions {
  title?: string;
  timezone?: string;
  host?: string[];
  exclude?: string[];
  excludePath?: string[];
  excludeReferrer?: string[];
  queryParameter?: string[];
  storage?: string;
  signals?: string;
  keep?: string;
  keepDays?: string;
  keepMonths?: string;
  keepYears?: string;
}

export function siteCommands(program: Command): void {
  const site = program.command('site').description('Manage the sites that are measured.');

  settingsOf(site.command('add').argument('<id>', 'lower-case letters, digits and hyphens; an id can never be used again'))
    .description('Add a site. Prints its id.')
    .action((id: string, options: SiteOptions, command: Command) =>
      withTool(command, async ({ accounts, auditLog }) => {
        const settings = checked({ ...given(options), id });
        if ((await accounts.addSite({ ...settings, createdAtMs: Date.now() })) === 'taken') {
          throw new CommandFailure(`"${id}" is or was a site here, and ids are never used again; choose another id`);
        }
        await recordChanges({ auditLog }, { action: 'site.created', site: id });
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
    .description('Show the settings of a site as JSON.')
    .action((id: string, _options: object, command: Command) =>
      withAccounts(command, async (accounts) => {
        const { createdAtMs, ...settings } = namedSite(accounts, id);
        const hosts = settings.hosts.map(readableHost);
        const excludedReferrers = settings.excludedReferrers.map(readableHost);
        const createdAt = new Date(createdAtMs).toISOString();
        process.stdout.write(`${JSON.stringify({ ...settings, hosts, excludedReferrers, createdAt }, null, 2)}\n`);
      }),
    );

  settingsOf(site.command('set').argument('<id>'))
    .description('Change settings of a site. Settings that are not named do not change. A named list is replaced; "" empties it.')
    .option('--dry-run', 'only print what would be removed, and what a change of the time zone would do')
    .action((id: string, options: SiteOptions & { dryRun?: true }, command: Command) =>
      withTool(command, async (parts) => {
        const { accounts, ledger, auditLog } = parts;
        const before = namedSite(accounts, id);
        const changes = given(options, before);
        if (Object.keys(changes).length === 0)
          throw new CommandFailure('nothing to change: name at least one setting, such as --title');
        if (options.dryRun === true) {
          process.stdout.write(await previewText(parts, before, changes));
          return;
        }
        const changed = await changeSite({ accounts, ledger, nowMs: Date.now }, before, (site) => given(options, site));
        if (changed === 'unknown') throw unknownSite(id);
        if ('problems' in changed) throw badSettings(changed.problems);
        const { site, zoneChange } = changed;
        await recordChanges({ auditLog }, settingsChange(changed.before, site));
        if (changes.keep !== undefined) process.stdout.write(keptText(site, Date.now()));
        if (zoneChange !== undefined)
          process.stdout.write(`${zoneChangeText(before.timezone, site.timezone, zoneChange).map(forPrograms).join('\n')}\n`);
      }),
    );
}

async function previewText(parts: ToolParts, before: Site, changes: Partial<Record<keyof Site, unknown>>): Promise<string> {
  const site = checked({ ...before, ...changes });
  const kept = changes.keep === undefined ? '' : keptText(site, Date.now());
  const isSameZone = site.timezone === before.timezone;
  const zone = isSameZone ? [] : await zonePreviewOfTool(parts, before, site.timezone);
  return `${kept}${zone.map((line) => `${line}\n`).join('')}Nothing was changed.\n`;
}

/** Tells the owner what will be removed. */
function keptText(site: SiteSettings, nowMs: number): string {
  const today = createCalendar(site.timezone).localTime(nowMs).day;
  const rows = [...kindsByReport(DOCUMENT_KINDS)].map(([name, kind]) => [
    name,
    ...(['day', 'month', 'year'] as const).map((grain) =>
      grainsOf(kind).includes(grain) ? (keptSince(grain, monthsKept(kind, site, grain), today) ?? 'always') : 'none',
    ),
  ]);
  return (
    `${table([['kept since', 'days', 'months', 'years'], ...rows])}` +
    'The running service permanently removes everything older within an hour.\n'
  );
}

function settingsOf(command: Command): Command {
  return command
    .option('--title <title>', 'the name that people see')
    .option('--timezone <zone>', 'IANA name of the time zone of its days, such as Europe/Berlin')
    .option('--host <name>', 'host name whose pages are counted, or *.example.com; repeatable (none: all hosts)', collect)
    .option('--exclude <address>', 'address or range whose hits are not counted; repeatable', collect)
    .option('--exclude-path <pattern>', 'path whose hits are not counted, such as "/admin/*"; repeatable', collect)
    .option('--exclude-referrer <host>', 'host whose views count as direct, or *.example.com; repeatable', collect)
    .option('--query-parameter <name>', 'query parameter that distinguishes pages; repeatable', collect)
    .option('--storage <record|none>', 'whether the tracker may store its record in the browser')
    .option('--signals <without-record|views-only|ignored>', 'the effect of Do Not Track and Global Privacy Control')
    .option(
      '--keep <25-months|default>',
      'store nothing for more than 25 months (months and years for 24), or use the defaults of each report',
    )
    .option('--keep-days <months|always|default>', 'how long days are stored, in months')
    .option('--keep-months <months|always|default>', 'how long months are stored, in months')
    .option('--keep-years <months|always|default>', 'how long summaries of years are stored, in months');
}

/** Returns the settings that were named, by their names in `Site`. */
function given(options: SiteOptions, before?: Site): Partial<Record<keyof Site, unknown>> {
  const { title, timezone, host, exclude, excludePath, excludeReferrer, queryParameter, storage, signals } = options;
  const keep = keepOf(options, before?.keep ?? {});
  const all = {
    title,
    timezone,
    hosts: host,
    excludedAddresses: exclude,
    excludedPaths: excludePath,
    excludedReferrers: excludeReferrer,
    queryParameters: queryParameter,
    storage,
    signals,
    keep,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Returns undefined if no option about keeping was named. */
function keepOf({ keep, keepDays, keepMonths, keepYears }: SiteOptions, before: SiteKeep): object | undefined {
  const grains = { day: keepDays, month: keepMonths, year: keepYears };
  const named = Object.entries(grains).filter(([, text]) => text !== undefined);
  if (keep === undefined && named.length === 0) return undefined;
  if (keep !== undefined && keep !== 'default' && keep !== KEEP_PRESET) {
    throw new CommandFailure(`"${keep}" is unknown: use --keep ${KEEP_PRESET} or --keep default, or --keep-days and so on`);
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
  throw badSettings(result.problems);
}

function badSettings(problems: readonly Problem[]): CommandFailure {
  return new CommandFailure(problems.map(({ message }) => message).join(' '));
}
