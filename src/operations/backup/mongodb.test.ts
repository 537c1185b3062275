import { afterEach } from '@jest/globals';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../../../test/fixtures/servers.js';
import { composeBackups, composeTool } from '../../process/compose.js';
import { openMongodb } from '../../store/mongodb/connection.js';
import { backupsContract } from './contract.js';

describeWith('MONGODB_URI', 'REDIS_URL')('MongoDB', () => {
  const cleanUp: Array<() => Promise<unknown>> = [];
  afterEach(async () => {
    for (const undo of cleanUp.splice(0)) await undo();
  });

  backupsContract(async () => {
    const place = { dataDir: '', mongodbUri: mongodbUri() as string, redisUrl: redisUrl() as string };
    const backups = await composeBackups(place);
    cleanUp.push(async () => {
      await backups.close();
      const { db, close } = await openMongodb(place.mongodbUri);
      await dropDatabase(db);
      await close();
    });
    return { backups, parts: () => composeTool(place) };
  });
});
