// What the service and its threads say, a line at a time. Whatever becomes of the output (a full disk, a pipe that
// nobody reads any more), nothing is thrown and the process goes on: lines that cannot be written are lost, and once
// there is room again their number is said.
import { writeSync } from 'node:fs';
import { visibleInOutput } from './visible.js';

const STDOUT = 1;
const STDERR = 2;
/** How long a pipe that is full at the moment is waited for, where it says so: hits must not wait for a slow reader. */
const WAITS_MAX = 10;
const WAIT_MS = 5;

let linesLost = 0;

/** Writes a message for the operator to standard error. */
export function log(message: string): void {
  if (linesLost > 0 && write(STDERR, `hitherto: ${linesLost} lines of this log could not be written\n`)) linesLost = 0;
  if (!write(STDERR, `hitherto: ${visibleInOutput(message)}\n`)) linesLost++;
}

/** Writes text to standard output, as it is. */
export function print(text: string): void {
  write(STDOUT, `${text}\n`);
}

/** Node's own warnings and the libraries' go through streams whose errors end the process unless somebody listens. */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Straight to the file: a stream that has failed once is closed for good, also when there is room again. */
function write(file: number, text: string): boolean {
  const bytes = Buffer.from(text);
  let waits = 0;
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(file, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || linesLost > 0 || waits++ === WAITS_MAX) return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
  return true;
}
