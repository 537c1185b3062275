// Entries of the audit log as German sentences, as in sentence.ts.
import { browserText } from '../../people/browser-name.js';
import type { Actor, AuditAction, AuditEntry, AuditValue, FieldChange, Subject } from '../../store/audit-log.js';
import { isOwn, type Phrase } from './sentence.js';

type Told = readonly Phrase[];

/** Without the site, which is shown beside it. */
export function germanSentenceOf(entry: AuditEntry): Told {
  const tell = Object.hasOwn(SENTENCES, entry.action) ? SENTENCES[entry.action] : undefined;
  // a later version may have recorded it
  const rest = tell === undefined ? ['hat etwas getan, das diese Version nicht kennt: ', { name: entry.action }] : tell(entry);
  return [...actor(entry.who), ' ', ...rest, '.'];
}

const SENTENCES: Readonly<Record<AuditAction, (entry: AuditEntry) => Told>> = {
  'site.created': () => ['hat die Website angelegt'],
  'site.settings': ({ changes }) => ['hat geändert: ', ...fieldsOf(changes)],
  'site.timezone': ({ changes }) => ['hat geändert: ', ...fieldsOf(changes)],
  'site.period-deleted': () => ['hat einen Zeitraum gelöscht'],
  'site.pages-deleted': () => ['hat Seiten aus den Berichten gelöscht'],
  'site.referrers-deleted': () => ['hat Verweise aus den Berichten gelöscht'],
  'site.deleted': () => ['hat die Website gelöscht'],
  'annotation.created': ({ changes }) => ['hat die Anmerkung „', { name: String(to('text', changes) ?? '') }, '“ hinzugefügt'],
  'annotation.changed': ({ changes }) => ['hat eine Anmerkung geändert: ', ...fieldsOf(changes)],
  'annotation.removed': ({ changes = [] }) => [
    ...['hat die Anmerkung „', { name: String(changes.find(({ field }) => field === 'text')?.from ?? '') }, '“ entfernt'],
  ],
  'token.created': ({ subject, changes }) => [
    ...['hat ', ...of(subject), ' erstellt, '],
    to('scope', changes) === 'write' ? 'das lesen und ändern darf' : 'das lesen darf',
  ],
  'token.revoked': ({ subject }) => ['hat ', ...of(subject), ' widerrufen'],
  'share.created': ({ subject, changes }) => [
    ...['hat ', ...of(subject), to('hasPassword', changes) === true ? ' mit Passwort' : ' ohne Passwort', ' erstellt'],
    to('reports', changes) === undefined ? '' : ', beschränkt auf einige Berichte',
  ],
  'share.revoked': ({ subject }) => ['hat ', ...of(subject), ' widerrufen'],
  'member.invited': ({ subject, changes }) => ['hat ', ...of(subject), ...asRole(changes), ' eingeladen'],
  'member.joined': ({ changes }) => ['hat die Einladung', ...asRole(changes), ' angenommen'],
  'member.role': ({ subject, changes = [] }) =>
    changes.some(({ from }) => from !== undefined)
      ? ['hat die Rolle von ', ...of(subject), ' geändert', ...fromTo('role', changes)]
      : ['hat ', ...of(subject), ...asRole(changes), ' zur Website hinzugefügt'],
  'member.removed': ({ subject }) => ['hat ', ...of(subject), ' von der Website entfernt'],
  'invitation.accepted': () => ['hat eine Einladung angenommen'],
  'invitation.withdrawn': ({ subject }) => ['hat die Einladung von ', ...of(subject), ' zurückgezogen'],
  'person.invited': ({ subject, changes }) => [
    ...['hat ', ...of(subject), to('isOperator', changes) === true ? ' als Betreiber' : '', ' eingeladen'],
  ],
  'person.joined': () => ['hat ein Konto erstellt'],
  'person.signed-in': ({ changes }) => [
    ...['hat sich angemeldet (', { name: browserText(String(to('browser', changes) ?? 'ein Browser')).de }, ')'],
  ],
  'person.sessions-ended': ({ subject }) =>
    subject === undefined ? ['hat sich in anderen Browsern abgemeldet'] : ['hat alle Sitzungen von ', ...of(subject), ' beendet'],
  'person.name': ({ changes }) => ['hat den eigenen Namen geändert', ...fromTo('name', changes)],
  'person.language': ({ subject, changes }) => [
    ...(subject === undefined ? ['hat die eigene Sprache'] : ['hat die Sprache von ', ...of(subject)]),
    ...[' geändert', ...fromTo('language', changes)],
  ],
  'person.email': ({ changes }) => ['hat die eigene E-Mail-Adresse geändert', ...fromTo('email', changes)],
  'person.two-step': (entry) => [
    ...['hat die Anmeldung in zwei Schritten', ...ofOthers(entry)],
    to('twoStep', entry.changes) === true ? ' eingeschaltet' : ' ausgeschaltet',
  ],
  'person.provider': (entry) => [
    ...['hat das Konto', ...ofOthers(entry)],
    to('provider', entry.changes) === true ? ' mit dem Anbieter verknüpft' : ' vom Anbieter getrennt',
  ],
  'person.passkeys': (entry) => ['hat ', ...passkeys(entry.changes), ...ofOthers(entry), ...addedOrRemoved(entry.changes)],
  'person.password': () => ['hat das eigene Passwort geändert'],
  'person.password-link': ({ subject }) => ['hat einen Link für ein neues Passwort von ', ...of(subject), ' erstellt'],
  'person.operator': ({ subject, changes }) =>
    to('isOperator', changes) === true
      ? ['hat ', ...of(subject), ' zum Betreiber gemacht']
      : ['hat die Betreiberrechte von ', ...of(subject), ' entzogen'],
  'person.sites-max': ({ subject, changes }) => [
    ...['hat geändert, wie viele Websites ', ...of(subject), ' besitzen darf', ...fromTo('sitesMax', changes)],
  ],
  'person.hits-max': ({ subject, changes }) => [
    ...['hat die Grenze der Zugriffe im Monat von ', ...of(subject), ' geändert', ...fromTo('hitsMax', changes)],
  ],
  'person.removed': (entry) =>
    isOwn(entry) ? ['hat das eigene Konto gelöscht'] : ['hat das Konto von ', ...of(entry.subject), ' gelöscht'],
  'team.created': ({ subject }) => ['hat ', ...of(subject), ' angelegt'],
  'team.renamed': ({ changes }) => ['hat den Namen eines Teams geändert', ...fromTo('name', changes)],
  'team.deleted': ({ subject }) => ['hat ', ...of(subject), ' gelöscht'],
  'team.member-invited': ({ subject, changes }) => [
    ...['hat ', ...of(subject), ...asRole(changes), ' in das ', ...team(changes), ' eingeladen'],
  ],
  'team.member-joined': ({ subject, changes }) => ['gehört jetzt', ...asRole(changes), ' zum ', ...teamOf(subject)],
  'team.member-role': ({ subject, changes = [] }) =>
    changes.some(({ field, from }) => field === 'role' && from !== undefined)
      ? ['hat die Rolle von ', ...of(subject), ' geändert', ...fromTo('role', changes), ', im ', ...team(changes)]
      : ['hat ', ...of(subject), ...asRole(changes), ' zum ', ...team(changes), ' hinzugefügt'],
  'team.member-removed': (entry) =>
    isOwn(entry)
      ? ['hat das ', ...team(entry.changes), ' verlassen']
      : ['hat ', ...of(entry.subject), ' aus dem ', ...team(entry.changes), ' entfernt'],
  'team.site-added': ({ subject }) => ['hat die Website zum ', ...teamOf(subject), ' hinzugefügt'],
  'team.site-removed': ({ subject }) => ['hat die Website aus dem ', ...teamOf(subject), ' entfernt'],
};

function actor(who: Actor): Told {
  if (who.kind === 'person') return [{ name: who.name }];
  return who.kind === 'token' ? ['Das Token ', ...token(who)] : ['Ein Befehl'];
}

function of(subject: Subject | undefined): Told {
  if (subject?.kind === 'person') return [{ name: subject.name }];
  if (subject?.kind === 'address') return [{ name: subject.email }];
  if (subject?.kind === 'share') return ['den Freigabelink „', { name: subject.title }, '“'];
  if (subject?.kind === 'team') return ['das ', ...teamOf(subject)];
  return subject === undefined ? ['jemandem'] : ['das Token ', ...token(subject)];
}

function token({ prefix, title }: { readonly prefix: string; readonly title: string }): Told {
  return title === '' ? [{ name: `hit_${prefix}…` }] : ['„', { name: title }, '“ (', { name: `hit_${prefix}…` }, ')'];
}

/** Without the article, which depends on the sentence. */
function team(changes: readonly FieldChange[] | undefined): Told {
  return ['Team „', { name: String(to('team', changes) ?? '') }, '“'];
}

function teamOf(subject: Subject | undefined): Told {
  return subject?.kind === 'team' ? ['Team „', { name: subject.name }, '“'] : ['Team'];
}

function ofOthers(entry: AuditEntry): Told {
  return isOwn(entry) ? [] : [' von ', ...of(entry.subject)];
}

function difference(changes: readonly FieldChange[] = []): number {
  const change = changes.find(({ field }) => field === 'passkeys');
  return Number(change?.to ?? 0) - Number(change?.from ?? 0);
}

function passkeys(changes: readonly FieldChange[] | undefined): Told {
  const number = Math.abs(difference(changes));
  return [number === 1 ? 'einen Passkey' : `${number} Passkeys`];
}

function addedOrRemoved(changes: readonly FieldChange[] | undefined): Told {
  return [difference(changes) > 0 ? ' hinzugefügt' : ' entfernt'];
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  title: 'Titel',
  timezone: 'Zeitzone',
  hosts: 'Hostnamen',
  day: 'Tag',
  time: 'Uhrzeit',
  text: 'Text',
  excludedAddresses: 'ausgeschlossene Adressen',
  excludedPaths: 'ausgeschlossene Pfade',
  excludedReferrers: 'ausgeschlossene Verweise',
  queryParameters: 'Abfrageparameter, die Seiten unterscheiden',
  storage: 'Speicherung im Browser',
  signals: 'Wirkung von „Do Not Track“ und „Global Privacy Control“',
  'keep.day': 'wie lange Tage gespeichert bleiben',
  'keep.month': 'wie lange Monate gespeichert bleiben',
  'keep.year': 'wie lange Jahre gespeichert bleiben',
};

function fieldsOf(changes: readonly FieldChange[] = []): Told {
  return changes.flatMap(({ field, from, to: now }, n) => [
    n === 0 ? '' : '; ',
    Object.hasOwn(FIELD_NAMES, field) ? (FIELD_NAMES[field] as string) : { name: field },
    ...[' von ', ...value(field, from), ' zu ', ...value(field, now)],
  ]);
}

function fromTo(field: string, changes: readonly FieldChange[] = []): Told {
  const change = changes.find((one) => one.field === field);
  return change === undefined ? [] : [' von ', ...value(field, change.from), ' zu ', ...value(field, change.to)];
}

const ROLES: Readonly<Record<string, string>> = { owner: 'Inhaber', editor: 'Bearbeiter', viewer: 'Leser' };

function asRole(changes: readonly FieldChange[] | undefined): Told {
  const role = to('role', changes);
  return role === undefined ? [] : [' als ', ...value('role', role)];
}

function to(field: string, changes: readonly FieldChange[] = []): AuditValue | undefined {
  return changes.find((change) => change.field === field)?.to;
}

const UNSET = new Map([
  ['hitsMax', 'keiner Grenze'],
  ['language', 'der des Browsers'],
]);

function value(field: string, what: AuditValue | undefined): Told {
  const isKeep = field.startsWith('keep.');
  if (what === undefined) return [isKeep ? 'der Vorgabe' : (UNSET.get(field) ?? 'nichts')];
  if (isKeep && typeof what === 'number') return [`${what} Monaten`];
  if (field === 'role' && Object.hasOwn(ROLES, String(what))) return [ROLES[String(what)] as string];
  if (typeof what !== 'object') return field === 'title' ? ['„', { name: String(what) }, '“'] : [{ name: String(what) }];
  if (what.length === 0) return ['nichts'];
  return what.flatMap((entry, n) => [n === 0 ? '' : ', ', { name: entry }]);
}
