import { describe, expect, it } from '@jest/globals';
import { type Collection, MongoNetworkError, MongoServerError } from 'mongodb';
import { insertOrRead } from './mongodb-writes.js';

interface Named {
  _id: string;
  by: string;
}

const duplicate = () => new MongoServerError({ code: 11000, message: 'in the words of some server' });
const cut = () => new MongoNetworkError('connection closed');

/** A collection that answers as it is told: inserts in order, then reads in order. */
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

describe('an insert that decides who was first', () => {
  const mine = { _id: 'a', by: 'me' };
  const yours = { _id: 'a', by: 'you' };

  it('gives back the document when it was', async () => {
    expect(await insertOrRead(scripted(['in']), mine)).toEqual(mine);
  });

  it('gives back the other when that was, whatever the server says in words', async () => {
    expect(await insertOrRead(scripted([duplicate()], [yours]), mine)).toEqual(yours);
  });

  it('is repeated when its answer was lost, and finds itself', async () => {
    expect(await insertOrRead(scripted([cut(), duplicate()], [mine]), mine)).toEqual(mine);
  });

  it('waits until the one that was first is on a majority', async () => {
    expect(await insertOrRead(scripted([duplicate(), duplicate()], [null, yours]), mine)).toEqual(yours);
  });

  it('is first after all when a failover has taken the other back', async () => {
    expect(await insertOrRead(scripted([duplicate(), 'in'], [null]), mine)).toEqual(mine);
  });

  it('rejects when the answer of the repeat was lost too, and with any other error at once', async () => {
    await expect(insertOrRead(scripted([cut(), cut()]), mine)).rejects.toThrow('connection closed');
    const refused = new MongoServerError({ code: 13, message: 'not authorized' });
    await expect(insertOrRead(scripted([refused]), mine)).rejects.toThrow('not authorized');
  });
});
