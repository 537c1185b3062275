// The text that the service prints at start: its address, the first steps and the snippet.

import { readableUrl } from '../hit/host.js';
import type { Directory } from '../people/directory.js';
import type { Accounts } from '../store/accounts.js';

export interface StartMessageParts {
  /** Where the service listens. */
  readonly address: string;
  /** Where browsers reach it. */
  readonly publicUrl: string;
  readonly setupSecret: string;
  readonly accounts: Pick<Accounts, 'sites'>;
  readonly people: { readonly directory: Pick<Directory, 'hasOperator'> };
  /** Returns a command line that works here, with the data of this service. */
  readonly toolCommand: (command: string) => string;
  /** Names of variables by which the tool finds the data. Their values are not printed, since they may hold passwords. */
  readonly toolVariables: readonly string[];
}

export function startMessage(parts: StartMessageParts): string {
  const { address, setupSecret, accounts, people, toolCommand, toolVariables } = parts;
  const publicUrl = readableUrl(parts.publicUrl);
  const [site] = accounts.sites();
  const where = toolVariables.length > 0 ? `, with ${toolVariables.join(' and ')} set as for this service` : '';
  const commands = [
    `  ${toolCommand('site add my-site --title "My site" --timezone Europe/Berlin --host example.com')}`,
    `  ${toolCommand('token add --site my-site')}`,
  ];
  const setupLink = `  ${publicUrl}/setup/${setupSecret}`;
  const setUp = [
    'First, create your account and your site at',
    setupLink,
    'This address works once. Later, you sign in with your e-mail address and your password.',
    '',
    `Or create a site and a token with these commands${where}:`,
    ...commands,
  ];
  const createAccount = [
    'There is no operator yet. Create the account of the first one at',
    setupLink,
    'This address works once. Your sites and tokens remain as they are.',
    '',
  ];
  const createSite = [`There is no site yet. Sign in and create one at ${publicUrl}/`];
  const noSite = [
    ...(people.directory.hasOperator() ? createSite : setUp),
    '',
    'Then paste this, with the id of your site, into every page that you want to count:',
  ];
  const withSite = [
    ...(people.directory.hasOperator() ? [] : createAccount),
    `Your statistics are at ${publicUrl}/`,
    '',
    'Paste this into every page that you want to count:',
  ];
  return [
    `Hitherto is running at ${address}`,
    ...(parts.publicUrl === address ? [] : [`Its public address is ${publicUrl}`]),
    '',
    ...(site === undefined ? noSite : withSite),
    `  <script defer src="${publicUrl}/track.js" data-site="${site?.id ?? 'my-site'}"></script>`,
    ...(isLoopback(publicUrl) ? ['Other machines cannot reach that address: set PUBLIC_URL to one that they can reach.'] : []),
    '',
  ].join('\n');
}

function isLoopback(publicUrl: string): boolean {
  return /^(localhost|127\.[0-9.]+|\[::1\])$/.test(new URL(publicUrl).hostname);
}
