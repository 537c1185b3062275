// For supervisors that run a program to ask whether the service takes hits, such as Docker: in the service's own
// environment. Says why not in one line, and exits with 1.
import { get } from 'node:http';
import { readConfig } from './process/config.js';
import { connectionTo } from './process/listen.js';
import { print } from './system/log.js';

const ANSWER_MS_MAX = 4_000;

function end(why?: string): never {
  if (why !== undefined) print(why);
  process.exit(why === undefined ? 0 : 1);
}

try {
  const request = get({ ...connectionTo(readConfig(process.env)), path: '/health/ready', timeout: ANSWER_MS_MAX }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('end', () => end(response.statusCode === 200 ? undefined : text));
  });
  request.on('timeout', () => end(`no answer within ${ANSWER_MS_MAX / 1000} seconds`));
  request.on('error', ({ message }) => end(message));
} catch (error) {
  end((error as Error).message);
}
