// Why hits are not counted, and what to do about it, for the owner of the site. The server's pages and the dashboard use it.
import type { NotCounted } from './refusal.js';

export const REASONS: Readonly<Record<NotCounted, string>> = {
  'unknown-site': 'Unknown site',
  'foreign-host': 'From another host',
  'local-page': 'Local pages',
  'excluded-address': 'From an excluded address',
  'excluded-path': 'On an excluded path',
  bot: 'Bots',
  prefetch: 'Loaded in advance, perhaps never seen',
  'stale-ping': 'Reading times that came too late',
  'bad-event': 'Events without a valid name',
  'too-large': 'Too large',
  method: 'Other HTTP methods',
  'too-many': 'Too many in a short time',
  asset: 'Files that are not pages',
  status: 'Answered with an error',
  'unreadable-line': 'Unreadable log lines',
  'not-a-page': 'Feeds and other requests by programs',
  'future-line': 'Log lines from the future',
};

/** A later version may have counted other reasons. */
export function reasonName(reason: string): string {
  return (REASONS as Readonly<Record<string, string>>)[reason] ?? reason;
}

const ADVICE: Readonly<Partial<Record<NotCounted, string>>> = {
  'local-page':
    'pages on localhost, in a private network or opened as a file are not counted, unless the settings list their host. Open ' +
    'the published page.',
  'excluded-address': 'the settings exclude the address that they came from.',
  'excluded-path': 'the settings exclude the path of the page.',
  bot: 'programs, and browsers that a program controls, are not counted. Open your page in an ordinary browser.',
  prefetch: 'browsers load pages in advance. Such a page is counted when somebody looks at it.',
  'stale-ping': 'the reading time arrived more than a day after its view.',
  'bad-event': "an event needs a name, such as hitherto('event', 'sign up').",
  'too-many': 'more came at once than one address or one site may send. Later ones are counted.',
};

/** The rest of a sentence that begins with the reason. `hosts`: of the site. */
export function adviceOn(reason: string, hosts: readonly string[]): string | undefined {
  if (reason !== 'foreign-host') return Object.hasOwn(ADVICE, reason) ? ADVICE[reason as NotCounted] : undefined;
  return (
    `this site counts only pages on ${hosts.join(', ')}. If the other host belongs to the site, add it to the host names in ` +
    'the settings.'
  );
}
