// hitherto annotation list | add | change | remove
import type { Command } from 'commander';
import {
  type Annotation,
  type AnnotationFields,
  checkAnnotation,
  createAnnotations,
} from '../operations/annotations/annotations.js';
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

interface ChangeOptions {
  day?: string;
  /** `false`: `--no-time` */
  time?: string | false;
  text?: string;
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
        const fields = checked({ day: day ?? today, time, text });
        const added = await createAnnotations(parts.accounts, Date.now).add(site.id, fields);
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
    .command('change')
    .argument('<site>')
    .argument('<id>', 'the id that `annotation list` shows')
    .option('--day <day>', "another day in the site's time zone")
    .option('--time <time>', "another time in the site's time zone, such as 14:05")
    .option('--no-time', 'make it an annotation of the whole day')
    .option('--text <text>', 'another text, one line')
    .description('Change the given parts of an annotation.')
    .action((id: string, annotationId: string, { time, ...options }: ChangeOptions, command: Command) =>
      withTool(command, async (parts) => {
        const changes = { ...options, ...(time !== undefined && { time: time === false ? undefined : time }) };
        if (Object.keys(changes).length === 0)
          throw new CommandFailure('nothing to change: give --day, --time, --no-time or --text');
        const site = namedSite(parts.accounts, id);
        const annotations = createAnnotations(parts.accounts, Date.now);
        const before = annotations.ofSite(site.id).find((one) => one.id === annotationId);
        if (before === undefined) throw unknownAnnotation(id, annotationId);
        const changed = await annotations.change(site.id, annotationId, checked({ ...before, ...changes }));
        if (changed === undefined) throw unknownAnnotation(id, annotationId);
        await recordChanges(parts, annotationChange(site.id, changed.before, changed.after));
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
        if (removed === undefined) throw unknownAnnotation(id, annotationId);
        await recordChanges(parts, annotationChange(site.id, removed, undefined));
      }),
    );
}

function checked(fields: AnnotationFields): AnnotationFields {
  const result = checkAnnotation(fields);
  if ('problem' in result) throw new CommandFailure(result.problem.message);
  return result.checked;
}

function unknownAnnotation(site: string, id: string): CommandFailure {
  return new CommandFailure(`${site} has no annotation with the id "${id}"; \`hitherto annotation list ${site}\` lists them`);
}

function rowOf({ id, day, time = '–', text }: Annotation): string[] {
  return [id, day, time, text];
}
