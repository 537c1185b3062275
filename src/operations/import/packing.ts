// Recognises packed files by their first bytes, and runs the system's programs for formats that Node.js cannot unpack.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { cleanText } from '../../hit/text.js';

export interface Packing {
  readonly title: string;
  /** The bytes that identify the format, in hexadecimal. */
  readonly magic: string;
  /** Where these bytes are in the file; by default at its start. */
  readonly at?: number;
  /** Called with `-dc`, it unpacks its standard input to its standard output. */
  readonly program?: string;
  /** The Debian package that contains the program. */
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
  // archives contain several files
  { title: 'zip', magic: '504b0304' },
  { title: '7-Zip', magic: '377abcaf271c' },
  { title: 'RAR', magic: '526172211a07' },
  { title: 'tar', magic: '7573746172', at: 257 },
];

/** Enough of a file's start to recognise how it is packed. */
export const PACKING_BYTES = 512;

export function packingOf(start: Buffer): Packing | undefined {
  return PACKINGS.find(({ magic, at = 0 }) => start.toString('hex', at, at + magic.length / 2) === magic);
}

/** Whether the user has to unpack the file first. */
export function isArchive({ program, magic }: Packing): boolean {
  return program === undefined && magic !== GZIP.magic;
}

export interface Unpacking {
  readonly chunks: AsyncGenerator<Buffer>;
  stop(): void;
}

/** The program is not installed. The message continues a sentence that begins with the file's name. */
export class NoProgram extends Error {}

const ERROR_CHARS_MAX = 200;

/**
 * Unpacks the stream with the program, without a shell. Reading the chunks rejects when the program fails or is not
 * installed; the error names the program.
 */
export function unpackedBy({ program, title, package: name }: Packing, packed: Readable): Unpacking {
  const child = spawn(program as string, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let failure: Error | undefined;
  let errorOutput = '';
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => {
      failure =
        error.code === 'ENOENT'
          ? new NoProgram(
              `is packed with ${title}, and the program ${program} that unpacks it is not installed: ` +
                `install it (Debian: apt-get install ${name}), or unpack the file first`,
            )
          : error;
      resolve(null);
    });
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (errorOutput.length < ERROR_CHARS_MAX) errorOutput += chunk.toString('latin1');
  });
  child.stdin.on('error', () => {}); // the program has ended; its exit code tells the reason
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
      if (code !== 0) {
        const reason = cleanText(errorOutput.trim().split('\n').at(-1) ?? '', ERROR_CHARS_MAX);
        throw new Error(`${program} cannot unpack it: ${reason}`);
      }
    })(),
  };
}
