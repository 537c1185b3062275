// Entries of the audit log as English sentences.
import type { Actor, AuditAction, AuditEntry, AuditValue, FieldChange, Subject } from '../../store/audit-log.js';

/** Part of a sentence. A `name` is a text that people or programs have chosen. */
export type Phrase = string | { readonly name: string };

/** Without the site, which is shown beside it. */
export function sentenceOf(entry: AuditEntry): readonly Phrase[] {
  const { who, action } = entry;
  const tell = Object.hasOwn(SENTENCES, action) ? SENTENCES[action] : undefined;
  // a later version may have recorded it
  const rest = tell === undefined ? ['did something that this version does not know: ', { name: action }] : tell(entry);
  return joined([...actorPhrases(who), ' ', ...rest, '.']);
}

export function plainSentence(entry: AuditEntry): string {
  return sentenceOf(entry)
    .map((phrase) => (typeof phrase === 'string' ? phrase : phrase.name))
    .join('');
}

type Tell = (entry: AuditEntry) => readonly Phrase[];

const SENTENCES: Readonly<Record<AuditAction, Tell>> = {
  'site.created': () => ['created the site'],
  'site.settings': ({ changes }) => ['changed ', ...changesPhrases(changes)],
  'site.timezone': ({ changes }) => ['changed ', ...changesPhrases(changes)],
  'site.period-deleted': () => ['deleted a period'],
  'site.pages-deleted': () => ['deleted pages from the reports'],
  'site.referrers-deleted': () => ['deleted referrers from the reports'],
  'site.deleted': () => ['deleted the site'],
  'token.created': ({ subject, changes }) => [
    'created ',
    ...subjectPhrases(subject),
    newValue('scope', changes) === 'write' ? ', which may read and change' : ', which may read',
  ],
  'token.revoked': ({ subject }) => ['revoked ', ...subjectPhrases(subject)],
  'share.created': ({ subject, changes }) => [
    'created ',
    ...subjectPhrases(subject),
    newValue('hasPassword', changes) === true ? ' with a password' : ' without a password',
    newValue('reports', changes) === undefined ? '' : ', limited to some reports',
  ],
  'share.revoked': ({ subject }) => ['revoked ', ...subjectPhrases(subject)],
  'annotation.created': ({ changes }) => ['added the annotation “', { name: String(newValue('text', changes) ?? '') }, '”'],
  'annotation.changed': ({ changes }) => ['changed an annotation: ', ...changesPhrases(changes)],
  'annotation.removed': ({ changes }) => ['removed the annotation “', { name: String(oldValue('text', changes) ?? '') }, '”'],
  'member.invited': ({ subject, changes }) => ['invited ', ...subjectPhrases(subject), ...asRole(changes)],
  'member.joined': ({ changes }) => ['accepted the invitation', ...asRole(changes)],
  'member.role': ({ subject, changes = [] }) =>
    changes.some(({ from }) => from !== undefined)
      ? ['changed the role of ', ...subjectPhrases(subject), ...fromTo('role', changes)]
      : ['added ', ...subjectPhrases(subject), ' to the site', ...asRole(changes)],
  'member.removed': ({ subject }) => ['removed ', ...subjectPhrases(subject), ' from the site'],
  'invitation.accepted': () => ['accepted an invitation'],
  'invitation.withdrawn': ({ subject }) => ['withdrew the invitation of ', ...subjectPhrases(subject)],
  'person.invited': ({ subject, changes }) => [
    'invited ',
    ...subjectPhrases(subject),
    newValue('isOperator', changes) === true ? ' as an operator' : '',
  ],
  'person.joined': () => ['created an account'],
  'person.signed-in': ({ changes }) => ['signed in with ', { name: String(newValue('browser', changes) ?? 'a browser') }],
  'person.sessions-ended': ({ subject }) =>
    subject === undefined ? ['signed out of other browsers'] : ['ended all sessions of ', ...subjectPhrases(subject)],
  'person.name': ({ changes }) => ['changed their name', ...fromTo('name', changes)],
  'person.language': ({ subject, changes }) => [
    ...(subject === undefined ? ['changed their language'] : ['changed the language of ', ...subjectPhrases(subject)]),
    ...fromTo('language', changes),
  ],
  'person.email': ({ changes }) => ['changed their e-mail address', ...fromTo('email', changes)],
  'person.two-step': (entry) => [
    newValue('twoStep', entry.changes) === true ? 'switched on two-step sign-in' : 'switched off two-step sign-in',
    ...(isOwn(entry) ? [] : [' of ', ...subjectPhrases(entry.subject)]),
  ],
  'person.provider': (entry) => [
    newValue('provider', entry.changes) === true ? 'linked the sign-in provider to ' : 'unlinked the sign-in provider from ',
    ...(isOwn(entry) ? ['their account'] : ['the account of ', ...subjectPhrases(entry.subject)]),
  ],
  'person.passkeys': (entry) => [...passkeysPhrases(entry), ...(isOwn(entry) ? [] : [' of ', ...subjectPhrases(entry.subject)])],
  'person.password': () => ['changed their password'],
  'person.password-link': ({ subject }) => ['created a link for a new password of ', ...subjectPhrases(subject)],
  'person.operator': ({ subject, changes }) =>
    newValue('isOperator', changes) === true
      ? ['made ', ...subjectPhrases(subject), ' an operator']
      : ['removed the operator rights of ', ...subjectPhrases(subject)],
  'person.sites-max': ({ subject, changes }) => [
    'changed how many sites ',
    ...subjectPhrases(subject),
    ' may own',
    ...fromTo('sitesMax', changes),
  ],
  'person.hits-max': ({ subject, changes }) => [
    'changed the limit of hits a month of ',
    ...subjectPhrases(subject),
    ...fromTo('hitsMax', changes),
  ],
  'person.removed': (entry) =>
    isOwn(entry) ? ['deleted their own account'] : ['deleted the account of ', ...subjectPhrases(entry.subject)],
  'team.created': ({ subject }) => ['created ', ...subjectPhrases(subject)],
  'team.renamed': ({ changes }) => ['changed the name of a team', ...fromTo('name', changes)],
  'team.deleted': ({ subject }) => ['deleted ', ...subjectPhrases(subject)],
  'team.member-invited': ({ subject, changes }) => [
    'invited ',
    ...subjectPhrases(subject),
    ' to ',
    ...teamPhrases(changes),
    ...asRole(changes),
  ],
  'team.member-joined': ({ subject, changes }) => ['joined ', ...subjectPhrases(subject), ...asRole(changes)],
  'team.member-role': ({ subject, changes = [] }) =>
    changes.some(({ field, from }) => field === 'role' && from !== undefined)
      ? ['changed the role of ', ...subjectPhrases(subject), ' in ', ...teamPhrases(changes), ...fromTo('role', changes)]
      : ['added ', ...subjectPhrases(subject), ' to ', ...teamPhrases(changes), ...asRole(changes)],
  'team.member-removed': (entry) =>
    isOwn(entry)
      ? ['left ', ...teamPhrases(entry.changes)]
      : ['removed ', ...subjectPhrases(entry.subject), ' from ', ...teamPhrases(entry.changes)],
  'team.site-added': ({ subject }) => ['added the site to ', ...subjectPhrases(subject)],
  'team.site-removed': ({ subject }) => ['removed the site from ', ...subjectPhrases(subject)],
};

function passkeysPhrases({ changes = [] }: AuditEntry): readonly Phrase[] {
  const { from, to } = changes.find(({ field }) => field === 'passkeys') ?? {};
  const difference = Number(to ?? 0) - Number(from ?? 0);
  const number = Math.abs(difference);
  return [difference > 0 ? 'added ' : 'removed ', number === 1 ? 'a passkey' : `${number} passkeys`];
}

/** Whether the person has changed something about themselves. */
export function isOwn({ who, subject }: AuditEntry): boolean {
  return who.kind === 'person' && subject?.kind === 'person' && who.id === subject.id;
}

function actorPhrases(who: Actor): readonly Phrase[] {
  if (who.kind === 'person') return [{ name: who.name }];
  return who.kind === 'token' ? ['The token ', ...tokenPhrases(who)] : ['A command'];
}

function subjectPhrases(subject: Subject | undefined): readonly Phrase[] {
  if (subject?.kind === 'person') return [{ name: subject.name }];
  if (subject?.kind === 'address') return [{ name: subject.email }];
  if (subject?.kind === 'share') return ['the share link “', { name: subject.title }, '”'];
  if (subject?.kind === 'team') return ['the team “', { name: subject.name }, '”'];
  return subject === undefined ? ['somebody'] : ['the token ', ...tokenPhrases(subject)];
}

function teamPhrases(changes: readonly FieldChange[] | undefined): readonly Phrase[] {
  return ['the team “', { name: String(newValue('team', changes) ?? '') }, '”'];
}

function tokenPhrases({ prefix, title }: { readonly prefix: string; readonly title: string }): readonly Phrase[] {
  return title === '' ? [{ name: `hit_${prefix}…` }] : ['“', { name: title }, '” (', { name: `hit_${prefix}…` }, ')'];
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  title: 'the title',
  timezone: 'the time zone',
  hosts: 'the host names',
  excludedAddresses: 'the excluded addresses',
  excludedPaths: 'the excluded paths',
  excludedReferrers: 'the excluded referrers',
  queryParameters: 'the query parameters that distinguish pages',
  storage: 'the storage in the browser',
  signals: 'the effect of Do Not Track and Global Privacy Control',
  'keep.day': 'how long days are kept',
  'keep.month': 'how long months are kept',
  'keep.year': 'how long years are kept',
  day: 'its day',
  time: 'its time',
  text: 'its text',
};

function changesPhrases(changes: readonly FieldChange[] = []): readonly Phrase[] {
  return changes.flatMap(({ field, from, to }, n) => [
    n === 0 ? '' : n === changes.length - 1 ? ' and ' : ', ',
    Object.hasOwn(FIELD_NAMES, field) ? (FIELD_NAMES[field] as string) : { name: field },
    ' from ',
    ...valuePhrases(field, from),
    ' to ',
    ...valuePhrases(field, to),
  ]);
}

function fromTo(field: string, changes: readonly FieldChange[] = []): readonly Phrase[] {
  const change = changes.find((one) => one.field === field);
  return change === undefined ? [] : [' from ', ...valuePhrases(field, change.from), ' to ', ...valuePhrases(field, change.to)];
}

function asRole(changes: readonly FieldChange[] | undefined): readonly Phrase[] {
  const role = newValue('role', changes);
  return role === undefined ? [] : [' as ', { name: String(role) }];
}

function oldValue(field: string, changes: readonly FieldChange[] = []): AuditValue | undefined {
  return changes.find((change) => change.field === field)?.from;
}

function newValue(field: string, changes: readonly FieldChange[] = []): AuditValue | undefined {
  return changes.find((change) => change.field === field)?.to;
}

const UNSET = new Map([
  ['hitsMax', 'no limit'],
  ['language', "the browser's"],
]);

function valuePhrases(field: string, value: AuditValue | undefined): readonly Phrase[] {
  const isKeep = field.startsWith('keep.');
  if (value === undefined) return [isKeep ? 'the default' : (UNSET.get(field) ?? 'nothing')];
  if (isKeep && typeof value === 'number') return [`${value} months`];
  if (typeof value !== 'object')
    return field === 'title' || field === 'text' ? ['“', { name: String(value) }, '”'] : [{ name: String(value) }];
  if (value.length === 0) return ['none'];
  return value.flatMap((entry, n) => [n === 0 ? '' : ', ', { name: entry }]);
}

/** Neighbouring texts become one. */
function joined(phrases: readonly Phrase[]): Phrase[] {
  const result: Phrase[] = [];
  for (const phrase of phrases) {
    const last = result.at(-1);
    if (typeof phrase === 'string' && typeof last === 'string') result[result.length - 1] = last + phrase;
    else if (phrase !== '') result.push(phrase);
  }
  return result;
}
