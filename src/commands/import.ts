// hitherto import
import { type Command, Option } from 'commander';
import { ALIASES, LOG_FORMATS } from '../operations/import/formats/index.js';
import { TOOLS } from '../operations/import/tools/index.js';
import { importFrom } from './import-from.js';
import { importLogs } from './import-logs.js';
import { CommandFailure, placeOf } from './run.js';

export interface ImportCommandOptions {
  site: string;
  from?: string;
  format?: string;
  fromDay?: string;
  until?: string;
  dryRun?: true;
  quiet?: true;
  json?: true;
}

const HELP = `
Counted of a log are GET requests for pages that were answered 200, 206 or 304. Left out, each reason counted: requests for assets, feeds and
interfaces, other methods, redirects and errors, hosts that are not the site's, excluded addresses, bots, times to come, and lines that cannot be
read. What the log is and what each of its fields was taken for is said first. Where a log names no browsers, bots cannot be told. Several logs are
counted in the order of their time. An import keeps the settings that the site had when it began.

Formats (docs/import.md says how each is recognised):
${LOG_FORMATS.map(({ key, title }) => `  ${key.padEnd(20)}  ${title}`).join('\n')}
Also: ${Object.entries(ALIASES)
  .map(([alias, key]) => `${alias} for ${key}`)
  .join(', ')}.`;

export function importCommand(program: Command): void {
  program
    .command('import')
    .argument(
      '<file...>',
      'access logs, folders of them, or - for standard input; plain or packed (gzip; bzip2, xz, zstd where these programs are); with --from, exports or folders of them',
    )
    .description(
      'Count access logs, or what another tool has counted. The same lines are not counted twice; a log that has grown goes on. Ctrl-C stops safely.',
    )
    .requiredOption('--site <id>', 'the site whose pages they are')
    .addOption(
      new Option('--from <tool>', 'the files are exports of this tool (see docs/import.md)').choices(TOOLS.map(({ key }) => key)),
    )
    .addOption(
      new Option('--format <name>', 'the format of the logs (default: told by their first 1,000 lines)').choices([
        ...LOG_FORMATS.map(({ key }) => key),
        ...Object.keys(ALIASES),
      ]),
    )
    .option('--from-day <day>', 'the first day that is counted')
    .option(
      '--until <day>',
      'the last day that is counted (default: of logs, the one before the first that the script has counted; with --from, the one before the site was added here)',
    )
    .option('--dry-run', 'say what would be counted, and count nothing')
    .option('--quiet', 'no progress')
    .option('--json', 'the summary as JSON, one object for each log')
    .addHelpText('after', HELP)
    .action((files: string[], options: ImportCommandOptions, command: Command) => {
      const format = ALIASES[options.format ?? ''] ?? options.format;
      if (options.from === undefined) return importLogs(files, { ...options, ...(format && { format }) }, command);
      if (options.format !== undefined) throw new CommandFailure('--format is for logs: it does not go with --from');
      return importFrom(files, options, placeOf(command));
    });
}
