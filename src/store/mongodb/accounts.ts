// Sites and tokens on MongoDB. Each node has all of them in memory and answers from there, also while MongoDB is
// unavailable. account-documents.ts describes the documents, and account-sync.ts how nodes notice changes.

import { createRefresh } from '../account-refresh.js';
import type { AccountRecords, Accounts, RecordKind, Setup, SiteChanges, Tokens, TokenUses } from '../accounts.js';
import type { ChangeNotifier } from '../change-notifier.js';
import { isSameSite, plainSite } from '../site-shape.js';
import { hashOf, newSetupSecret, newToken, withoutSite } from '../token-secrets.js';
import {
  type AccountCollections,
  accountCollections,
  type DocumentName,
  newMark,
  type SiteDocument,
  type StateDocument,
} from './account-documents.js';
import { AccountSync, type SyncOptions } from './account-sync.js';
import type { Mongodb } from './connection.js';
import { insertOrRead, repeated } from './writes.js';

export interface AccountsOptions extends SyncOptions {
  readonly makeToken?: typeof newToken;
}

interface Parts extends AccountCollections {
  readonly sync: AccountSync;
  readonly makeToken: typeof newToken;
}

/** Rejects when MongoDB cannot be read. Closing leaves the connection and the notifier open. */
export async function openMongodbAccounts(
  mongodb: Mongodb,
  notifier: ChangeNotifier,
  { makeToken = newToken, ...options }: AccountsOptions = {},
): Promise<Accounts> {
  const collections = accountCollections(mongodb);
  const sync = new AccountSync(collections, notifier, options);
  const parts: Parts = { ...collections, sync, makeToken };
  const { cache } = sync;
  await sync.start();

  return {
    version: () => cache.version,
    refresh: createRefresh(() => sync.poll()),
    site: (id) => cache.site(id),
    sites: () => cache.sites(),
    damagedSites: () => cache.damagedSites(),
    ...createSiteChanges(parts),
    ...createTokens(parts),
    ...createTokenUses(parts),
    ...createRecords(parts),
    ...createSetup(parts),
    async close() {
      sync.close();
    },
  };
}

function createSiteChanges({ sites, tokens, sync }: Parts): SiteChanges {
  const { cache } = sync;

  const removeFromTokens = async (site: string): Promise<void> => {
    for (const { hash, token } of await tokens.find({}).toArray()) {
      const left = withoutSite(token, site);
      if (left === token) continue;
      if (left === undefined) await repeated(() => tokens.deleteOne({ _id: token.prefix, hash }));
      else await repeated(() => tokens.replaceOne({ _id: token.prefix, hash }, { hash, token: left }));
      cache.removeToken(token.prefix);
      if (left !== undefined) cache.putToken({ hash, token: left });
    }
  };

  return {
    addSite(added) {
      const site = plainSite(added);
      const document = { _id: site.id, mark: newMark(), site };
      return sync.change<'added' | 'taken'>(
        `sites/${site.id}`,
        { whether: `the site "${site.id}" was added`, advice: 'check whether it exists, and add it again if it does not' },
        async () => {
          // The mark distinguishes this document from another one with the same content.
          const { mark } = await insertOrRead(sites, document);
          return mark === document.mark ? { outcome: 'added', updateCache: () => putSite(sync, document) } : { outcome: 'taken' };
        },
      );
    },

    updateSite(updated, seen) {
      const site = plainSite(updated);
      const document = { mark: newMark(), site };
      const done = {
        outcome: 'updated' as const,
        updateCache: () => cache.putSite({ id: site.id, revision: document.mark, site }),
      };
      return sync.change<'updated' | 'unknown' | 'outdated'>(
        `sites/${site.id}`,
        {
          whether: `the site "${site.id}" was changed`,
          advice: 'check its settings, and change them again if they are the old ones',
        },
        async () => {
          const stored = await sites.findOne({ _id: site.id, site: { $exists: true } });
          if (stored === null) return { outcome: 'unknown' };
          if (seen !== undefined && !isSameSite(seen, stored.site)) return { outcome: 'outdated' };
          const guard = { _id: site.id, ...(seen === undefined ? { site: { $exists: true } } : { mark: stored.mark }) };
          const { matchedCount } = await repeated(() => sites.replaceOne(guard, document, { upsert: false }));
          if (matchedCount === 1) return done;
          // changed or deleted by another process just now, or by this one, whose answer was lost
          const found = await sites.findOne({ _id: site.id, site: { $exists: true } });
          if (found === null) return { outcome: 'unknown' };
          return found.mark === document.mark ? done : { outcome: 'outdated' };
        },
      );
    },

    removeSite: (id) =>
      // without a name, since tokens change as well
      sync.change<'removed' | 'unknown'>(
        undefined,
        { whether: `the site "${id}" was deleted`, advice: 'delete it again' },
        async () => {
          // The site is removed last. Until then, it is visible that the deletion is incomplete.
          await removeFromTokens(id);
          const { matchedCount } = await repeated(() =>
            sites.updateOne({ _id: id, site: { $exists: true } }, { $set: { mark: newMark() }, $unset: { site: '' } }),
          );
          const existed = matchedCount > 0 || cache.site(id) !== undefined;
          return { outcome: existed ? 'removed' : 'unknown', updateCache: () => cache.removeSite(id) };
        },
      ),
  };
}

function createTokens({ tokens, makeToken, sync }: Parts): Tokens {
  const { cache } = sync;
  return {
    async addToken(fields) {
      // until one has a prefix that no other token has
      for (;;) {
        const { hash, ...issued } = makeToken(fields);
        const { prefix } = issued.token;
        const isAdded = await sync.change(
          `tokens/${prefix}`,
          {
            whether: 'a token was created',
            advice: 'if the list contains a token whose secret nobody knows, revoke it; then create another one',
          },
          async () => {
            const stored = await insertOrRead(tokens, { _id: prefix, hash, token: issued.token });
            if (stored.hash !== hash) return { outcome: false };
            return { outcome: true, updateCache: () => cache.putToken({ hash, token: issued.token }) };
          },
        );
        if (isAdded) return issued;
      }
    },

    token(secret) {
      const hash = hashOf(secret);
      return hash === undefined ? undefined : cache.token(hash);
    },
    tokens: () => cache.tokens(),

    revokeToken: (prefix) =>
      sync.change<'revoked' | 'unknown'>(
        `tokens/${prefix}`,
        { whether: `the token "${prefix}" was revoked`, advice: 'revoke it again' },
        async () => {
          const { deletedCount } = await repeated(() => tokens.deleteOne({ _id: prefix }));
          // A token that is in the cache but not in the store may have been deleted by a try whose answer was lost.
          if (deletedCount === 0 && !cache.hasPrefix(prefix)) return { outcome: 'unknown' };
          return { outcome: 'revoked', updateCache: () => cache.removeToken(prefix) };
        },
      ),
  };
}

function createTokenUses({ tokens, sync: { cache } }: Parts): TokenUses {
  return {
    async recordTokenUse(secret, day) {
      const hash = hashOf(secret);
      const prefix = hash === undefined ? undefined : cache.token(hash)?.prefix;
      if (hash === undefined || prefix === undefined) return;
      const isEarlier = { $or: [{ 'token.lastUsedDay': { $exists: false } }, { 'token.lastUsedDay': { $lt: day } }] };
      await tokens.updateOne({ _id: prefix, hash, ...isEarlier }, { $set: { 'token.lastUsedDay': day } });
      cache.setTokenUse(prefix, day);
    },
    async tokenUses(prefixes) {
      const stored = await tokens.find({ _id: { $in: [...prefixes] } }).toArray();
      return new Map(
        stored.flatMap(({ _id, token: { lastUsedDay } }) => (lastUsedDay === undefined ? [] : [[_id, lastUsedDay]])),
      );
    },
  };
}

function createRecords({ records, sync }: Parts): AccountRecords {
  const { cache } = sync;
  return {
    record: (kind, id) => cache.record(kind, id),
    records: (kind) => cache.records(kind),

    addRecord: (kind, id, value) =>
      sync.change<'added' | 'taken'>(
        nameOfRecord(kind, id),
        { whether: `this ${kind} was added`, advice: 'check whether it is there, and if not add it again' },
        async () => {
          const document = { _id: `${kind}/${id}`, mark: newMark(), value };
          const { mark } = await insertOrRead(records, document);
          return mark === document.mark
            ? { outcome: 'added', updateCache: () => cache.putRecord(document) }
            : { outcome: 'taken' };
        },
      ),

    changeRecord: (kind, id, change) =>
      sync.change<'changed' | 'unknown'>(
        nameOfRecord(kind, id),
        { whether: `this ${kind} was changed`, advice: 'check it, and if it is as before change it again' },
        async () => {
          const _id = `${kind}/${id}`;
          const mark = newMark();
          for (let isRemoving = false; ; ) {
            const stored = await records.findOne({ _id });
            if (stored === null) {
              // removed by this process, whose answer was lost, or by another one
              return isRemoving ? { outcome: 'changed', updateCache: () => cache.removeRecord(_id) } : { outcome: 'unknown' };
            }
            if (stored.mark === mark) return { outcome: 'changed', updateCache: () => cache.putRecord(stored) };
            const value = change(stored.value);
            isRemoving = value === undefined;
            const guard = { _id, mark: stored.mark };
            if (value === undefined) {
              const { deletedCount } = await repeated(() => records.deleteOne(guard));
              if (deletedCount === 1) return { outcome: 'changed', updateCache: () => cache.removeRecord(_id) };
            } else {
              const { matchedCount } = await repeated(() => records.replaceOne(guard, { mark, value }));
              if (matchedCount === 1) return { outcome: 'changed', updateCache: () => cache.putRecord({ _id, mark, value }) };
            }
          }
        },
      ),
  };
}

/**
 * Records whose ids say nothing about a person or a site. The other ones are changed without a name: names are stored for a
 * while, and neither the address of a removed account nor a deleted site must be among them.
 */
const NAMED: ReadonlySet<RecordKind> = new Set(['person', 'invitation', 'share', 'team']);

function nameOfRecord(kind: RecordKind, id: string): DocumentName | undefined {
  return NAMED.has(kind) ? `records/${kind}/${id}` : undefined;
}

function createSetup({ state, sync }: Parts): Setup {
  const readSetup = () => insertOrRead<StateDocument>(state, { _id: 'setup', secret: newSetupSecret() });
  return {
    isNew: () => !sync.hadSite && sync.cache.tokens().length === 0,

    // Stored in plain text, because every node prints it. It is worthless once there is an operator.
    async setupSecret() {
      const { secret, usedBy } = await readSetup();
      if (usedBy === undefined) return secret as string;
      // An earlier version used it for the first site. It may still be in its log.
      await repeated(() =>
        state.updateOne({ _id: 'setup', usedBy }, { $set: { secret: newSetupSecret() }, $unset: { usedBy: '' } }),
      );
      return (await readSetup()).secret as string;
    },
  };
}

function putSite(sync: AccountSync, { _id: id, mark, site }: Required<SiteDocument>): void {
  sync.hadSite = true;
  sync.cache.putSite({ id, revision: mark, site });
}
