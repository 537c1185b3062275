// The parts of docs/metrics.md and docs/api.md that follow from the reports and their schemas. `npm run docs` writes them
// between markers; a test fails when they are out of date.
import { z } from 'zod';
import { answersOf, type DocumentKind } from '../../../collections/document-kind.js';
import type { Report } from '../../../collections/report.js';
import { createReportKinds, parametersOf, reportQuery } from './query.js';

/** The generated texts of each page of documentation, by the name in their markers. */
export function generatedDocs(kinds: readonly DocumentKind[]): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const reports = reportsOf(kinds);
  return {
    'docs/metrics.md': { reports: reports.map(sectionOf).join('\n\n') },
    'docs/api.md': {
      calls: callsTable(reports),
      parameters: parametersTable(kinds, reports),
    },
  };
}

/**
 * The page with these texts between their markers, `<!-- name: … -->` and `<!-- end of name -->`. Throws if a marker is
 * missing.
 */
export function withGenerated(page: string, texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).reduce((text, [name, generated]) => {
    const between = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n)[^]*?(\\n<!-- end of ${name} -->)`);
    if (!between.test(text))
      throw new Error(`the page has no place for "${name}": <!-- ${name}: … --> and <!-- end of ${name} -->`);
    return text.replace(between, (_, begin: string, end: string) => begin + generated + end);
  }, page);
}

function reportsOf(kinds: readonly DocumentKind[]): readonly Report[] {
  const unsharded = kinds.filter(({ shard }) => shard === undefined || shard.number === 0);
  return unsharded.flatMap(({ reports }) => reports);
}

function callsTable(reports: readonly Report[]): string {
  const rows = reports.map(({ name, summary }) => `| \`GET /api/v1/sites/:site/${name}\` | ${summary} |`);
  return ['| call | answers |', '|---|---|', ...rows].join('\n');
}

function sectionOf({ name, about, answer }: Report): string {
  const rows = fieldsOf(answer).map(({ name, places, meaning }) => `| \`${name}\` | ${places.join(', ')} | ${meaning} |`);
  const table = ['| field | in | meaning |', '|---|---|---|', ...rows].join('\n');
  return `## ${name}\n\n${about}\n\n${table}`;
}

interface Field {
  readonly name: string;
  /** The objects that have it, such as `total` or `rows.hours`. */
  readonly places: string[];
  readonly meaning: string;
}

/** Every field with a description. Fields with the same name and description are one. */
function fieldsOf(answer: z.ZodType): readonly Field[] {
  const fields = new Map<string, Field>();
  visit(answer, '', (name, place, meaning) => {
    const field = fields.get(`${name} ${meaning}`) ?? { name, places: [], meaning };
    fields.set(`${name} ${meaning}`, field);
    const shown = place === '' ? 'answer' : `\`${place}\``;
    if (!field.places.includes(shown)) field.places.push(shown);
  });
  return [...fields.values()];
}

function visit(schema: z.ZodType, place: string, found: (name: string, place: string, meaning: string) => void): void {
  const inner = unwrapped(schema);
  if (!(inner instanceof z.ZodObject)) return;
  for (const [name, field] of Object.entries(inner.shape as Record<string, z.ZodType>)) {
    const meaning = field.description ?? unwrapped(field).description;
    if (meaning !== undefined) found(name, place, meaning);
    // The numbers of rows are about the lists, which are described themselves.
    if (name !== 'totalRows') visit(field, place === '' ? name : `${place}.${name}`, found);
  }
}

/** The schema of what is in an optional or nullable field, or in a list. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodArray) return unwrapped(schema.element as z.ZodType);
  return schema;
}

function parametersTable(kinds: readonly DocumentKind[], reports: readonly Report[]): string {
  const kindOf = createReportKinds(kinds, answersOf(kinds));
  const rows = Object.entries(reportQuery.shape).map(([name, schema]) => {
    const takers = reports.filter((report) => parametersOf(kindOf(report.name)).includes(name));
    const who = takers.length === reports.length ? 'all' : takers.map((report) => report.name).join(', ');
    return `| \`${name}\` | ${who} | ${(schema as z.ZodType).description ?? ''} |`;
  });
  return ['| parameter | reports | meaning |', '|---|---|---|', ...rows].join('\n');
}
