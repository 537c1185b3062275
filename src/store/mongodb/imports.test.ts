import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { naming, startProxy, type TcpProxy } from '../../../test/fixtures/proxy.js';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { exampleSite } from '../contracts/accounts.js';
import { importsContract } from '../contracts/imports.js';
import type { ImportRecord, Imports } from '../imports.js';
import { StoreUnavailable } from '../unavailable.js';
import { type Mongodb, mongodbOf, openMongodb } from './connection.js';
import { openMongodbImports } from './imports.js';

const closers: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function database(uri: string): Promise<Mongodb> {
  const mongodb = await openMongodb(uri);
  closers.push(mongodb.close, () => dropDatabase(mongodb.db));
  return mongodb;
}

describeWith('MONGODB_URI')('on MongoDB', () => {
  importsContract(async () => {
    const uri = mongodbUri() as string;
    return { imports: openMongodbImports(await database(uri)), other: openMongodbImports(await database(uri)) };
  });

  describe('imports behind a bad network', () => {
    let proxy: TcpProxy;
    let far: Imports;
    let near: Imports;

    beforeEach(async () => {
      const uri = mongodbUri() as string;
      const direct = await database(uri);
      proxy = await startProxy(uri);
      closers.push(proxy.close);
      const client = await new MongoClient(proxy.uri, { serverSelectionTimeoutMS: 1500 }).connect();
      closers.push(() => client.close());
      far = openMongodbImports(mongodbOf(client, client.db(direct.db.databaseName), direct.kind));
      near = openMongodbImports(direct);
    });

    const record = (id: string, sha256: string): ImportRecord => ({
      id,
      site: exampleSite,
      key: 'ab',
      beginnings: [{ bytes: 3, sha256 }],
    });
    const begin = (imports: Imports, begun: ImportRecord) =>
      imports.begin(begun, (known) => known.beginnings[0]?.sha256 === begun.beginnings[0]?.sha256);
    const range = (to: number) => ({ number: 1, from: 0, to, receivedAtMs: 5, checksum: 7 });

    it.each([
      ['the answer is lost', () => proxy.swallowAnswers(naming('imports', 'revision'), 1)],
      ['the request is cut', () => proxy.cutRequests(naming('imports', 'revision'), 40, 1)],
    ])('are begun once when %s, for the first and the next import into a site', async (_, fail) => {
      for (const [n, log] of ['one', 'another'].entries()) {
        fail();
        expect(await begin(far, record(`i${n}`, log))).toEqual(record(`i${n}`, log));
        expect(proxy.faults).toBe(n + 1);
        expect(await begin(near, record('j', log))).toEqual(record(`i${n}`, log));
      }
    });

    it.each([
      ['the answer is lost', () => proxy.swallowAnswers(naming('insert', 'import-ranges'), 1)],
      ['the request is cut', () => proxy.cutRequests(naming('insert', 'import-ranges'), 40, 1)],
    ])('decide a range once when %s', async (_, fail) => {
      fail();
      expect(await far.plan('i1', range(100))).toEqual(range(100));
      expect(proxy.faults).toBe(1);
      expect(await near.plan('i1', range(200))).toEqual(range(100));
    });

    it('report when no answer arrives, and return the same decision when the call is repeated', async () => {
      proxy.swallowAnswers(naming('insert'));
      await expect(begin(far, record('i1', 'log'))).rejects.toThrow(StoreUnavailable);
      await expect(far.plan('i1', range(100))).rejects.toThrow(/^MongoDB does not answer; run the same command again .*$/);
      proxy.pass();
      expect(await begin(far, record('i2', 'log'))).toEqual(record('i1', 'log'));
      expect(await far.plan('i1', range(200))).toEqual(range(100));
      expect(await near.range('i1', 1)).toEqual(range(100));
    });
  });
});
