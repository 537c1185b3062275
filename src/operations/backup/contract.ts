// The contract of operations/backup/port.ts. The test of each adapter runs it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { plain } from '../../../test/fixtures/trees.js';
import { Counters } from '../../counters/counters.js';
import { FIRST_ID } from '../../people/directory.js';
import { createPeople, type People } from '../../people/people.js';
import { endedSessions } from '../../people/restored.js';
import { type Accounts, RECORD_KINDS } from '../../store/accounts.js';
import type { AuditLog } from '../../store/audit-log.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { auditEntryAt } from '../../store/contracts/audit-log.js';
import type { Documents } from '../../store/documents.js';
import type { Imports } from '../../store/imports.js';
import type { Ledger } from '../../store/ledger.js';
import type { NodeRegistry } from '../../store/nodes.js';
import type { Tombstones } from '../../store/tombstones.js';
import { createAnnotations } from '../annotations/annotations.js';
import { type Manifest, verifyBackup, writeManifest } from './manifest.js';
import type { Backups } from './port.js';
import { Stopped, type Watch } from './watch.js';

export interface Parts {
  readonly documents: Documents;
  readonly nodes: NodeRegistry;
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly imports: Imports;
  readonly tombstones: Tombstones;
  readonly auditLog: AuditLog;
  close(): Promise<void>;
}

export interface Opened {
  readonly backups: Backups;
  /** Opens the other parts of the same store. They must be opened again after a restore. */
  parts(): Promise<Parts>;
}

export const UNWATCHED: Watch = { onShare: () => {}, isStopped: () => false };

export function views(count: number): Counters {
  const counters = new Counters();
  counters.sum('v', count);
  counters.at('D').at('11-20').max('t', '0001 A title');
  for (let register = 0; register < 300; register++) counters.at('D').sketch('s').add(register, 3);
  return counters;
}

const ANNA = { name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' };
const INVITED = { email: 'bert@example.com', invitedBy: 'Anna', sites: { garden: 'editor' }, isOperator: false, sitesMax: 2 };
const ANNA_AT_PROVIDER = { issuer: 'https://id.example', subject: 'anna' };
const peopleOf = (accounts: Accounts): People => createPeople(accounts, () => Date.parse('2026-11-20T12:00:00Z'));

/** Stores some of every kind of entry. Returns the secret of the token. */
export async function fillParts({ documents, nodes, accounts, ledger, imports, tombstones, auditLog }: Parts): Promise<string> {
  const delta = (collection: string, id: string, counters: Counters) => ({ collection, id, counters, caps: {} });
  const first = [delta('traffic.2026', 'garden:2026-11-20', views(3)), delta('traffic.years', 'garden:2025', views(9))];
  await nodes.claim('n01', 'boot', undefined);
  await documents.apply({ node: 'n01', number: 1, checksum: 11 }, first, 5);
  await documents.apply(
    { node: 'n01', number: 2, checksum: 22 },
    [delta('content.2015.late2026', 'garden:2015-05', views(1))],
    6,
  );
  await documents.apply({ node: 'i01', number: 1, checksum: 33 }, [delta('traffic.2026', 'garden:2026-11-20', views(4))], 7);
  const level = new Counters();
  level.at('v').sum('x'); // can never be added, because `v` is a number in the document
  await documents.apply({ node: 'n01', number: 3, checksum: 44 }, [delta('traffic.2026', 'garden:2026-11-20', level)], 8);
  await accounts.addSite({ ...exampleSite, id: 'garden' });
  const { secret } = await accounts.addToken({ title: 'mine', sites: 'all', nowMs: 1 });
  await accounts.recordTokenUse(secret, '2026-11-30');
  await peopleOf(accounts).setUp(ANNA);
  const { identities } = peopleOf(accounts);
  await identities.accept(await identities.propose(FIRST_ID, ANNA_AT_PROVIDER, 'anna'));
  const team = await peopleOf(accounts).teamChanges.create('Gardeners', FIRST_ID);
  if (team !== 'too-many') await peopleOf(accounts).teamChanges.addSite(team.id, 'garden');
  await peopleOf(accounts).shares.create({ site: 'garden', title: 'x', password: 'y', untilMs: undefined, mayBeEmbedded: true });
  await createAnnotations(accounts, () => 5).add('garden', { day: '2026-11-20', text: 'Deployed' });
  await ledger.done('tidy', 'garden', '2026-11-18');
  await ledger.add('expired', 'garden', { from: '2026-01-01', to: '2026-01-31' });
  await imports.begin(
    { id: 'i01', site: { ...exampleSite, id: 'garden' }, key: 'k', beginnings: [{ bytes: 3, sha256: 'a' }] } as Parameters<
      Imports['begin']
    >[0],
    () => false,
  );
  await imports.plan('i01', { number: 2, from: 100, to: 200, receivedAtMs: 5, checksum: 9 });
  await imports.decide('i01', { number: 2, skipped: [[10, 20]], hours: 'AAAA', views: { '2026-11-20': 3 } });
  await auditLog.add(auditEntryAt(1000, { changes: [{ field: 'hosts', from: [], to: ['a.example'] }] }));
  await auditLog.add(auditEntryAt(2000, { action: 'token.created', subject: { kind: 'token', prefix: 'abcd', title: 'mine' } }));
  await auditLog.add(auditEntryAt(3000, { who: { kind: 'command-line' }, site: 'moon' }));
  await tombstones.put({ id: 'd1', site: 'gone', deleted: { kind: 'site' }, receivedUntilMs: 5 });
  await tombstones.acknowledge('d1', 'n01', 'obeys', 6);
  await accounts.addSite({ ...exampleSite, id: 'gone' });
  await accounts.removeSite('gone');
  return secret;
}

/** Everything in the store, as plain data. */
export async function contentOf({ documents, nodes, accounts, ledger, imports, tombstones, auditLog }: Parts): Promise<unknown> {
  const found: Record<string, unknown> = {};
  for (const collection of (await documents.collections()).sort()) {
    for await (const id of documents.ids(collection)) {
      const [counters] = await documents.read([{ collection, id }]);
      found[`${collection}/${id}`] = counters && plain(counters);
    }
  }
  return {
    documents: found,
    nodes: [await nodes.list('all'), await nodes.get('i01')],
    sites: accounts.sites(),
    isUsed: await accounts.addSite({ ...exampleSite, id: 'gone' }),
    deletions: [await tombstones.read(), await tombstones.deletions()],
    tokens: accounts.tokens(),
    records: RECORD_KINDS.map((kind) =>
      accounts.records(kind).map(([id, value]) => [id, kind === 'person' ? endedSessions(value as object) : value]),
    ),
    ledger: [await ledger.until('tidy', 'garden'), await ledger.days('expired', 'garden')],
    changes: [await auditLog.newest({ limit: 9 }), await auditLog.newest({ site: 'garden', limit: 9 })],
    range: await imports.range('i01', 2),
    sameImport: (
      await imports.begin(
        { id: 'i02', site: { ...exampleSite, id: 'garden' } } as Parameters<Imports['begin']>[0],
        ({ key }) => key === 'k',
      )
    ).id,
  };
}

/** Backs up into a folder, as the command does. */
export async function backUp(backups: Backups, folder: string): Promise<Manifest> {
  const { damages, ...copied } = await backups.copy(folder, UNWATCHED);
  expect(damages).toEqual([]);
  const fields = { version: '0', begunAt: '2026-11-20T00:00:00.000Z', mode: backups.mode, ...copied };
  writeManifest(folder, fields);
  return { hitherto: 'backup', format: 1, ...fields };
}

/** `open` returns a new empty store for each call. */
export function backupsContract(open: () => Promise<Opened>): void {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'hitherto-backup-'));
    folders.push(folder);
    return folder;
  };
  const within = async <Result>(store: Opened, use: (parts: Parts) => Promise<Result>): Promise<Result> => {
    const parts = await store.parts();
    try {
      return await use(parts);
    } finally {
      await parts.close();
    }
  };

  describe('a backup', () => {
    it('restores everything into another store, where counting continues', async () => {
      const [from, to, folder] = [await open(), await open(), newFolder()];
      const secret = await within(from, fillParts);
      const manifest = await backUp(from.backups, folder);
      await verifyBackup(folder, manifest, UNWATCHED);
      await to.backups.checkFits(folder, manifest, UNWATCHED);
      expect(await to.backups.load(folder, manifest, UNWATCHED)).toEqual([]);
      const [before, after] = [await within(from, contentOf), await within(to, contentOf)];
      expect(after).toEqual(before);
      await within(to, async ({ documents, accounts }) => {
        expect(accounts.token(secret)?.title).toBe('mine');
        expect(await accounts.addSite({ ...exampleSite, id: 'garden' })).toBe('taken');
        const delta = { collection: 'traffic.2026', id: 'garden:2026-11-20', counters: views(10), caps: {} };
        expect((await documents.apply({ node: 'n01', number: 3, checksum: 44 }, [delta], 9)).outcome).toBe('already');
        expect((await documents.apply({ node: 'n01', number: 4, checksum: 55 }, [delta], 9)).outcome).toBe('applied');
        expect((await documents.read([delta]))[0]?.get('v')).toBe(17);
      });
    });

    it('restores people and invitations; everybody must sign in again, with the password of the backup', async () => {
      const [from, to, folder] = [await open(), await open(), newFolder()];
      await within(from, fillParts);
      const [session, link, invitation] = await within(from, async ({ accounts }) => {
        const { sessions, passwordChanges, invitations } = peopleOf(accounts);
        return [
          await sessions.begin('first', 'Firefox on Linux'),
          await passwordChanges.createLink('first'),
          await invitations.create({ ...INVITED, sites: { garden: 'editor' } }),
        ] as const;
      });
      const manifest = await backUp(from.backups, folder);
      await to.backups.checkFits(folder, manifest, UNWATCHED);
      expect(await to.backups.load(folder, manifest, UNWATCHED)).toEqual([]);
      await within(to, async ({ accounts }) => {
        const { directory, sessions, passwordChanges, invitations, identities } = peopleOf(accounts);
        expect(directory.byEmail(ANNA.email)).toMatchObject({ name: 'Anna', isOperator: true, sessions: [] });
        expect(sessions.find(session)).toBeUndefined();
        expect(passwordChanges.personOfLink(link)).toBeUndefined();
        expect(await sessions.signIn(ANNA.email, ANNA.password, 'Firefox on Linux')).toBeDefined();
        expect(invitations.find(invitation)).toMatchObject(INVITED);
        expect(identities.personOf(ANNA_AT_PROVIDER)?.name).toBe('Anna');
      });
      // the service that was backed up goes on
      await within(from, async ({ accounts }) => expect(peopleOf(accounts).sessions.find(session)).toBeDefined());
    });

    it('of a store that is being counted into contains each segment completely or leaves it to be counted again', async () => {
      const [from, to, folder] = [await open(), await open(), newFolder()];
      const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({
        collection: `traffic.20${20 + name.charCodeAt(0) - 97}`,
        id: `${name}:2026-11`,
      }));
      const parts = await from.parts();
      const apply = (documents: Documents, number: number) =>
        documents.apply(
          { node: 'n01', number, checksum: number },
          ids.map((id) => ({ ...id, counters: views(1), caps: {} })),
          number,
        );
      await parts.nodes.claim('n01', 'boot', undefined);
      let number = 0;
      let isOver = false;
      const counting = (async () => {
        while (!isOver || number < 30) {
          await apply(parts.documents, ++number);
          await new Promise((resolve) => setImmediate(resolve)); // otherwise the embedded store would let no other work in
        }
      })();
      while (number < 10) await new Promise((resolve) => setTimeout(resolve, 1));
      const manifest = await backUp(from.backups, folder);
      isOver = true;
      await counting;
      await parts.close();
      await to.backups.load(folder, manifest, UNWATCHED);
      await within(to, async ({ documents, nodes }) => {
        const counted = (await nodes.get('n01'))?.number ?? 0;
        expect(counted).toBeGreaterThanOrEqual(9);
        for (let again = counted + 1; again <= number; again++) await apply(documents, again);
        const read = await documents.read(ids);
        expect(read.map((document) => document?.get('v'))).toEqual(ids.map(() => number));
      });
    });

    it('is refused if a byte has changed or a file is missing', async () => {
      const [from, folder] = [await open(), newFolder()];
      await within(from, fillParts);
      const manifest = await backUp(from.backups, folder);
      const { path } = manifest.files.find(({ bytes }) => bytes > 0) as Manifest['files'][number];
      const bytes = readFileSync(join(folder, path));
      bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1;
      writeFileSync(join(folder, path), bytes);
      await expect(verifyBackup(folder, manifest, UNWATCHED)).rejects.toThrow(/is damaged/);
      rmSync(join(folder, path));
      await expect(verifyBackup(folder, manifest, UNWATCHED)).rejects.toThrow(/is missing/);
    });

    it('rejects with Stopped when it is stopped', async () => {
      const [from, folder] = [await open(), newFolder()];
      await within(from, fillParts);
      await expect(from.backups.copy(folder, { ...UNWATCHED, isStopped: () => true })).rejects.toThrow(Stopped);
    });

    it('of an empty store is refused', async () => {
      await expect((await open()).backups.copy(newFolder(), UNWATCHED)).rejects.toThrow(/there is nothing to back up/);
    });
  });

  describe('a store', () => {
    it('describes what a restore would replace, and replaces all of it', async () => {
      const [from, store, folder] = [await open(), await open(), newFolder()];
      await within(from, fillParts);
      const manifest = await backUp(from.backups, folder);
      expect(await store.backups.contents()).toBeUndefined();
      await within(store, ({ nodes }) => nodes.claim('n01', 'boot', undefined));
      expect(await store.backups.contents()).toBeUndefined();
      await within(store, fillAfterClaim);
      expect(await store.backups.contents()).toMatch(/with 1 documents$/);
      expect(await store.backups.clear()).toBeTruthy();
      await store.backups.load(folder, manifest, UNWATCHED);
      expect(await within(store, contentOf)).toEqual(await within(from, contentOf));
    });

    it('with only a person in it is not empty', async () => {
      const store = await open();
      await within(store, async ({ accounts }) => expect(await peopleOf(accounts).setUp(ANNA)).toMatchObject({ name: 'Anna' }));
      expect(await store.backups.contents()).toBeTruthy();
    });

    it('with only a site in it is not empty', async () => {
      const store = await open();
      await within(store, ({ accounts }) => accounts.addSite(exampleSite));
      expect(await store.backups.contents()).toBeTruthy();
    });

    it('leaves no files in the backup that it was filled from', async () => {
      const [from, to, folder] = [await open(), await open(), newFolder()];
      await within(from, fillParts);
      const manifest = await backUp(from.backups, folder);
      const before = readdirSync(folder, { recursive: true });
      await to.backups.load(folder, manifest, UNWATCHED);
      expect(readdirSync(folder, { recursive: true })).toEqual(before);
    });
  });

  const fillAfterClaim = ({ documents }: Parts) =>
    documents.apply(
      { node: 'n01', number: 1, checksum: 1 },
      [{ collection: 'traffic.2026', id: 'a:2026-11', counters: views(1), caps: {} }],
      1,
    );
}
