// A site is transferred from one store to another, in all directions between the two modes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../../../test/fixtures/servers.js';
import { plain } from '../../../test/fixtures/trees.js';
import { row, VIEWS } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { composeTool, type ToolParts } from '../../process/compose.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { openMongodb } from '../../store/mongodb/connection.js';
import { utcDay } from '../../time/dates.js';
import { createAnnotations } from '../annotations/annotations.js';
import { capsOf } from '../caps.js';
import { exportSite } from './export-site.js';
import { importSite } from './import-site.js';
import { splitDocument } from './split-document.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-move-'));
const cleanUp: Array<() => Promise<unknown>> = [];
afterAll(async () => {
  for (const undo of cleanUp.reverse()) await undo();
  rmSync(folder, { recursive: true });
});

let made = 0;
const newPath = () => join(folder, String(++made));

async function openEmbedded(): Promise<ToolParts> {
  const parts = await composeTool({ dataDir: newPath() });
  cleanUp.push(() => parts.close());
  return parts;
}

async function openDistributed(): Promise<ToolParts> {
  const uri = mongodbUri() as string;
  const parts = await composeTool({ dataDir: '', mongodbUri: uri, redisUrl: redisUrl() as string });
  cleanUp.push(
    async () => {
      const { db, close } = await openMongodb(uri);
      await dropDatabase(db);
      await close();
    },
    () => parts.close(),
  );
  return parts;
}

const SITE = { ...exampleSite, id: 'garden', timezone: 'UTC' };
const DAYS = 12;

/** Stores days, late hits, a month with more counters than fit into one batch, hundreds of pages, and a year. */
async function fill({ documents, accounts, ledger }: ToolParts): Promise<void> {
  await accounts.addSite(SITE);
  await accounts.addSite({ ...SITE, id: 'other' });
  await createAnnotations(accounts, () => 5).add('garden', { day: '2026-09-02', time: '14:05', text: 'Deployed' });
  const deltas = Array.from({ length: DAYS }, (_, n) => {
    const [traffic, content] = [views(n + 1), views(n + 1)];
    for (let page = 0; page < 150; page++) row(content, 'p', `/${page}.$é`).sum(VIEWS, page + 1);
    const key = utcDay(Date.UTC(2026, 8, 1 + n));
    return [
      { collection: 'traffic.2026', id: `garden:${key}`, counters: traffic, caps: {} },
      { collection: 'content.2026', id: `garden:${key}`, counters: content, caps: capsOf('content.2026') },
      { collection: 'traffic.2026', id: `other:${key}`, counters: views(1), caps: {} },
    ];
  }).flat();
  const month = views(1);
  for (let day = 10; day < 18; day++) {
    for (let register = 0; register < 3000; register++) month.at('D').at(`09-${day}`).sketch('s').add(register, 5);
  }
  const more = [
    { collection: 'traffic.2015.late2026', id: 'garden:2015-05', counters: views(5), caps: {} },
    { collection: 'traffic.years', id: 'garden:2025', counters: views(7), caps: {} },
  ];
  await documents.apply({ node: 'n01', number: 1, checksum: 1 }, [...deltas, ...more], 1);
  // in several updates, because some servers take minutes for a single one
  let number = 1;
  for (const counters of splitDocument(month, [])) {
    const delta = { collection: 'traffic.2026', id: 'garden:2026-09', counters, caps: {} };
    await documents.apply({ node: 'n01', number: ++number, checksum: 1 }, [delta], 1);
  }
  await ledger.done('summarise', 'garden', '2025-12-31');
  await ledger.add('expired', 'garden', { from: '2024-01-01', to: '2024-12-31' });
}

function views(count: number): Counters {
  const counters = new Counters();
  counters.sum('v', count);
  counters.at('t').max('newest', `000${count} Über`);
  return counters;
}

async function contentOf({ accounts, documents, ledger }: ToolParts, site: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const collection of await documents.collections()) {
    for await (const id of documents.ids(collection, site)) {
      found[`${collection}/${id.slice(site.length + 1)}`] = plain((await documents.read([{ collection, id }]))[0] as Counters);
    }
  }
  const annotations = createAnnotations(accounts, () => 5).ofSite(site);
  return { found, annotations, ledger: [await ledger.until('summarise', site), await ledger.days('expired', site)] };
}

const exported = async (from: ToolParts, path = newPath()): Promise<string> => {
  const annotations = createAnnotations(from.accounts, () => 5).ofSite('garden');
  const options = {
    path,
    site: from.accounts.site('garden') as typeof SITE,
    annotations,
    version: '0',
    nowMs: Date.UTC(2026, 10, 20),
  };
  expect(await exportSite(from.documents, from.ledger, { ...options, onShare: () => {}, isStopped: () => false })).toMatchObject({
    changed: false,
  });
  return path;
};

const importing = (into: ToolParts, path: string, changes: Partial<Parameters<typeof importSite>[1]> = {}) =>
  importSite(into, {
    path,
    same: false,
    nowMs: () => Date.UTC(2026, 10, 20),
    onShare: () => {},
    isStopped: () => false,
    ...changes,
  });

function directions(openFrom: () => Promise<ToolParts>, openTo: () => Promise<ToolParts>): void {
  it('has the same settings, documents and ledger afterwards, and the same file is added only once', async () => {
    const [from, to] = [await openFrom(), await openTo()];
    await fill(from);
    const path = await exported(from);
    expect(await importing(to, path)).toEqual({
      id: 'garden',
      documents: 2 * DAYS + 3,
      already: false,
      rejected: 0,
      complete: true,
    });
    const before = await contentOf(from, 'garden');
    expect(await contentOf(to, 'garden')).toEqual(before);
    expect(to.accounts.site('garden')).toEqual(SITE);
    expect(to.accounts.site('other')).toBeUndefined();
    expect(await importing(to, path)).toMatchObject({ already: true, complete: true });
    expect(await contentOf(to, 'garden')).toEqual(before);
  });

  it('continues where it was stopped, while hits of the site are counted', async () => {
    const [from, to] = [await openFrom(), await openTo()];
    await fill(from);
    const path = await exported(from);
    const today = { collection: 'traffic.2026', id: 'garden:2026-09-05', counters: views(1000), caps: {} };
    let runs = 0;
    for (let number = 1; ; number++) {
      let steps = 0;
      const { complete } = await importing(to, path, { isStopped: () => ++steps > 16 });
      await to.documents.apply({ node: 'n02', number, checksum: 1 }, [today], 1);
      runs++;
      if (complete) break;
    }
    expect(runs).toBeGreaterThan(1);
    const [expected] = await from.documents.read([today]);
    const [found] = await to.documents.read([today]);
    expect(found?.get('v')).toBe((expected?.get('v') ?? 0) + 1000 * runs);
    const content = async (parts: ToolParts) => {
      const { found } = await contentOf(parts, 'garden');
      return Object.fromEntries(Object.entries(found as object).filter(([name]) => !name.endsWith('2026-09-05')));
    };
    expect(await content(to)).toEqual(await content(from));
  });

  it('is refused if something would be counted twice, or two sites would be mixed', async () => {
    const [from, to] = [await openFrom(), await openTo()];
    await fill(from);
    const path = await exported(from);
    await expect(importing(from, path)).rejects.toThrow(/is the site that was exported/);
    await expect(importing(from, path, { same: true })).rejects.toThrow(/is the site that was exported/);
    await expect(importing(from, path, { as: 'other' })).rejects.toThrow(/"other" is already a site here.*--same.*--id/);
    await importing(to, path);
    await expect(importing(to, await exported(from))).rejects.toThrow(
      /another export of this site was already added to "garden"/,
    );
    await to.accounts.addSite({ ...SITE, id: 'berlin', timezone: 'Europe/Berlin' });
    await expect(importing(to, path, { as: 'berlin', same: true })).rejects.toThrow(/time zone Europe\/Berlin here and UTC/);
    await expect(importing(to, path, { as: 'No' })).rejects.toThrow(/cannot be a site's id/);
  });

  it('is added to an existing site with --same, or becomes a site with another id', async () => {
    const [from, to] = [await openFrom(), await openTo()];
    await fill(from);
    const path = await exported(from);
    await to.accounts.addSite({ ...SITE, title: 'Mine', createdAtMs: SITE.createdAtMs + 5 });
    await expect(importing(to, path)).rejects.toThrow(/--same/);
    await importing(to, path, { same: true });
    expect(to.accounts.site('garden')?.title).toBe('Mine');
    await importing(to, path, { as: 'copy' });
    expect(await contentOf(to, 'copy')).toEqual(await contentOf(from, 'garden'));
    expect(await contentOf(to, 'garden')).toEqual(await contentOf(from, 'garden'));
  });
}

describe('a site that is transferred from one embedded service to another', () => {
  directions(openEmbedded, openEmbedded);

  it('is refused if the file is damaged, truncated or of another kind', async () => {
    const [from, to] = [await openEmbedded(), await openEmbedded()];
    await fill(from);
    const path = await exported(from);
    const text = gunzipSync(readFileSync(path)).toString();
    const lines = text.split('\n');
    const changed = (to: string): string => {
      const other = newPath();
      writeFileSync(other, gzipSync(to));
      return other;
    };
    await expect(importing(to, changed(text.replace('"v":3', '"v":4')))).rejects.toThrow(/is damaged: its checksum differs/);
    await expect(importing(to, changed(`${lines.slice(0, 20).join('\n')}\n`))).rejects.toThrow(/is truncated/);
    await expect(importing(to, changed('{"hitherto":"backup"}\n'))).rejects.toThrow(/is not an export of a site/);
    await expect(importing(to, changed('nothing\n'))).rejects.toThrow(/not JSON/);
    const elsewhere = text.replace('"collection":"traffic.2026"', '"collection":"tokens"');
    await expect(importing(to, changed(elsewhere))).rejects.toThrow(
      /, line \d+, is not as expected: it is not a document of counters/,
    );
    await expect(importing(to, changed(text.replace(/"export":"./, '"export":"-')))).rejects.toThrow(
      /, line 1, is not as expected: export:/,
    );
    const packed = newPath();
    writeFileSync(packed, readFileSync(path).subarray(0, 2000));
    await expect(importing(to, packed)).rejects.toThrow(/is damaged: unexpected end of file/);
    await expect(importing(to, newPath())).rejects.toThrow(/there is no file/);
    expect(to.accounts.sites()).toEqual([]);
    expect(await to.documents.collections()).toEqual([]);
  });

  it('reports hits that were counted during the export, and leaves no file if it is stopped', async () => {
    const from = await openEmbedded();
    await fill(from);
    const nowMs = Date.UTC(2026, 9, 10);
    const options = { site: SITE, version: '0', nowMs, isStopped: () => false };
    let number = 9;
    const summary = await exportSite(from.documents, from.ledger, {
      ...options,
      path: newPath(),
      onShare: (share) => {
        const delta = { collection: 'traffic.2026', id: 'garden:2026-10-10', counters: views(1), caps: {} };
        if (share === 1) void from.documents.apply({ node: 'n01', number: ++number, checksum: 1 }, [delta], 1);
      },
    });
    expect(summary).toMatchObject({ changed: true });
    const path = newPath();
    expect(
      await exportSite(from.documents, from.ledger, { ...options, path, onShare: () => {}, isStopped: () => true }),
    ).toBeUndefined();
    await exported(from, path);
    await expect(exported(from, path)).rejects.toThrow(/exists already/);
  });
});

describeWith('MONGODB_URI', 'REDIS_URL')('a site that is transferred', () => {
  describe('from an embedded service to MongoDB', () => directions(openEmbedded, openDistributed));
  describe('from MongoDB to an embedded service', () => directions(openDistributed, openEmbedded));
});
