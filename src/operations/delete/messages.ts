// What a person reads about a deletion before and after it.

import { type DocumentId, keyOf } from '../../store/documents.js';
import type { Deleted, Tombstone } from '../../store/tombstones.js';
import type { Deleted as Outcome } from './delete.js';
import { THE_SERVICE } from './node-progress.js';
import type { Covered } from './preview.js';

/** As it stands after "delete ". */
export function nameOf({ site, deleted }: Pick<Tombstone, 'site' | 'deleted'>): string {
  if (deleted.kind === 'site') return `the site ${site}`;
  if (deleted.kind === 'period') return `${deleted.from} to ${deleted.to} of ${site}`;
  return `${deleted.kind}s ${deleted.pattern} of ${site}`;
}

export interface Around {
  readonly tokens: number;
  readonly archives: readonly string[];
  /** Undefined where the journals cannot be seen from here. */
  readonly segments: number | undefined;
}

export function previewText(tombstone: Tombstone, covered: Covered, { tokens, archives, segments }: Around): string {
  const { deleted } = tombstone;
  const isRows = 'pattern' in deleted;
  const documents = covered.collections.reduce((sum, one) => sum + one.documents, 0);
  const row = (what: string, value: string) => `  ${what.padEnd(10)} ${value}\n`;
  return [
    `delete ${nameOf(tombstone)}:\n`,
    row(
      'documents',
      documents === 0 ? 'none' : `${number(documents)} ${isRows ? 'changed' : 'removed or changed'}: ${byCollection(covered)}`,
    ),
    covered.firstDay === '' ? '' : row('from, to', `${covered.firstDay}, ${covered.lastDay}`),
    row('views', number(covered.views)),
    row('journal', segments === undefined ? 'each node rewrites its own' : `${number(segments)} segments here hold hits of it`),
    deleted.kind === 'site' && tokens > 0 ? row('tokens', `${number(tokens)} that read nothing else`) : '',
    row('archives', archives.length === 0 ? 'none' : archives.join(', ')),
    'cannot be taken back out:\n',
    ...[...remains(deleted), ...incompleteTexts(covered.incomplete)].map((line) => `  - ${line}\n`),
  ].join('');
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
  const copies = 'backups and copies that were made before';
  const stone = 'the record of this deletion, so that nothing of it is counted again: hitherto delete list';
  if (deleted.kind === 'site') return [copies, stone];
  if (deleted.kind === 'period') {
    return [
      copies,
      stone,
      'visitors who came first in a month or year on one of these days are no longer among those of its other days',
    ];
  }
  return [
    copies,
    stone,
    `views of these ${deleted.kind}s stay in the totals, in the visitors and in the technology of the site: only the rows go`,
  ];
}

export function incompleteTexts(incomplete: readonly DocumentId[]): string[] {
  return incomplete.map(({ collection, id }) => {
    const key = keyOf(id);
    const [grain, part] = key.length === 4 ? ['year', 'months or days'] : ['month', 'days'];
    return `${collection} ${key}: some of its ${part} have expired or are in an archive, so it stays as it is; put an archived year back first (hitherto archive restore), or delete the whole ${grain} to be rid of it`;
  });
}

export function outcomeText(tombstone: Tombstone, { removed, changed, incomplete, stopped }: Outcome): string {
  return [
    `deleted ${nameOf(tombstone)}: ${number(removed)} documents removed, ${number(changed)} changed\n`,
    ...incompleteTexts(incomplete).map((line) => `  left: ${line}\n`),
    stopped.length === 0 ? '' : `  nodes that were stopped clean their journals when they start: ${stopped.join(', ')}\n`,
  ].join('');
}

/** Undefined when everything is done. */
export function unfinishedText(tombstone: Tombstone, { notObeying, notCleaned }: Outcome): string | undefined {
  const nodes = [...new Set([...notObeying, ...notCleaned])];
  if (nodes.length === 0) return undefined;
  if (nodes.includes(THE_SERVICE)) {
    return `deleted ${nameOf(tombstone)}, but the service has not said yet that its journal holds nothing of it; run the same command again`;
  }
  return `deleted ${nameOf(tombstone)}, but not in the journals of ${nodes.join(', ')}: each rewrites its own when it runs; run the same command again then, or hitherto node retire what will not come back`;
}

function number(n: number): string {
  return n.toLocaleString('en');
}
