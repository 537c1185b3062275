import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { DocumentKind } from '../../collections/document-kind.js';
import { ROWS, row, VIEWS } from '../counters/cap.js';
import { Counters } from '../counters/counters.js';
import type { Job, Jobs, Work } from '../sharing/jobs.js';
import type { Accounts } from '../store/accounts.js';
import { exampleSite } from '../store/contracts/accounts.js';
import type { Documents } from '../store/documents.js';
import { openLmdbAuditLog } from '../store/lmdb/audit-log.js';
import { openLmdbDocuments } from '../store/lmdb/documents.js';
import { openEnvironment } from '../store/lmdb/environment.js';
import { openLmdbImports } from '../store/lmdb/imports.js';
import { openLmdbLedger } from '../store/lmdb/ledger.js';
import { openLmdbNodes } from '../store/lmdb/nodes.js';
import { COMPACT, compactDays, daysToCompact } from './compact.js';
import { collectionsSoonNeeded, overdueSites, startUpkeep } from './schedule.js';

const CAP = 8;
const keep = { day: { months: 3 }, month: 'always' };
const DOCUMENT_KINDS = [{ name: 'content', caps: { p: CAP }, keep }] as unknown as DocumentKind[];
const at = (iso: string) => Date.parse(iso);
const site = { ...exampleSite, timezone: 'Asia/Tokyo', createdAtMs: at('2026-10-29T20:00:00Z') }; // it is 30 October there

const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  return {
    documents: openLmdbDocuments(root),
    nodes: openLmdbNodes(root),
    ledger: openLmdbLedger(root),
    imports: openLmdbImports(root),
    auditLog: openLmdbAuditLog(root),
  };
}

const idOf = (key: string) => ({ collection: 'content.2026', id: `garden:${key}` });

/** Documents with one row more than the cap: allowed while they are counted into. */
async function fill(documents: Documents, keys: readonly string[]): Promise<void> {
  const deltas = keys.map((key) => {
    const counters = new Counters();
    for (let i = 0; i <= CAP; i++) row(counters, 'p', `/${i}`).sum(VIEWS, i + 1);
    return { ...idOf(key), counters, caps: { p: CAP } };
  });
  await documents.apply({ node: 'node', number: 1, checksum: 1 }, deltas, 0);
}

async function rows(documents: Documents, key: string): Promise<number> {
  const [document] = await documents.read([idOf(key)]);
  return (document as Counters).below('p').below(ROWS).fields.size;
}

describe('the days to compact', () => {
  it('ended at least two days ago in the time zone of the site, and begin with its creation', () => {
    expect(daysToCompact(site, undefined, at('2026-11-02T14:59:59Z'))).toEqual({ from: '2026-10-30', to: '2026-10-30' });
    expect(daysToCompact(site, undefined, at('2026-11-02T15:00:00Z'))).toEqual({ from: '2026-10-30', to: '2026-10-31' });
    expect(daysToCompact(site, undefined, at('2026-10-30T12:00:00Z'))).toBeUndefined();
  });

  it('begin after the last compacted day', () => {
    expect(daysToCompact(site, '2026-10-30', at('2026-11-05T12:00:00Z'))).toEqual({ from: '2026-10-31', to: '2026-11-02' });
    expect(daysToCompact(site, '2026-11-02', at('2026-11-05T12:00:00Z'))).toBeUndefined();
  });
});

describe('compacting', () => {
  it('rewrites the documents of the days, and of months that end with them, and records its progress', async () => {
    const { documents, ledger } = open();
    await fill(documents, ['2026-10-30', '2026-10-31', '2026-10', '2026-11-01', '2026-11']);
    await compactDays({
      documents,
      ledger,
      kinds: DOCUMENT_KINDS,
      site: 'garden',
      days: { from: '2026-10-30', to: '2026-10-31' },
      isStopped: () => false,
    });
    const sizes = await Promise.all(
      ['2026-10-30', '2026-10-31', '2026-10', '2026-11-01', '2026-11'].map((key) => rows(documents, key)),
    );
    expect(sizes).toEqual([CAP, CAP, CAP, CAP + 1, CAP + 1]);
    expect(await ledger.until(COMPACT, 'garden')).toBe('2026-10-31');
  });

  it('continues where it was stopped', async () => {
    const { documents, ledger } = open();
    let days = 0;
    const span = { from: '2026-10-01', to: '2026-10-05' };
    await compactDays({
      documents,
      ledger,
      kinds: DOCUMENT_KINDS,
      site: 'garden',
      days: span,
      isStopped: () => ++days > 3,
    });
    expect(await ledger.until(COMPACT, 'garden')).toBe('2026-10-03');
  });

  it('fails while a document is being counted into, so that it is tried again', async () => {
    const { documents, ledger } = open();
    const busy: Documents = { ...documents, compact: async () => 'busy' };
    const span = { from: '2026-10-30', to: '2026-10-30' };
    await expect(
      compactDays({ documents: busy, ledger, kinds: DOCUMENT_KINDS, site: 'garden', days: span, isStopped: () => false }),
    ).rejects.toThrow('being counted into');
    expect(await ledger.until(COMPACT, 'garden')).toBeUndefined();
  });
});

describe('the upkeep', () => {
  const nowMs = () => at('2026-11-05T12:00:00Z');
  const accounts = { sites: () => [site], site: () => site } as unknown as Accounts;

  function recorded() {
    const added: Job[] = [];
    let handlers: Readonly<Record<string, Work>> = {};
    const jobs: Jobs = {
      async add(job) {
        added.push(job);
      },
      async every(_, job) {
        added.push(job);
      },
      work(given) {
        handlers = given;
      },
      state: async () => ({ reachable: true, waiting: 0, failed: [] }),
      close: async () => {},
    };
    const run = async (job: Job) => handlers[job.name]?.(job, () => false);
    return { jobs, added, run };
  }

  it('finds what is due without the queue, and nothing that is done already', async () => {
    const { documents, nodes, ledger, imports, auditLog } = open();
    const { jobs, added, run } = recorded();
    const parts = {
      jobs,
      accounts,
      documents,
      nodes,
      ledger,
      imports,
      auditLog,
      archives: undefined,
      kinds: DOCUMENT_KINDS,
      nowMs,
      forgetAfterMs: 0,
    };
    const end = startUpkeep(parts);
    const look = added.splice(0)[0] as Job;
    expect(await overdueSites({ accounts, ledger, nowMs })).toBe(1);
    await run(look);
    const first = added.splice(0);
    await run(look);
    expect(added.splice(0)).toEqual(first);
    expect(first).toEqual([
      { name: 'tidy', id: 'garden', data: { site: 'garden', from: '2026-10-30', to: '2026-11-02' } },
      { name: 'expire', id: 'garden', data: { site: 'garden' } },
    ]);
    await Promise.all([...first, ...first].map(run));
    await run(look);
    expect(added).toEqual([]);
    expect(await overdueSites({ accounts, ledger, nowMs })).toBe(0);
    end();
  });

  it('creates the collections of the next year in December', () => {
    expect(collectionsSoonNeeded(DOCUMENT_KINDS, at('2026-11-30T23:00:00Z'))).toEqual(['content.2026']);
    expect(collectionsSoonNeeded(DOCUMENT_KINDS, at('2026-12-01T00:00:00Z'))).toEqual(['content.2026', 'content.2027']);
  });
});
