// The hits of a crash run: each has a path of its own, and its outcome is recorded.
import { connect } from 'node:net';
import { SITE_SETTINGS } from '../traffic/population.mjs';

const CONNECTIONS = 32;
/** Every hit has a path of its own. No capped map (1,000 rows) may fill up, or rows would correctly be evicted. */
const PATHS_PER_SITE = 700;

// The outcome of a hit; 0: it was not sent.
export const UNANSWERED = 1;
export const ACKNOWLEDGED = 2;
export const REFUSED = 3;
export const OUTCOMES = ['not sent', 'unanswered', 'acknowledged', 'answered with an error'];

const PERSON = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';
const BOT = 'Googlebot/2.1 (+http://www.google.com/bot.html)';
export const isBot = (n) => n % 16 === 15;

/** The sites of a run, used one after the other. `add` creates new ones in the store, by their ids. */
export function createHits(add) {
  const sites = [];
  let current = 0; // the site whose paths are being used
  return {
    sites,
    left: () => sites.length - current,
    async addSites(count) {
      const added = Array.from({ length: count }, (_, n) => ({
        id: `c${String(sites.length + n).padStart(6, '0')}`,
        used: 0,
        outcomes: new Uint8Array(PATHS_PER_SITE),
      }));
      await add(added.map(({ id }) => siteOf(id)));
      sites.push(...added);
    },
    take() {
      if (current < sites.length && sites[current].used === PATHS_PER_SITE) current++;
      const site = sites[current];
      return site === undefined ? undefined : { site, n: site.used++ };
    },
    /** A site to which hits were sent. */
    anyUsed: (next) => sites[Math.floor(next() * Math.min(current + 1, sites.length))],
  };
}

function siteOf(id) {
  return {
    id,
    title: id,
    timezone: 'UTC',
    ...SITE_SETTINGS,
    createdAtMs: Date.now(),
  };
}

export function tally(sent) {
  const count = (outcome) => sent.filter(({ site, n }) => site.outcomes[n] === outcome).length;
  return { acknowledged: count(ACKNOWLEDGED), unanswered: count(UNANSWERED), errors: count(REFUSED) };
}

/**
 * Each connection sends its next hit when the last one is answered, so that each outcome is known. `pauseMs`: the
 * pause between the two.
 */
export function startLoad(port, takeHit, { connections = CONNECTIONS, pauseMs = 0 } = {}) {
  const sent = [];
  const idle = new Set();
  let stopped = false;
  const ends = Array.from({ length: connections }, () => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    let waiting;
    let received = '';
    const send = () => {
      waiting = stopped ? undefined : takeHit();
      if (waiting === undefined) {
        idle.add(socket);
        if (stopped) socket.end();
        return;
      }
      const { site, n } = waiting;
      site.outcomes[n] = UNANSWERED; // until an answer has arrived
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
      waiting = undefined;
      if (pauseMs === 0) send();
      else setTimeout(send, pauseMs);
    });
    socket.on('error', () => {}); // 'close' follows
    return new Promise((resolve) => socket.on('close', resolve));
  });
  return {
    /** Sends nothing new. Requests under way may still be answered. */
    stop() {
      stopped = true;
      for (const socket of idle) socket.end();
    },
    async ended() {
      await Promise.all(ends);
      return sent;
    },
  };
}

/**
 * With a record or without, by GET or by POST, from people and from bots: everything that is journalled in its own
 * way.
 */
function requestOf(site, n) {
  const record = n % 8 === 7 ? '' : `&f=0&n=1&g=1${n % 3 === 0 ? `&h=${(n * 31) % 4096}.${1 + (n % 9)}` : ''}`;
  const query = `s=${site}&u=https%3A%2F%2F${site}.example%2F${n}&t=Page+${n}&sw=1920&ww=1900&wh=900${record}`;
  const headers = `Host: 127.0.0.1\r\nUser-Agent: ${isBot(n) ? BOT : PERSON}\r\nAccept-Language: de\r\n`;
  return n % 16 === 3
    ? `POST /a.gif HTTP/1.1\r\n${headers}Content-Length: ${query.length}\r\n\r\n${query}`
    : `GET /a.gif?${query} HTTP/1.1\r\n${headers}\r\n`;
}

/** The least and the greatest number of hits that may be counted. */
export function limitsOf(site) {
  const limits = { people: { least: 0, most: 0 }, bots: { least: 0, most: 0 } };
  site.outcomes.forEach((outcome, n) => {
    const limit = isBot(n) ? limits.bots : limits.people;
    if (outcome === ACKNOWLEDGED) limit.least++;
    if (outcome === ACKNOWLEDGED || outcome === UNANSWERED) limit.most++;
  });
  return limits;
}
