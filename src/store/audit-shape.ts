// The shape of an entry of the audit log in a backup.
import { z } from 'zod';
import { type AuditEntry, isEntryId } from './audit-log.js';

const text = z.string();
const person = z.object({ kind: z.literal('person'), id: text, name: text });
const token = z.object({ kind: z.literal('token'), prefix: text, title: text });
const share = z.object({ kind: z.literal('share'), title: text });
const team = z.object({ kind: z.literal('team'), id: text, name: text });
const value = z.union([text, z.number(), z.boolean(), z.array(text)]).optional();

const shape = z.object({
  id: text.refine(isEntryId, 'not the id of an entry'),
  atMs: z.int().min(0),
  who: z.union([person, token, z.object({ kind: z.literal('command-line') })]),
  action: text, // a later version may have more actions
  site: text.optional(),
  subject: z.union([person, token, share, team, z.object({ kind: z.literal('address'), email: text })]).optional(),
  changes: z.array(z.object({ field: text, from: value, to: value })).optional(),
});

export const auditEntryShape = shape as unknown as z.ZodType<AuditEntry>;
