// Sites and tokens on MongoDB, for many nodes. Each holds all of them in memory and answers from there, also while
// MongoDB is away.
//
//   sites     { _id: site id, mark, site }                a site that is deleted leaves its document, without `site`: ids are never used again
//   tokens    { _id: prefix, hash, token }                by its prefix, so that a prefix names one token, and revoking needs no index
//   accounts  { _id: 'version', number }  { _id: 'setup', secret, usedBy: a mark, once it was used }
//
// A change is one write of one document, and the version is raised before it and after it. A node that sees another
// version than it knows reads everything again: at once when the notifier rings, and else when it looks, every two
// seconds. A process may die between its write and the second raise: for that, whoever has seen a raise reads again
// soon, and once more when the write that it announced has come or never will. So nothing is read over and over while
// nothing changes.
import { randomBytes } from 'node:crypto';
import type { Site } from '../../hit/site.js';
import { AccountCache } from '../account-cache.js';
import { hashOf, newSetupSecret, newToken, plainSite, type TokenFields, withoutSite } from '../account-records.js';
import { createRefresh } from '../account-refresh.js';
import { type Accounts, AccountsAway, type IssuedToken, type Token } from '../accounts.js';
import type { ChangeNotifier } from '../change-notifier.js';
import { readSite } from '../site-shape.js';
import type { Mongodb } from './connection.js';
import { insertOrRead, repeated, updateOrMake } from './writes.js';

/** How far a node may be behind when the notifier is broken. A look is a read of one small document. */
const LOOK_EVERY_MS = 2_000;
/**
 * When what a raise has announced is looked for once more, in case the second raise never comes: soon, and when it can no longer
 * arrive. (A write is tried twice here, each time twice by the driver, and each of these is given up after 35 s: mongodb.ts.)
 */
const READ_AGAIN_MS = [10_000, 150_000];

interface SiteDocument {
  readonly _id: string;
  readonly mark: string;
  /** Absent when it was deleted. */
  readonly site?: Site;
}

interface TokenDocument {
  readonly _id: string;
  readonly hash: string;
  readonly token: Token;
}

interface StateDocument {
  readonly _id: 'version' | 'setup';
  readonly number?: number;
  readonly secret?: string;
  readonly usedBy?: string;
}

export interface AccountsOptions {
  readonly lookEveryMs?: number;
  readonly nowMs?: () => number;
  readonly makeToken?: typeof newToken;
}

interface Written<Outcome> {
  readonly outcome: Outcome;
  /** Makes the same change in memory. Without it nothing was changed. */
  readonly hold?: () => void;
}

/** Rejects when MongoDB cannot be read. Closing leaves the connection and the notifier open: whoever opened them closes them. */
export async function openMongodbAccounts(
  mongodb: Mongodb,
  notifier: ChangeNotifier,
  options: AccountsOptions = {},
): Promise<Accounts> {
  const { lookEveryMs = LOOK_EVERY_MS, nowMs = Date.now, makeToken = newToken } = options;
  const concerns = { writeConcern: mongodb.written, readConcern: mongodb.confirmed };
  const sites = mongodb.db.collection<SiteDocument>('sites', concerns);
  const tokens = mongodb.db.collection<TokenDocument>('tokens', concerns);
  const state = mongodb.db.collection<StateDocument>('accounts', concerns);

  const cache = new AccountCache();
  /** Also one that was deleted. */
  let hadSite = false;
  /** The stored version whose content is cache. Undefined: who knows. */
  let known: number | undefined;
  /** When to read everything once more, the next first. */
  let readAgainAtMs: readonly number[] = [];
  /** The version was not raised after what may be a change. */
  let owesRaise = false;
  let isClosed = false;

  // Changes and looks take turns: what a look has read must not undo in memory what was changed meanwhile.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const done = turn.then(act);
    turn = done.catch(() => {});
    return done;
  };

  const raise = async (): Promise<number | undefined> => {
    const add = () => state.findOneAndUpdate({ _id: 'version' }, { $inc: { number: 1 } }, { returnDocument: 'after' });
    return (await updateOrMake(state, { _id: 'version', number: 0 }, add)).number;
  };

  const look = async (): Promise<void> => {
    if (isClosed) return;
    if (owesRaise) {
      await raise();
      owesRaise = false;
      notifier.notify();
    }
    const stored = (await state.findOne({ _id: 'version' }))?.number ?? 0;
    const isRaised = stored !== known;
    if (!isRaised && nowMs() < (readAgainAtMs[0] ?? Number.POSITIVE_INFINITY)) return;
    const [allSites, allTokens] = await Promise.all([sites.find({}).toArray(), tokens.find({}).toArray()]);
    const present = allSites.flatMap(({ _id: id, mark, site }) =>
      site === undefined ? [] : [{ id, mark, ...readSite(id, site) }],
    );
    cache.replaceAll(present, allTokens);
    hadSite = allSites.length > 0;
    known = stored;
    readAgainAtMs = isRaised ? READ_AGAIN_MS.map((ms) => nowMs() + ms) : readAgainAtMs.slice(1);
  };

  /** A look that has not begun yet serves all who ask for one. */
  let isLookWaiting = false;
  const lookSoon = (): void => {
    if (isLookWaiting) return;
    isLookWaiting = true;
    inTurn(() => {
      isLookWaiting = false;
      return look();
    }).catch(() => {}); // what is held goes on being served, and the next look comes
  };

  /** `question` and `advice` are for when nobody knows what became of it. */
  const change = <Outcome>(question: string, advice: string, write: () => Promise<Written<Outcome>>): Promise<Outcome> =>
    inTurn(async () => {
      const before = await raise().catch((error: unknown) => {
        throw new AccountsAway(
          oneLine(`MongoDB takes no changes, and nothing was changed; try again later (${messageOf(error)})`),
        );
      });
      const isOnlyOne = known !== undefined && before === known + 1;
      known = undefined;
      const { outcome, hold } = await write().catch((error: unknown) => {
        owesRaise = true;
        throw new AccountsAway(
          oneLine(`MongoDB gave no answer, so it is unknown whether ${question}; ${advice} (${messageOf(error)})`),
        );
      });
      if (hold === undefined) {
        if (isOnlyOne) known = before;
        return outcome;
      }
      hold();
      const after = await raise().catch(() => undefined);
      owesRaise ||= after === undefined;
      // no one else has changed anything: what is held need not be read again
      if (isOnlyOne && before !== undefined && after === before + 1) known = after;
      notifier.notify();
      return outcome;
    });

  const isNew = (): boolean => !hadSite && cache.tokens().length === 0;

  const holdSite = (site: SiteDocument & { readonly site: Site }): void => {
    hadSite = true;
    cache.putSite({ id: site._id, ...site });
  };

  const insertToken = async (fields: TokenFields) => {
    for (;;) {
      const made = makeToken(fields);
      const { hash, token } = made;
      const stored = await insertOrRead(tokens, { _id: token.prefix, hash, token });
      if (stored.hash === hash) return made;
    }
  };

  const readSetup = () => insertOrRead<StateDocument>(state, { _id: 'setup', secret: newSetupSecret() });

  /** Whether this is the one use of the set-up secret. */
  const useSecret = async (): Promise<boolean> => {
    const mark = newMark();
    await readSetup();
    await repeated(() => state.updateOne({ _id: 'setup', usedBy: { $exists: false } }, { $set: { usedBy: mark } }));
    return (await readSetup()).usedBy === mark;
  };

  await look();
  const endRings = notifier.onChange(lookSoon);
  const timer = setInterval(lookSoon, lookEveryMs);

  return {
    version: () => cache.version,
    refresh: createRefresh(() => inTurn(look)),
    site: (id) => cache.site(id),
    sites: () => cache.sites(),
    damagedSites: () => cache.damagedSites(),

    addSite(added) {
      const site = plainSite(added);
      const document = { _id: site.id, mark: newMark(), site };
      return change<'added' | 'taken'>(
        `the site "${site.id}" was added`,
        'look whether it is there, and if not add it again',
        async () => {
          // The mark tells this one from another of the same content: a repeated insert may meet itself.
          const { mark } = await insertOrRead(sites, document);
          return mark === document.mark ? { outcome: 'added', hold: () => holdSite(document) } : { outcome: 'taken' };
        },
      );
    },

    updateSite(updated) {
      const site = plainSite(updated);
      const document = { mark: newMark(), site };
      return change<'updated' | 'unknown'>(
        `the site "${site.id}" was changed`,
        'look at its settings, and if they are the old ones change them again',
        async () => {
          const { matchedCount } = await repeated(() =>
            sites.replaceOne({ _id: site.id, site: { $exists: true } }, document, { upsert: false }),
          );
          return matchedCount === 1
            ? { outcome: 'updated', hold: () => cache.putSite({ id: site.id, ...document }) }
            : { outcome: 'unknown' };
        },
      );
    },

    removeSite: (id) =>
      change<'removed' | 'unknown'>(`the site "${id}" was deleted`, 'delete it again', async () => {
        // The site last: while it is there, everybody sees that this is not done.
        for (const { hash, token } of await tokens.find({}).toArray()) {
          const left = withoutSite(token, id);
          if (left === undefined) await repeated(() => tokens.deleteOne({ _id: token.prefix, hash }));
          else if (left !== token) await repeated(() => tokens.replaceOne({ _id: token.prefix, hash }, { hash, token: left }));
          if (left !== token) cache.removeToken(token.prefix);
          if (left !== undefined && left !== token) cache.putToken({ hash, token: left });
        }
        const { matchedCount } = await repeated(() =>
          sites.updateOne({ _id: id, site: { $exists: true } }, { $set: { mark: newMark() }, $unset: { site: '' } }),
        );
        const wasThere = matchedCount > 0 || cache.site(id) !== undefined;
        return { outcome: wasThere ? 'removed' : 'unknown', hold: () => cache.removeSite(id) };
      }),

    addToken: (fields) =>
      change(
        'a token was made',
        'if one that nobody has the secret of is in the list of tokens, revoke it; then make another',
        async () => {
          const { hash, ...made } = await insertToken(fields);
          return { outcome: made, hold: () => cache.putToken({ hash, token: made.token }) };
        },
      ),

    token(secret) {
      const hash = hashOf(secret);
      return hash === undefined ? undefined : cache.token(hash);
    },
    tokens: () => cache.tokens(),

    revokeToken: (prefix) =>
      change<'revoked' | 'unknown'>(`the token "${prefix}" was revoked`, 'revoke it again', async () => {
        const { deletedCount } = await repeated(() => tokens.deleteOne({ _id: prefix }));
        // One that was there and is gone may be gone by the try whose answer was lost.
        if (deletedCount === 0 && !cache.hasPrefix(prefix)) return { outcome: 'unknown' };
        return { outcome: 'revoked', hold: () => cache.removeToken(prefix) };
      }),

    isNew,

    // In plain, since every node prints it; it opens nothing any more once it was used, or there was a site or a token.
    async setupSecret() {
      const { secret, usedBy } = await readSetup();
      if (usedBy === undefined || !isNew()) return secret as string;
      // Whoever used it has ended before anything was made.
      await repeated(() =>
        state.updateOne({ _id: 'setup', usedBy }, { $set: { secret: newSetupSecret() }, $unset: { usedBy: '' } }),
      );
      return (await readSetup()).secret as string;
    },

    setUp(added, fields) {
      const site = { _id: added.id, mark: newMark(), site: plainSite(added) };
      return change<IssuedToken | 'over'>(
        'everything was set up',
        'look with "hitherto site list" and "hitherto token list", and add what is missing with "site add" and "token add"',
        async () => {
          const isUnused = (await sites.findOne({})) === null && (await tokens.findOne({})) === null;
          if (!isUnused || !(await useSecret())) return { outcome: 'over' };
          await insertOrRead(sites, site);
          const { hash, ...made } = await insertToken({ ...fields, sites: 'all' });
          return {
            outcome: made,
            hold: () => {
              holdSite(site);
              cache.putToken({ hash, token: made.token });
            },
          };
        },
      );
    },

    async close() {
      isClosed = true;
      clearInterval(timer);
      endRings();
    },
  };
}

function newMark(): string {
  return randomBytes(12).toString('base64url');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
