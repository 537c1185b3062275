// Sites and tokens in the embedded store. Only plain JSON is kept, and every write raises a counter in the same
// transaction, so that another process sees a change by asking for one number.
import type { Database, RootDatabase } from 'lmdb';
import type { Site } from '../../hit/site.js';
import { byDate, hashOf, newSetupSecret, newToken, plainSite, withoutSite } from '../account-records.js';
import { createRefresh } from '../account-refresh.js';
import type { Accounts, IssuedToken, Token } from '../accounts.js';
import { type DamagedSite, readSite } from '../site-shape.js';
import { openRecords } from './records.js';

type Key = [kind: 'site' | 'used' | 'token', id: string] | ['version'];

const VERSION: Key = ['version'];

/** Closing leaves `root` open: whoever opened it closes it. */
export function openLmdbAccounts(root: RootDatabase): Accounts {
  // one damaged site must not keep the others from being read
  const db: Database<unknown, Key> = openRecords(root, 'accounts', { ifDamaged: undefined });

  const version = (): number => (db.get(VERSION) as number | undefined) ?? 0;
  const ofKind = (kind: string) => db.getRange({ start: [kind] as unknown as Key, end: [kind, '\uffff'] as Key });
  let held: { version: number | undefined; sites: readonly Site[]; damaged: readonly DamagedSite[] } = {
    version: undefined,
    sites: [],
    damaged: [],
  };
  const readSites = (): typeof held => {
    const now = version();
    if (held.version === now) return held;
    const read = [...ofKind('site')].map(({ key, value }) => readSite(key[1] as string, value));
    const [sites, damaged] = [read.flatMap(({ site }) => site ?? []), read.flatMap(({ damaged }) => damaged ?? [])];
    held = { version: now, sites, damaged };
    return held;
  };
  /** Undefined for a damaged record. */
  const tokenEntries = () =>
    [...ofKind('token')].flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value: value as Token }]));
  const tokens = (): Token[] =>
    tokenEntries()
      .map(({ value }) => value)
      .sort(byDate);
  const setupSecret = newSetupSecret();
  const has = (kind: string): boolean =>
    [...db.getKeys({ start: [kind] as unknown as Key, end: [kind, '\uffff'] as Key, limit: 1 })].length > 0;
  /** Once there was a site, there is nothing more to look for. */
  let hadSite = false;
  const isNew = (): boolean => {
    hadSite ||= has('used');
    return !hadSite && !has('token');
  };

  /**
   * An exception in a transaction does not take back what was put before it, so `decide` only reads;
   * what it returns is put afterwards, with the new version.
   */
  const write = async <Outcome>(
    decide: () => { outcome: Outcome; puts?: Array<[Key, unknown]>; removes?: Key[] },
  ): Promise<Outcome> => {
    const outcome = await db.transaction(() => {
      const { outcome, puts = [], removes = [] } = decide();
      const next = version() + 1;
      if (puts.length === 0 && removes.length === 0) return outcome;
      for (const [key, value] of puts) db.put(key, value);
      for (const key of removes) db.remove(key);
      db.put(VERSION, next);
      return outcome;
    });
    await db.flushed;
    return outcome;
  };

  return {
    version,
    // what has been read in this turn of the event loop may be older than a change by another process
    refresh: createRefresh(async () => root.resetReadTxn()),
    site: (id) => {
      const stored = db.get(['site', id]);
      return stored === undefined ? undefined : readSite(id, stored).site;
    },
    sites: () => [...readSites().sites],
    damagedSites: () => readSites().damaged,

    addSite: (added) =>
      write<'added' | 'taken'>(() =>
        db.doesExist(['used', added.id]) ? { outcome: 'taken' } : { outcome: 'added', puts: entriesOf(added) },
      ),

    updateSite: (updated) => {
      const plain = plainSite(updated);
      return write<'updated' | 'unknown'>(() =>
        db.doesExist(['site', plain.id]) ? { outcome: 'updated', puts: [[['site', plain.id], plain]] } : { outcome: 'unknown' },
      );
    },

    removeSite: (id) =>
      write<'removed' | 'unknown'>(() => {
        const puts: Array<[Key, unknown]> = [];
        const removes: Key[] = db.doesExist(['site', id]) ? [['site', id]] : [];
        const outcome = removes.length > 0 ? 'removed' : 'unknown';
        for (const { key, value } of tokenEntries()) {
          const left = withoutSite(value, id);
          if (left === undefined) removes.push(key);
          else if (left !== value) puts.push([key, left]);
        }
        return { outcome, puts, removes };
      }),

    async addToken(fields) {
      for (;;) {
        const { secret, hash, token } = newToken(fields);
        const isNew = await write(() =>
          // A prefix names one token, so that revoking by prefix cannot hit another.
          tokens().some(({ prefix }) => prefix === token.prefix)
            ? { outcome: false }
            : { outcome: true, puts: [[['token', hash], token]] },
        );
        if (isNew) return { secret, token };
      }
    },

    token(secret) {
      const hash = hashOf(secret);
      return hash === undefined ? undefined : (db.get(['token', hash]) as Token | undefined);
    },
    tokens,

    revokeToken: (prefix) =>
      write<'revoked' | 'unknown'>(() => {
        for (const { key, value } of tokenEntries()) {
          if (value.prefix === prefix) return { outcome: 'revoked', removes: [key] };
        }
        return { outcome: 'unknown' };
      }),

    isNew,
    // One process serves the pages of a data folder.
    setupSecret: async () => setupSecret,

    setUp: (site, fields) => {
      const { secret, hash, token } = newToken({ ...fields, sites: 'all' });
      return write<IssuedToken | 'over'>(() =>
        isNew() ? { outcome: { secret, token }, puts: [...entriesOf(site), [['token', hash], token]] } : { outcome: 'over' },
      );
    },

    async close() {
      await db.flushed;
    },
  };
}

function entriesOf(site: Site): Array<[Key, unknown]> {
  const plain = plainSite(site);
  return [
    [['site', plain.id], plain],
    // stays when a site is deleted: its id in someone's pages must never mean another site
    [['used', plain.id], plain.createdAtMs],
  ];
}
