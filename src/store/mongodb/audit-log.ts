// The audit log on MongoDB: `{ _id: entry id, stream, entry }`, with an index by stream and id.
import { type AuditEntry, type AuditLog, ENTRIES_OF_STREAM_MAX, firstIdAt, streamOf, streamOfSite } from '../audit-log.js';
import type { Mongodb } from './connection.js';
import { insertOrRead } from './writes.js';

interface AuditDocument {
  readonly _id: string;
  readonly stream: string;
  readonly entry: AuditEntry;
}

export function openMongodbAuditLog({ db, written, confirmed }: Mongodb): AuditLog {
  const entries = db.collection<AuditDocument>('audit', { writeConcern: written, readConcern: confirmed });
  let index: Promise<unknown> | undefined;
  /** Without the index everything works, but more slowly. */
  const createIndex = () => {
    index ??= entries.createIndex({ stream: 1, _id: -1 }).catch(() => {
      index = undefined; // the next entry tries again
    });
    return index;
  };
  const newestFirst = { sort: { _id: -1 } } as const;

  return {
    async add(entry) {
      const stream = streamOf(entry);
      await createIndex();
      await insertOrRead(entries, { _id: entry.id, stream, entry });
      const [oldest] = await entries.find({ stream }, { ...newestFirst, skip: ENTRIES_OF_STREAM_MAX, limit: 1 }).toArray();
      if (oldest !== undefined) await entries.deleteMany({ stream, _id: { $lte: oldest._id } });
    },
    async newest({ site, before, limit }) {
      const filter = {
        ...(site !== undefined && { stream: streamOfSite(site) }),
        ...(before !== undefined && { _id: { $lt: before } }),
      };
      const found = await entries.find(filter, { ...newestFirst, limit }).toArray();
      return found.map(({ entry }) => entry);
    },
    async removeBefore(timeMs) {
      await entries.deleteMany({ _id: { $lt: firstIdAt(timeMs) } });
    },
  };
}
