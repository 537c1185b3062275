// The API's description of itself. It is made from the schemas that validate queries and bodies, and from those of the
// answers.
import { z } from 'zod';
import { SESSION_COOKIE } from '../callers.js';
import { errorAnswer, rangeAnswer, reportAnswer, rollupAnswer } from './answers.js';
import { CALLS, type Call, type Schema } from './calls.js';
import { parametersOf, type ReportKind, reportQuery } from './query.js';
import { rollupQuery } from './rollup.js';
import { REPORTS, severalParametersOf } from './several.js';

type JsonSchema = Record<string, unknown>;

export function openApiDocument(
  reportSchemas: Readonly<Record<string, z.ZodType>>,
  kindOf: (report: string) => ReportKind,
  publicUrl: string,
): object {
  const names = Object.keys(reportSchemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hitherto',
      version: '1',
      description:
        'Web statistics in counters. A report reads documents that are counted already, so it is as new as its `asOf`.',
    },
    servers: [{ url: publicUrl }],
    security: [{ token: [] }],
    paths: {
      ...plainPaths(),
      '/api/v1/sites/{site}/reports': { get: severalReports(names, kindOf) },
      ...Object.fromEntries(
        names.map((name) => {
          const kind = kindOf(name);
          const parameters = [PATH_PARAMETERS.site, ...queryParameters(kind)];
          const responses = { 200: reportOf(name), ...failures(REPORT_ERRORS) };
          return [`/api/v1/sites/{site}/${name}`, { get: { summary: titleOf(name, kind), parameters, responses } }];
        }),
      ),
      ...Object.fromEntries(
        names.map((name) => {
          const kind = kindOf(name);
          const parameters = [...parametersIn(rollupQuery), ...parametersOf(kind).map(parameterRef)];
          const responses = { 200: reportOf(`${name}Rollup`), ...failures(REPORT_ERRORS) };
          return [
            `/api/v1/rollup/${name}`,
            { get: { summary: `${titleOf(name, kind)}, of several sites`, parameters, responses } },
          ];
        }),
      ),
      '/api/v1/sites/{site}/live': {
        get: {
          summary:
            'Server-sent events: hits as they come (`hits`), what is remembered of the last half hour (`recent`), and the ' +
            "given reports whenever their numbers have changed (`reports`); without any, today's traffic (`traffic`)",
          parameters: parametersOfSeveral(names, kindOf, false),
          responses: { 200: LIVE_STREAM, ...failures(REPORT_ERRORS) },
        },
      },
    },
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: TOKEN },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: SESSION },
      },
      parameters: Object.fromEntries(
        [...parametersIn(reportQuery), ...names.flatMap((name) => parametersForOne(name, kindOf(name)))].map((one) => [
          one.name,
          one,
        ]),
      ),
      schemas: {
        ...plainSchemas(),
        Report: answer(reportAnswer),
        Rollup: answer(rollupAnswer),
        Range: answer(rangeAnswer),
        Error: answer(errorAnswer),
        ...Object.fromEntries(
          names.flatMap((name) => [
            [bodyName(name), answer(reportSchemas[name] as z.ZodType)],
            [schemaName(name), reportSchema('Report', name)],
            [schemaName(`${name}Rollup`), reportSchema('Rollup', name)],
          ]),
        ),
      },
    },
  };
}

const TOKEN =
  'A token made with `hitherto token add`, or by the owner of a site. Calls that change something, and those about tokens, ' +
  'share links and members, need one with the scope `write`.';

const SESSION = 'The cookie of a person who has signed in. All other calls accept it as well, with the rights of that person.';

const LIVE_STREAM = {
  description:
    'An endless stream. The data of `traffic` is a traffic report as JSON, the data of `hits` a list of hits, and the data of ' +
    '`reports` an object with `asOf` and `reports`.',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
};

const REPORT_ERRORS = [400, 401, 403, 404, 429, 503];

function titleOf(name: string, { summary }: ReportKind): string {
  return summary === undefined ? `The ${name} report` : `The ${name} report: ${summary}`;
}

const PATH_PARAMETERS = {
  site: pathParameter('site', "The site's id."),
  prefix: pathParameter('prefix', 'The prefix of a token.'),
  share: pathParameter('share', 'The id of a share link.'),
  annotation: pathParameter('annotation', 'The id of an annotation.'),
  person: pathParameter('person', 'The id of a member.'),
};

function pathParameter(name: string, description: string): object {
  return { name, in: 'path', required: true, schema: { type: 'string' }, description };
}

/** The call for several reports. */
function severalReports(names: readonly string[], kindOf: (report: string) => ReportKind): object {
  const properties = Object.fromEntries(names.map((name) => [name, ref(schemaName(name))]));
  const content = { 'application/json': { schema: { type: 'object', properties } } };
  return {
    summary: 'Several reports in one request, each as its own call answers it, by their names',
    parameters: parametersOfSeveral(names, kindOf, true),
    responses: { 200: { description: 'OK', content }, ...failures(REPORT_ERRORS) },
  };
}

/** `isRequired`: whether reports must be named. */
function parametersOfSeveral(names: readonly string[], kindOf: (report: string) => ReportKind, isRequired: boolean): object[] {
  const forAll = [...new Set(names.flatMap((name) => severalParametersOf(kindOf(name))))];
  const list = { type: 'array', items: { type: 'string', enum: names }, minItems: 1, uniqueItems: true };
  const which = 'Their names, with commas between them.';
  return [
    PATH_PARAMETERS.site,
    { name: REPORTS, in: 'query', required: isRequired, description: which, schema: list, style: 'form', explode: false },
    ...parametersIn(reportQuery, forAll).map((parameter) => ({ ...parameter, required: false })),
    ...names.flatMap((name) => parametersForOne(name, kindOf(name))).map(({ name }) => parameterRef(name)),
  ];
}

/** The parameters of the call for several reports that are meant for one of them. */
function parametersForOne(report: string, kind: ReportKind): Parameter[] {
  return parametersIn(reportQuery, severalParametersOf(kind)).map(({ name, schema }) => {
    const description = `\`${name}\` for the ${report} report alone.`;
    return { name: `${report}.${name}`, in: 'query', required: false, description, schema };
  });
}

/** For calls with many parameters: everybody may ask for this document, and its size is its cost. */
function parameterRef(name: string): { $ref: string } {
  return { $ref: `#/components/parameters/${name}` };
}

/** The calls of the table, by path and method. */
function plainPaths(): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const [route, { summary, answers, errors, ...call }] of Object.entries<Call>(CALLS)) {
    const [method, address] = route.split(' ') as [string, string];
    const names = [...address.matchAll(/:(\w+)/g)].map(([, name]) => name as keyof typeof PATH_PARAMETERS);
    const path = address.replaceAll(/:(\w+)/g, '{$1}');
    const successes = Object.entries(answers).map(([status, { description, content, isAlsoCsv }]) => [
      status,
      { description, ...(content && { content: { ...asJson(content.name), ...(isAlsoCsv && AS_CSV) } }) },
    ]);
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = {
      summary,
      ...(call.isForPeople === true && { security: [{ session: [] }] }),
      parameters: [...names.map((name) => PATH_PARAMETERS[name]), ...parametersIn(call.query)],
      ...(call.body && { requestBody: { required: true, content: { 'application/json': { schema: ref(call.body.name) } } } }),
      responses: { ...Object.fromEntries(successes), ...failures(errors) },
    };
  }
  return paths;
}

function plainSchemas(): Record<string, JsonSchema> {
  const schemas = Object.values<Call>(CALLS).flatMap(({ body, answers }): Schema[] => [
    ...(body === undefined ? [] : [body]),
    ...Object.values(answers).flatMap(({ content }) => content ?? []),
  ]);
  return Object.fromEntries(schemas.map(({ name, schema }) => [name, schemaOf(schema, 'input')]));
}

function failures(statuses: readonly number[]): object {
  return Object.fromEntries(statuses.map((status) => [status, json(ERROR_TITLES[status] as string, 'Error')]));
}

const ERROR_TITLES: Readonly<Record<number, string>> = {
  400: 'A parameter or a field of the body is wrong or does not exist; `field` names it.',
  401: 'There is no valid token.',
  403: 'The token may not do this, or the share link does not show this report.',
  404: 'The site, token, share link, annotation or member does not exist, or the token does not read the site.',
  409: '`code` names the conflict: the id is or was in use, the site would have no owner, or there are too many already.',
  429: 'Too many calls in a short time, or too many live views; `Retry-After` says when to go on.',
  503: 'The store does not answer, or too much is going on; `Retry-After` says when to try again.',
};

/** As JSON, or with `format=csv` one of its lists as CSV. */
function reportOf(name: string): object {
  return { description: 'OK', content: { ...asJson(schemaName(name)), ...AS_CSV } };
}

function json(description: string, schema: string): object {
  return { description, content: asJson(schema) };
}

const asJson = (schema: string) => ({ 'application/json': { schema: ref(schema) } });
const AS_CSV = { 'text/csv': { schema: { type: 'string' } } };

/** The answer of a report, with the range it is compared with. */
function reportSchema(head: 'Report' | 'Rollup', report: string): JsonSchema {
  const body = ref(bodyName(report));
  return {
    allOf: [ref(head), body, { type: 'object', properties: { compared: { allOf: [ref('Range'), body] } } }],
  };
}

/** With the types that the API works with: `limit` is a number there, although it is text in an address. */
function queryParameters(kind: ReportKind): Parameter[] {
  return parametersIn(reportQuery, parametersOf(kind));
}

interface Parameter {
  readonly name: string;
  readonly in: 'query';
  readonly required: boolean;
  readonly description?: unknown;
  readonly schema: JsonSchema;
}

function parametersIn(query: z.ZodObject | undefined, names: readonly string[] = Object.keys(query?.shape ?? {})): Parameter[] {
  if (query === undefined) return [];
  const { properties } = schemaOf(query, 'output') as { properties: Record<string, JsonSchema> };
  return names.map((name) => {
    const { description, ...schema } = properties[name] as JsonSchema;
    return {
      name,
      in: 'query',
      required: name === 'page' || name === 'timezone',
      ...(description === undefined ? {} : { description }),
      schema,
    };
  });
}

/** As `input`, which allows unknown fields: readers must accept fields that are added later. */
function answer(schema: z.ZodType): JsonSchema {
  return schemaOf(schema, 'input');
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    override({ jsonSchema }) {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern; // it says the same in 230 characters
    },
  }) as JsonSchema;
  return rest;
}

function ref(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

function schemaName(name: string): string {
  return `${capitalized(name)}Report`;
}

/** What a report and its roll-up have in common. */
function bodyName(name: string): string {
  return `${capitalized(name)}Body`;
}

function capitalized(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}`;
}
