// Which fields a change has changed, as the audit log records them.
import { isDeepStrictEqual } from 'node:util';
import type { Site } from '../../hit/site.js';
import type { Share } from '../../people/shares.js';
import type { Token } from '../../store/accounts.js';
import type { AuditedChange, AuditValue, FieldChange, Subject } from '../../store/audit-log.js';
import type { AnnotationFields } from '../annotations/annotations.js';

/** Of all entries in a list. Together with the limit of entries, it limits the size of the log. */
const LIST_CHARACTERS_MAX = 1_000;
const TEXT_CHARACTERS_MAX = 200;

/** Undefined: nothing has changed. */
export function settingsChange(before: Site, after: Site): AuditedChange | undefined {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const changes = [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => !isDeepStrictEqual(old.get(field), now.get(field)))
    .map((field) => fieldChange(field, old.get(field), now.get(field)));
  if (changes.length === 0) return undefined;
  const isTimezone = changes.every(({ field }) => field === 'timezone');
  return { action: isTimezone ? 'site.timezone' : 'site.settings', site: after.id, changes };
}

/** `undefined`: not set. */
export function fieldChange(field: string, from: AuditValue | undefined, to: AuditValue | undefined): FieldChange {
  return { field, ...(from !== undefined && { from: shortened(from) }), ...(to !== undefined && { to: shortened(to) }) };
}

/** The creation or revocation of a token: an entry for each site that it reads, or one for all sites. */
export function tokenChanges(action: 'token.created' | 'token.revoked', token: Token): AuditedChange[] {
  const { prefix, title, sites, scope = 'read' } = token;
  const subject: Subject = { kind: 'token', prefix, title };
  const changes = [fieldChange('scope', undefined, scope)];
  const change: AuditedChange = action === 'token.created' ? { action, subject, changes } : { action, subject };
  return sites === 'all' ? [change] : sites.map((site) => ({ ...change, site }));
}

/** The creation or revocation of a share link. Of the password, only whether there is one is recorded. */
export function shareChange(action: 'share.created' | 'share.revoked', share: Omit<Share, 'id' | 'createdAtMs'>): AuditedChange {
  const { site, title, password = '', untilMs, mayBeEmbedded, reports } = share;
  const subject: Subject = { kind: 'share', title };
  if (action === 'share.revoked') return { action, site, subject };
  const changes = [
    fieldChange('hasPassword', undefined, password !== ''),
    fieldChange('mayBeEmbedded', undefined, mayBeEmbedded),
    ...(untilMs === undefined ? [] : [fieldChange('until', undefined, new Date(untilMs).toISOString())]),
    ...(reports === undefined ? [] : [fieldChange('reports', undefined, reports)]),
  ];
  return { action, site, subject, changes };
}

/** Without `before`, an annotation was added; without `after`, it was removed. */
export function annotationChange(
  site: string,
  before: AnnotationFields | undefined,
  after: AnnotationFields | undefined,
): AuditedChange | undefined {
  const verb = before === undefined ? 'created' : after === undefined ? 'removed' : 'changed';
  const changes = (['day', 'time', 'text'] as const)
    .filter((field) => before?.[field] !== after?.[field])
    .map((field) => fieldChange(field, before?.[field], after?.[field]));
  return changes.length === 0 ? undefined : { action: `annotation.${verb}`, site, changes };
}

export function personSubject({ id, name }: { readonly id: string; readonly name: string }): Subject {
  return { kind: 'person', id, name };
}

/** The removal of an account, and the withdrawal of this number of invitations to its address. */
export function removalChanges(
  person: { readonly id: string; readonly name: string; readonly email: string },
  withdrawn: number,
): AuditedChange[] {
  return [{ action: 'person.removed', subject: personSubject(person) }, ...withdrawalChanges(person.email, withdrawn)];
}

export function withdrawalChanges(email: string, withdrawn: number): AuditedChange[] {
  return Array.from({ length: withdrawn }, () => ({ action: 'invitation.withdrawn', subject: { kind: 'address', email } }));
}

interface RightsOfPerson {
  readonly id: string;
  readonly name: string;
  readonly isOperator: boolean;
  readonly sitesMax: number;
  readonly hitsMax?: number | undefined;
  readonly twoStep?: unknown;
  readonly identity?: unknown;
  readonly passkeys?: readonly unknown[] | undefined;
  readonly language?: string | undefined;
  /** The role on each site. */
  readonly sites: Readonly<Record<string, string>>;
}

/** Changes of the rights or the language of a person by somebody else. */
export function personChanges(before: RightsOfPerson, after: RightsOfPerson): AuditedChange[] {
  const subject = personSubject(after);
  const changed: AuditedChange[] = [];
  for (const site of new Set([...Object.keys(before.sites), ...Object.keys(after.sites)])) {
    const [from, to] = [roleOn(before, site), roleOn(after, site)];
    const action = to === undefined ? 'member.removed' : 'member.role';
    if (from !== to) changed.push({ action, site, subject, changes: [fieldChange('role', from, to)] });
  }
  if (before.isOperator !== after.isOperator) {
    const changes = [fieldChange('isOperator', before.isOperator, after.isOperator)];
    changed.push({ action: 'person.operator', subject, changes });
  }
  if (before.sitesMax !== after.sitesMax) {
    changed.push({ action: 'person.sites-max', subject, changes: [fieldChange('sitesMax', before.sitesMax, after.sitesMax)] });
  }
  if (before.hitsMax !== after.hitsMax) {
    changed.push({ action: 'person.hits-max', subject, changes: [fieldChange('hitsMax', before.hitsMax, after.hitsMax)] });
  }
  if (before.language !== after.language) {
    changed.push({ action: 'person.language', subject, changes: [fieldChange('language', before.language, after.language)] });
  }
  const isOn = after.twoStep !== undefined;
  const isLinked = after.identity !== undefined;
  return [
    ...changed,
    ...(isOn === (before.twoStep !== undefined) ? [] : [twoStepChange(before, isOn)]),
    ...(isLinked === (before.identity !== undefined) ? [] : [providerChange(before, isLinked)]),
    passkeysChange(before, after.passkeys?.length ?? 0),
  ].filter((change) => change !== undefined);
}

/** Undefined: it was off already. If it was on already, the person now uses another device. */
export function twoStepChange(before: Pick<RightsOfPerson, 'id' | 'name' | 'twoStep'>, isOn: boolean): AuditedChange | undefined {
  const wasOn = before.twoStep !== undefined;
  if (!isOn && !wasOn) return undefined;
  return { action: 'person.two-step', subject: personSubject(before), changes: [fieldChange('twoStep', wasOn, isOn)] };
}

/** Undefined: it was not linked. If it was linked already, the person is now another one at the provider. */
export function providerChange(
  before: Pick<RightsOfPerson, 'id' | 'name' | 'identity'>,
  isLinked: boolean,
): AuditedChange | undefined {
  const wasLinked = before.identity !== undefined;
  if (!isLinked && !wasLinked) return undefined;
  return { action: 'person.provider', subject: personSubject(before), changes: [fieldChange('provider', wasLinked, isLinked)] };
}

/** `left`: how many passkeys the person has now. Undefined: nothing has changed. */
export function passkeysChange(
  before: Pick<RightsOfPerson, 'id' | 'name' | 'passkeys'>,
  left: number,
): AuditedChange | undefined {
  const had = before.passkeys?.length ?? 0;
  if (had === left) return undefined;
  return { action: 'person.passkeys', subject: personSubject(before), changes: [fieldChange('passkeys', had, left)] };
}

/** `browser`: such as "Firefox on Linux". */
export function signInChange(browser: string): AuditedChange {
  return { action: 'person.signed-in', changes: [fieldChange('browser', undefined, browser)] };
}

function roleOn({ sites }: RightsOfPerson, site: string): string | undefined {
  return Object.hasOwn(sites, site) ? sites[site] : undefined;
}

/** Every setting by its name; those in a group as `keep.day`. */
function fieldsOf({ id: _, createdAtMs: __, ...settings }: Site): Map<string, AuditValue> {
  const fields = new Map<string, AuditValue>();
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    if (typeof value !== 'object' || Array.isArray(value)) fields.set(name, value as AuditValue);
    else for (const [key, inner] of Object.entries(value)) fields.set(`${name}.${key}`, inner as AuditValue);
  }
  return fields;
}

function shortened(value: AuditValue): AuditValue {
  if (typeof value === 'string') return shortText(value);
  if (typeof value !== 'object') return value;
  let characters = 0;
  const fits = value.filter((entry) => {
    characters += entry.length;
    return characters <= LIST_CHARACTERS_MAX;
  });
  const missing = value.length - fits.length;
  return missing === 0 ? value : [...fits, `… and ${missing} more`];
}

function shortText(text: string): string {
  const characters = [...text];
  return characters.length <= TEXT_CHARACTERS_MAX ? text : `${characters.slice(0, TEXT_CHARACTERS_MAX).join('')}…`;
}
