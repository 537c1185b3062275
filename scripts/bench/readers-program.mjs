// Open pages. Prints what they have measured as JSON.
import { Agent, request } from 'node:http';
import { createGunzip } from 'node:zlib';
import { siteId } from '../traffic/population.mjs';

const REFRESH_MS = 2_000;
const COMPARED = ['traffic', 'visits', 'engagement'];
const REPORTS = [...COMPARED, 'content', 'hostnames', 'referrers', 'refusals', 'technology', 'visitors', 'minutes'];
const QUESTION = [
  `reports=${REPORTS}`,
  'period=today',
  'minutes.period=now',
  ...COMPARED.map((name) => `${name}.compare=previous`),
].join('&');

const { url, way, tokens, link, watched, pages, seconds, warmUpSeconds } = JSON.parse(process.argv[2]);
const wholeMs = (warmUpSeconds + seconds) * 1000;
const refreshMs = [];
const ageMs = [];
let refused = 0;
let isOver = false;
const measuredFrom = performance.now() + warmUpSeconds * 1000;
const pageAgent = new Agent({ keepAlive: true });

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
      if (asked >= measuredFrom) refreshMs.push(performance.now() - asked);
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
        if (asOf !== undefined && performance.now() >= measuredFrom) ageMs.push(Date.now() - Date.parse(asOf));
      }
    });
  });
}

for (let page = 0; page < (way === 'none' ? 0 : pages); page++) {
  setTimeout(() => (way === 'ask' ? askAgain(page) : follow(page)), (page / pages) * REFRESH_MS);
}
setTimeout(() => {
  isOver = true;
  process.stdout.write(JSON.stringify({ refreshMs, ageMs, refused }), () => process.exit(0));
}, wholeMs);
