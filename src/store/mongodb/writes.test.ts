import { describe, expect, it } from '@jest/globals';
import { type Collection, MongoNetworkError, MongoServerError } from 'mongodb';
import { losingMongodb } from '../../../test/fixtures/lossy-mongodb.js';
import { insertOrRead, untilNotBusy, updateOrCreate } from './writes.js';

interface Named {
  _id: string;
  by: string;
}

const duplicate = () => new MongoServerError({ code: 11000, message: 'any message of a server' });
const cut = () => new MongoNetworkError('connection closed');

/** A collection with these answers to inserts and to reads, each in order. */
function scripted(inserts: ReadonlyArray<'in' | Error>, reads: ReadonlyArray<Named | null> = []) {
  const [inserting, reading] = [[...inserts], [...reads]];
  return {
    async insertOne() {
      const answer = inserting.shift();
      if (answer !== 'in') throw answer;
    },
    async findOne() {
      return reading.shift() ?? null;
    },
  } as unknown as Collection<Named>;
}

describe('an insert that decides which document is first', () => {
  const mine = { _id: 'a', by: 'me' };
  const yours = { _id: 'a', by: 'you' };

  it('returns its document if that was first', async () => {
    expect(await insertOrRead(scripted(['in']), mine)).toEqual(mine);
  });

  it('returns the other document if that was first, for any message of the server', async () => {
    expect(await insertOrRead(scripted([duplicate()], [yours]), mine)).toEqual(yours);
  });

  it('is repeated after a lost answer, and finds its own document', async () => {
    expect(await insertOrRead(scripted([cut(), duplicate()], [mine]), mine)).toEqual(mine);
  });

  it('waits until the first document is on a majority', async () => {
    expect(await insertOrRead(scripted([duplicate(), duplicate()], [null, yours]), mine)).toEqual(yours);
  });

  it('is first if a failover has removed the other document', async () => {
    expect(await insertOrRead(scripted([duplicate(), 'in'], [null]), mine)).toEqual(mine);
  });

  it('rejects when the second answer is lost as well, and at once for any other error', async () => {
    await expect(insertOrRead(scripted([cut(), cut()]), mine)).rejects.toThrow('connection closed');
    const refused = new MongoServerError({ code: 13, message: 'not authorized' });
    await expect(insertOrRead(scripted([refused]), mine)).rejects.toThrow('not authorized');
  });
});

describe('an update of a document that may not exist', () => {
  const raise = (collection: Collection<{ _id: string; number: number }>) =>
    collection.updateOne({ _id: 'a' }, { $inc: { number: 1 } });
  const counted = () => losingMongodb().db.collection<{ _id: string; number: number }>('counts');

  it('is lost as an upsert on some engines when there are several at once', async () => {
    const collection = counted();
    const upsert = () => collection.updateOne({ _id: 'a' }, { $inc: { number: 1 } }, { upsert: true });
    await Promise.all(Array.from({ length: 20 }, upsert));
    expect((await collection.findOne({ _id: 'a' }))?.number).toBeLessThan(20);
  });

  it('is not lost if the document is created first', async () => {
    const collection = counted();
    await Promise.all(
      Array.from({ length: 20 }, () => updateOrCreate(collection, { _id: 'a', number: 0 }, () => raise(collection))),
    );
    expect((await collection.findOne({ _id: 'a' }))?.number).toBe(20);
  });

  it('is repeated when the connection breaks, and rejects when it breaks again', async () => {
    const collection = counted();
    const answers = [cut(), { matchedCount: 1 }, cut(), cut()];
    const update = async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer as { matchedCount: number };
    };
    expect(await updateOrCreate(collection, { _id: 'a', number: 0 }, update)).toEqual({ matchedCount: 1 });
    await expect(updateOrCreate(collection, { _id: 'a', number: 0 }, update)).rejects.toThrow('connection closed');
  });
});

describe('a change of a collection', () => {
  const failing = (...errors: unknown[]) => {
    let tries = 0;
    const change = async () => {
      const error = errors[tries++];
      if (error !== undefined) throw error;
      return 'done';
    };
    return { change, tries: () => tries };
  };
  const refused = (code: number | undefined, message: string) => new MongoServerError({ code, message });

  it('is tried again while the server is busy with the same change, for any of its errors', async () => {
    const { change, tries } = failing(
      refused(117, 'ConflictingOperationInProgress'),
      refused(46, 'LockBusy'),
      refused(undefined, 'deadlock detected'),
      cut(),
    );
    expect(await untilNotBusy(change)).toBe('done');
    expect(tries()).toBe(5);
  });

  it.each([
    ['the server refuses it permanently', refused(13, 'not authorized')],
    ['there is no such command', refused(59, 'no such command')],
    ['there is any other error', new TypeError('not a function')],
  ])('rejects at once when %s', async (_, error) => {
    const { change, tries } = failing(error);
    await expect(untilNotBusy(change)).rejects.toBe(error);
    expect(tries()).toBe(1);
  });
});
