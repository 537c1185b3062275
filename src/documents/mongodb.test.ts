import { afterEach } from '@jest/globals';
import { describeWith, mongodbUri } from '../../test/fixtures/servers.js';
import { type Mongodb, openMongodb } from '../mongodb.js';
import { documentsContract } from './contract.js';
import { openMongodbDocuments } from './mongodb.js';

const opened: Mongodb[] = [];

afterEach(async () => {
  const [first] = opened;
  await first?.db.dropDatabase();
  for (const mongodb of opened.splice(0)) await mongodb.close();
});

describeWith('MONGODB_URI')('on MongoDB', () => {
  documentsContract(async () => {
    const uri = mongodbUri() as string;
    opened.push(await openMongodb(uri), await openMongodb(uri));
    const [mongodb, another] = opened as [Mongodb, Mongodb];
    return { documents: openMongodbDocuments(mongodb), other: openMongodbDocuments(another) };
  });
});
