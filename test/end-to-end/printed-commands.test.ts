// People copy the commands that the service and the tool print: these must act on the data that they are about.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { until } from '../fixtures/until.js';
import { PERSON, start, testbed } from './running.js';

const CLI = resolve(import.meta.dirname, '../../dist/src/cli.js');

const { cleanUp, newFolder } = testbed();

/** Runs a command as a person types it, without the environment of the service. */
function typed(command: string, cwd?: string) {
  return spawnSync('sh', ['-c', command], { env: { PATH: process.env.PATH }, encoding: 'utf8', cwd });
}

it.each(['data', 'my data', "it's $HOME"])(
  'the commands printed at the start create the first site and its token in a folder named %s',
  async (name) => {
    const service = await start(join(newFolder(), name));
    cleanUp.push(() => service.kill9());
    const commands = service.stdout().match(/^ {2}node .*$/gm) as string[];
    expect(commands.map((command) => / (site add|token add) /.exec(command)?.[1])).toEqual(['site add', 'token add']);
    const outputs = commands.map((command) => typed(command));
    expect(outputs.map(({ status, stderr }) => ({ status, stderr }))).toEqual(commands.map(() => ({ status: 0, stderr: '' })));
    const page = encodeURIComponent('https://example.com/');
    await until(async () => {
      const answer = await fetch(`${service.url}/a.gif?s=my-site&u=${page}`, { headers: { 'User-Agent': PERSON } });
      return answer.headers.get('x-hitherto') === null;
    }, 'the service knows the site');
    const headers = { Authorization: `Bearer ${outputs[1]?.stdout.trim()}` };
    expect((await fetch(`${service.url}/api/v1/sites/my-site`, { headers })).status).toBe(200);
  },
);

it('the commands in error messages act on the same folder', () => {
  const dataDir = join(newFolder(), 'my data');
  const tool = (args: string, env = '') => typed(`${env} '${process.execPath}' '${CLI}' ${args}`);
  expect(tool(`--data-dir '${dataDir}' site add garden --title Garden --timezone UTC`).status).toBe(0);
  for (const { stderr } of [
    tool(`--data-dir '${dataDir}' site show nowhere`),
    tool('site show nowhere', `DATA_DIR='${dataDir}'`),
  ]) {
    const command = /`hitherto (.*)`/.exec(stderr)?.[1];
    expect(command).toBe(`--data-dir '${dataDir}' site list`);
    expect(tool(String(command)).stdout).toContain('garden');
  }
});

it('a command in a folder without data reports that it creates some there', () => {
  const cwd = newFolder();
  const add = (title: string) => typed(`'${process.execPath}' '${CLI}' site add ${title} --title T --timezone UTC`, cwd);
  const first = add('one');
  expect(first).toMatchObject({ status: 0, stdout: 'one\n' });
  expect(first.stderr).toMatch(
    /^hitherto: there is no data of a service in [^\n]*\/data, so it is created there; [^\n]*--data-dir or DATA_DIR\n$/,
  );
  expect(add('two')).toMatchObject({ status: 0, stdout: 'two\n', stderr: '' });
  mkdirSync(join(cwd, 'below'));
  expect(typed(`'${process.execPath}' '${CLI}' --data-dir ../data site list`, join(cwd, 'below'))).toMatchObject({
    status: 0,
    stderr: '',
  });
});
