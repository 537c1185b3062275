// The JSON bodies of calls that change something. The schemas check names and types, and are those in the OpenAPI
// document; the rules for the values are those of the page and the command line.
import express, { type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { SITE_ID } from '../../hit/site.js';
import { LANGUAGES } from '../../language/languages.js';
import { ANNOTATION_CODEPOINTS_MAX } from '../../operations/annotations/annotations.js';
import { SITE_ROLES } from '../../people/person.js';
import { SHARE_DAYS_MAX, SHARE_PASSWORD_CODEPOINTS_MAX, SHARE_TITLE_CODEPOINTS_MAX } from '../../people/share-rules.js';
import { LIST_MAX, MONTHS_MAX, MONTHS_MIN, TITLE_CODEPOINTS_MAX } from '../../store/account-rules.js';
import { TOKEN_TITLE_CODEPOINTS_MAX } from '../../store/site-tokens.js';
import { WebError } from '../errors.js';
import { unknownName, wrong } from './parameters.js';

/** More than the settings of any real site. Longer lists can be set in several calls. */
const BODY_KB_MAX = 32;

const text = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') })
  // such as the half of an emoji: stores replace it, so that the text would not be found again
  .refine((value) => value.isWellFormed(), 'must be text that UTF-8 can express');
const texts = z.array(text, { error: 'must be a list of texts' }).meta({ maxItems: LIST_MAX }).optional();
const oneOf = <const Value extends string>(values: readonly Value[]) =>
  z.enum(values, {
    error: ({ input }) =>
      input === undefined ? `is missing; give one of ${values.join(', ')}` : `must be one of ${values.join(', ')}`,
  });

const MONTHS = `must be a number of months from ${MONTHS_MIN} to ${MONTHS_MAX}, "always", or null for the default`;
const months = z
  .union([z.int().min(MONTHS_MIN, MONTHS).max(MONTHS_MAX, MONTHS), z.literal('always'), z.null()], { error: MONTHS })
  .optional();

/** The settings that have a default. */
const furtherSettings = {
  hosts: texts.describe('Host names whose pages count, `*.example.com` for all below it; empty: any. Default: empty.'),
  excludedAddresses: texts.describe('Addresses and ranges (CIDR) whose hits are not counted. Default: empty.'),
  excludedPaths: texts.describe(
    'Paths whose hits are not counted; `*` stands for any text: `/admin/*` is every page below `/admin/`. Default: empty.',
  ),
  excludedReferrers: texts.describe('Hosts whose views are counted as direct, `*.example.com` for all below it. Default: empty.'),
  queryParameters: texts.describe('Query parameters that distinguish pages. Default: empty.'),
  storage: oneOf(['record', 'none']).optional().describe('Whether browsers may store a record of visits. Default: `record`.'),
  signals: oneOf(['without-record', 'views-only', 'ignored'])
    .optional()
    .describe('How hits with Do Not Track or Global Privacy Control count. Default: `without-record`.'),
  keep: z
    .strictObject({ day: months, month: months, year: months }, { error: 'must be an object with day, month and year' })
    .optional()
    .describe('How long days, months and years are kept, in months; null: as each report says.'),
};
const title = text.meta({ description: 'One line of plain text.', minLength: 1, maxLength: TITLE_CODEPOINTS_MAX });
const timezone = text.describe('An IANA name, such as Europe/Berlin.');
const role = oneOf(SITE_ROLES);

export const newSiteBody = z.strictObject({
  id: text.meta({
    description: '2 to 63 lower-case letters, digits and inner hyphens. It can never be changed or used again.',
    pattern: SITE_ID.source,
  }),
  title,
  timezone,
  ...furtherSettings,
});

export const siteChangesBody = z.strictObject({
  title: title.optional(),
  timezone: timezone.optional(),
  ...furtherSettings,
  keep: furtherSettings.keep.describe('Only the given ones of day, month and year change; null: as each report says.'),
});

export const newTokenBody = z.strictObject({
  title: text.meta({ description: 'One line about its purpose.', minLength: 1, maxLength: TOKEN_TITLE_CODEPOINTS_MAX }),
  scope: oneOf(['read', 'write']).describe('`read`: the reports. `write`: also the settings, tokens and members of the site.'),
});

export const newShareBody = z.strictObject({
  title: text.meta({ description: 'For whom it is, for its owners.', minLength: 1, maxLength: SHARE_TITLE_CODEPOINTS_MAX }),
  password: text
    .optional()
    .meta({ maxLength: SHARE_PASSWORD_CODEPOINTS_MAX })
    .describe('Readers must enter it. Default: none is needed.'),
  expiresAt: z.iso
    .datetime({ error: 'must be a time in UTC, such as 2026-12-31T23:00:00Z' })
    .optional()
    .describe(`Within ${SHARE_DAYS_MAX} days. Default: it works until it is revoked.`),
  mayBeEmbedded: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe('Whether other sites may show the page in a frame. Default: false.'),
  reports: texts.describe(
    'The reports that it shows, by name, and `live` for hits as they come. `traffic` is always included. Default: everything.',
  ),
});

export const newAnnotationBody = z.strictObject({
  day: text.describe('A local day of the site, such as 2026-11-20.'),
  time: z
    .string({ error: 'must be a time such as 14:05, or null' })
    .nullable()
    .optional()
    .describe('In the time zone of the site, such as 14:05. Default: null, for the whole day.'),
  text: text.meta({ description: 'One line.', minLength: 1, maxLength: ANNOTATION_CODEPOINTS_MAX }),
});

export const annotationChangesBody = newAnnotationBody.partial();

export const invitationBody = z.strictObject({
  email: text,
  role,
  mail: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe('`false`: no mail is sent, because you send the link. Default: `true`.'),
});

export const roleBody = z.strictObject({ role });

export const accountChangesBody = z.strictObject({
  language: z
    .enum(LANGUAGES, { error: `must be one of ${LANGUAGES.join(', ')}, or null` })
    .nullable()
    .optional()
    .describe('Of pages and mails; null: that of the browser.'),
});

const parse = express.json({ limit: `${BODY_KB_MAX}kb`, strict: false, inflate: false });

/** Parses a body of the type application/json. */
export const jsonBody: RequestHandler = (req, res, next) => {
  parse(req, res, (error?: unknown) => next(error === undefined ? undefined : readable(error)));
};

const PARSER_PROBLEMS: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'The body is not valid JSON. Check quotes, commas and brackets.',
  'entity.too.large': `The body is too long: at most ${BODY_KB_MAX} KB are accepted.`,
  'encoding.unsupported': 'The body is compressed. Send it without Content-Encoding.',
  'charset.unsupported': 'The body must be JSON in UTF-8.',
};

/** The parser names its errors by `type`. */
function readable(error: unknown): unknown {
  const type = String((error as { type?: unknown } | null)?.type);
  return Object.hasOwn(PARSER_PROBLEMS, type) ? new WebError('bad-request', PARSER_PROBLEMS[type]) : error;
}

/** Throws a WebError that names the first wrong field. `what` names the object in a sentence: `a new site`. */
export function readBody<Shape extends z.ZodRawShape>(
  req: Request,
  schema: z.ZodObject<Shape>,
  what: string,
): z.output<z.ZodObject<Shape>> {
  const body: unknown = req.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new WebError('bad-request', 'The body must be a JSON object, sent with "Content-Type: application/json".');
  }
  refuseUnknown(Object.keys(body), Object.keys(schema.shape), what);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') refuseUnknown(issue.keys, ['day', 'month', 'year'], `"${field}"`);
  throw wrong(field, issue?.message ?? 'is not valid');
}

function refuseUnknown(names: readonly string[], taken: readonly string[], what: string): void {
  const name = names.find((one) => !taken.includes(one));
  if (name === undefined) return;
  const { code, message, field } = unknownName('field', name, taken, what);
  throw new WebError(code, message, field);
}
