import { afterEach, expect, it } from '@jest/globals';
import { fetchJson } from './fetch.js';
import { problemOf } from './problem.js';

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

const problemWith = (answer: () => Promise<Response>): Promise<string> => {
  globalThis.fetch = answer;
  return fetchJson('/api/v1/overview').then(() => 'none', problemOf);
};

it.each([
  [200, 'none'],
  [401, 'Signed out'],
  [404, 'Signed out'],
  [429, 'Too many requests. Trying again …'],
  [500, 'The server cannot answer at the moment. Trying again …'],
  [503, 'The server cannot answer at the moment. Trying again …'],
])('the answer %d is told in words: %s', async (status, text) => {
  expect(await problemWith(async () => new Response('{}', { status }))).toBe(text);
});

it('a server that does not answer cannot be reached', async () => {
  const text = 'Cannot reach the server. Trying again …';
  expect(await problemWith(() => Promise.reject(new TypeError('Failed to fetch')))).toBe(text);
});
