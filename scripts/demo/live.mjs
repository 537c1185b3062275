// Sends the requests of readers to a running service, each when it is due, as browsers behind a proxy would.
import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** `sources`: one for each site. Returns a function that ends it. */
export function sendTraffic(sources, address, onProblem) {
  const ending = new AbortController();
  const agent = new Agent({ keepAlive: true });
  let hasFailed = false;
  const failed = ({ message }) => {
    if (!ending.signal.aborted && !hasFailed) onProblem(`live traffic cannot be sent: ${message}`);
    hasFailed = true;
  };
  const send = ({ query, userAgent, acceptLanguage, address: reader }) => {
    const headers = { 'User-Agent': userAgent, 'Accept-Language': acceptLanguage, 'X-Forwarded-For': reader };
    get(`${address}/a.gif?${query}`, { agent, headers }, (response) => response.resume()).on('error', failed);
  };
  const sendAll = async (requests) => {
    for (;;) {
      await delay(Math.max(0, requests.first().receivedAtMs - Date.now()), undefined, { signal: ending.signal });
      send(requests.shift());
    }
  };
  for (const requests of sources) sendAll(requests).catch((error) => ending.signal.aborted || failed(error));
  return () => {
    ending.abort();
    agent.destroy();
  };
}
