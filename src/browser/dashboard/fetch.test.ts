import { afterEach, describe, expect, it } from '@jest/globals';
import { createFetchAgain } from './fetch.js';

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
  Reflect.deleteProperty(globalThis, 'document');
});

/** A server whose numbers have a tag. */
function serve(state: { tag: string; asOf: string }): Array<string | undefined> {
  const known: Array<string | undefined> = [];
  Object.assign(globalThis, { document: { body: { dataset: {} } } });
  globalThis.fetch = (async (_address: string, { headers }: { headers: Record<string, string> }) => {
    const sent = headers['If-None-Match'];
    known.push(sent);
    const answered = { ETag: state.tag, 'As-Of': state.asOf };
    if (sent === state.tag) return new Response(null, { status: 304, headers: answered });
    return Response.json({ traffic: { tag: state.tag, asOf: state.asOf }, visits: { asOf: state.asOf } }, { headers: answered });
  }) as unknown as typeof fetch;
  return known;
}

describe('asking again for the same reports', () => {
  it('keeps the numbers that have not changed, as of the time that the server says', async () => {
    const state = { tag: '"a"', asOf: '12:00' };
    const known = serve(state);
    const fetchAgain = createFetchAgain('garden');
    await fetchAgain('reports=traffic');
    state.asOf = '12:15';
    expect(await fetchAgain('reports=traffic')).toEqual({ traffic: { tag: '"a"', asOf: '12:15' }, visits: { asOf: '12:15' } });
    state.tag = '"b"';
    expect(await fetchAgain('reports=traffic')).toMatchObject({ traffic: { tag: '"b"' } });
    await fetchAgain('reports=traffic');
    expect(known).toEqual([undefined, '"a"', '"a"', '"b"']);
  });

  it('does not mention an answer to another question', async () => {
    const known = serve({ tag: '"a"', asOf: '12:00' });
    const fetchAgain = createFetchAgain('garden');
    for (const period of ['today', '7d', 'today']) await fetchAgain(`reports=traffic&period=${period}`);
    expect(known).toEqual([undefined, undefined, undefined]);
  });

  it('asks for everything where the server does not say as of when that is so', async () => {
    const state = { tag: '"a"', asOf: '12:00' };
    const known = serve(state);
    const fetchAgain = createFetchAgain('garden');
    await fetchAgain('reports=traffic');
    state.asOf = '';
    for (let i = 0; i < 2; i++) expect(await fetchAgain('reports=traffic')).toMatchObject({ traffic: { tag: '"a"' } });
    expect(known).toEqual([undefined, '"a"', undefined, undefined]);
  });

  it('fails as any question where the server does not answer', async () => {
    serve({ tag: '"a"', asOf: '12:00' });
    globalThis.fetch = async () => new Response(null, { status: 304 });
    await expect(createFetchAgain('garden')('reports=traffic')).rejects.toThrow('the server answered 304');
  });
});
