import { describe, expect, it } from '@jest/globals';
import { exampleSite } from '../store/contracts/accounts.js';
import { type StartMessageParts, startMessage } from './start-message.js';

const message = (sites: boolean, people: boolean, more: Partial<StartMessageParts> = {}) =>
  startMessage({
    address: 'http://127.0.0.1:8000',
    publicUrl: 'https://stats.example.com',
    setupSecret: 'open-sesame',
    accounts: { sites: () => (sites ? [exampleSite] : []) },
    people: { directory: { hasOperator: () => people } },
    toolCommand: (command) => `hitherto ${command}`,
    toolVariables: [],
    ...more,
  });

const SETUP = '  https://stats.example.com/setup/open-sesame\n';

describe('the start message', () => {
  it('of a new installation leads to the set-up page, and names the commands that can be used instead', () => {
    expect(message(false, false)).toBe(
      'Hitherto is running at http://127.0.0.1:8000\n' +
        'Its public address is https://stats.example.com\n\n' +
        `First, create your account and your site at\n${SETUP}` +
        'This address works once. Later, you sign in with your e-mail address and your password.\n\n' +
        'Or create a site and a token with these commands:\n' +
        '  hitherto site add my-site --title "My site" --timezone Europe/Berlin --host example.com\n' +
        '  hitherto token add --site my-site\n\n' +
        'Then paste this, with the id of your site, into every page that you want to count:\n' +
        '  <script defer src="https://stats.example.com/track.js" data-site="my-site"></script>\n',
    );
  });

  it('after an upgrade leads to the set-up page until there is an operator', () => {
    const upgraded = message(true, false);
    expect(upgraded).toContain(
      `There is no operator yet. Create the account of the first one at\n${SETUP}This address works once.`,
    );
    expect(upgraded).toContain('Your sites and tokens remain as they are.\n');
    expect(upgraded).toContain('Your statistics are at https://stats.example.com/\n');
    expect(upgraded).toContain('data-site="garden"');
    expect(upgraded).not.toContain('site add');
  });

  it.each([false, true])('contains no set-up address once there is an operator (with a site: %s)', (sites) => {
    const later = message(sites, true);
    expect(later).not.toContain('open-sesame');
    expect(later).not.toContain('token');
    expect(later.includes('There is no site yet. Sign in and create one at https://stats.example.com/\n')).toBe(!sites);
    expect(later.includes('Your statistics are at https://stats.example.com/\n')).toBe(sites);
  });

  it('names the variables that the commands need, and warns about an address that only this machine can reach', () => {
    const publicUrl = 'http://127.0.0.1:8000';
    const text = message(false, false, { publicUrl, toolVariables: ['MONGODB_URI', 'REDIS_URL'] });
    expect(text).toContain('with these commands, with MONGODB_URI and REDIS_URL set as for this service:\n');
    expect(text).not.toContain('Its public address');
    expect(text).toContain('Other machines cannot reach that address: set PUBLIC_URL to one that they can reach.\n');
    expect(message(true, true)).not.toContain('Other machines');
  });
});
