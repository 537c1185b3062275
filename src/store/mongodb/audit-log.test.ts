import { afterEach } from '@jest/globals';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { auditLogContract } from '../contracts/audit-log.js';
import { openMongodbAuditLog } from './audit-log.js';
import { type Mongodb, openMongodb } from './connection.js';

const opened: Mongodb[] = [];

afterEach(async () => {
  await dropDatabase(opened[0]?.db);
  for (const mongodb of opened.splice(0)) await mongodb.close();
});

describeWith('MONGODB_URI')('on MongoDB', () => {
  auditLogContract(async () => {
    const uri = mongodbUri() as string;
    opened.push(await openMongodb(uri), await openMongodb(uri));
    const [mongodb, another] = opened as [Mongodb, Mongodb];
    return { log: openMongodbAuditLog(mongodb), other: openMongodbAuditLog(another) };
  });
});
