// Sends hits at an even pace. Prints how long each took, as JSON. It does nothing else, so that unpacking what readers get does
// not count as a slow answer to a hit. While programs start and pages are opened, nothing is measured.
import { Agent, request } from 'node:http';
import { requests } from '../traffic/population.mjs';

const TICK_MS = 10;

const { url, sites, hitsPerSecond, seconds, warmUpSeconds } = JSON.parse(process.argv[2]);
const wholeMs = (warmUpSeconds + seconds) * 1000;
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const hits = requests(2_000, { sites }).map((text) => {
  const [first, ...lines] = text.trimEnd().split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
  return { path: first.split(' ')[1], headers };
});
const hitMs = [];
let sent = 0;

function hit() {
  const began = performance.now();
  const { path, headers } = hits[sent++ % hits.length];
  request(url + path, { agent, headers }, (response) => {
    response.resume().on('end', () => {
      if (began >= measuredFrom) hitMs.push(performance.now() - began);
    });
  })
    .on('error', () => {})
    .end();
}

const began = performance.now();
const measuredFrom = began + warmUpSeconds * 1000;
const pacing = setInterval(() => {
  const due = ((performance.now() - began) / 1000) * hitsPerSecond;
  while (sent < due) hit();
}, TICK_MS);
setTimeout(() => {
  clearInterval(pacing);
  process.stdout.write(JSON.stringify({ hitMs }), () => process.exit(0));
}, wholeMs);
