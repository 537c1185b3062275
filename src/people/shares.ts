// Share links: whoever has one sees the reports of a site, without an account.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { AccountRecords } from '../store/accounts.js';
import { SHARES_OF_SITE_MAX, TooMany } from '../store/too-many.js';
import type { Passwords } from './passwords.js';
import { linkHashOf, newLinkSecret, sha256 } from './secrets.js';

export interface Share {
  /** The hash of its secret. */
  readonly id: string;
  readonly site: string;
  readonly title: string;
  /** Argon2id; absent: none is asked for. */
  readonly password?: string | undefined;
  /** Absent: until it is revoked. */
  readonly untilMs?: number | undefined;
  /** Whether other sites may show the page in a frame. */
  readonly mayBeEmbedded: boolean;
  /** The names of the reports that it shows, and `live`. Absent: everything, also reports of later versions. */
  readonly reports?: readonly string[] | undefined;
  readonly createdAtMs: number;
}

export interface NewShare {
  readonly site: string;
  readonly title: string;
  /** Empty: none. */
  readonly password: string;
  readonly untilMs: number | undefined;
  readonly mayBeEmbedded: boolean;
  readonly reports?: readonly string[] | undefined;
}

export interface Shares {
  /** Returns the secret of the link. Rejects with a TooMany, or if the password cannot be hashed now with a TooBusy. */
  create(share: NewShare): Promise<{ readonly id: string; readonly secret: string }>;
  /** The share with this secret, if it is still valid. Cheap. */
  find(secret: string): Share | undefined;
  /** Those of a site, the newest first, also those that are over. */
  ofSite(site: string): Share[];
  /** Resolves with the share; undefined if the site has no such share. */
  revoke(site: string, id: string): Promise<Share | undefined>;
  /** What a browser keeps to prove that its user knows the password; undefined if the password is wrong. */
  prove(share: Share, password: string): Promise<string | undefined>;
}

/** The store need not be asked for any other text. */
const SHARE_ID = /^[0-9a-f]{64}$/;

const shape = z.object({
  site: z.string(),
  title: z.string(),
  password: z.string().optional(),
  untilMs: z.int().optional(),
  mayBeEmbedded: z.boolean(),
  reports: z.array(z.string()).optional(),
  createdAtMs: z.int(),
});

export function createShares(records: AccountRecords, passwords: Passwords, nowMs: () => number): Shares {
  const read = (id: string, value: unknown): Share | undefined => {
    const { data } = shape.safeParse(value);
    return data && { id, ...data };
  };
  const ofSite = (site: string): Share[] =>
    records
      .records('share')
      .flatMap(([id, value]) => read(id, value) ?? [])
      .filter((share) => share.site === site)
      .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1));
  return {
    async create({ password, untilMs, reports, ...share }) {
      if (ofSite(share.site).length >= SHARES_OF_SITE_MAX) throw tooMany(share.site);
      const secret = newLinkSecret();
      const id = sha256(secret);
      await records.addRecord('share', id, {
        ...share,
        ...(password !== '' && { password: await passwords.hash(password, { lane: 'site', key: share.site }) }),
        ...(untilMs !== undefined && { untilMs }),
        ...(reports !== undefined && { reports: [...reports] }),
        createdAtMs: nowMs(),
      });
      return { id, secret };
    },
    find(secret) {
      const id = linkHashOf(secret);
      const share = id === undefined ? undefined : read(id, records.record('share', id));
      return share === undefined || isOver(share, nowMs()) ? undefined : share;
    },
    ofSite,
    async revoke(site, id) {
      let revoked: Share | undefined;
      if (!SHARE_ID.test(id)) return undefined;
      await records.changeRecord('share', id, (value) => {
        const share = read(id, value);
        revoked = share?.site === site ? share : undefined;
        return revoked === undefined ? (value as object) : undefined;
      });
      return revoked;
    },
    async prove(share, password) {
      return (await passwords.isRight(password, share.password, { lane: 'share', key: share.id })) ? proofOf(share) : undefined;
    },
  };
}

export function isOver({ untilMs }: Share, nowMs: number): boolean {
  return untilMs !== undefined && untilMs <= nowMs;
}

/** Whether the share needs no password, or this is the proof of one who knew it. */
export function mayOpen(share: Share, proof: string): boolean {
  if (share.password === undefined) return true;
  const [given, right] = [Buffer.from(proof), Buffer.from(proofOf(share))];
  return given.length === right.length && timingSafeEqual(given, right);
}

/** Follows from the stored hash, so that it ends when the share gets another password. */
function proofOf({ id, password = '' }: Share): string {
  return createHmac('sha256', password).update(id).digest('base64url');
}

function tooMany(site: string): TooMany {
  return new TooMany({
    en: `${site} has ${SHARES_OF_SITE_MAX} share links, which is the most. Revoke those that nobody uses any more.`,
    de: `${site} hat ${SHARES_OF_SITE_MAX} Freigabelinks, mehr sind nicht möglich. Widerrufen Sie die, die niemand mehr benutzt.`,
  });
}
