// The changes of a site: who changed what, when.
import { z } from 'zod';
import { plainSentence } from '../../operations/audit/sentence.js';
import { AUDIT_ACTIONS, type AuditEntry, isEntryId } from '../../store/audit-log.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { notStored } from './answers.js';
import { checkParameters, wrong } from './parameters.js';

const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 20;

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional();

const changeAnswer = z.object({
  id: z.string().describe('Sorts by time. `before` takes it.'),
  at: z.iso.datetime(),
  who: z
    .object({
      kind: z.enum(['person', 'token', 'command-line']),
      id: z.string().optional().describe('Of a person.'),
      name: z.string().optional().describe('Of a person, at that time.'),
      prefix: z.string().optional().describe('Of a token.'),
      title: z.string().optional().describe('Of a token.'),
    })
    .describe('Who made the change: a person, a token, or somebody with a command.'),
  action: z.string().describe(`One of ${AUDIT_ACTIONS.join(', ')}. Later versions may have more.`),
  subject: z
    .object({
      kind: z.enum(['person', 'address', 'token', 'share', 'team']),
      id: z.string().optional(),
      name: z.string().optional(),
      email: z.string().optional(),
      prefix: z.string().optional(),
      title: z.string().optional(),
    })
    .optional()
    .describe('The member, the invited address, the token, the share link or the team that the change is about.'),
  changes: z
    .array(z.object({ field: z.string(), from: value, to: value }))
    .optional()
    .describe('The changed fields. Without `from` or `to`, the field was not or is not set. Long lists are shortened.'),
  text: z.string().describe('The change as a sentence.'),
});

export const changesAnswer = z.object({
  changes: z.array(changeAnswer).describe('The newest first.'),
  next: z.string().optional().describe('`before` of the next page; absent if there are no older changes.'),
});

export const changesQuery = z.object({
  before: z.string().optional().describe('Only changes that are older than the one with this id.'),
  limit: z.int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT).describe(`1 to ${LIMIT_MAX}. Default: ${LIMIT_DEFAULT}.`),
});

export function addChanges(addRoute: AddRoute, { audit }: AppParts): void {
  addRoute('GET /api/v1/sites/:site/changes', async ({ query }, res, { site }) => {
    checkParameters(query, Object.keys(changesQuery.shape), 'the changes of a site');
    const { before } = query as { before?: string };
    if (before !== undefined && !isEntryId(before)) throw wrong('before', 'must be the id of a change');
    const page = await audit.page({ site: site.id, before, limit: limitIn(query) });
    if (page === undefined) throw new WebError('store-away');
    const { entries, next } = page;
    notStored(res).json({ changes: entries.map(publicChange), ...(next !== undefined && { next }) });
  });
}

function limitIn({ limit }: { readonly limit?: unknown }): number {
  if (limit === undefined) return LIMIT_DEFAULT;
  const number = /^\d{1,3}$/.test(String(limit)) ? Number(limit) : 0;
  if (number < 1 || number > LIMIT_MAX) throw wrong('limit', `must be a whole number from 1 to ${LIMIT_MAX}`);
  return number;
}

function publicChange(entry: AuditEntry): z.input<typeof changeAnswer> {
  const { id, atMs, who, action, subject, changes } = entry;
  return {
    id,
    at: new Date(atMs).toISOString(),
    who,
    action,
    ...(subject && { subject }),
    ...(changes && { changes: changes as z.input<typeof changeAnswer>['changes'] }),
    text: plainSentence(entry),
  };
}
