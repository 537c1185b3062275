import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openLog } from './log-stream.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
const path = join(folder, 'any-name.png');
afterAll(() => rmSync(folder, { recursive: true }));

const repeated = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 30_000 }));
const parts = fc.array(
  repeated.map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes))),
  { maxLength: 4 },
);
const notPacked = (bytes: Buffer) => !(bytes[0] === 0x1f && bytes[1] === 0x8b);

describe('the stream of a log', () => {
  it('has the same bytes for plain and packed files, in one part or several, read in steps of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        parts,
        fc.array(fc.nat(3_000_000), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (parts, steps, packed) => {
          const whole = Buffer.concat(parts);
          fc.pre(packed ? parts.length > 0 : notPacked(whole));
          writeFileSync(path, packed ? Buffer.concat(parts.map((part) => gzipSync(part, { level: 1 }))) : whole);
          const log = openLog(path);
          const taken: Buffer[] = [];
          for (let i = 0; log.position() < whole.length; i++) {
            // single bytes of a short log, but at most 1,000 steps through a long one
            const step = Math.max((steps[i % steps.length] as number) + 1, Math.ceil(whole.length / 1000));
            const seen = Buffer.from(await log.peek(step));
            expect(seen.equals(whole.subarray(log.position(), log.position() + step))).toBe(true);
            taken.push(Buffer.from(await log.take(Math.ceil(step / 2))));
          }
          expect(Buffer.concat(taken).equals(whole)).toBe(true);
          expect((await log.peek(1)).length).toBe(0);
          log.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  /** Reads all whole lines and then expects the error. */
  const expectLinesThenError = async (error: RegExp): Promise<string> => {
    const log = openLog(path);
    let text = '';
    await expect(
      (async () => {
        for (;;) text += (await log.take(1e6)).toString();
      })(),
    ).rejects.toThrow(error);
    log.close();
    expect(text).toMatch(/^$|\n$/);
    return text;
  };

  it('keeps the error of a file that is damaged from its start until the first read', async () => {
    const bytes = gzipSync('line\n'.repeat(1000));
    bytes.fill(0xff, 10, 40);
    writeFileSync(path, bytes);
    const log = openLog(path);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(log.peek(1)).rejects.toThrow(/invalid/);
    log.close();
  });

  it('returns the whole lines before the place where a file is cut off or damaged', async () => {
    const whole = Array.from({ length: 200_000 }, (_, n) => `line ${(n * 7919) % 1_000_003}\n`).join('');
    const bytes = gzipSync(whole);
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    const text = await expectLinesThenError(/unexpected end/);
    expect(text.length).toBeGreaterThan(whole.length / 4);
    expect(whole.startsWith(text)).toBe(true);
  });

  it.each(['bzip2', 'xz', 'zstd', 'lz4'])('unpacks files of %s if that program is installed', async (program) => {
    const whole = Buffer.concat(Array.from({ length: 100_000 }, (_, n) => Buffer.from(`line ${n}\n`)));
    const { stdout, error } = spawnSync(program, ['-c'], { input: whole, maxBuffer: 1e8 });
    if (error !== undefined) return;
    writeFileSync(path, stdout);
    const log = openLog(path);
    expect(Buffer.from(await log.take(10)).toString()).toBe('line 0\nlin');
    expect((await log.take(1e9)).equals(whole.subarray(10))).toBe(true);
    log.close();
    writeFileSync(path, stdout.subarray(0, stdout.length / 2));
    await expectLinesThenError(new RegExp(`^${program} cannot unpack it: `));
  });
});
