// Watches every command that is sent to MongoDB during all work on counters. Each must name its documents.

import { afterAll, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { kindsByReport } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { row, VIEWS } from '../../src/counters/cap.js';
import { Counters } from '../../src/counters/counters.js';
import { createFold } from '../../src/counting/fold.js';
import { createReporter } from '../../src/reporting/report.js';
import { databaseName, type Mongodb, mongodbOf } from '../../src/store/mongodb/connection.js';
import { openMongodbDocuments } from '../../src/store/mongodb/documents.js';
import { openMongodbLedger } from '../../src/store/mongodb/ledger.js';
import { compactDays } from '../../src/upkeep/compact.js';
import { plainHit } from '../fixtures/hits.js';
import { memoryLedger } from '../fixtures/ledger.js';
import { describeWith, dropDatabase, mongodbUri } from '../fixtures/servers.js';

type Command = Record<string, unknown>;

/** Collections of the service without counters; ranges of these may be read. */
const NO_COUNTERS = new Set([
  'nodes',
  'ledger',
  'setaside',
  'sites',
  'tokens',
  'records',
  'accounts',
  'imports',
  'import-ranges',
  'import-traces',
]);
/** Commands about servers, sessions and names, which name no documents. */
const NO_DOCUMENTS = new Set([
  'hello',
  'ismaster',
  'isMaster',
  'listCollections',
  'create',
  'endSessions',
  'dropDatabase',
  'getMore',
  'killCursors',
]);

describeWith('MONGODB_URI')('commands sent to MongoDB', () => {
  const commands: Array<[name: string, command: Command]> = [];
  let client: MongoClient;
  let mongodb: Mongodb;

  afterAll(async () => {
    await dropDatabase(mongodb.db);
    await client.close();
  });

  it('name an _id in every operation on counters', async () => {
    const uri = mongodbUri() as string;
    client = new MongoClient(uri, { monitorCommands: true });
    client.on('commandStarted', ({ commandName, command }) => commands.push([commandName, command as Command]));
    mongodb = mongodbOf(client, client.db(databaseName(uri)), 'standalone');
    const [documents, other] = [openMongodbDocuments(mongodb), openMongodbDocuments(mongodb)];

    const fold = createFold(DOCUMENT_KINDS);
    for (const path of ['/', '/one', '/two']) fold.hit(plainHit(Date.parse('2026-11-20T10:00:00Z'), { path }));
    const deltas = fold.deltas();
    const segment = { node: 'node', number: 1, checksum: 1 };
    // Duplicate keys, and how they are resolved.
    await Promise.all([documents.apply(segment, deltas, 5), other.apply(segment, deltas, 5)]);
    await documents.apply({ node: 'late', number: 1, checksum: 1 }, deltas, 5);
    const many = new Counters();
    for (let i = 0; i < 60; i++) row(many, 'p', `/${i}`).sum(VIEWS);
    const full = { collection: 'content.2026', id: 'one:2026-11-20', counters: many, caps: { p: 40 } };
    await documents.apply({ ...segment, number: 2 }, [full], 5); // a compare-and-set
    await documents.apply({ ...segment, number: 3 }, [{ ...full, collection: 'content.2024' }], 5); // and an insertion
    const report = createReporter(documents, memoryLedger(), DOCUMENT_KINDS);
    for (const name of kindsByReport(DOCUMENT_KINDS).keys()) {
      await report({
        report: name,
        site: 'one',
        timezone: 'UTC',
        from: '2026-10-30',
        to: '2026-11-20',
        limit: 10,
        search: '',
        page: '',
        asOfMs: 0,
      });
    }
    await compactDays({
      documents,
      ledger: openMongodbLedger(mongodb),
      kinds: DOCUMENT_KINDS,
      site: 'one',
      days: { from: '2026-11-20', to: '2026-11-20' },
      isStopped: () => false,
    });
    await documents.rewriteGroup('content.2026', ['one:2026-11-20', 'one:2026-11'], (held) => {
      expect(held[1]?.counters?.get('v')).toBeGreaterThan(0);
      return new Map([['one:2026-11', many]]);
    });
    await documents.forgetNodes('content.2026', ['one:2026-11-20', 'one:2026-11'], ['late']);

    expect(commands.length).toBeGreaterThan(20);
    expect(new Set(commands.map(([name]) => name))).toEqual(
      new Set([...['find', 'update', 'insert', 'listCollections'], ...others()]),
    );
    expect(commands.filter(([name, command]) => !namesIds(name, command))).toEqual([]);
  });

  /** What drivers send by themselves. */
  const others = () => commands.map(([name]) => name).filter((name) => NO_DOCUMENTS.has(name));

  it('would be reported here without an _id', () => {
    expect(namesIds('find', { find: 'content.2026', filter: {} })).toBe(false);
    expect(namesIds('find', { find: 'content.2026', filter: { _id: { $gte: 'one:' } } })).toBe(false);
    expect(namesIds('update', { update: 'content.2026', updates: [{ q: { 'k.node': 1 } }] })).toBe(false);
    expect(namesIds('aggregate', { aggregate: 'content.2026', pipeline: [] })).toBe(false);
    expect(namesIds('delete', { delete: 'content.2026', deletes: [{ q: {} }] })).toBe(false);
  });
});

function namesIds(name: string, command: Command): boolean {
  if (NO_DOCUMENTS.has(name)) return true;
  if (NO_COUNTERS.has(String(command[name]))) return true;
  if (name === 'find') return isId((command.filter as Command)._id);
  if (name === 'insert') return (command.documents as Command[]).every(({ _id }) => typeof _id === 'string');
  if (name === 'update') return (command.updates as Array<{ q: Command }>).every(({ q }) => isId(q._id));
  return false;
}

function isId(asked: unknown): boolean {
  if (typeof asked === 'string') return true;
  const list = (asked as { $in?: unknown } | undefined)?.$in;
  return Array.isArray(list) && list.every((id) => typeof id === 'string');
}
