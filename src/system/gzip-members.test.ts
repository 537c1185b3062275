import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMembersFile, type Member, readMember } from './gzip-members.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const GROUPS = [['one', 'two', 'é😀 \u2028 \r'], [], Array.from({ length: 20_000 }, (_, i) => `line ${i * 7919}`), ['last']];

async function written(path: string): Promise<Member[]> {
  const file = await createMembersFile(path);
  const members: Member[] = [];
  for (const lines of GROUPS) members.push(await file.add(lines));
  await file.close();
  return members;
}

async function linesOf(path: string, member: Member): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readMember(path, member)) lines.push(line);
  return lines;
}

describe('a file of members', () => {
  it('can be read member by member, or as one file by a standard tool', async () => {
    const path = join(folder, 'a.gz');
    const members = await written(path);
    for (const [i, member] of members.entries()) expect(await linesOf(path, member)).toEqual(GROUPS[i]);
    expect(execFileSync('gzip', ['-dc', path], { encoding: 'utf8', maxBuffer: 2 ** 24 })).toBe(
      GROUPS.flat()
        .map((line) => `${line}\n`)
        .join(''),
    );
  });

  it('can be copied without one of its members', async () => {
    const path = join(folder, 'a.gz');
    const members = await written(path);
    const copy = await createMembersFile(join(folder, 'b.gz'));
    const copied: Member[] = [];
    for (const [i, member] of members.entries()) if (i !== 2) copied.push(await copy.copy(path, member));
    await copy.close();
    expect(await Promise.all(copied.map((member) => linesOf(join(folder, 'b.gz'), member)))).toEqual([GROUPS[0], [], GROUPS[3]]);
  });

  it('is reported as damaged, wherever the damage is', async () => {
    const path = join(folder, 'a.gz');
    const members = await written(path);
    const bytes = readFileSync(path);
    const { offset, bytes: length } = members[2] as Member;
    for (const at of [offset, offset + 12, offset + Math.floor(length / 2), offset + length - 3]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 16;
      writeFileSync(path, damaged);
      await expect(linesOf(path, members[2] as Member)).rejects.toThrow('is damaged');
    }
    writeFileSync(path, bytes.subarray(0, offset + 100));
    await expect(linesOf(path, members[2] as Member)).rejects.toThrow('is damaged');
  });

  it('never overwrites another file', async () => {
    const path = join(folder, 'a.gz');
    writeFileSync(path, 'mine');
    await expect(createMembersFile(path)).rejects.toThrow('EEXIST');
  });

  it('rejects with the error of the lines that are added', async () => {
    const file = await createMembersFile(join(folder, 'a.gz'));
    const failing = async function* () {
      yield 'one';
      throw new Error('away');
    };
    await expect(file.add(failing())).rejects.toThrow('away');
    await file.close();
  });
});
