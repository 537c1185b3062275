// Tests that every adapter of store/accounts.ts must pass.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/fixtures/until.js';
import type { Site } from '../../hit/site.js';
import type { Accounts } from '../accounts.js';

export const exampleSite: Site = {
  id: 'garden',
  title: 'The garden',
  timezone: 'Europe/Berlin',
  hosts: ['garden.example', '*.garden.example'],
  excludedAddresses: ['10.0.0.0/8'],
  queryParameters: ['page'],
  storage: 'record',
  signals: 'without-record',
  keep: { day: 12, month: 'always' },
  createdAtMs: 1_795_000_000_000,
};

export interface OpenedAccounts {
  readonly accounts: Accounts;
  readonly other: Accounts;
  /** Stores a site without any checks. It becomes visible with the next change. */
  put(id: string, site: unknown): Promise<unknown>;
}

/** `open` returns two connections to empty accounts. */
export function accountsContract(open: () => Promise<OpenedAccounts>): void {
  describe('accounts', () => {
    let accounts: Accounts;
    let other: Accounts;
    let put: OpenedAccounts['put'];
    beforeEach(async () => {
      ({ accounts, other, put } = await open());
    });
    afterEach(async () => {
      await accounts.close();
      await other.close();
    });

    const addToken = (sites: readonly string[] | 'all' = 'all', nowMs = 1) => accounts.addToken({ title: 'mine', sites, nowMs });

    it('are empty at first', () => {
      expect(accounts.sites()).toEqual([]);
      expect(accounts.tokens()).toEqual([]);
      expect(accounts.site('garden')).toBeUndefined();
    });

    it('return a site exactly as it was added', async () => {
      expect(await accounts.addSite(exampleSite)).toBe('added');
      expect(accounts.site('garden')).toEqual(exampleSite);
    });

    it.each([
      ['a text', 'NaN'],
      ['nothing', null],
      ['too late', 1e300],
      ['before 1970', -5],
      ['half a millisecond', 1.5],
    ])(
      'use a site with a damaged creation time (%s), report it, and stop reporting it once it is stored again',
      async (_, createdAtMs) => {
        await put('bad', { ...exampleSite, id: 'bad', createdAtMs });
        await accounts.addSite(exampleSite);
        await until(() => other.sites().length === 2, 5000);
        expect(other.site('bad')).toEqual({ ...exampleSite, id: 'bad', createdAtMs: 0 });
        expect(other.damagedSites()).toEqual([
          { id: 'bad', problem: expect.stringContaining('"bad" is damaged: its creation time') },
        ]);
        expect(await other.updateSite({ ...exampleSite, id: 'bad', createdAtMs: 0 })).toBe('updated');
        expect(other.damagedSites()).toEqual([]);
      },
    );

    it.each<[string, unknown]>([
      ['no object', 7],
      ['in no zone', { ...exampleSite, id: 'bad', timezone: 'Mars/Base' }],
      ['of another id', { ...exampleSite, id: 'other' }],
      ['without hosts', { ...exampleSite, id: 'bad', hosts: undefined }],
      ['with an invalid range', { ...exampleSite, id: 'bad', excludedAddresses: ['192.0.2.1/999'] }],
    ])('report a site that is %s, and return all others', async (_, site) => {
      await put('bad', site);
      await accounts.addSite(exampleSite);
      await until(() => other.sites().length === 1, 5000);
      expect([other.site('bad'), other.sites()]).toEqual([undefined, [exampleSite]]);
      expect(other.damagedSites()).toEqual([
        { id: 'bad', problem: expect.stringContaining('"bad" is damaged and cannot be used') },
      ]);
      expect(await other.removeSite('bad')).toBe('removed');
      expect(other.damagedSites()).toEqual([]);
    });

    it('never use an id twice, and keep the first site as it was', async () => {
      await accounts.addSite(exampleSite);
      expect(await accounts.addSite({ ...exampleSite, title: 'Another' })).toBe('taken');
      expect(accounts.site('garden')?.title).toBe('The garden');
    });

    it('remove a site permanently, with the tokens that read only this site', async () => {
      await accounts.addSite(exampleSite);
      await accounts.addSite({ ...exampleSite, id: 'shop' });
      const [only, both, all] = [await addToken(['garden'], 1), await addToken(['garden', 'shop'], 2), await addToken('all', 3)];
      await until(() => other.token(all.secret) !== undefined, 1000);
      expect(await accounts.removeSite('garden')).toBe('removed');
      for (const one of [accounts, other]) {
        await until(() => one.site('garden') === undefined && one.token(only.secret) === undefined, 1000);
        await until(() => String(one.token(both.secret)?.sites) === 'shop', 1000);
        expect(one.token(all.secret)?.sites).toBe('all');
        expect(one.sites().map(({ id }) => id)).toEqual(['shop']);
      }
      expect(await other.addSite({ ...exampleSite, title: 'Again' })).toBe('taken');
      expect(await other.updateSite(exampleSite)).toBe('unknown');
      expect(await accounts.removeSite('garden')).toBe('unknown');
      expect(await accounts.removeSite('never-was')).toBe('unknown');
      expect(accounts.sites().map(({ id }) => id)).toEqual(['shop']);
    });

    it('add a site once when it is added twice at the same time', async () => {
      const outcomes = await Promise.all([accounts.addSite(exampleSite), accounts.addSite(exampleSite)]);
      expect(outcomes.sort()).toEqual(['added', 'taken']);
    });

    it('add a site once when two connections add it at the same time', async () => {
      const outcomes = await Promise.all([accounts.addSite(exampleSite), other.addSite({ ...exampleSite, title: 'Mine' })]);
      expect([...outcomes].sort()).toEqual(['added', 'taken']);
      const title = outcomes[0] === 'added' ? exampleSite.title : 'Mine';
      await until(() => [accounts, other].every((one) => one.site('garden')?.title === title), 1000);
    });

    it('show every change to another connection within a second, with a higher version', async () => {
      let version = other.version();
      const seen = async (isSeen: () => boolean) => {
        await until(isSeen, 1000);
        expect(other.version()).toBeGreaterThan(version);
        version = other.version();
      };
      await accounts.addSite(exampleSite);
      await seen(() => other.site('garden') !== undefined);
      expect(other.sites()).toEqual([exampleSite]);
      await accounts.updateSite({ ...exampleSite, title: 'New' });
      await seen(() => other.site('garden')?.title === 'New');
      const { secret, token } = await addToken(['garden']);
      await seen(() => other.token(secret) !== undefined);
      expect(other.tokens()).toEqual([token]);
      await accounts.revokeToken(token.prefix);
      await seen(() => other.token(secret) === undefined);
      expect(other.tokens()).toEqual([]);
    });

    it('contain the latest change of another connection after a refresh', async () => {
      for (const id of ['moon', 'apple', 'sea']) {
        await accounts.addSite({ ...exampleSite, id });
        await other.refresh();
        expect(other.site(id)?.id).toBe(id);
        const { secret } = await addToken([id]);
        await other.refresh();
        expect(other.token(secret)).toBeDefined();
      }
    });

    it('change sites and revoke tokens that another connection has created', async () => {
      await accounts.addSite(exampleSite);
      expect(await other.updateSite({ ...exampleSite, title: 'New' })).toBe('updated');
      const { secret, token } = await addToken();
      expect(await other.revokeToken(token.prefix)).toBe('revoked');
      await until(() => accounts.site('garden')?.title === 'New' && accounts.token(secret) === undefined, 1000);
    });

    it('have a random set-up secret that does not change', async () => {
      const secret = await accounts.setupSecret();
      expect(secret).toMatch(/^[A-Za-z0-9_-]{32}$/);
      expect(await accounts.setupSecret()).toBe(secret);
      const another = await open();
      expect(await another.accounts.setupSecret()).not.toBe(secret);
      await another.accounts.close();
      await another.other.close();
    });

    describe('that are new', () => {
      const setUp = (one: Accounts, id = 'garden') => one.setUp({ ...exampleSite, id }, { title: 'first', nowMs: 7 });

      it('are set up only once, with a site and a token that reads everything', async () => {
        expect([accounts.isNew(), other.isNew()]).toEqual([true, true]);
        const created = await setUp(accounts);
        if (created === 'over') throw new Error('nothing was set up');
        expect(created.token).toMatchObject({ title: 'first', sites: 'all', createdAtMs: 7 });
        expect(accounts.token(created.secret)).toEqual(created.token);
        expect(accounts.sites()).toEqual([exampleSite]);
        await until(() => !other.isNew() && other.token(created.secret) !== undefined && other.sites().length === 1, 1000);
        for (const one of [accounts, other]) expect(await setUp(one, 'second')).toBe('over');
        expect(accounts.sites()).toHaveLength(1);
        expect(accounts.tokens()).toHaveLength(1);
      });

      it('are set up only once by several calls at the same time', async () => {
        const created = await Promise.all(['a1', 'b1', 'c1', 'd1'].map((id) => setUp(accounts, id)));
        expect(created.filter((one) => one !== 'over')).toHaveLength(1);
        expect(accounts.sites()).toHaveLength(1);
        expect(accounts.tokens()).toHaveLength(1);
      });

      it('are not new after the set-up, even when all sites and tokens were removed', async () => {
        const created = await setUp(accounts);
        if (created === 'over') throw new Error('nothing was set up');
        await accounts.revokeToken(created.token.prefix);
        await accounts.removeSite('garden');
        expect(accounts.sites().length + accounts.tokens().length).toBe(0);
        for (const one of [accounts, other]) {
          await until(() => !one.isNew(), 1000);
          expect(await setUp(one, 'second')).toBe('over');
        }
        expect(accounts.sites()).toEqual([]);
      });

      it('are not new after a site was added in another way, even when it was removed', async () => {
        await accounts.addSite(exampleSite);
        await accounts.removeSite('garden');
        expect(accounts.isNew()).toBe(false);
        expect(await setUp(accounts, 'second')).toBe('over');
      });

      it('are not new while there is a token', async () => {
        const { token } = await addToken();
        expect(accounts.isNew()).toBe(false);
        expect(await setUp(accounts)).toBe('over');
        await accounts.revokeToken(token.prefix);
        expect(accounts.isNew()).toBe(true);
      });
    });

    it('list sites by id', async () => {
      for (const id of ['moon', 'apple', '0-9']) await accounts.addSite({ ...exampleSite, id });
      expect(accounts.sites().map(({ id }) => id)).toEqual(['0-9', 'apple', 'moon']);
    });

    it('accept ids and titles that are names in JavaScript', async () => {
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

    it('do not create a site by an update', async () => {
      expect(await accounts.updateSite(exampleSite)).toBe('unknown');
      expect(accounts.sites()).toEqual([]);
    });

    it('find a token only by its secret', async () => {
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

    it('list tokens by creation time', async () => {
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
