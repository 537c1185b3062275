// hitherto import
import { type Command, Option } from 'commander';
import { ALIASES, LOG_FORMATS } from '../operations/import/formats/index.js';
import { TOOLS } from '../operations/import/tools/index.js';
import { importFrom } from './import-from.js';
import { importLogs } from './import-logs.js';
import type { ImportCommandOptions } from './import-options.js';
import { CommandFailure, placeOf } from './run.js';

const HELP = `
The import counts GET requests for pages that were answered with 200, 206 or 304. It leaves out, and reports by reason,
requests for assets, feeds and APIs, other methods, redirects and errors, other hosts than the site's, excluded
addresses, bots, times in the future, and unreadable lines. It first prints the recognised format and the place of each
field. If a log does not name browsers, bots cannot be recognised. Several logs are counted in order of time. An import
keeps the settings that the site had when it began.

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
      'access logs, folders of them, or - for standard input; plain or packed (gzip; bzip2, xz and zstd if these programs are ' +
        'installed); with --from, exports or folders of exports',
    )
    .description(
      'Import access logs, or the numbers of another tool. Lines that were imported before are not counted again, and a log ' +
        'that has grown is continued. Ctrl-C stops safely.',
    )
    .requiredOption('--site <id>', 'the site to import into')
    .addOption(
      new Option('--from <tool>', 'the files are exports of this tool (see docs/import.md)').choices(TOOLS.map(({ key }) => key)),
    )
    .addOption(
      new Option('--format <name>', 'the format of the logs (default: recognised by their first 1,000 lines)').choices([
        ...LOG_FORMATS.map(({ key }) => key),
        ...Object.keys(ALIASES),
      ]),
    )
    .option('--from-day <day>', 'the first day to count')
    .option(
      '--until <day>',
      'the last day to count (default for logs: the day before the first one that the script has counted; with --from: the day ' +
        'before the site was added)',
    )
    .option('--dry-run', 'print what would be counted, and count nothing')
    .option('--quiet', 'do not show progress')
    .option('--json', 'print the summary as JSON, one object for each log')
    .addHelpText('after', HELP)
    .action((files: string[], options: ImportCommandOptions, command: Command) => {
      const format = ALIASES[options.format ?? ''] ?? options.format;
      if (options.from === undefined) return importLogs(files, { ...options, ...(format && { format }) }, command);
      if (options.format !== undefined) throw new CommandFailure('--format is for logs; it cannot be used with --from');
      return importFrom(files, options, placeOf(command));
    });
}
