// What the start prints: where the service is, what to do first, and what to paste.

import { readableUrl } from '../hit/host.js';
import type { Accounts } from '../store/accounts.js';

export interface GreetingParts {
  /** Where the service listens. */
  readonly address: string;
  /** Where browsers reach it. */
  readonly publicUrl: string;
  readonly setupSecret: string;
  readonly accounts: Accounts;
  /** A command of the tool as it can be typed here, on the service's data. */
  readonly toolCommand: (command: string) => string;
  /** The tool finds the data by these variables, which are not said here: they may hold passwords. */
  readonly toolVariables: readonly string[];
}

export function greeting(parts: GreetingParts): string {
  const { address, setupSecret, accounts, toolCommand, toolVariables } = parts;
  const publicUrl = readableUrl(parts.publicUrl);
  const [site] = accounts.sites();
  const where = toolVariables.length > 0 ? `, where ${toolVariables.join(' and ')} are set as they are here` : '';
  const commands = [
    `  ${toolCommand('site add my-site --title "My site" --timezone Europe/Berlin --host example.com')}`,
    `  ${toolCommand('token add --site my-site')}`,
  ];
  const first = [
    'First: make your site and your token at',
    `  ${publicUrl}/setup/${setupSecret}`,
    `(this address works once), or with these commands${where}:`,
    ...commands,
    '',
    'Then paste this, with the id of your site, into every page that is to be counted:',
  ];
  const later = [
    ...(site === undefined
      ? [`There is no site. Make one, and a token, with${where}`, ...commands]
      : [`Your pages: ${publicUrl}/`]),
    '',
    'Paste this into every page that is to be counted:',
  ];
  return [
    `Hitherto is running at ${address}`,
    ...(parts.publicUrl === address ? [] : [`Its public address is ${publicUrl}`]),
    '',
    ...(accounts.isNew() ? first : later),
    `  <script defer src="${publicUrl}/track.js" data-site="${site?.id ?? 'my-site'}"></script>`,
    ...(isLoopback(publicUrl) ? ['Other machines do not reach that address: set PUBLIC_URL to one that they do.'] : []),
    '',
  ].join('\n');
}

function isLoopback(publicUrl: string): boolean {
  return /^(localhost|127\.[0-9.]+|\[::1\])$/.test(new URL(publicUrl).hostname);
}
