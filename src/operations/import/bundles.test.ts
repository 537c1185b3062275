import { describe, expect, it } from '@jest/globals';
import { exampleSite } from '../../store/contracts/accounts.js';
import type { ImportRecord } from '../../store/imports.js';
import { type Bundled, bundled } from './bundles.js';
import type { Recognition } from './formats/recognise.js';
import { streamOf } from './log-stream.js';
import type { SeenLog } from './survey-log.js';

function log(name: string, content: string, firstMs: number, format = 's3', agentless = false): SeenLog {
  const recognition = { recognised: { layouts: [{ format, places: {}, agentless }] }, firstMs } as unknown as Recognition;
  async function* chunks() {
    yield Buffer.from(content);
  }
  return {
    name,
    isFromFolder: true,
    isFinal: false,
    writtenMs: firstMs,
    lastMs: firstMs,
    recognition,
    end: () => undefined,
    open: () => streamOf(chunks(), { fileBytes: content.length, readBytes: () => 0, close: () => {} }),
    close: () => {},
  };
}

const textOf = async ({ open }: Bundled) => (await open().take(1e6)).toString();
const OF = { site: exampleSite, key: 'ab'.repeat(32), days: undefined };

interface Kept {
  readonly begun?: readonly ImportRecord[];
  /** Up to which byte the only range of each import goes, if it is counted. */
  readonly counted?: Readonly<Record<string, number>>;
}

const parts = ({ begun = [], counted = {} }: Kept = {}) => ({
  imports: {
    begun: async () => begun,
    range: async (id: string) => ({ number: 1, from: 0, to: counted[id] as number, receivedAtMs: 0, checksum: 0 }),
  },
  documents: { node: async (id: string) => (id in counted ? { number: 1, checksum: 0, countedUntilMs: 0 } : undefined) },
});

describe('files that are delivered in great numbers', () => {
  const files = [log('c', 'three\n', 3), log('a', 'one\n', 1), log('b', 'two\n', 2)];

  it('are one log, in the order of their time, as long as they are small and of one format', async () => {
    const large = log('large', `${'x'.repeat(2_000_000)}\n`, 0);
    const cut = log('cut', 'no end', 0);
    const other = log('other', 'four\n', 0, 'alb');
    const plain = log('plain', 'five\n', 0, 'combined');
    const { logs, before } = await bundled(parts(), [...files, large, cut, other, plain], OF);
    expect(before).toBe(0);
    expect(logs.filter(({ bundle }) => bundle === undefined)).toEqual([large, cut, plain]);
    const bundles = logs.filter(({ bundle }) => bundle !== undefined);
    expect(await Promise.all(bundles.map(textOf))).toEqual(['four\n', 'one\ntwo\nthree\n']);
    expect(bundles.map(({ name, bundle }) => [name, bundle?.members.length, bundle?.bytes])).toEqual([
      ['other', 1, 5],
      ['3 files from a on', 3, 14],
    ]);
  });

  it('name browsers if one of them does', async () => {
    const { logs } = await bundled(parts(), [log('a', 'one\n', 1, 's3', true), log('b', 'two\n', 2)], OF);
    expect(logs[0]?.recognition?.recognised.layouts[0]?.agentless).toBe(false);
  });

  const recordOf = async (names: readonly SeenLog[]): Promise<ImportRecord> => {
    const { bundle } = (await bundled(parts(), names, OF)).logs[0] as Required<Bundled>;
    return { id: 'i1', site: exampleSite, key: OF.key, beginnings: [], ...bundle };
  };

  it('are passed over when their bundle is counted, and only the others are a bundle of their own', async () => {
    const record = await recordOf(files.slice(1));
    const { logs, before } = await bundled(parts({ begun: [record], counted: { i1: 8 } }), files, OF);
    expect([before, logs.length, await textOf(logs[0] as Bundled)]).toEqual([2, 1, 'three\n']);
    const some = await bundled(parts({ begun: [record], counted: { i1: 8 } }), files.slice(0, 2), OF);
    expect([some.before, some.logs.length]).toEqual([1, 1]);
  });

  it('are put together as before when their bundle is not finished, and all have to be there', async () => {
    const record = await recordOf(files);
    const { logs } = await bundled(parts({ begun: [record], counted: { i1: 4 } }), [...files].reverse(), OF);
    expect(logs.map(({ bundle }) => bundle?.members)).toEqual([record.members]);
    expect(await textOf(logs[0] as Bundled)).toBe('one\ntwo\nthree\n');
    await expect(bundled(parts({ begun: [record] }), files.slice(1), OF)).rejects.toThrow(
      'an import of 3 files was stopped in the middle, and only 2 of these are among the files given: give all of them again first',
    );
  });

  it('are counted anew for other days', async () => {
    const record = await recordOf(files);
    const days = { until: '2026-01-01' };
    const { logs, before } = await bundled(parts({ begun: [record], counted: { i1: 14 } }), files, { ...OF, days });
    expect([before, logs.length]).toEqual([0, 1]);
  });
});
