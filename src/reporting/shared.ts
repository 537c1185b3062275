// Answers that are made once for all who ask for the same reports of the same site in the same state. Whether a reader may see
// them is checked before anybody asks here.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { SiteChanges } from '../store/site-changes.js';
import type { ReportQuery, Reports, SeveralReports } from './port.js';
import { tagOf } from './several.js';

/**
 * An answer is not used for longer than this, even if no hit was counted: other programs, such as a deletion, change documents
 * without notifying this process. Readers of a share link may get it for longer, where it is expensive.
 */
const LIFE_MS = 1_000;
/** The same where other nodes count as well. */
const LIFE_WITH_OTHERS_MS = 500;
/** All answers that are kept, with their packed forms. An answer of a year is 2 MB. */
const KEPT_BYTES_MAX = 32 * 1024 * 1024;
const KEPT_MAX = 2_000;
/** A larger answer would displace too many others. */
const KEPT_BYTES_OF_ONE_MAX = KEPT_BYTES_MAX / 4;
/** Answers that nobody has asked for in this time are dropped. */
const UNUSED_MS_MAX = 60_000;
/** A smaller answer fits into one packet. */
const PACKED_BYTES_MIN = 1024;

export type Packing = 'br' | 'gzip';

const [asBrotli, asGzip] = [promisify(brotliCompress), promisify(gzip)];
/** Packing runs in the threads of zlib, not in the one that answers beacons. */
const PACKINGS: Readonly<Record<Packing, (bytes: Uint8Array) => Promise<Uint8Array>>> = {
  br: (bytes) => asBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes) => asGzip(bytes),
};

/** Reports of one site, each once. */
export interface AskedReports {
  readonly site: string;
  readonly queries: ReadonlyArray<Omit<ReportQuery, 'asOfMs'>>;
  /** The answer is the one report itself, rather than an object of reports. */
  readonly isSingle?: boolean;
}

export interface SharedAnswer extends SeveralReports {
  /** Equal for two answers that differ only in the times up to which they are complete. */
  readonly tag: string;
  /** Every hit received before this time is in the answer. Milliseconds since 1970. */
  readonly asOfMs: number;
  /** Undefined where packing would not help. Packed once for all. */
  packed(packing: Packing): Promise<Uint8Array> | undefined;
}

export interface Terms {
  /** The reader accepts an answer of this age, although more may have been counted since. Default: 0. */
  readonly maxAgeMs?: number;
  /** Called if the answer has to be made. If it rejects, the answer is not made. */
  readonly pay?: () => Promise<void>;
}

export interface SharedReports {
  /** Rejects as `Reports` does. Never returns an older answer than it has returned before to the same question. */
  answer(asked: AskedReports, terms?: Terms): Promise<SharedAnswer>;
  /** Whether an answer that is not older than `maxAgeMs` is kept, or is being made. */
  has(asked: AskedReports, maxAgeMs: number): boolean;
  /** What is kept in memory. */
  kept(): { readonly answers: number; readonly bytes: number };
}

export interface SharedContext {
  readonly reports: Pick<Reports, 'several'>;
  /** Absent: other processes count as well. */
  readonly changes?: SiteChanges | undefined;
  readonly countedUntilMs: () => number;
  /** A clock that is never set back. */
  readonly clockMs?: () => number;
}

interface Making {
  readonly version: number | undefined;
  readonly beganMs: number;
  readonly answer: Promise<SharedAnswer>;
  isMade: boolean;
  bytes: number;
  usedMs: number;
}

export function createSharedReports(context: SharedContext): SharedReports {
  const { reports, changes, countedUntilMs, clockMs = () => performance.now() } = context;
  /** The answers by their questions; the one that was used last is at the end. */
  const kept = new Map<string, Making>();
  let keptBytes = 0;

  const drop = (key: string, making: Making): void => {
    if (kept.get(key) !== making) return;
    kept.delete(key);
    keptBytes -= making.bytes;
  };
  const grow = (key: string, making: Making, bytes: number): void => {
    if (kept.get(key) !== making) return;
    making.bytes += bytes;
    keptBytes += bytes;
    for (const [oldest, old] of kept) {
      const isUnused = clockMs() - old.usedMs > UNUSED_MS_MAX;
      if (keptBytes <= KEPT_BYTES_MAX && kept.size <= KEPT_MAX && !isUnused) return;
      drop(oldest, old);
    }
  };

  const isNew = ({ version, beganMs }: Making, site: string, maxAgeMs: number): boolean => {
    const ageMs = clockMs() - beganMs;
    if (ageMs < maxAgeMs) return true;
    const now = changes?.versionOf(site);
    return now === undefined ? ageMs < LIFE_WITH_OTHERS_MS : now === version && ageMs < LIFE_MS;
  };

  const make = (key: string, { site, queries, isSingle = false }: AskedReports): Making => {
    // the state first: what is counted while the answer is made may be missing in it
    const [version, asOfMs, beganMs] = [changes?.versionOf(site), countedUntilMs(), clockMs()];
    const answer = reports
      .several(queries.map((query) => ({ ...query, asOfMs })))
      .then((made) => sharedAnswer(isSingle ? onlyReport(made) : made, asOfMs, (bytes) => grow(key, making, bytes)));
    const making: Making = { version, beganMs, answer, isMade: false, bytes: 0, usedMs: beganMs };
    const before = kept.get(key);
    if (before !== undefined) drop(key, before);
    kept.set(key, making);
    answer.then(
      ({ body }) => {
        making.isMade = true;
        if (body.length > KEPT_BYTES_OF_ONE_MAX) drop(key, making);
        else grow(key, making, body.length + key.length);
      },
      () => drop(key, making),
    );
    return making;
  };

  return {
    has(asked, maxAgeMs) {
      const making = kept.get(keyOf(asked));
      return making !== undefined && isNew(making, asked.site, maxAgeMs);
    },
    async answer(asked, { maxAgeMs = 0, pay } = {}) {
      const key = keyOf(asked);
      for (let hasPaid = pay === undefined; ; ) {
        const making = kept.get(key);
        if (making !== undefined && isNew(making, asked.site, maxAgeMs)) {
          making.usedMs = clockMs();
          kept.delete(key);
          kept.set(key, making);
          return making.answer;
        }
        // one after the other, so that a newer answer never arrives before an older one
        if (making !== undefined && !making.isMade) await making.answer.catch(() => {});
        else if (!hasPaid) {
          await pay?.();
          hasPaid = true;
        } else return make(key, asked).answer;
      }
    },
    kept: () => ({ answers: kept.size, bytes: keptBytes }),
  };
}

function keyOf({ site, queries, isSingle }: AskedReports): string {
  return JSON.stringify([site, queries, isSingle]);
}

function onlyReport(made: SeveralReports): SeveralReports {
  const [{ begin, end }] = made.parts as [SeveralReports['parts'][number]];
  return { ...made, body: made.body.subarray(begin, end) };
}

function sharedAnswer(made: SeveralReports, asOfMs: number, onPacked: (bytes: number) => void): SharedAnswer {
  const packed = new Map<Packing, Promise<Uint8Array>>();
  const pack = (packing: Packing): Promise<Uint8Array> => {
    const promise = PACKINGS[packing](made.body);
    promise.then(
      ({ length }) => onPacked(length),
      () => packed.delete(packing),
    );
    return promise;
  };
  return {
    ...made,
    asOfMs,
    tag: tagOf(made.parts.map(({ report, tag }) => `${report} ${tag}`).join()),
    packed(packing) {
      if (made.body.length < PACKED_BYTES_MIN) return undefined;
      const promise = packed.get(packing) ?? pack(packing);
      packed.set(packing, promise);
      return promise;
    },
  };
}
