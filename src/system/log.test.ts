// The log writes to the file descriptors of its process, so each test starts a process and reads its output.
import { type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const LOG = new URL('../../dist/src/system/log.js', import.meta.url).href;
const SURVIVED = 7;

/** Runs a program that can call `log`, `print` and `surviveLostOutput`. The outputs in `unread` are closed before. */
async function run(program: string, { unread = [] as Array<'stdout' | 'stderr'>, output = 'pipe' as 'pipe' | number } = {}) {
  const stdio: StdioOptions = ['pipe', output, output];
  const whole = `import { log, print, surviveLostOutput } from ${JSON.stringify(LOG)};
    const turn = () => new Promise((done) => setImmediate(done));
    for await (const _ of process.stdin);
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', whole], { stdio });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  for (const name of unread) {
    child[name]?.destroy();
    await once(child[name] as NonNullable<typeof child.stdout>, 'close');
  }
  child.stdin?.end();
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

describe('the log', () => {
  it('writes one line for each message to standard error, and printed text to standard output', async () => {
    const { code, stdout, stderr } = await run(`log('one'); log('two'); print('three')`);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'three\n', stderr: 'hitherto: one\nhitherto: two\n' });
  });

  const program = `surviveLostOutput();
    log('lost'); print('lost too');
    console.error('a warning'); console.log('a line');
    process.stderr.write('more'); process.stdout.write('more');
    await turn(); await turn();
    process.exit(${SURVIVED})`;

  it('neither throws nor ends the process when the disk is full', async () => {
    expect(await run(program, { output: openSync('/dev/full', 'w') })).toMatchObject({ code: SURVIVED });
  });

  it('neither throws nor ends the process when its outputs are closed', async () => {
    expect(await run(program, { unread: ['stdout', 'stderr'] })).toMatchObject({ code: SURVIVED });
  });

  it('continues on one output when the other is closed', async () => {
    expect(await run(program, { unread: ['stdout'] })).toMatchObject({
      code: SURVIVED,
      stderr: 'hitherto: lost\na warning\nmore',
    });
  });

  it('escapes control characters', async () => {
    const { stderr } = await run(`log('a\\x1b[31mred\\x07 b\\u009b c\\r d\\te\\n  f')`);
    expect(stderr).toBe('hitherto: a\\u001b[31mred\\u0007 b\\u009b c\\u000d d\te\n  f\n');
  });
});
