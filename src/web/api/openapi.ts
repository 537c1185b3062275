// The API's description of itself. It is made from the schemas that validate queries and from those of the answers.
import { z } from 'zod';
import { errorAnswer, rangeAnswer, reportAnswer, siteAnswer, sitesAnswer } from './answers.js';
import { parametersOf, type ReportKind, reportQuery } from './query.js';

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
      '/api/v1/sites': get('The sites that the token reads', [], ok('Sites'), [400, 401, 429]),
      '/api/v1/sites/{site}': get('One site', [siteParameter], ok('Site'), [400, 401, 404, 429]),
      ...Object.fromEntries(
        names.map((name) => {
          const kind = kindOf(name);
          const parameters = [siteParameter, ...queryParameters(kind)];
          return [`/api/v1/sites/{site}/${name}`, get(titleOf(name, kind), parameters, ok(schemaName(name)), REPORT_ERRORS)];
        }),
      ),
      '/api/v1/sites/{site}/live': get(
        "Server-sent events: today's traffic, whenever its total has changed (`traffic`), and hits as they come (`hits`)",
        [siteParameter],
        {
          description: 'An endless stream. The data of `traffic` is a traffic report as JSON, the data of `hits` a list of hits.',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        REPORT_ERRORS,
      ),
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A token made with `hitherto token add`.' } },
      schemas: {
        Site: answer(siteAnswer),
        Sites: answer(sitesAnswer),
        Report: answer(reportAnswer),
        Range: answer(rangeAnswer),
        Error: answer(errorAnswer),
        ...Object.fromEntries(names.map((name) => [schemaName(name), reportSchema(answer(reportSchemas[name] as z.ZodType))])),
      },
    },
  };
}

const REPORT_ERRORS = [400, 401, 404, 429, 503];

function titleOf(name: string, { summary }: ReportKind): string {
  return summary === undefined ? `The ${name} report` : `The ${name} report: ${summary}`;
}

const siteParameter = { name: 'site', in: 'path', required: true, schema: { type: 'string' }, description: "The site's id." };

function get(summary: string, parameters: readonly object[], success: object, errors: readonly number[]): object {
  return {
    get: {
      summary,
      parameters,
      responses: {
        200: success,
        ...Object.fromEntries(
          errors.map((status) => [
            status,
            { description: ERROR_TITLES[status], content: { 'application/json': { schema: ref('Error') } } },
          ]),
        ),
      },
    },
  };
}

const ERROR_TITLES: Readonly<Record<number, string>> = {
  400: 'A parameter is wrong or does not exist; `field` names it.',
  401: 'There is no valid token.',
  404: 'The site does not exist, or the token does not read it.',
  429: 'Too many calls in a short time, or too many live views; `Retry-After` says when to go on.',
  503: 'The store does not answer, or too many live views are open.',
};

function ok(schema: string): object {
  return { description: 'OK', content: { 'application/json': { schema: ref(schema) } } };
}

/** The answer of a report, with the range it is compared with. */
function reportSchema(body: JsonSchema): JsonSchema {
  return {
    allOf: [ref('Report'), body, { type: 'object', properties: { compared: { allOf: [ref('Range'), body] } } }],
  };
}

/** With the types that the API works with: `limit` is a number there, although it is text in an address. */
function queryParameters(kind: ReportKind): object[] {
  const { properties } = schemaOf(reportQuery, 'output') as { properties: Record<string, JsonSchema> };
  return parametersOf(kind).map((name) => {
    const { description, ...schema } = properties[name] as JsonSchema;
    return { name, in: 'query', required: name === 'page', ...(description === undefined ? {} : { description }), schema };
  });
}

/** As `input`, which allows unknown fields: readers must accept fields that are added later. */
function answer(schema: z.ZodType): JsonSchema {
  return schemaOf(schema, 'input');
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io }) as JsonSchema;
  return rest;
}

function ref(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

function schemaName(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}Report`;
}
