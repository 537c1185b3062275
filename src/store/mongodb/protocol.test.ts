// Tests how the protocol reacts to each kind of failure of a server, with scripted answers. The simulator
// (test/simulator) tests random combinations of failures, and crashes.
import { describe, expect, it } from '@jest/globals';
import { row, VIEWS } from '../../counters/cap.js';
import { toFields } from '../../counters/codec/fields.js';
import { Counters } from '../../counters/counters.js';
import type { Delta } from '../documents.js';
import { DUPLICATE_KEY } from './codes.js';
import type { Guards } from './guards.js';
import { type BulkOutcome, type Operations, Refused, type Stored } from './operations.js';
import { createProtocol } from './protocol.js';

const SEGMENT = { node: 'node', number: 7, checksum: 77 };
const WRITE_CONFLICT = 112;
const PATH_NOT_VIABLE = 28;

function delta(id: string, rows: readonly string[] = [], cap?: number): Delta {
  const counters = new Counters();
  counters.sum('v', 1);
  for (const key of rows) row(counters, 'p', key).sum(VIEWS);
  return {
    collection: cap === undefined ? 'traffic.2026' : 'content.2026',
    id,
    counters,
    caps: cap === undefined ? {} : { p: cap },
  };
}

/** A server that gives these answers, and records the commands. */
function scripted(answers: {
  upserts?: Array<BulkOutcome | Error>;
  updates?: Array<BulkOutcome | Error>;
  stored?: Array<Stored | undefined>;
  guards?: Record<string, Guards>;
  replaces?: Array<'replaced' | 'lost' | Error>;
  removes?: Array<'removed' | 'lost'>;
}) {
  const commands: string[] = [];
  const next = <T>(list: Array<T | Error> | undefined, otherwise: T): T => {
    const answer = list?.shift() ?? otherwise;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const operations: Operations = {
    async update(_, __, deltas, upsert) {
      commands.push(`${upsert ? 'upsert' : 'update'} ${deltas.map(({ id }) => id).join(' ')}`);
      return next(upsert ? answers.upserts : answers.updates, { matched: deltas.length, failures: [] });
    },
    async read(_, ids) {
      const stored = answers.stored?.shift();
      return new Map(stored === undefined ? [] : ids.map((id) => [id, stored]));
    },
    async readGuards(_, ids) {
      commands.push(`guards ${ids.join(' ')}`);
      return new Map(Object.entries(answers.guards ?? {}));
    },
    async remove({ id }, guards) {
      commands.push(`remove ${id} ${JSON.stringify(guards)}`);
      return next(answers.removes, 'removed');
    },
    async replace({ id }, guards, document) {
      commands.push(`replace ${id} ${JSON.stringify(guards)} ${JSON.stringify(document.guards)}`);
      return next(answers.replaces, 'replaced');
    },
    async reject({ id }, { number }, reason) {
      commands.push(`reject ${id} ${number}: ${reason}`);
    },
    async finish({ number }) {
      commands.push(`finish ${number}`);
    },
  };
  return { commands, protocol: createProtocol(operations) };
}

const failure = (index: number, code: number, message = 'no') => ({ index, code, message });

describe('the counting protocol', () => {
  it('finishes a segment when all of its documents are confirmed, sorted by id', async () => {
    const { commands, protocol } = scripted({});
    expect(await protocol.apply(SEGMENT, [delta('b'), delta('a')], 5)).toEqual([]);
    expect(commands).toEqual(['upsert a b', 'finish 7']);
  });

  it('does not finish a segment whose outcome is unknown', async () => {
    for (const error of [
      new Error('connection closed'),
      new Error('not primary'),
      new Error('write concern: waiting timed out'),
    ]) {
      const { commands, protocol } = scripted({ upserts: [error] });
      await expect(protocol.apply(SEGMENT, [delta('a')], 5)).rejects.toThrow(error.message);
      expect(commands).not.toContain('finish 7');
    }
  });

  it('does not finish a segment after a write conflict in one document', async () => {
    const { commands, protocol } = scripted({ upserts: [{ matched: 1, failures: [failure(1, WRITE_CONFLICT, 'conflict')] }] });
    await expect(protocol.apply(SEGMENT, [delta('a'), delta('b')], 5)).rejects.toThrow('conflict');
    expect(commands).toEqual(['upsert a b']);
  });

  it('repeats an update after a duplicate key without creating the document, which another node may have created', async () => {
    const { commands, protocol } = scripted({
      upserts: [{ matched: 1, failures: [failure(1, DUPLICATE_KEY)] }],
      updates: [{ matched: 1, failures: [] }],
    });
    await protocol.apply(SEGMENT, [delta('a'), delta('b')], 5);
    expect(commands).toEqual(['upsert a b', 'update b', 'finish 7']);
  });

  it('considers a document done when it contains the segment or a later one', async () => {
    for (const number of [7, 8]) {
      const { commands, protocol } = scripted({
        upserts: [{ matched: 0, failures: [failure(0, DUPLICATE_KEY), failure(1, DUPLICATE_KEY)] }],
        updates: [{ matched: 1, failures: [] }],
        guards: { a: { node: number }, b: { node: 7 } },
      });
      await protocol.apply(SEGMENT, [delta('a'), delta('b')], 5);
      expect(commands).toEqual(['upsert a b', 'update a b', 'guards a b', 'finish 7']);
    }
  });

  it('considers a document unknown when it contains an earlier segment, or does not exist', async () => {
    for (const guards of [{ a: { node: 6 } }, { a: { other: 9 } }, {}] as Array<Record<string, Guards>>) {
      const { commands, protocol } = scripted({
        upserts: [{ matched: 0, failures: [failure(0, DUPLICATE_KEY)] }],
        updates: [{ matched: 0, failures: [] }],
        guards,
      });
      await expect(protocol.apply(SEGMENT, [delta('a')], 5)).rejects.toThrow('unknown whether');
      expect(commands).not.toContain('finish 7');
    }
  });

  it('rejects deltas that the server refuses permanently at the first or second try, and finishes the rest', async () => {
    const { commands, protocol } = scripted({
      upserts: [{ matched: 1, failures: [failure(0, PATH_NOT_VIABLE, 'not viable'), failure(2, DUPLICATE_KEY)] }],
      updates: [{ matched: 0, failures: [failure(0, 17419, 'too large')] }],
    });
    expect(await protocol.apply(SEGMENT, [delta('a'), delta('b'), delta('c')], 5)).toEqual([
      { collection: 'traffic.2026', id: 'a', reason: 'not viable' },
      { collection: 'traffic.2026', id: 'c', reason: 'too large' },
    ]);
    expect(commands).toEqual(['upsert a b c', 'reject a 7: not viable', 'update c', 'reject c 7: too large', 'finish 7']);
  });
});

describe('a capped document', () => {
  const keys = (count: number) => Array.from({ length: count }, (_, i) => `/${i}`);
  const stored = (rows: number, guards: Guards): Stored => ({
    guards,
    counters: toFields(delta('a', keys(rows)).counters, false),
  });

  it('gets plain updates while it has room', async () => {
    const { commands, protocol } = scripted({ stored: [stored(20, { other: 1 })] });
    await protocol.apply(SEGMENT, [delta('a', keys(2), 20)], 5);
    await protocol.apply({ ...SEGMENT, number: 8 }, [delta('a', keys(3), 20)], 5);
    expect(commands).toEqual(['upsert a', 'finish 7', 'upsert a', 'finish 8']);
  });

  it('is rewritten and compacted when it may be full, if its guards are unchanged', async () => {
    const { commands, protocol } = scripted({ stored: [stored(39, { other: 1 }), stored(39, { other: 1 })] });
    await protocol.apply(SEGMENT, [delta('a', keys(2), 20)], 5);
    expect(commands).toEqual(['replace a {"other":1} {"other":1,"rev":1,"node":7}', 'finish 7']);
  });

  it('gets a plain update when other nodes were faster and the delta is small', async () => {
    const { commands, protocol } = scripted({ stored: [stored(39, {}), stored(39, {})], replaces: ['lost'] });
    await protocol.apply(SEGMENT, [delta('a', keys(2), 20)], 5);
    expect(commands.map((text) => text.split(' ')[0])).toEqual(['replace', 'upsert', 'finish']);
  });

  it('never gets a large delta as a plain update, even if other nodes are faster several times', async () => {
    const { commands, protocol } = scripted({ replaces: ['lost', 'lost', 'lost'] });
    await protocol.apply(SEGMENT, [delta('a', keys(6), 20)], 5);
    expect(commands.map((text) => text.split(' ')[0])).toEqual(['replace', 'replace', 'replace', 'replace', 'finish']);
  });

  it('is not changed when it already contains the segment', async () => {
    const { commands, protocol } = scripted({ stored: [stored(39, { node: 7 }), stored(39, { node: 7 })] });
    await protocol.apply(SEGMENT, [delta('a', keys(6), 20)], 5);
    expect(commands).toEqual(['finish 7']);
  });

  it('leads to a rejected delta if the server refuses it, but not if the outcome is unknown', async () => {
    const refused = scripted({ replaces: [new Refused('too large')] });
    expect(await refused.protocol.apply(SEGMENT, [delta('a', keys(6), 20)], 5)).toHaveLength(1);
    const unknown = scripted({ replaces: [new Error('connection closed')] });
    await expect(unknown.protocol.apply(SEGMENT, [delta('a', keys(6), 20)], 5)).rejects.toThrow('closed');
    expect(unknown.commands).not.toContain('finish 7');
  });

  it('that contains an invalid counter does not stop the others', async () => {
    const odd = { guards: {}, counters: { v: true } as never };
    const { commands, protocol } = scripted({
      stored: [odd, odd],
      upserts: [{ matched: 0, failures: [failure(0, 14, 'no number')] }],
    });
    const rejected = await protocol.apply(SEGMENT, [delta('a', keys(2), 20), delta('b', keys(2), 20)], 5);
    expect(rejected).toEqual([{ collection: 'content.2026', id: 'a', reason: 'no number' }]);
    expect(commands.at(-1)).toBe('finish 7');
  });
});

describe('a rewrite', () => {
  it('calls the change again for a document into which hits were counted meanwhile', async () => {
    const stored = (guard: number): Stored => ({ guards: { other: guard }, counters: { v: guard } });
    const { commands, protocol } = scripted({
      stored: [stored(1), stored(2), stored(3)],
      replaces: ['lost', 'replaced'],
      removes: ['lost'],
    });
    const seen: Array<number | undefined> = [];
    const done = await protocol.rewrite('traffic.2026', ['a'], (_id, counters) => {
      seen.push(counters?.get('v'));
      return seen.length === 1 ? 'remove' : new Counters();
    });
    expect(seen).toEqual([1, 2, 3]);
    expect(commands).toEqual([
      'remove a {"other":1}',
      'replace a {"other":2} {"other":2,"rev":1}',
      'replace a {"other":3} {"other":3,"rev":1}',
    ]);
    expect(done).toEqual({ rewritten: 1, removed: 0, kept: 0 });
  });
});
