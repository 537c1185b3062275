// The log of the service and its threads. If the output cannot be written (the disk is full, or nobody reads the pipe),
// nothing is thrown and the process goes on. Lines are lost then, and their number is logged when writing works again.
import { writeSync } from 'node:fs';
import { visibleInOutput } from './visible.js';

const STDOUT = 1;
const STDERR = 2;
/** How often and how long to wait for a full pipe. Hits must not wait for a slow reader. */
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

/** Warnings of Node and of libraries go through streams whose errors would end the process without a listener. */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Writes to the file itself, because a stream that has failed once stays closed even when there is space again. */
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
