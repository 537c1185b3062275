// Sites and tokens in the embedded store, as plain JSON. Every write raises a version in the same transaction, so that
// other processes notice a change by reading one number.
import type { Database, RootDatabase } from 'lmdb';
import type { Site } from '../../hit/site.js';
import { createRefresh } from '../account-refresh.js';
import type { AccountRecords, Accounts, RecordKind, Setup, SiteChanges, Sites, Token, Tokens, TokenUses } from '../accounts.js';
import { type DamagedSite, isSameSite, plainSite, readSite } from '../site-shape.js';
import { byDate, hashOf, newSetupSecret, newToken, withoutSite } from '../token-secrets.js';
import { openRecords } from './records.js';

type Key = [kind: 'site' | 'used' | 'token' | RecordKind, id: string] | ['version'];

const VERSION: Key = ['version'];

interface Decision<Outcome> {
  readonly outcome: Outcome;
  readonly puts?: ReadonlyArray<readonly [Key, unknown]>;
  readonly removes?: readonly Key[];
  /** The version stays the same. */
  readonly isQuiet?: true;
}

interface AccountDatabase {
  readonly db: Database<unknown, Key>;
  version(): number;
  /** A version since which no site has changed. */
  sitesVersion(): number;
  ofKind(kind: Key[0]): Iterable<{ readonly key: Key; readonly value: unknown }>;
  has(kind: Key[0]): boolean;
  tokens(): Array<{ readonly key: Key; readonly value: Token }>;
  /** `decide` reads in the transaction, and what it returns is written afterwards with the next version. */
  write<Outcome>(decide: () => Decision<Outcome>): Promise<Outcome>;
}

/** Closing leaves `root` open. */
export function openLmdbAccounts(root: RootDatabase): Accounts {
  const database = openAccountDatabase(root);
  return {
    version: database.version,
    // without this, lmdb would read the snapshot of this turn of the event loop, which may lack another process's
    // change
    refresh: createRefresh(async () => root.resetReadTxn()),
    ...createSites(database),
    ...createSiteChanges(database),
    ...createTokens(database),
    ...createTokenUses(database),
    ...createRecords(database),
    ...createSetup(database),
    async close() {
      await database.db.flushed;
    },
  };
}

function openAccountDatabase(root: RootDatabase): AccountDatabase {
  // one damaged record must not prevent reading the others
  const db: Database<unknown, Key> = openRecords(root, 'accounts', { ifDamaged: undefined });
  const rangeOf = (kind: Key[0]) => ({ start: [kind] as unknown as Key, end: [kind, '\uffff'] as Key });
  const version = (): number => (db.get(VERSION) as number | undefined) ?? 0;
  const ofKind = (kind: Key[0]) => db.getRange(rangeOf(kind));
  /** From the first to the last of these versions, this process alone has written, and has changed no site. */
  let sameSites = { first: -1, last: -1 };

  return {
    db,
    version,
    sitesVersion() {
      const now = version();
      if (now < sameSites.first || now > sameSites.last) sameSites = { first: now, last: now };
      return sameSites.first;
    },
    ofKind,
    has: (kind) => [...db.getKeys({ ...rangeOf(kind), limit: 1 })].length > 0,
    // a damaged record has no value
    tokens: () => [...ofKind('token')].flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value: value as Token }])),

    async write(decide) {
      // If `decide` throws, nothing has been written yet. lmdb would not roll it back in this kind of transaction.
      const writing = db.transaction(() => {
        const { outcome, puts = [], removes = [], isQuiet } = decide();
        const next = version() + 1;
        if (puts.length === 0 && removes.length === 0) return outcome;
        for (const [key, value] of puts) db.put(key, value);
        for (const key of removes) db.remove(key);
        if (isQuiet !== undefined) return outcome;
        db.put(VERSION, next);
        const changesSites = [...puts.map(([key]) => key), ...removes].some(([kind]) => kind === 'site');
        const goesOn = !changesSites && sameSites.last === next - 1;
        sameSites = { first: goesOn ? sameSites.first : next, last: next };
        return outcome;
      });
      const outcome = await writing.catch((error: unknown) => {
        sameSites = { first: -1, last: -1 }; // another process may use this version for another change
        throw error;
      });
      await db.flushed;
      return outcome;
    },
  };
}

interface ReadSites {
  readonly version: number | undefined;
  readonly sites: readonly Site[];
  readonly damaged: readonly DamagedSite[];
}

function createSites({ db, sitesVersion, ofKind }: AccountDatabase): Sites {
  let known: ReadSites = { version: undefined, sites: [], damaged: [] };
  const readSites = (): ReadSites => {
    const now = sitesVersion();
    if (known.version === now) return known;
    const read = [...ofKind('site')].map(({ key, value }) => readSite(key[1] as string, value));
    known = {
      version: now,
      sites: read.flatMap(({ site }) => site ?? []),
      damaged: read.flatMap(({ damaged }) => damaged ?? []),
    };
    return known;
  };
  return {
    site(id) {
      const stored = db.get(['site', id]);
      return stored === undefined ? undefined : readSite(id, stored).site;
    },
    sites: () => [...readSites().sites],
    damagedSites: () => readSites().damaged,
  };
}

function createSiteChanges({ db, tokens, write }: AccountDatabase): SiteChanges {
  return {
    addSite: (added) =>
      write<'added' | 'taken'>(() =>
        db.doesExist(['used', added.id]) ? { outcome: 'taken' } : { outcome: 'added', puts: entriesOf(added) },
      ),

    updateSite(updated, seen) {
      const plain = plainSite(updated);
      return write<'updated' | 'unknown' | 'outdated'>(() => {
        const stored = db.get(['site', plain.id]);
        if (stored === undefined) return { outcome: 'unknown' };
        if (seen !== undefined && !isSameSite(seen, stored)) return { outcome: 'outdated' };
        return { outcome: 'updated', puts: [[['site', plain.id], plain]] };
      });
    },

    removeSite: (id) =>
      write<'removed' | 'unknown'>(() => {
        const puts: Array<[Key, unknown]> = [];
        const removes: Key[] = db.doesExist(['site', id]) ? [['site', id]] : [];
        const outcome = removes.length > 0 ? 'removed' : 'unknown';
        for (const { key, value } of tokens()) {
          const left = withoutSite(value, id);
          if (left === undefined) removes.push(key);
          else if (left !== value) puts.push([key, left]);
        }
        return { outcome, puts, removes };
      }),
  };
}

function createTokens({ db, tokens, write }: AccountDatabase): Tokens {
  return {
    token(secret) {
      const hash = hashOf(secret);
      return hash === undefined ? undefined : (db.get(['token', hash]) as Token | undefined);
    },
    tokens: () =>
      tokens()
        .map(({ value }) => value)
        .sort(byDate),

    async addToken(fields) {
      for (;;) {
        const { secret, hash, token } = newToken(fields);
        const isAdded = await write(() =>
          // Prefixes are unique, so that revoking by prefix cannot revoke another token.
          tokens().some(({ value }) => value.prefix === token.prefix)
            ? { outcome: false }
            : { outcome: true, puts: [[['token', hash], token]] },
        );
        if (isAdded) return { secret, token };
      }
    },

    revokeToken: (prefix) =>
      write<'revoked' | 'unknown'>(() => {
        const found = tokens().find(({ value }) => value.prefix === prefix);
        return found === undefined ? { outcome: 'unknown' } : { outcome: 'revoked', removes: [found.key] };
      }),
  };
}

function createTokenUses({ db, tokens, write }: AccountDatabase): TokenUses {
  return {
    async recordTokenUse(secret, day) {
      const hash = hashOf(secret);
      if (hash === undefined) return;
      await write(() => {
        const token = db.get(['token', hash]) as Token | undefined;
        if (token === undefined || (token.lastUsedDay ?? '') >= day) return { outcome: undefined };
        return { outcome: undefined, puts: [[['token', hash], { ...token, lastUsedDay: day }]], isQuiet: true };
      });
    },
    tokenUses: async (prefixes) =>
      new Map(
        tokens().flatMap(({ value: { prefix, lastUsedDay } }) =>
          lastUsedDay !== undefined && prefixes.includes(prefix) ? [[prefix, lastUsedDay] as const] : [],
        ),
      ),
  };
}

function createRecords({ db, ofKind, write }: AccountDatabase): AccountRecords {
  return {
    record: (kind, id) => db.get([kind, id]),
    // a damaged record has no value
    records: (kind) =>
      [...ofKind(kind)].flatMap(({ key, value }) => (value === undefined ? [] : [[key[1] as string, value] as const])),
    addRecord: (kind, id, value) =>
      write<'added' | 'taken'>(() =>
        db.doesExist([kind, id]) ? { outcome: 'taken' } : { outcome: 'added', puts: [[[kind, id], value]] },
      ),
    changeRecord: (kind, id, change) =>
      write<'changed' | 'unknown'>(() => {
        const before = db.get([kind, id]);
        if (before === undefined) return { outcome: 'unknown' };
        const after = change(before);
        if (after === undefined) return { outcome: 'changed', removes: [[kind, id]] };
        return { outcome: 'changed', puts: [[[kind, id], after]] };
      }),
  };
}

function createSetup({ has }: AccountDatabase): Setup {
  // only one process serves the pages of a data folder
  const setupSecret = newSetupSecret();
  /** Once there was a site, the store need not be read again. */
  let hadSite = false;
  const isNew = (): boolean => {
    hadSite ||= has('used');
    return !hadSite && !has('token');
  };
  return {
    isNew,
    setupSecret: async () => setupSecret,
  };
}

function entriesOf(site: Site): Array<[Key, unknown]> {
  const plain = plainSite(site);
  return [
    [['site', plain.id], plain],
    // remains when a site is deleted, because pages may still send its id, which must never mean another site
    [['used', plain.id], plain.createdAtMs],
  ];
}
