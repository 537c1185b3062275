import { afterEach, expect, it } from '@jest/globals';
import { describeWith, dropDatabase, mongodbUri } from '../../../test/fixtures/servers.js';
import { openMongodb } from './connection.js';
import { announce, announceLater, othersPresent, PROCESSES } from './presence.js';

const closers: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describeWith('MONGODB_URI')('processes that use a database', () => {
  const open = async () => {
    const mongodb = await openMongodb(mongodbUri() as string);
    closers.push(mongodb.close, () => dropDatabase(mongodb.db));
    return {
      mongodb,
      processes: mongodb.db.collection<{ _id: string; what?: string; beats?: number; atMs?: number }>(PROCESSES),
    };
  };

  it('see each other while they run, and leave no entries', async () => {
    const { mongodb, processes } = await open();
    const one = await announce(mongodb, 'a worker');
    const two = await announce(mongodb, 'a restore');
    const [seenByOne, seenByTwo] = await Promise.all([othersPresent(mongodb, one.id), othersPresent(mongodb, two.id)]);
    expect(seenByOne).toEqual([expect.stringMatching(new RegExp(`^a restore \\(process ${process.pid} on .+\\)$`))]);
    expect(seenByTwo).toEqual([expect.stringMatching(/^a worker /)]);
    await one.close();
    expect(await othersPresent(mongodb, two.id)).toEqual([]);
    await two.close();
    expect(await processes.countDocuments()).toBe(0);
  });

  it('that were killed are not considered running, and are removed after a day', async () => {
    const { mongodb, processes } = await open();
    const now = Date.now();
    await processes.insertMany([
      { _id: 'today', what: 'a worker', beats: 7, atMs: now - 3_600_000 },
      { _id: 'long ago', what: 'a worker', beats: 7, atMs: now - 90_000_000 },
    ]);
    const presence = await announce(mongodb, 'a restore');
    expect(await othersPresent(mongodb, presence.id)).toEqual([]);
    expect((await processes.find({ _id: { $ne: presence.id } }).toArray()).map(({ _id }) => _id)).toEqual(['today']);
    await presence.close();
  });

  it('write nothing if they exit soon', async () => {
    const { mongodb, processes } = await open();
    await announceLater(mongodb, 'a command').close();
    expect(await processes.countDocuments()).toBe(0);
    const longer = announceLater(mongodb, 'a command');
    while ((await processes.countDocuments()) === 0);
    await longer.close();
    expect(await processes.countDocuments()).toBe(0);
  });
});
