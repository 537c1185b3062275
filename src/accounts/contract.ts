// What every adapter of the accounts must do.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Site } from '../hit/site.js';
import type { Accounts } from './port.js';

export const exampleSite: Site = {
  id: 'garden',
  title: 'The garden',
  timezone: 'Europe/Berlin',
  hosts: ['garden.example', '*.garden.example'],
  excludedAddresses: ['10.0.0.0/8'],
  queryParameters: ['page'],
  storage: 'record',
  signals: 'without-record',
  createdAtMs: 1_795_000_000_000,
};

/** `open` gives empty accounts each time. */
export function accountsContract(open: () => Promise<Accounts>): void {
  describe('accounts', () => {
    let accounts: Accounts;
    beforeEach(async () => {
      accounts = await open();
    });
    afterEach(() => accounts.close());

    const addToken = (sites: readonly string[] | 'all' = 'all', nowMs = 1) => accounts.addToken({ title: 'mine', sites, nowMs });

    it('begin empty', () => {
      expect(accounts.sites()).toEqual([]);
      expect(accounts.tokens()).toEqual([]);
      expect(accounts.site('garden')).toBeUndefined();
    });

    it('give back a site as it was added', async () => {
      expect(await accounts.addSite(exampleSite)).toBe('added');
      expect(accounts.site('garden')).toEqual(exampleSite);
    });

    it('never use an id twice, and keep the first site as it was', async () => {
      await accounts.addSite(exampleSite);
      expect(await accounts.addSite({ ...exampleSite, title: 'Another' })).toBe('taken');
      expect(accounts.site('garden')?.title).toBe('The garden');
    });

    it('add a site once when two ask at the same moment', async () => {
      const outcomes = await Promise.all([accounts.addSite(exampleSite), accounts.addSite(exampleSite)]);
      expect(outcomes.sort()).toEqual(['added', 'taken']);
    });

    it('list sites by id', async () => {
      for (const id of ['moon', 'apple', '0-9']) await accounts.addSite({ ...exampleSite, id });
      expect(accounts.sites().map(({ id }) => id)).toEqual(['0-9', 'apple', 'moon']);
    });

    it('take ids and titles as data, whatever they look like', async () => {
      for (const id of ['constructor', '__proto__', 'version']) {
        expect(accounts.site(id)).toBeUndefined();
        await accounts.addSite({ ...exampleSite, id, title: '__proto__' });
        expect(accounts.site(id)).toEqual({ ...exampleSite, id, title: '__proto__' });
      }
    });

    it("replace a site's settings", async () => {
      await accounts.addSite(exampleSite);
      expect(await accounts.updateSite({ ...exampleSite, timezone: 'Asia/Tokyo', hosts: [] })).toBe('updated');
      expect(accounts.site('garden')).toEqual({ ...exampleSite, timezone: 'Asia/Tokyo', hosts: [] });
    });

    it('do not make a site by an update', async () => {
      expect(await accounts.updateSite(exampleSite)).toBe('unknown');
      expect(accounts.sites()).toEqual([]);
    });

    it('know a token by its secret, and by nothing else', async () => {
      const { secret, token } = await addToken(['garden']);
      expect(secret).toMatch(/^hit_[A-Za-z0-9_-]{43}$/);
      expect(token).toEqual({ prefix: secret.slice(4, 12), title: 'mine', sites: ['garden'], createdAtMs: 1 });
      expect(accounts.token(secret)).toEqual(token);
      for (const wrong of ['', secret.slice(0, -1), `${secret}x`, secret.slice(4), token.prefix, 'hit_'.padEnd(47, 'A')]) {
        expect(accounts.token(wrong)).toBeUndefined();
      }
    });

    it('never list a secret', async () => {
      const { secret } = await addToken();
      expect(JSON.stringify(accounts.tokens())).not.toContain(secret.slice(12));
    });

    it('list tokens by date of making', async () => {
      for (const nowMs of [3, 1, 2]) await addToken('all', nowMs);
      expect(accounts.tokens().map(({ createdAtMs }) => createdAtMs)).toEqual([1, 2, 3]);
    });

    it('revoke one token and leave the others', async () => {
      const one = await addToken();
      const other = await addToken();
      expect(await accounts.revokeToken(one.token.prefix)).toBe('revoked');
      expect(accounts.token(one.secret)).toBeUndefined();
      expect(accounts.token(other.secret)).toEqual(other.token);
      expect(await accounts.revokeToken(one.token.prefix)).toBe('unknown');
    });

    it('raise the version with every change, and with nothing else', async () => {
      const versions = [accounts.version()];
      await accounts.addSite(exampleSite);
      versions.push(accounts.version());
      await accounts.updateSite({ ...exampleSite, title: 'New' });
      versions.push(accounts.version());
      const { token } = await addToken();
      versions.push(accounts.version());
      await accounts.revokeToken(token.prefix);
      versions.push(accounts.version());
      expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));

      await accounts.addSite(exampleSite);
      await accounts.updateSite({ ...exampleSite, id: 'nowhere' });
      await accounts.revokeToken('nowhere');
      expect(accounts.version()).toBe(versions.at(-1));
    });
  });
}
