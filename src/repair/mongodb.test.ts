import { afterEach, expect, it } from '@jest/globals';
import { COLLECTIONS } from '../../collections/index.js';
import { plainHit } from '../../test/fixtures/hits.js';
import { startTestNode } from '../../test/fixtures/journalled.js';
import { dropDatabase, describeWith, mongodbUri } from '../../test/fixtures/servers.js';
import { openMongodb } from '../connections/mongodb.js';
import { openMongodbDocuments } from '../documents/mongodb.js';
import { startAnswering } from './answering.js';
import { journalsContract } from './contract.js';
import { repairsOf } from './mailbox.js';
import { openMongodbJournals } from './mongodb.js';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(running = 2) {
  const mongodb = await openMongodb(mongodbUri() as string);
  closers.push(async () => {
    await dropDatabase(mongodb.db);
    await mongodb.close();
  });
  const documents = openMongodbDocuments(mongodb);
  const nodes = [await startTestNode(documents, 'nfirst'), await startTestNode(documents, 'nsecond')] as const;
  const answering = nodes.slice(0, running).map(({ id, folder }) => startAnswering(mongodb, id, folder, COLLECTIONS));
  closers.push(...nodes.map(({ remove }) => remove), ...answering.map(({ close }) => close));
  return { mongodb, documents, journals: openMongodbJournals(mongodb, documents), nodes, answering };
}

describeWith('MONGODB_URI')('on MongoDB', () => {
  journalsContract(open);

  it('a node that does not run is not waited for without end, and nothing is left of the question', async () => {
    const { mongodb, journals, nodes } = await open(1);
    await nodes[0].count({ hits: [plainHit(Date.parse('2026-11-20T10:00:00Z'))] });
    const upTo = new Map([['traffic.2026', new Map([['nfirst', 1]])]]);
    const parts = await journals.ask({ site: 'one', day: '2026-11-20', upTo });
    expect(parts.map(({ node }) => node)).toEqual(['nfirst']);
    expect(await repairsOf(mongodb).countDocuments()).toBe(0);
  }, 60_000);

  it('of two that ask, the first is told to ask again', async () => {
    const { journals } = await open(0);
    const question = { site: 'one', day: '2026-11-20', upTo: new Map() };
    const first = journals.ask(question);
    first.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    const second = journals.ask(question);
    await expect(first).rejects.toThrow('another command');
    expect(await second).toEqual([]);
  }, 60_000);

  it('nodes count nothing while their counting is held, and then go on', async () => {
    const { journals, answering } = await open();
    await journals.hold();
    let free = 0;
    const waiting = Promise.all(answering.map(({ notHeld }) => notHeld().then(() => free++)));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(free).toBe(0);
    await journals.release();
    await waiting;
    expect(free).toBe(2);
  }, 60_000);
});
