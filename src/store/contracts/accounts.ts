// Tests that every adapter of store/accounts.ts must pass.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/fixtures/until.js';
import type { Site } from '../../hit/site.js';
import { type Annotations, createAnnotations } from '../../operations/annotations/annotations.js';
import type { Accounts } from '../accounts.js';

export const exampleSite: Site = {
  id: 'garden',
  title: 'The garden',
  timezone: 'Europe/Berlin',
  hosts: ['garden.example', '*.garden.example'],
  excludedAddresses: ['10.0.0.0/8'],
  excludedPaths: ['/admin/*'],
  excludedReferrers: ['*.pay.example'],
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
        await until(() => other.sites().length === 2);
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
      await until(() => other.sites().length === 1);
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
      await until(() => other.token(all.secret) !== undefined);
      expect(await accounts.removeSite('garden')).toBe('removed');
      for (const one of [accounts, other]) {
        await until(() => one.site('garden') === undefined && one.token(only.secret) === undefined);
        await until(() => String(one.token(both.secret)?.sites) === 'shop');
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
      await until(() => [accounts, other].every((one) => one.site('garden')?.title === title));
    });

    it('show every change to another connection, with a higher version', async () => {
      let version = other.version();
      const seen = async (isSeen: () => boolean) => {
        await until(isSeen);
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

    it('lack nothing of what another connection has added, changed or removed after a refresh', async () => {
      const seen = async () => {
        await other.refresh();
        const records = other.records('person');
        return { sites: other.sites().map(({ title }) => title), tokens: other.tokens().length, records };
      };
      await accounts.addSite(exampleSite);
      await accounts.addRecord('person', 'a', { n: 1 });
      const { token } = await addToken();
      expect(await seen()).toEqual({ sites: ['The garden'], tokens: 1, records: [['a', { n: 1 }]] });
      await accounts.updateSite({ ...exampleSite, title: 'New' });
      await accounts.changeRecord('person', 'a', () => ({ n: 2 }));
      await accounts.addRecord('person', 'b/ü', { n: 3 });
      expect(await seen()).toMatchObject({
        sites: ['New'],
        records: [
          ['a', { n: 2 }],
          ['b/ü', { n: 3 }],
        ],
      });
      await accounts.changeRecord('person', 'a', () => undefined);
      await accounts.revokeToken(token.prefix);
      expect(await seen()).toEqual({ sites: ['New'], tokens: 0, records: [['b/ü', { n: 3 }]] });
      await addToken(['garden']);
      await accounts.removeSite('garden');
      expect(await seen()).toMatchObject({ sites: [], tokens: 0 });
      for (let n = 0; n < 150; n++) await accounts.changeRecord('person', 'b/ü', () => ({ n }));
      await accounts.addRecord('person', 'c', { n: 4 });
      expect((await seen()).records).toEqual([
        ['b/ü', { n: 149 }],
        ['c', { n: 4 }],
      ]);
    });

    it('change sites and revoke tokens that another connection has created', async () => {
      await accounts.addSite(exampleSite);
      expect(await other.updateSite({ ...exampleSite, title: 'New' })).toBe('updated');
      const { secret, token } = await addToken();
      expect(await other.revokeToken(token.prefix)).toBe('revoked');
      await until(() => accounts.site('garden')?.title === 'New' && accounts.token(secret) === undefined);
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

    it('are new until there was a site or while there is a token', async () => {
      expect([accounts.isNew(), other.isNew()]).toEqual([true, true]);
      const { token } = await addToken();
      expect(accounts.isNew()).toBe(false);
      await accounts.revokeToken(token.prefix);
      expect(accounts.isNew()).toBe(true);
      await accounts.addSite(exampleSite);
      await accounts.removeSite('garden');
      expect(accounts.isNew()).toBe(false);
      await until(() => !other.isNew());
    });

    describe('with records', () => {
      const add = (one: Accounts, id: string, value: object) => one.addRecord('person', id, value);
      const visits = (value: unknown) => (value as { visits: number }).visits;

      it('return a record as it was added, and list those of a kind by id', async () => {
        expect(accounts.record('person', 'a')).toBeUndefined();
        expect(await add(accounts, 'b', { name: 'Bea' })).toBe('added');
        expect(await add(accounts, 'a', { name: 'Abe', sites: { garden: 'owner' } })).toBe('added');
        expect(await accounts.addRecord('address', 'a', { person: 'b' })).toBe('added');
        expect(accounts.record('person', 'a')).toEqual({ name: 'Abe', sites: { garden: 'owner' } });
        expect(accounts.records('person')).toEqual([
          ['a', { name: 'Abe', sites: { garden: 'owner' } }],
          ['b', { name: 'Bea' }],
        ]);
        expect(accounts.records('address')).toEqual([['a', { person: 'b' }]]);
        expect(accounts.records('invitation')).toEqual([]);
        await until(() => other.records('person').length === 2 && other.record('address', 'a') !== undefined);
        expect(other.records('person')).toEqual(accounts.records('person'));
      });

      it('omit fields that are undefined, as JSON does', async () => {
        await add(accounts, 'a', { name: 'Abe', reset: undefined });
        await accounts.changeRecord('person', 'a', (value) => ({ ...(value as object), sessions: [{ end: undefined }] }));
        await until(() => 'sessions' in ((other.record('person', 'a') ?? {}) as object));
        expect(JSON.stringify(other.record('person', 'a'))).toBe('{"name":"Abe","sessions":[{}]}');
      });

      it('add a record once when two connections add it at the same time', async () => {
        const outcomes = await Promise.all([add(accounts, 'a', { name: 'one' }), add(other, 'a', { name: 'two' })]);
        expect([...outcomes].sort()).toEqual(['added', 'taken']);
        const name = outcomes[0] === 'added' ? 'one' : 'two';
        await until(() => [accounts, other].every((one) => (one.record('person', 'a') as { name?: string })?.name === name));
      });

      it('lose no change when both connections change a record at the same time', async () => {
        await add(accounts, 'a', { visits: 0 });
        const changes = Array.from({ length: 10 }, (_, i) =>
          (i % 2 === 0 ? accounts : other).changeRecord('person', 'a', (value) => ({ visits: visits(value) + 1 })),
        );
        expect(new Set(await Promise.all(changes))).toEqual(new Set(['changed']));
        await until(() => [accounts, other].every((one) => visits(one.record('person', 'a')) === 10));
      });

      it('lose no annotation when both connections add some at the same time', async () => {
        const annotations = [accounts, other].map((one) => createAnnotations(one, () => 1)) as [Annotations, Annotations];
        const add = (n: number) => annotations[(n % 2) as 0 | 1].add('garden', { day: '2026-11-20', text: String(n) });
        await Promise.all([0, 1, 2, 3, 4, 5].map(add));
        for (const one of annotations) {
          await until(() => one.ofSite('garden').length === 6);
          expect(new Set(one.ofSite('garden').map(({ text }) => text)).size).toBe(6);
        }
      });

      it('remove a record when the change returns nothing, and do not create one by a change', async () => {
        await add(accounts, 'a', { visits: 0 });
        expect(await other.changeRecord('person', 'a', () => undefined)).toBe('changed');
        expect(await other.changeRecord('person', 'a', () => ({ visits: 1 }))).toBe('unknown');
        await until(() => accounts.record('person', 'a') === undefined);
        expect(await add(accounts, 'a', { visits: 2 })).toBe('added');
      });

      it('change nothing when the change throws', async () => {
        await add(accounts, 'a', { visits: 3 });
        const refusing = accounts.changeRecord('person', 'a', () => {
          throw new Error('not allowed');
        });
        await expect(refusing).rejects.toThrow('not allowed');
        expect(accounts.record('person', 'a')).toEqual({ visits: 3 });
        expect(await accounts.changeRecord('person', 'a', () => ({ visits: 4 }))).toBe('changed');
      });

      it('raise the version with every change of a record, and with nothing else', async () => {
        const versions = [accounts.version()];
        await add(accounts, 'a', { visits: 0 });
        versions.push(accounts.version());
        await accounts.changeRecord('person', 'a', () => ({ visits: 1 }));
        versions.push(accounts.version());
        await accounts.changeRecord('person', 'a', () => undefined);
        versions.push(accounts.version());
        expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
        await accounts.changeRecord('person', 'a', () => ({ visits: 1 }));
        expect(accounts.version()).toBe(versions.at(-1));
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

    it('replace the settings that were seen, and no newer ones', async () => {
      await accounts.addSite(exampleSite);
      const newer = { ...exampleSite, title: 'Newer' };
      expect(await other.updateSite(newer, exampleSite)).toBe('updated');
      expect(await accounts.updateSite({ ...exampleSite, hosts: [] }, exampleSite)).toBe('outdated');
      await accounts.refresh();
      expect(accounts.site('garden')).toEqual(newer);
      expect(await accounts.updateSite({ ...newer, hosts: [] }, newer)).toBe('updated');
      await accounts.removeSite('garden');
      expect(await other.updateSite(newer, newer)).toBe('unknown');
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

    it('record the last day on which a token was used, without a new version', async () => {
      const { secret, token } = await addToken(['garden']);
      const unused = await addToken();
      await other.refresh();
      const versions = () => [accounts.version(), other.version()];
      const before = versions();
      const uses = (one: Accounts) => one.tokenUses([token.prefix, unused.token.prefix, 'unknown']);
      expect(await uses(accounts)).toEqual(new Map());
      await accounts.recordTokenUse(secret, '2026-11-29');
      await other.recordTokenUse(secret, '2026-11-30');
      await accounts.recordTokenUse(secret, '2026-11-28');
      for (const one of [accounts, other]) expect(await uses(one)).toEqual(new Map([[token.prefix, '2026-11-30']]));
      expect(other.token(secret)).toEqual({ ...token, lastUsedDay: '2026-11-30' });
      expect(versions()).toEqual(before);
      await accounts.recordTokenUse('hit_'.padEnd(47, 'A'), '2026-11-30');
      expect(accounts.tokens()).toHaveLength(2);
    });

    it('record no use of a token that another connection has revoked', async () => {
      const { secret, token } = await addToken();
      await other.refresh();
      await accounts.revokeToken(token.prefix);
      await other.recordTokenUse(secret, '2026-11-30');
      await other.refresh();
      expect([other.tokens(), await other.tokenUses([token.prefix])]).toEqual([[], new Map()]);
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
