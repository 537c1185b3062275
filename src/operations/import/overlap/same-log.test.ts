import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { ImportRecord, Imports, PlannedRange } from '../../../store/imports.js';
import { beginningsOf } from '../begin.js';
import { type LogStream, streamOf } from '../log-stream.js';
import { untracedParts } from './same-log.js';

const LOG = Buffer.from('one\ntwo\nthree\nfour\n');

const open = (bytes: Buffer) => (): LogStream => {
  async function* chunks() {
    yield bytes;
  }
  return streamOf(chunks(), { fileBytes: bytes.length, readBytes: () => 0, close: () => {} });
};

const range = (number: number, from: number, to: number): PlannedRange => ({
  ...{ number, from, to, receivedAtMs: 0 },
  checksum: crc32(LOG.subarray(from, to)),
});
const RANGES = [range(1, 0, 4), range(2, 4, 8), range(3, 8, 14)];

/** The untraced parts when the import has counted `counted` ranges and has stored traces of some of them. */
function partsOf(counted: number, traced: readonly number[], log = LOG, id = 'i1') {
  const imports = {
    begun: async () => [{ id, beginnings: beginningsOf(LOG) } as unknown as ImportRecord],
    range: async (_: string, number: number) => RANGES[number - 1],
    traces: async () => traced.map((number) => ({ number })),
  } as unknown as Imports;
  const nodes = { get: async () => ({ number: counted, checksum: 0, countedUntilMs: 0 }) };
  return untracedParts(imports, nodes, { site: 'site', exceptId: 'i2', start: log, open: open(log) });
}

describe('the parts that an older import has counted of the same log', () => {
  it('are its ranges without a trace of their lines', async () => {
    expect(await partsOf(3, [])).toEqual([
      [0, 4],
      [4, 8],
      [8, 14],
    ]);
    expect(await partsOf(3, [2])).toEqual([
      [0, 4],
      [8, 14],
    ]);
    expect(await partsOf(1, [])).toEqual([[0, 4]]);
  });

  it('are none if all ranges have traces, if nothing is counted, or if the import is the same', async () => {
    expect(await partsOf(3, [1, 2, 3])).toEqual([]);
    expect(await partsOf(0, [])).toEqual([]);
    expect(await partsOf(3, [], LOG, 'i2')).toEqual([]);
  });

  it('end where the log differs', async () => {
    const other = Buffer.from(LOG.toString().replace('two', 'TWO'));
    expect(await partsOf(3, [], Buffer.concat([LOG.subarray(0, 4), other.subarray(4)]))).toEqual([]);
    const {
      begun,
      range: rangeOf,
      traces,
    } = {
      begun: async () => [{ id: 'i1', beginnings: beginningsOf(LOG.subarray(0, 4)) } as unknown as ImportRecord],
      range: async (_: string, number: number) => RANGES[number - 1],
      traces: async () => [],
    };
    const imports = { begun, range: rangeOf, traces } as unknown as Imports;
    const nodes = { get: async () => ({ number: 3, checksum: 0, countedUntilMs: 0 }) };
    const log = { site: 'site', exceptId: 'i2', start: other, open: open(other) };
    expect(await untracedParts(imports, nodes, log)).toEqual([[0, 4]]);
  });
});
