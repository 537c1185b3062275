#!/usr/bin/env node
// Kills the service with `kill -9` under load, again and again on one data folder, and then compares hit by hit: what was
// acknowledged is counted exactly once, what was not answered at most once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openLmdbAccounts } from '../dist/src/accounts/lmdb.js';
import { openLmdbDocuments } from '../dist/src/documents/lmdb.js';
import { openStore } from '../dist/src/store.js';
import { random } from './population.mjs';

const MAIN = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));
const CONNECTIONS = 32;
/** Every hit has a path of its own. No capped map (1,000 rows) may fill up, or rows would rightly be dropped. */
const PATHS_PER_SITE = 700;
/** More than 700 ms of load can use up. */
const SITES_PER_ROUND = 30;
const SITES_AT_ONCE = 90;
const START_MS_MAX = 30_000;
const COUNT_MS_MAX = 60_000;
const SITES_ASKED_FOR = 5;

// What became of a hit; 0: it was not sent.
const UNANSWERED = 1;
const ACKNOWLEDGED = 2;
const REFUSED = 3;
const OUTCOMES = ['not sent', 'unanswered', 'acknowledged', 'answered with an error'];

const PERSON = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';
const BOT = 'Googlebot/2.1 (+http://www.google.com/bot.html)';
const isBot = (n) => n % 16 === 15;

/**
 * Runs the rounds and says what was wrong: nothing, if all is well. `dataDir` must be empty; the memory that it takes is a byte a hit.
 * @param {{ rounds: number, seed: number, dataDir: string, log?: (line: string) => void }} options
 */
export async function crash({ rounds, seed, dataDir, log = () => {} }) {
  const next = random(seed);
  const sites = [];
  const problems = [];
  const totals = { acknowledged: 0, unanswered: 0, errors: 0, kills: 0 };
  const startDay = today();
  let current = 0; // the site whose paths are being used

  const takeHit = () => {
    if (current < sites.length && sites[current].used === PATHS_PER_SITE) current++;
    const site = sites[current];
    return site === undefined ? undefined : { site, n: site.used++ };
  };

  for (let round = 1; round <= rounds; round++) {
    if (sites.length - current < SITES_PER_ROUND) await addSites(dataDir, sites, SITES_AT_ONCE);
    const env = {
      // now and then what is counted is removed at once, as it is in ordinary life after days
      JOURNAL_KEEP: next() < 0.5 ? '0' : '3',
      DURABILITY: next() < 0.25 ? 'fsync' : 'write',
    };
    const kind = next();
    const service = run(dataDir, env);
    totals.kills++;
    let sent = [];
    if (kind < 0.1) {
      await delay(next() * 400); // in the middle of starting, or of counting what the last one left
    } else {
      const port = await service.port();
      const load = startLoad(port, takeHit);
      await delay(50 + next() * 650);
      if (kind < 0.2) {
        service.child.kill('SIGTERM'); // in the middle of stopping
        await delay(next() * 300);
      }
      service.child.kill('SIGKILL');
      sent = await load.ended();
    }
    service.child.kill('SIGKILL');
    await service.exited;
    if (service.stderr() !== '') problems.push(`round ${round}: the service said: ${service.stderr().trim()}`);
    const count = (outcome) => sent.filter(({ site, n }) => site.outcomes[n] === outcome).length;
    const [acknowledged, unanswered, errors] = [count(ACKNOWLEDGED), count(UNANSWERED), count(REFUSED)];
    totals.acknowledged += acknowledged;
    totals.unanswered += unanswered;
    totals.errors += errors;
    const how = kind < 0.1 ? 'while starting' : kind < 0.2 ? 'while stopping' : 'under load';
    log(
      `round ${round}: killed ${how}, ${env.DURABILITY}: ${acknowledged} acknowledged, ${unanswered} unanswered, ${errors} errors`,
    );
  }

  const { secret } = await addToken(dataDir);
  const last = run(dataDir, {});
  const port = await last.port();
  await untilCounted(port);
  const asked = Array.from({ length: SITES_ASKED_FOR }, () => sites[Math.floor(next() * Math.min(current + 1, sites.length))]);
  for (const site of new Set(asked)) problems.push(...(await compareWithApi(port, secret, site)));
  last.child.kill('SIGTERM');
  const code = await last.exited;
  if (code !== 0) problems.push(`the last stop ended with ${code}`);
  if (last.stderr() !== '') problems.push(`at the end the service said: ${last.stderr().trim()}`);

  const { root } = openStore(dataDir);
  const documents = openLmdbDocuments(root);
  let found = 0;
  for (const site of sites) {
    const compared = await compareWithDocuments(documents, site, daysFrom(startDay));
    problems.push(...compared.problems);
    found += compared.unansweredCounted;
  }
  await root.close();
  return { seed, ...totals, unansweredCounted: found, sites: sites.length, problems };
}

/** Starts the service; `port` waits until it answers. */
function run(dataDir, env) {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', PUBLIC_URL: '', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  const exited = once(child, 'close').then(([code]) => code);
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  const listening = new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
      const address = /running at http:\/\/127\.0\.0\.1:(\d+)/.exec(out);
      if (address !== null) resolve(Number(address[1]));
    });
    const timer = setTimeout(() => reject(new Error(`the service did not start: ${err}`)), START_MS_MAX);
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`the service ended with ${code} before it listened: ${err}`));
    });
    child.stdout.once('data', () => clearTimeout(timer));
  });
  listening.catch(() => {}); // a round that kills while starting does not wait for it
  return { child, exited, stderr: () => err, port: () => listening };
}

/** Each connection sends its next hit when the last is answered, so that what became of each is known. */
function startLoad(port, takeHit) {
  const sent = [];
  const ends = Array.from({ length: CONNECTIONS }, () => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    let waiting;
    let received = '';
    const send = () => {
      waiting = takeHit();
      if (waiting === undefined) return;
      const { site, n } = waiting;
      site.outcomes[n] = UNANSWERED; // until an answer has come
      sent.push(waiting);
      socket.write(requestOf(site.id, n), 'latin1');
    };
    socket.on('connect', send);
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      const head = received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length < head + 4 + length) return;
      if (waiting !== undefined) waiting.site.outcomes[waiting.n] = received.startsWith('HTTP/1.1 200 ') ? ACKNOWLEDGED : REFUSED;
      received = received.slice(head + 4 + length);
      send();
    });
    socket.on('error', () => {}); // 'close' follows
    return new Promise((resolve) => socket.on('close', resolve));
  });
  return {
    async ended() {
      await Promise.all(ends);
      return sent;
    },
  };
}

/** With a record or without, by GET or by POST, from people and from bots: whatever is journalled in a way of its own. */
function requestOf(site, n) {
  const record = n % 8 === 7 ? '' : `&f=0&n=1&g=1${n % 3 === 0 ? `&h=${(n * 31) % 4096}.${1 + (n % 9)}` : ''}`;
  const query = `s=${site}&u=https%3A%2F%2F${site}.example%2F${n}&t=Page+${n}&sw=1920&ww=1900&wh=900${record}`;
  const headers = `Host: 127.0.0.1\r\nUser-Agent: ${isBot(n) ? BOT : PERSON}\r\nAccept-Language: de\r\n`;
  return n % 16 === 3
    ? `POST /a.gif HTTP/1.1\r\n${headers}Content-Length: ${query.length}\r\n\r\n${query}`
    : `GET /a.gif?${query} HTTP/1.1\r\n${headers}\r\n`;
}

async function addSites(dataDir, sites, count) {
  const { root } = openStore(dataDir);
  const accounts = openLmdbAccounts(root);
  const added = Array.from({ length: count }, (_, n) => ({
    id: `c${String(sites.length + n).padStart(6, '0')}`,
    used: 0,
    outcomes: new Uint8Array(PATHS_PER_SITE),
  }));
  await Promise.all(
    added.map(({ id }) =>
      accounts.addSite({
        id,
        title: id,
        timezone: 'UTC',
        hosts: [],
        excludedAddresses: [],
        queryParameters: [],
        storage: 'record',
        signals: 'ignored',
        createdAtMs: 0,
      }),
    ),
  );
  await accounts.close();
  await root.close();
  sites.push(...added);
}

async function addToken(dataDir) {
  const { root } = openStore(dataDir);
  const accounts = openLmdbAccounts(root);
  const token = await accounts.addToken({ title: 'crash', sites: 'all', nowMs: Date.now() });
  await root.close();
  return token;
}

async function untilCounted(port) {
  for (const deadline = Date.now() + COUNT_MS_MAX; ; await delay(50)) {
    const health = await (await fetch(`http://127.0.0.1:${port}/health`)).json();
    if (health.journal.uncountedBytes === 0 && health.status === 'ok') return;
    if (Date.now() > deadline) throw new Error(`not everything was counted in time: ${JSON.stringify(health)}`);
  }
}

async function compareWithDocuments(documents, site, days) {
  const read = async (name, keys) => {
    const ids = keys.map((key) => ({ collection: `${name}.${key.slice(0, 4)}`, id: `${site.id}:${key}` }));
    return (await documents.read(ids)).filter((document) => document !== undefined);
  };
  const sum = (found, get) => found.reduce((total, document) => total + get(document), 0);
  const problems = [];
  const limits = limitsOf(site);
  let unansweredCounted = 0;
  const months = [...new Set(days.map((day) => day.slice(0, 7)))];
  for (const [grain, keys] of Object.entries({ days, months })) {
    const content = await read('content', keys);
    const views = new Map();
    for (const document of content) {
      if (document.below('p').below('f').fields.size > 0) problems.push(`${site.id}, ${grain}: rows were dropped`);
      for (const [path, row] of document.below('p').below('r').fields) views.set(path, (views.get(path) ?? 0) + row.get('v'));
    }
    const compared = comparePaths(site, views, grain);
    problems.push(...compared.problems);
    unansweredCounted = compared.unansweredCounted;

    const traffic = await read('traffic', keys);
    const refusals = await read('refusals', keys);
    const counted = sum([...views.values()], (n) => n);
    const sums = {
      'views of all pages': sum(content, (document) => document.get('v')),
      'views of all days': sum(traffic, (document) => document.get('v')),
      'views of all hours': sum(traffic, sumOfHours),
      'views by browser': sum(await read('technology', keys), (document) => document.get('v')),
      'views by referrer': sum(await read('referrers', keys), (document) => document.get('v')),
      'counted hits': sum(refusals, (document) => document.get('c')),
    };
    for (const [what, value] of Object.entries(sums)) {
      if (value !== counted) problems.push(`${site.id}, ${grain}: ${value} ${what}, but the pages add up to ${counted}`);
    }
    const bots = sum(refusals, (document) => document.below('r').get('bot'));
    if (bots < limits.bots.least || bots > limits.bots.most) {
      problems.push(`${site.id}, ${grain}: ${bots} refused as bots, not ${limits.bots.least} to ${limits.bots.most}`);
    }
  }
  return { problems, unansweredCounted };
}

function comparePaths(site, views, where) {
  const problems = [];
  let unansweredCounted = 0;
  site.outcomes.forEach((outcome, n) => {
    const counted = views.get(`/${n}`) ?? 0;
    views.delete(`/${n}`);
    const least = outcome === ACKNOWLEDGED && !isBot(n) ? 1 : 0;
    const most = (outcome === ACKNOWLEDGED || outcome === UNANSWERED) && !isBot(n) ? 1 : 0;
    if (counted < least || counted > most)
      problems.push(`${site.id}/${n}, ${where}: ${OUTCOMES[outcome]}, counted ${counted} times`);
    if (outcome === UNANSWERED) unansweredCounted += counted;
    if (counted > 0) views.set(`/${n}`, counted);
  });
  for (const path of views.keys()) if (!/^\/\d{1,3}$/.test(path)) problems.push(`${site.id}, ${where}: ${path} was never sent`);
  return { problems, unansweredCounted };
}

async function compareWithApi(port, secret, site) {
  const ask = async (report) => {
    const url = `http://127.0.0.1:${port}/api/v1/sites/${site.id}/${report}?period=28d&limit=1000`;
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${secret}` } });
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
    return answer.json();
  };
  const content = await ask('content');
  const { total } = await ask('traffic');
  const { people } = limitsOf(site);
  const { problems } = comparePaths(site, new Map(content.rows.map(({ key, views }) => [key, views])), 'the API');
  if (total.views < people.least || total.views > people.most) {
    problems.push(`${site.id}, the API: ${total.views} views, not ${people.least} to ${people.most}`);
  }
  return problems;
}

/** How many hits must have been counted at the least, and may have been at the most. */
function limitsOf(site) {
  const limits = { people: { least: 0, most: 0 }, bots: { least: 0, most: 0 } };
  site.outcomes.forEach((outcome, n) => {
    const limit = isBot(n) ? limits.bots : limits.people;
    if (outcome === ACKNOWLEDGED) limit.least++;
    if (outcome === ACKNOWLEDGED || outcome === UNANSWERED) limit.most++;
  });
  return limits;
}

function sumOfHours(document) {
  let total = 0;
  for (const day of document.below('D').fields.values()) {
    for (const hour of day.below('h').fields.values()) total += hour.get('v');
  }
  return total;
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

function daysFrom(first) {
  const days = [];
  for (let at = Date.parse(first); at <= Date.now(); at += 86_400_000) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

const HELP = `npm run crash -- [rounds] [--seed n] [--data-dir folder]

Starts the service, sends hits over ${CONNECTIONS} connections, kills it with kill -9 at a random moment, starts it again on the same
folder, and so on (20 rounds unless told otherwise). Then compares every hit with what was counted. Ends with 1 when something
is wrong, and says what, and the seed. The folder is removed unless something was wrong or it was named.`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string' }, 'data-dir': { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(HELP);
  const rounds = Number(positionals[0] ?? 20);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (!(Number.isInteger(rounds) && rounds > 0 && Number.isInteger(seed))) throw new Error(HELP);
  const dataDir = values['data-dir'] ?? mkdtempSync(join(tmpdir(), 'hitherto-crash-'));
  console.log(`${rounds} rounds, seed ${seed}, in ${dataDir}`);
  const beganMs = Date.now();
  const result = await crash({ rounds, seed, dataDir, log: console.log }).catch((error) => {
    throw new Error(`could not go on, with --seed ${seed} in ${dataDir}`, { cause: error });
  });
  const { acknowledged, unanswered, unansweredCounted, errors, problems } = result;
  console.log(
    `${result.kills} kills in ${Math.round((Date.now() - beganMs) / 1000)} s: ${acknowledged} hits acknowledged, ${unanswered} unanswered ` +
      `(${unansweredCounted} of them counted), ${errors} answered with an error, on ${result.sites} sites`,
  );
  if (problems.length === 0) {
    console.log('Every acknowledged hit was counted exactly once, every other at most once.');
    if (values['data-dir'] === undefined) rmSync(dataDir, { recursive: true });
    return;
  }
  console.error(`WRONG, with --seed ${seed}; the data is in ${dataDir}:`);
  for (const problem of problems.slice(0, 50)) console.error(`  ${problem}`);
  if (problems.length > 50) console.error(`  … and ${problems.length - 50} more`);
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
