import { describe, expect, it } from '@jest/globals';
import { exampleSite } from '../../store/contracts/accounts.js';
import type { ImportRecord } from '../../store/imports.js';
import { bundleSmallFiles, type LogOrBundle } from './bundles.js';
import type { Recognition } from './formats/recognise.js';
import type { InspectedLog } from './inspect-logs.js';
import { streamOf } from './log-stream.js';

function log(name: string, content: string, firstMs: number, format = 's3', agentless = false): InspectedLog {
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

const textOf = async ({ open }: LogOrBundle) => (await open().take(1e6)).toString();
const OF = { site: exampleSite, key: 'ab'.repeat(32), days: undefined };

interface Kept {
  readonly begun?: readonly ImportRecord[];
  /** The end of the only range of each import that is counted. */
  readonly counted?: Readonly<Record<string, number>>;
}

const parts = ({ begun = [], counted = {} }: Kept = {}) => ({
  imports: {
    begun: async () => begun,
    range: async (id: string) => ({ number: 1, from: 0, to: counted[id] as number, receivedAtMs: 0, checksum: 0 }),
  },
  nodes: { get: async (id: string) => (id in counted ? { number: 1, checksum: 0, countedUntilMs: 0 } : undefined) },
});

describe('small files that Amazon delivers', () => {
  const files = [log('c', 'three\n', 3), log('a', 'one\n', 1), log('b', 'two\n', 2)];

  it('become one log in order of time if they are small and of one format', async () => {
    const large = log('large', `${'x'.repeat(2_000_000)}\n`, 0);
    const cut = log('cut', 'no end', 0);
    const other = log('other', 'four\n', 0, 'alb');
    const plain = log('plain', 'five\n', 0, 'combined');
    const { logs, before } = await bundleSmallFiles(parts(), [...files, large, cut, other, plain], OF);
    expect(before).toBe(0);
    expect(logs.filter(({ bundle }) => bundle === undefined)).toEqual([large, cut, plain]);
    const bundles = logs.filter(({ bundle }) => bundle !== undefined);
    expect(await Promise.all(bundles.map(textOf))).toEqual(['four\n', 'one\ntwo\nthree\n']);
    expect(bundles.map(({ name, bundle }) => [name, bundle?.members.length, bundle?.bytes])).toEqual([
      ['other', 1, 5],
      ['3 files from a on', 3, 14],
    ]);
  });

  it('name browsers if one of the files does', async () => {
    const { logs } = await bundleSmallFiles(parts(), [log('a', 'one\n', 1, 's3', true), log('b', 'two\n', 2)], OF);
    expect(logs[0]?.recognition?.recognised.layouts[0]?.agentless).toBe(false);
  });

  const recordOf = async (names: readonly InspectedLog[]): Promise<ImportRecord> => {
    const { bundle } = (await bundleSmallFiles(parts(), names, OF)).logs[0] as Required<LogOrBundle>;
    return { id: 'i1', site: exampleSite, key: OF.key, beginnings: [], ...bundle };
  };

  it('are skipped when their bundle is counted, and the other files become a bundle', async () => {
    const record = await recordOf(files.slice(1));
    const { logs, before } = await bundleSmallFiles(parts({ begun: [record], counted: { i1: 8 } }), files, OF);
    expect([before, logs.length, await textOf(logs[0] as LogOrBundle)]).toEqual([2, 1, 'three\n']);
    const some = await bundleSmallFiles(parts({ begun: [record], counted: { i1: 8 } }), files.slice(0, 2), OF);
    expect([some.before, some.logs.length]).toEqual([1, 1]);
  });

  it('form the same bundle again when it is unfinished, which requires all of its files', async () => {
    const record = await recordOf(files);
    const { logs } = await bundleSmallFiles(parts({ begun: [record], counted: { i1: 4 } }), [...files].reverse(), OF);
    expect(logs.map(({ bundle }) => bundle?.members)).toEqual([record.members]);
    expect(await textOf(logs[0] as LogOrBundle)).toBe('one\ntwo\nthree\n');
    await expect(bundleSmallFiles(parts({ begun: [record] }), files.slice(1), OF)).rejects.toThrow(
      'an import of 3 files was stopped before its end, and only 2 of them were given now: give all of them again first',
    );
  });

  it('are counted again for other days', async () => {
    const record = await recordOf(files);
    const days = { until: '2026-01-01' };
    const { logs, before } = await bundleSmallFiles(parts({ begun: [record], counted: { i1: 14 } }), files, { ...OF, days });
    expect([before, logs.length]).toEqual([0, 1]);
  });
});
