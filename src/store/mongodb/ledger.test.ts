import { afterEach, expect, it } from '@jest/globals';
import { losingMongodb } from '../../../test/fixtures/lossy-mongodb.js';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { utcDay } from '../../time/dates.js';
import { ledgerContract } from '../contracts/ledger.js';
import { type Mongodb, openMongodb } from './connection.js';
import { openMongodbLedger } from './ledger.js';

const opened: Mongodb[] = [];

afterEach(async () => {
  await dropDatabase(opened[0]?.db);
  for (const mongodb of opened.splice(0)) await mongodb.close();
});

describeWith('MONGODB_URI')('on MongoDB', () => {
  ledgerContract(async () => {
    const uri = mongodbUri() as string;
    opened.push(await openMongodb(uri), await openMongodb(uri));
    const [mongodb, another] = opened as [Mongodb, Mongodb];
    return { ledger: openMongodbLedger(mongodb), other: openMongodbLedger(another) };
  });
});

it('keeps all simultaneous entries on an engine that loses simultaneous upserts', async () => {
  const mongodb = losingMongodb();
  const ledgers = Array.from({ length: 20 }, () => openMongodbLedger(mongodb));
  const days = ledgers.map((_, n) => utcDay(Date.UTC(2026, 0, 1 + 2 * n)));
  await Promise.all(
    ledgers.flatMap((ledger, n) => {
      const day = days[n] as string;
      return [ledger.add('rebuild', 'garden', { from: day, to: day }), ledger.done('tidy', 'garden', day)];
    }),
  );
  expect(await ledgers[0]?.days('rebuild', 'garden')).toEqual(days.map((day) => ({ from: day, to: day })));
  expect(await ledgers[0]?.until('tidy', 'garden')).toBe(days.at(-1));
});
