// Sites and tokens on MongoDB. Each node has all of them in memory and answers from there, also while MongoDB is
// unavailable. account-documents.ts describes the documents, and account-sync.ts how nodes notice changes.
import { hashOf, newSetupSecret, newToken, type TokenFields, withoutSite } from '../account-records.js';
import { createRefresh } from '../account-refresh.js';
import type { Accounts, IssuedToken, Setup, SiteChanges, Tokens } from '../accounts.js';
import type { ChangeNotifier } from '../change-notifier.js';
import { plainSite } from '../site-shape.js';
import {
  type AccountCollections,
  accountCollections,
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
        { whether: `the site "${site.id}" was added`, advice: 'check whether it exists, and add it again if it does not' },
        async () => {
          // The mark distinguishes this document from another one with the same content.
          const { mark } = await insertOrRead(sites, document);
          return mark === document.mark ? { outcome: 'added', updateCache: () => putSite(sync, document) } : { outcome: 'taken' };
        },
      );
    },

    updateSite(updated) {
      const site = plainSite(updated);
      const document = { mark: newMark(), site };
      return sync.change<'updated' | 'unknown'>(
        {
          whether: `the site "${site.id}" was changed`,
          advice: 'check its settings, and change them again if they are the old ones',
        },
        async () => {
          const { matchedCount } = await repeated(() =>
            sites.replaceOne({ _id: site.id, site: { $exists: true } }, document, { upsert: false }),
          );
          return matchedCount === 1
            ? { outcome: 'updated', updateCache: () => cache.putSite({ id: site.id, revision: document.mark, site }) }
            : { outcome: 'unknown' };
        },
      );
    },

    removeSite: (id) =>
      sync.change<'removed' | 'unknown'>({ whether: `the site "${id}" was deleted`, advice: 'delete it again' }, async () => {
        // The site is removed last. Until then, it is visible that the deletion is incomplete.
        await removeFromTokens(id);
        const { matchedCount } = await repeated(() =>
          sites.updateOne({ _id: id, site: { $exists: true } }, { $set: { mark: newMark() }, $unset: { site: '' } }),
        );
        const existed = matchedCount > 0 || cache.site(id) !== undefined;
        return { outcome: existed ? 'removed' : 'unknown', updateCache: () => cache.removeSite(id) };
      }),
  };
}

function createTokens(parts: Parts): Tokens {
  const { tokens, sync } = parts;
  const { cache } = sync;
  return {
    addToken: (fields) =>
      sync.change(
        {
          whether: 'a token was created',
          advice: 'if the list contains a token whose secret nobody knows, revoke it; then create another one',
        },
        async () => {
          const { hash, ...issued } = await insertToken(parts, fields);
          return { outcome: issued, updateCache: () => cache.putToken({ hash, token: issued.token }) };
        },
      ),

    token(secret) {
      const hash = hashOf(secret);
      return hash === undefined ? undefined : cache.token(hash);
    },
    tokens: () => cache.tokens(),

    revokeToken: (prefix) =>
      sync.change<'revoked' | 'unknown'>(
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

function createSetup(parts: Parts): Setup {
  const { sites, tokens, state, sync } = parts;
  const isNew = (): boolean => !sync.hadSite && sync.cache.tokens().length === 0;
  const readSetup = () => insertOrRead<StateDocument>(state, { _id: 'setup', secret: newSetupSecret() });

  /** Returns whether this is the one use of the set-up secret. */
  const useSecret = async (): Promise<boolean> => {
    const mark = newMark();
    await readSetup();
    await repeated(() => state.updateOne({ _id: 'setup', usedBy: { $exists: false } }, { $set: { usedBy: mark } }));
    return (await readSetup()).usedBy === mark;
  };

  return {
    isNew,

    // Stored in plain text, because every node prints it. It is worthless after its use, or once there is a site or a
    // token.
    async setupSecret() {
      const { secret, usedBy } = await readSetup();
      if (usedBy === undefined || !isNew()) return secret as string;
      // The process that used it exited before it had created anything.
      await repeated(() =>
        state.updateOne({ _id: 'setup', usedBy }, { $set: { secret: newSetupSecret() }, $unset: { usedBy: '' } }),
      );
      return (await readSetup()).secret as string;
    },

    setUp(added, fields) {
      const site = { _id: added.id, mark: newMark(), site: plainSite(added) };
      return sync.change<IssuedToken | 'over'>(
        {
          whether: 'the set-up was completed',
          advice:
            'check with "hitherto site list" and "hitherto token list", and add what is missing with "site add" and "token add"',
        },
        async () => {
          const isUnused = (await sites.findOne({})) === null && (await tokens.findOne({})) === null;
          if (!isUnused || !(await useSecret())) return { outcome: 'over' };
          await insertOrRead(sites, site);
          const { hash, ...issued } = await insertToken(parts, { ...fields, sites: 'all' });
          return {
            outcome: issued,
            updateCache() {
              putSite(sync, site);
              sync.cache.putToken({ hash, token: issued.token });
            },
          };
        },
      );
    },
  };
}

/** Creates tokens until one has a prefix that no other token has. */
async function insertToken({ tokens, makeToken }: Parts, fields: TokenFields) {
  for (;;) {
    const created = makeToken(fields);
    const { hash, token } = created;
    const stored = await insertOrRead(tokens, { _id: token.prefix, hash, token });
    if (stored.hash === hash) return created;
  }
}

function putSite(sync: AccountSync, { _id: id, mark, site }: Required<SiteDocument>): void {
  sync.hadSite = true;
  sync.cache.putSite({ id, revision: mark, site });
}
