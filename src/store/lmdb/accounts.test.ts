import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { open, type RootDatabase } from 'lmdb';
import { accountsContract, exampleSite } from '../contracts/accounts.js';
import { openLmdbAccounts } from './accounts.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-accounts-'));
const roots: RootDatabase[] = [];
const openRoot = (name: string): RootDatabase => {
  const root = open({ path: join(folder, name), maxDbs: 32, encoding: 'binary' });
  roots.push(root);
  return root;
};

afterAll(async () => {
  for (const root of roots) await root.close();
  rmSync(folder, { recursive: true, force: true });
});

accountsContract(async () => {
  const root = openRoot(`contract-${roots.length}`);
  const put = (id: string, site: unknown) => root.openDB({ name: 'accounts', encoding: 'json' }).put(['site', id], site);
  return { accounts: openLmdbAccounts(root), other: openLmdbAccounts(root), put };
});

describe('accounts in lmdb', () => {
  it('read the sites again only if one of them may have changed', async () => {
    const root = openRoot('sites-again');
    const [accounts, other] = [openLmdbAccounts(root), openLmdbAccounts(root)];
    await accounts.addSite(exampleSite);
    const [site] = accounts.sites();
    await accounts.addRecord('person', 'a', { n: 1 });
    await accounts.addToken({ title: '', sites: 'all', nowMs: 1 });
    expect(accounts.sites()[0]).toBe(site);
    await other.updateSite({ ...exampleSite, title: 'New' });
    await accounts.addRecord('person', 'b', { n: 1 });
    expect(accounts.sites()[0]?.title).toBe('New');
    await accounts.updateSite({ ...exampleSite, title: 'Newer' });
    await accounts.changeRecord('person', 'b', () => ({ n: 2 }));
    expect(accounts.sites()[0]?.title).toBe('Newer');
    await accounts.removeSite('garden');
    expect(accounts.sites()).toEqual([]);
  });

  it('still exist after the store was reopened', async () => {
    const before = openRoot('kept');
    const accounts = openLmdbAccounts(before);
    await accounts.addSite(exampleSite);
    const { secret, token } = await accounts.addToken({ title: '', sites: 'all', nowMs: 5 });
    const version = accounts.version();
    await accounts.close();
    roots.splice(roots.indexOf(before), 1);
    await before.close();
    const again = openLmdbAccounts(openRoot('kept'));
    expect(again.site('garden')).toEqual(exampleSite);
    expect(again.token(secret)).toEqual(token);
    expect(again.version()).toBe(version);
  });

  it('are not new after a restart, even when all sites and tokens were removed', async () => {
    const before = openRoot('set-up');
    const accounts = openLmdbAccounts(before);
    await accounts.addSite(exampleSite);
    const { token } = await accounts.addToken({ title: '', sites: 'all', nowMs: 5 });
    await accounts.removeSite(exampleSite.id);
    await accounts.revokeToken(token.prefix);
    await accounts.close();
    roots.splice(roots.indexOf(before), 1);
    await before.close();
    const again = openLmdbAccounts(openRoot('set-up'));
    expect([again.isNew(), again.sites(), again.tokens()]).toEqual([false, [], []]);
  });

  it('see what another process has changed', async () => {
    const accounts = openLmdbAccounts(openRoot('shared'));
    await accounts.addSite(exampleSite);
    const version = accounts.version();
    const script = `
      import { open } from 'lmdb';
      const db = open({ path: process.argv[1], maxDbs: 32, encoding: 'binary' }).openDB({ name: 'accounts', encoding: 'json' });
      db.transactionSync(() => {
        db.put(['site', 'garden'], { ...db.get(['site', 'garden']), title: 'Changed elsewhere' });
        db.put(['version'], db.get(['version']) + 1);
      });`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script, join(folder, 'shared')], { stdio: 'inherit' });
    // in the same turn of the event loop, for which lmdb keeps a snapshot
    await accounts.refresh();
    expect(accounts.version()).toBe(version + 1);
    expect(accounts.site('garden')?.title).toBe('Changed elsewhere');
  });

  it('store no secret on disk', async () => {
    const accounts = openLmdbAccounts(openRoot('disk'));
    const { secret } = await accounts.addToken({ title: '', sites: 'all', nowMs: 5 });
    expect(readFileSync(join(folder, 'disk', 'data.mdb')).includes(secret.slice(12))).toBe(false);
  });
});
