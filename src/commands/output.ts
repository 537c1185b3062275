// Handles output that cannot be written.

import { EXIT_FAILED } from '../system/exit.js';

/**
 * If the reader has closed the pipe (`… | head -1`), the command ends quietly. If the output is lost for another reason,
 * such as a full disk, the command fails. Returns a function that sets the exit code.
 */
export function watchOutput(): (code: number) => void {
  let isLost = false;
  process.stderr.on('error', () => {}); // there is no other place to report it
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (isLost || code === 'EPIPE' || code === 'ECONNRESET') return;
    isLost = true;
    process.exitCode = EXIT_FAILED;
    process.stderr.write(`hitherto: the output could not be written: ${message}\n`);
  });
  return (code) => {
    process.exitCode = isLost ? EXIT_FAILED : code;
  };
}
