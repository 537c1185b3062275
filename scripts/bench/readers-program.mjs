// Hits at an even pace, and open pages beside them. Prints what it has measured as JSON.
import { Agent, request } from 'node:http';
import { createGunzip } from 'node:zlib';
import { requests, siteId } from '../traffic/population.mjs';

const REFRESH_MS = 2_000;
const TICK_MS = 10;
const COMPARED = ['traffic', 'visits', 'engagement'];
const REPORTS = [...COMPARED, 'content', 'hostnames', 'referrers', 'refusals', 'technology', 'visitors', 'minutes'];
const QUESTION = [
  `reports=${REPORTS}`,
  'period=today',
  'minutes.period=now',
  ...COMPARED.map((name) => `${name}.compare=previous`),
].join('&');

const { url, way, tokens, link, sites, watched, pages, hitsPerSecond, seconds } = JSON.parse(process.argv[2]);
const hitMs = [];
const refreshMs = [];
const ageMs = [];
let refused = 0;
let isOver = false;
const hitAgent = new Agent({ keepAlive: true, maxSockets: 64 });
const pageAgent = new Agent({ keepAlive: true });
const hits = requests(2_000, { sites }).map((text) => {
  const [first, ...lines] = text.trimEnd().split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
  return { path: first.split(' ')[1], headers };
});
let sent = 0;

function hit() {
  const began = performance.now();
  const { path, headers } = hits[sent++ % hits.length];
  request(url + path, { agent: hitAgent, headers }, (response) => {
    response.resume().on('end', () => hitMs.push(performance.now() - began));
  })
    .on('error', () => {})
    .end();
}

const began = performance.now();
const pacing = setInterval(() => {
  const due = ((performance.now() - began) / 1000) * hitsPerSecond;
  while (sent < due) hit();
}, TICK_MS);

function open(page, call, onResponse) {
  const address = `${url}${link ?? ''}/api/v1/sites/${siteId(page % watched)}/${call}?${QUESTION}`;
  const headers = {
    'Accept-Encoding': 'gzip',
    ...(link === undefined && { Authorization: `Bearer ${tokens[page % tokens.length]}` }),
  };
  request(address, { agent: call === 'live' ? new Agent() : pageAgent, headers }, (response) => {
    if (response.statusCode !== 200) refused++;
    onResponse(response);
  })
    .on('error', () => {})
    .end();
}

function askAgain(page) {
  if (isOver) return;
  const asked = performance.now();
  open(page, 'reports', (response) => {
    response.resume().on('end', () => {
      refreshMs.push(performance.now() - asked);
      setTimeout(() => askAgain(page), REFRESH_MS);
    });
  });
}

function follow(page) {
  open(page, 'live', (response) => {
    let text = '';
    response.pipe(createGunzip()).on('data', (chunk) => {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop();
      for (const event of events) {
        const asOf = /^event: reports\ndata: \{"asOf":"([^"]+)"/.exec(event)?.[1];
        if (asOf !== undefined) ageMs.push(Date.now() - Date.parse(asOf));
      }
    });
  });
}

for (let page = 0; page < (way === 'none' ? 0 : pages); page++) {
  setTimeout(() => (way === 'ask' ? askAgain(page) : follow(page)), (page / pages) * REFRESH_MS);
}
setTimeout(() => {
  isOver = true;
  clearInterval(pacing);
  process.stdout.write(JSON.stringify({ hitMs, refreshMs, ageMs, refused }), () => process.exit(0));
}, seconds * 1000);
