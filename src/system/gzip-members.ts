// Lines of text in a gzip file with several members, one after the other (RFC 1952, section 2.2). Any tool reads it as
// one file. A reader that knows where a member begins can read it alone, or copy the others without unpacking them.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { linesIn, unpacked } from './unpack.js';

export interface Member {
  /** The position and the length in the file, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  readonly lines: number;
  /** In hexadecimal; of the unpacked lines, each with its line break. */
  readonly sha256: string;
}

export interface MembersFile {
  /** Adds a member. Lines must not contain line breaks. */
  add(lines: AsyncIterable<string> | Iterable<string>): Promise<Member>;
  /** Copies a member of another file without unpacking it. */
  copy(path: string, member: Member): Promise<Member>;
  /** Resolves when everything is on disk. */
  close(): Promise<void>;
}

/** Rejects when the file exists already. */
export async function createMembersFile(path: string): Promise<MembersFile> {
  const file = await open(path, 'wx');
  let size = 0;
  const write = async (bytes: Buffer): Promise<void> => {
    await file.writeFile(bytes);
    size += bytes.length;
  };
  return {
    async add(lines) {
      const offset = size;
      const hash = createHash('sha256');
      const gzip = createGzip();
      const written = drain(gzip, write);
      written.catch(() => gzip.destroy());
      let count = 0;
      try {
        for await (const line of lines) {
          const text = `${line}\n`;
          hash.update(text);
          count++;
          if (!gzip.write(text)) await Promise.race([once(gzip, 'drain'), written]);
        }
      } finally {
        gzip.end();
      }
      await written;
      return { offset, bytes: size - offset, lines: count, sha256: hash.digest('hex') };
    },
    async copy(from, member) {
      const offset = size;
      for await (const bytes of createReadStream(from, rangeOf(member))) await write(bytes as Buffer);
      return { ...member, offset };
    },
    async close() {
      await synced(file);
    },
  };
}

/** Throws when the member is damaged. Some lines may have been returned by then, but no more than the member should have. */
export async function* readMember(path: string, member: Member): AsyncGenerator<string> {
  const hash = createHash('sha256');
  let count = 0;
  if (member.bytes > 0) {
    for await (const line of linesIn(path, unpacked(path, rangeOf(member)))) {
      hash.update(`${line}\n`);
      if (++count > member.lines) break;
      yield line;
    }
  }
  if (count !== member.lines || hash.digest('hex') !== member.sha256) throw new Error(`${path} is damaged: its checksum differs`);
}

async function drain(gzip: Gzip, write: (bytes: Buffer) => Promise<void>): Promise<void> {
  for await (const bytes of gzip) await write(bytes as Buffer);
}

async function synced(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function rangeOf({ offset, bytes }: Member): { start: number; end: number } {
  return { start: offset, end: offset + bytes - 1 };
}
