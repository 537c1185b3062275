// What the start prints: where the service is, what to do first, and what to paste.
import type { Accounts } from '../accounts/port.js';
import { readableUrl } from '../hit/host.js';

const ADD_SITE =
  '  npx hitherto site add my-site --title "My site" --timezone Europe/Berlin --host example.com\n  npx hitherto token add --site my-site';

/** `address`: where the service listens. `publicAddress`: where browsers reach it. */
export function greeting(address: string, publicAddress: string, setupSecret: string, accounts: Accounts): string {
  const publicUrl = readableUrl(publicAddress);
  const [site] = accounts.sites();
  const isNew = accounts.isNew();
  const later = site === undefined ? `There is no site. Make one, and a token, with\n${ADD_SITE}` : `Your pages: ${publicUrl}/`;
  return [
    `Hitherto is running at ${address}`,
    ...(publicAddress === address ? [] : [`Its public address is ${publicUrl}`]),
    '',
    isNew
      ? `First: make your site and your token at\n  ${publicUrl}/setup/${setupSecret}\n(this address works once), or with\n${ADD_SITE}`
      : later,
    '',
    isNew
      ? 'Then paste this, with the id of your site, into every page that is to be counted:'
      : 'Paste this into every page that is to be counted:',
    `  <script defer src="${publicUrl}/track.js" data-site="${site?.id ?? 'my-site'}"></script>`,
    '',
  ].join('\n');
}
