#!/usr/bin/env node
// Shows Hitherto at work: fills a data folder with the traffic of invented sites, starts the service on it, and goes on
// with live traffic.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createPeople } from '../dist/src/people/people.js';
import { composeTool } from '../dist/src/process/compose.js';
import { shellQuoted } from '../dist/src/system/command-line.js';
import { keepFilesPrivate } from '../dist/src/system/own-files.js';
import { openDoor } from './demo/door.mjs';
import { fill } from './demo/fill.mjs';
import { sendTraffic } from './demo/live.mjs';
import { SITES } from './demo/sites.mjs';

const MAIN = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));
/** How often the demo records up to when there is traffic. */
const RECORD_EVERY_MS = 10_000;

const options = {
  'data-dir': { type: 'string', default: './demo' },
  days: { type: 'string', default: '365' },
  port: { type: 'string', default: '8000' },
  live: { type: 'string' },
  'no-start': { type: 'boolean' },
  help: { type: 'boolean' },
};
const { values } = parseArgs({ options });
if (values.help) {
  console.log(`npm run demo -- [--data-dir ./demo] [--days 365] [--port 8000] [--live VIEWS] [--no-start]

Fills a folder with generated traffic of ${SITES.length} sites up to now, starts the service on it, sends live traffic,
and prints a link that signs in. Ctrl-C ends it. The next run with the same folder adds what is missing since, and starts again.

  --data-dir   the folder
  --days       how many days before the first run the traffic begins
  --port       where the service listens, on this machine only; 0: any port
  --live       views a minute, of all sites together; 0: no live traffic. Without it, there is as much as on the days before
  --no-start   only fills the folder, and prints a token instead of a link`);
  process.exit(0);
}
const days = numberOf('days', 1, 3650);
/** Undefined: the live traffic is like that of the days before. */
const viewsPerMinute = values.live === undefined ? undefined : numberOf('live', 0, 10_000);
const isLive = viewsPerMinute !== 0;
const port = numberOf('port', 0, 65_535);
const dataDir = values['data-dir'];

keepFilesPrivate();
const tool = await composeTool({ dataDir });
const filled = await fill(tool, {
  dataDir,
  days,
  viewsPerMinute: values['no-start'] ? 0 : viewsPerMinute,
  onFilled: ({ title, timezone }, hits) => console.log(`${title} (${timezone}): ${hits} hits`),
});
if (filled.taken !== undefined) {
  await tool.close();
  fail(`${dataDir} already has a site called ${filled.taken}; choose another folder with --data-dir`);
}
if (values['no-start']) {
  const { secret } = await tool.accounts.addToken({ title: 'demo', sites: SITES.map(({ id }) => id), nowMs: Date.now() });
  await tool.close();
  console.log(`Start with DATA_DIR=${shellQuoted(dataDir)} npm start and sign in with this token:\n${secret}`);
} else {
  await show();
}

/** Runs the service until it ends, by itself or by a signal. */
async function show() {
  const people = createPeople(tool.accounts, Date.now);
  const person = await ownPerson(people);
  let address;
  const links = [];
  let hasFailed = false;
  const door = await openDoor({
    beginSession: () => people.sessions.begin(person.id, 'the demo'),
    service: () => `${address}/`,
    onLink: (link) => (address === undefined ? links.push(link) : console.log(`That link was used. Another one: ${link}`)),
    onFailed(error) {
      console.error(`The demo ends, because it cannot make another link that signs in: ${error.message}`);
      hasFailed = true;
      service.kill();
    },
  });
  const service = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...environment() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(service, 'exit');
  let isStopping = false;
  let stopTraffic = () => {};
  let timer;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      isStopping = true;
      stopTraffic();
      service.kill(); // a terminal has sent it the signal already
    });
  }
  address = await addressOf(service);
  if (address !== undefined && !isStopping) {
    stopTraffic = isLive ? sendTraffic(filled.sources, address, console.error) : stopTraffic;
    if (isLive) timer = setInterval(filled.countedByService, RECORD_EVERY_MS);
    console.log(`
The demo is running at ${address}, with ${SITES.length} sites and ${liveName()}.
This link signs you in, once:

  ${links[0]}

Ctrl-C ends it. The data stays in ${dataDir}, and the same command starts it again.`);
  }
  const [code] = await ended;
  clearInterval(timer);
  stopTraffic();
  door.close();
  if (timer !== undefined) filled.countedByService();
  await tool.close();
  process.exitCode = hasFailed ? 1 : isStopping ? 0 : (code ?? 1);
}

function liveName() {
  if (viewsPerMinute === undefined) return 'live traffic';
  return isLive ? `${viewsPerMinute} views a minute` : 'no live traffic';
}

function environment() {
  const own = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, TRUST_PROXY: '127.0.0.1' };
  const others = { MONGODB_URI: '', REDIS_URL: '', PUBLIC_URL: '', CLIENT_IP_HEADER: '' };
  return { ...others, ...own };
}

/** An operator, who sees all sites. Nobody knows the password. */
async function ownPerson(people) {
  const [person] = people.directory.all().filter(({ isOperator }) => isOperator);
  if (person !== undefined) return person;
  return await people.setUp({ name: 'Demo', email: 'demo@hitherto.example', password: randomBytes(24).toString('base64url') });
}

/** Undefined: the service has ended. */
function addressOf(service) {
  return new Promise((resolve) => {
    let text = '';
    service.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /running at (\S+)/.exec(text)?.[1];
      if (found) resolve(found);
    });
    service.once('exit', () => resolve(undefined));
  });
}

function numberOf(name, min, max) {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  fail(`--${name} must be a number from ${min} to ${max}, not ${values[name]}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
