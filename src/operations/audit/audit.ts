// Adds entries to the audit log, for the pages, the API and commands, and reads it page by page.
import { type Actor, type AuditEntry, type AuditedChange, type AuditLog, createEntryIds } from '../../store/audit-log.js';
import { within } from '../../system/within.js';

/** A person should not wait longer for a store that has become unavailable since the change. */
const WAIT_MS_MAX = 2_000;

export interface AuditPage {
  /** The newest first. */
  readonly entries: readonly AuditEntry[];
  /** `before` of the next page; absent on the last one. */
  readonly next?: string;
}

export interface Audit {
  /**
   * Call it after the change was made. Never rejects: if the entry cannot be stored, that is logged. Without a change,
   * nothing is recorded.
   */
  record(who: Actor, change: AuditedChange | undefined): Promise<void>;
  /** `site` absent: of the whole installation. Returns undefined if the store does not answer. */
  page(query: {
    readonly site?: string;
    readonly before?: string | undefined;
    readonly limit: number;
  }): Promise<AuditPage | undefined>;
}

export interface AuditOptions {
  readonly nowMs: () => number;
  /** Called with one line about an entry that is missing, or a log that could not be read. */
  readonly onProblem: (problem: string) => void;
  readonly waitMs?: number;
}

export function createAudit(log: AuditLog, { nowMs, onProblem, waitMs = WAIT_MS_MAX }: AuditOptions): Audit {
  const newId = createEntryIds();

  return {
    async record(who, change) {
      if (change === undefined) return;
      const atMs = nowMs();
      const { action, site } = change;
      const adding = Promise.resolve()
        .then(() => log.add({ id: newId(atMs), atMs, who, ...change }))
        .catch((error: unknown) =>
          onProblem(`the audit log has no entry about ${action}${site === undefined ? '' : ` of ${site}`}: ${textOf(error)}`),
        );
      await within(adding, waitMs);
    },
    async page({ site, before, limit }) {
      const query = { ...(site !== undefined && { site }), ...(before !== undefined && { before }), limit: limit + 1 };
      const reading = log.newest(query).catch((error: unknown) => {
        onProblem(`the audit log could not be read: ${textOf(error)}`);
        return undefined;
      });
      const found = await within(reading, waitMs);
      if (found === undefined) return undefined;
      const entries = found.slice(0, limit);
      const last = entries.at(-1);
      return found.length > limit && last !== undefined ? { entries, next: last.id } : { entries };
    },
  };
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
}
