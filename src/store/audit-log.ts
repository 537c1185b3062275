// The audit log: who changed what, and when. It contains changes by people, tokens and commands, and nothing about
// visitors. Entries are written after the change, so a change can lack its entry, but no entry lacks its change.
import { randomInt } from 'node:crypto';
import { DAY_MS } from '../time/units.js';

/** Everything that is recorded. These names are stored and public, so they stay as they are. */
export const AUDIT_ACTIONS = [
  'site.created',
  'site.settings',
  'site.timezone',
  'site.period-deleted',
  'site.pages-deleted',
  'site.referrers-deleted',
  'site.deleted',
  'token.created',
  'token.revoked',
  'share.created',
  'share.revoked',
  'annotation.created',
  'annotation.changed',
  'annotation.removed',
  'member.invited',
  'member.joined',
  'member.role',
  'member.removed',
  'invitation.accepted',
  'invitation.withdrawn',
  'person.invited',
  'person.joined',
  'person.signed-in',
  'person.sessions-ended',
  'person.name',
  'person.language',
  'person.email',
  'person.password',
  'person.password-link',
  'person.two-step',
  'person.provider',
  'person.passkeys',
  'person.operator',
  'person.sites-max',
  'person.hits-max',
  'person.removed',
  'team.created',
  'team.renamed',
  'team.deleted',
  'team.member-invited',
  'team.member-joined',
  'team.member-role',
  'team.member-removed',
  'team.site-added',
  'team.site-removed',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who made a change. A command can be run by anybody who can use the store. */
export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly name: string }
  | { readonly kind: 'token'; readonly prefix: string; readonly title: string }
  | { readonly kind: 'command-line' };

/** Whom or what a change is about, beside a site. `address`: a person who is invited and may have no account. */
export type Subject =
  | { readonly kind: 'person'; readonly id: string; readonly name: string }
  | { readonly kind: 'address'; readonly email: string }
  | { readonly kind: 'token'; readonly prefix: string; readonly title: string }
  | { readonly kind: 'share'; readonly title: string }
  | { readonly kind: 'team'; readonly id: string; readonly name: string };

export type AuditValue = string | number | boolean | readonly string[];

/** Never a secret, a password or a hash. */
export interface FieldChange {
  /** Such as `timezone`, `keep.day` or `role`. */
  readonly field: string;
  /** Absent: the field was not set. */
  readonly from?: AuditValue;
  readonly to?: AuditValue;
}

/** What happened, without the time and the person. */
export interface AuditedChange {
  readonly action: AuditAction;
  readonly site?: string;
  readonly subject?: Subject;
  readonly changes?: readonly FieldChange[];
}

export interface AuditEntry extends AuditedChange {
  /** Sorts by time; see `createEntryIds`. */
  readonly id: string;
  readonly atMs: number;
  readonly who: Actor;
}

export interface AuditQuery {
  /** Absent: of the whole installation. */
  readonly site?: string;
  /** Only entries that are older than the one with this id. */
  readonly before?: string;
  readonly limit: number;
}

/** All of these may reject when the store does not answer. */
export interface AuditLog {
  /** May be repeated. Removes the oldest entries of the same stream beyond ENTRIES_OF_STREAM_MAX. */
  add(entry: AuditEntry): Promise<void>;
  /** The newest first. */
  newest(query: AuditQuery): Promise<readonly AuditEntry[]>;
  removeBefore(timeMs: number): Promise<void>;
}

/** Two years. */
export const AUDIT_KEEP_MS = 731 * DAY_MS;

/**
 * The log is divided into streams of limited length, so that it cannot grow without limit, and nobody can push out the
 * entries about others by making many changes.
 */
export const ENTRIES_OF_STREAM_MAX = 1_000;

/**
 * Each site has a stream, and so has each person, with another one for signing in. Changes of a team are in the stream of
 * the person who made them, because anybody may create teams, and change the role of others in them, again and again.
 */
export function streamOf({ site, subject, who, action }: AuditEntry): string {
  if (site !== undefined) return streamOfSite(site);
  if (action === 'person.signed-in' && who.kind === 'person') return `signed-in/${who.id}`;
  if (action.startsWith('team.') && who.kind === 'person') return `person/${who.id}`;
  if (subject?.kind === 'person') return `person/${subject.id}`;
  if (who.kind === 'person') return `person/${who.id}`;
  return who.kind === 'token' ? `token/${who.prefix}` : 'command-line';
}

export function streamOfSite(site: string): string {
  return `site/${site}`;
}

const TIME_DIGITS = 9;
const COUNT_DIGITS = 3;
const RANDOM_DIGITS = 6;
const ENTRY_ID = /^[0-9a-z]{18}$/;

export function isEntryId(text: string): boolean {
  return ENTRY_ID.test(text);
}

/** All entries before this time have smaller ids. */
export function firstIdAt(timeMs: number): string {
  return digits(Math.max(0, timeMs), TIME_DIGITS);
}

/** Ids of entries: the time, a number that orders the entries of one process and millisecond, and a random number. */
export function createEntryIds(): (timeMs: number) => string {
  let [lastMs, count] = [-1, 0];
  return (timeMs) => {
    count = timeMs === lastMs ? count + 1 : 0;
    lastMs = timeMs;
    return (
      firstIdAt(timeMs) + digits(count % 36 ** COUNT_DIGITS, COUNT_DIGITS) + digits(randomInt(36 ** RANDOM_DIGITS), RANDOM_DIGITS)
    );
  };
}

function digits(number: number, length: number): string {
  return number.toString(36).padStart(length, '0');
}
