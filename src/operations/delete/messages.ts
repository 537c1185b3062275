// The messages before and after a deletion.
import { type DocumentId, keyOf } from '../../store/documents.js';
import type { Deleted, Tombstone } from '../../store/tombstones.js';
import type { DeletionOutcome } from './delete.js';
import { THE_SERVICE } from './node-progress.js';
import type { Covered } from './preview.js';

/** The object of the sentence "delete …". */
export function nameOf({ site, deleted }: Pick<Tombstone, 'site' | 'deleted'>): string {
  if (deleted.kind === 'site') return `the site ${site}`;
  if (deleted.kind === 'period') return `${deleted.from} to ${deleted.to} of ${site}`;
  return `${deleted.kind}s ${deleted.pattern} of ${site}`;
}

/** What a deletion covers besides documents. */
export interface Besides {
  /** How many tokens can read only the deleted site. */
  readonly tokens: number;
  /** How many people have a role on the deleted site. */
  readonly members: number;
  /** How many share links of the deleted site there are. */
  readonly shares: number;
  readonly archives: readonly string[];
  /** Undefined if the journals are on other machines. */
  readonly segments: number | undefined;
}

export function previewText(tombstone: Tombstone, covered: Covered, besides: Besides): string {
  const { deleted } = tombstone;
  const { tokens, members, shares, archives, segments } = besides;
  const isRows = 'pattern' in deleted;
  const documents = covered.collections.reduce((sum, one) => sum + one.documents, 0);
  const row = (label: string, value: string) => `  ${label.padEnd(10)} ${value}\n`;
  return [
    `delete ${nameOf(tombstone)}:\n`,
    row(
      'documents',
      documents === 0 ? 'none' : `${number(documents)} ${isRows ? 'changed' : 'removed or changed'}: ${byCollection(covered)}`,
    ),
    covered.firstDay === '' ? '' : row('days', `${covered.firstDay} to ${covered.lastDay}`),
    row('views', number(covered.views)),
    row('journal', segments === undefined ? 'each node rewrites its own' : segmentsText(segments)),
    deleted.kind === 'site' && tokens > 0 ? row('tokens', `${number(tokens)} for this site alone`) : '',
    deleted.kind === 'site' && members > 0
      ? row('people', `${number(members)} ${members === 1 ? 'loses' : 'lose'} access to it; their accounts remain`)
      : '',
    deleted.kind === 'site' && shares > 0 ? row('links', `${number(shares)} ${shares === 1 ? 'share link' : 'share links'}`) : '',
    row('archives', archives.length === 0 ? 'none' : archives.join(', ')),
    'not removed:\n',
    ...[...remains(deleted), ...incompleteTexts(covered.incomplete)].map((line) => `  - ${line}\n`),
  ].join('');
}

function segmentsText(segments: number): string {
  return `${number(segments)} ${segments === 1 ? 'segment or pack' : 'segments or packs'} to rewrite`;
}

function byCollection({ collections }: Covered): string {
  return collections
    .map(({ name, documents, rows, bytes }) => {
      const some = rows > 0 ? `, ${number(rows)} rows` : '';
      return `${name} ${number(documents)} (${number(Math.ceil(bytes / 1024))} KB${some})`;
    })
    .join('; ');
}

function remains(deleted: Deleted): string[] {
  const copies = 'backups and other copies that were made earlier';
  const record = 'the record of this deletion, which prevents the data from being counted again: hitherto delete list';
  if (deleted.kind === 'site') return [copies, record, 'who changed the site and deleted it, for two years: hitherto audit'];
  if (deleted.kind === 'period') {
    return [
      copies,
      record,
      'if a visitor was first counted in a month or year on one of these days, the other days do not count that visitor as new',
    ];
  }
  return [
    copies,
    record,
    `views of these ${deleted.kind}s in the totals, the visitors and the technology of the site: only the rows are removed`,
  ];
}

export function incompleteTexts(incomplete: readonly DocumentId[]): string[] {
  return incomplete.map(({ collection, id }) => {
    const key = keyOf(id);
    const [grain, part] = key.length === 4 ? ['year', 'months or days'] : ['month', 'days'];
    return (
      `${collection} ${key}: some of its ${part} have expired or are archived, so it is not changed; restore an archived ` +
      `year first (hitherto archive restore), or delete the whole ${grain}`
    );
  });
}

export function outcomeText(tombstone: Tombstone, { removed, changed, incomplete, stopped }: DeletionOutcome): string {
  return [
    `deleted ${nameOf(tombstone)}: ${number(removed)} documents removed, ${number(changed)} changed\n`,
    ...incompleteTexts(incomplete).map((line) => `  not changed: ${line}\n`),
    stopped.length === 0 ? '' : `  stopped nodes, which clean their journals when they start: ${stopped.join(', ')}\n`,
  ].join('');
}

/** Returns undefined if the deletion is complete. */
export function unfinishedText(tombstone: Tombstone, { notApplied, notCleaned }: DeletionOutcome): string | undefined {
  const nodes = [...new Set([...notApplied, ...notCleaned])];
  if (nodes.length === 0) return undefined;
  if (nodes.includes(THE_SERVICE)) {
    return (
      `deleted ${nameOf(tombstone)}, but the service has not yet confirmed that its journal is clean; ` +
      'run the same command again'
    );
  }
  return (
    `deleted ${nameOf(tombstone)}, but not in the journals of ${nodes.join(', ')}: each node rewrites its own while it ` +
    'runs; run the same command again then, or use hitherto node retire for a node that will not run again'
  );
}

function number(n: number): string {
  return n.toLocaleString('en');
}
