// How a file is packed, by its first bytes, and the programs of the system that unpack what Node.js does not.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { cleanText } from '../../hit/text.js';

export interface Packing {
  readonly title: string;
  /** In hexadecimal, where in the file. */
  readonly magic: string;
  readonly at?: number;
  /** The program that unpacks its standard input to its standard output with `-dc`, and Debian's package that has it. */
  readonly program?: string;
  readonly package?: string;
}

export const GZIP: Packing = { title: 'gzip', magic: '1f8b' };

const PACKINGS: readonly Packing[] = [
  GZIP,
  { title: 'bzip2', magic: '425a68', program: 'bzip2', package: 'bzip2' },
  { title: 'xz', magic: 'fd377a585a00', program: 'xz', package: 'xz-utils' },
  { title: 'Zstandard', magic: '28b52ffd', program: 'zstd', package: 'zstd' },
  { title: 'LZ4', magic: '04224d18', program: 'lz4', package: 'lz4' },
  { title: 'lzip', magic: '4c5a4950', program: 'lzip', package: 'lzip' },
  { title: 'compress', magic: '1f9d', program: 'gzip', package: 'gzip' },
  // archives hold several files
  { title: 'zip', magic: '504b0304' },
  { title: '7-Zip', magic: '377abcaf271c' },
  { title: 'RAR', magic: '526172211a07' },
  { title: 'tar', magic: '7573746172', at: 257 },
];

/** So much of a file tells how it is packed. */
export const PACKING_BYTES = 512;

export function packingOf(start: Buffer): Packing | undefined {
  return PACKINGS.find(({ magic, at = 0 }) => start.toString('hex', at, at + magic.length / 2) === magic);
}

/** Whether it has to be unpacked by whoever gave it. */
export function isArchive({ program, magic }: Packing): boolean {
  return program === undefined && magic !== GZIP.magic;
}

export interface Unpacking {
  readonly chunks: AsyncGenerator<Buffer>;
  stop(): void;
}

/** The program is not installed. The message goes on a sentence that begins with the file. */
export class NoProgram extends Error {}

const ERROR_CHARS_MAX = 200;

/**
 * Lets the program unpack the stream, without a shell. The chunks reject when it fails or is not there, in words that
 * name it.
 */
export function unpackedBy({ program, title, package: name }: Packing, packed: Readable): Unpacking {
  const child = spawn(program as string, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let failure: Error | undefined;
  let said = '';
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => {
      failure =
        error.code === 'ENOENT'
          ? new NoProgram(
              `is packed with ${title}, and there is no program ${program} here to unpack it: install it (Debian: apt-get install ${name}), or unpack the file first`,
            )
          : error;
      resolve(null);
    });
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < ERROR_CHARS_MAX) said += chunk.toString('latin1');
  });
  child.stdin.on('error', () => {}); // it has ended: its exit code says why
  packed.on('error', (error) => {
    failure ??= error;
    child.kill();
  });
  packed.pipe(child.stdin);
  return {
    stop: () => void child.kill(),
    chunks: (async function* () {
      for await (const chunk of child.stdout) yield chunk as Buffer;
      const code = await ended;
      if (failure !== undefined) throw failure;
      if (code !== 0)
        throw new Error(`${program} cannot unpack it: ${cleanText(said.trim().split('\n').at(-1) ?? '', ERROR_CHARS_MAX)}`);
    })(),
  };
}
