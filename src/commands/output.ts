// What becomes of a command whose output cannot be written.

import { EXIT_FAILED } from '../system/exit.js';

/**
 * A reader that has closed the pipe (`… | head -1`) has what it wanted: the command ends quietly. Anything else that
 * was to be printed and was not, such as on a full disk, is a failure. Returns what sets the exit code.
 */
export function watchOutput(): (code: number) => void {
  let isLost = false;
  process.stderr.on('error', () => {}); // there is nowhere to say it
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
