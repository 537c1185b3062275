// For supervisors such as Docker, which run a program to find out whether the service accepts hits. It needs the
// environment of the service. When the service is not ready, it prints the reason in one line and exits with 1.
import { get } from 'node:http';
import { readConfig } from './process/config.js';
import { connectionTo } from './process/listen.js';
import { EXIT_FAILED } from './system/exit.js';
import { print } from './system/log.js';

const ANSWER_MS_MAX = 4_000;

function exit(problem?: string): never {
  if (problem !== undefined) print(problem);
  process.exit(problem === undefined ? 0 : EXIT_FAILED);
}

try {
  const request = get({ ...connectionTo(readConfig(process.env)), path: '/health/ready', timeout: ANSWER_MS_MAX }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('end', () => exit(response.statusCode === 200 ? undefined : text));
  });
  request.on('timeout', () => exit(`no answer within ${ANSWER_MS_MAX / 1000} seconds`));
  request.on('error', ({ message }) => exit(message));
} catch (error) {
  exit((error as Error).message);
}
