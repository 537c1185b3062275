// hitherto annotation list | add | remove
import type { Command } from 'commander';
import { type Annotation, checkAnnotation, createAnnotations } from '../operations/annotations/annotations.js';
import { annotationChange } from '../operations/audit/changes.js';
import { createCalendar } from '../time/calendar.js';
import { namedSite } from './arguments.js';
import { recordChanges } from './record-changes.js';
import { CommandFailure, table } from './run.js';
import { withAccounts, withTool } from './with-tool.js';

interface AddOptions {
  day?: string;
  time?: string;
}

export function annotationCommands(program: Command): void {
  const annotation = program
    .command('annotation')
    .description('Manage the annotations of a site: notes on a day, such as deployments, which its chart shows.');

  annotation
    .command('add')
    .argument('<site>')
    .argument('<text>', 'one line')
    .option('--day <day>', "a day in the site's time zone, such as 2026-11-20 (default: today)")
    .option('--time <time>', "in the site's time zone, such as 14:05 (default: the whole day)")
    .description('Add an annotation. Prints its id.')
    .action((id: string, text: string, { day, time }: AddOptions, command: Command) =>
      withTool(command, async (parts) => {
        const site = namedSite(parts.accounts, id);
        const today = createCalendar(site.timezone).localTime(Date.now()).day;
        const result = checkAnnotation({ day: day ?? today, time, text });
        if ('problem' in result) throw new CommandFailure(result.problem.message);
        const added = await createAnnotations(parts.accounts, Date.now).add(site.id, result.checked);
        await recordChanges(parts, annotationChange(site.id, undefined, added));
        process.stdout.write(`${added.id}\n`);
      }),
    );

  annotation
    .command('list')
    .argument('<site>')
    .description('List the annotations of a site: id, day, time, text.')
    .action((id: string, _options: object, command: Command) =>
      withAccounts(command, async (accounts) => {
        const annotations = createAnnotations(accounts, Date.now).ofSite(namedSite(accounts, id).id);
        process.stdout.write(table(annotations.map(rowOf)));
      }),
    );

  annotation
    .command('remove')
    .argument('<site>')
    .argument('<id>', 'the id that `annotation list` shows')
    .description('Remove an annotation.')
    .action((id: string, annotationId: string, _options: object, command: Command) =>
      withTool(command, async (parts) => {
        const site = namedSite(parts.accounts, id);
        const removed = await createAnnotations(parts.accounts, Date.now).remove(site.id, annotationId);
        if (removed === undefined)
          throw new CommandFailure(
            `${id} has no annotation with the id "${annotationId}"; \`hitherto annotation list ${id}\` lists them`,
          );
        await recordChanges(parts, annotationChange(site.id, removed, undefined));
      }),
    );
}

function rowOf({ id, day, time = '–', text }: Annotation): string[] {
  return [id, day, time, text];
}
