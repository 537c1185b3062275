// Many open pages beside the hits: how long a page's refresh takes, and what the readers cost the hits. Rounds take turns.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, exactly, figure, quantile } from './figures.mjs';
import { DIST, runJson, sleep, startService, stop, temporaryFolder, untilCounted } from './processes.mjs';
import { addSites } from './sites.mjs';

const SITES = 50;
const WATCHED = 20;
/** `none`: hits alone. `ask`: each page asks every two seconds, as where there is no stream. `stream`: pages as they are. */
const WAYS = ['none', 'ask', 'stream'];

export async function benchReaders({ quick }) {
  const size = quick
    ? { pages: 50, shared: 100, hitsPerSecond: 300, seconds: 6, warmUpSeconds: 2 }
    : { pages: 200, shared: 500, hitsPerSecond: 3000, seconds: 15, warmUpSeconds: 5 };
  const rounds = quick ? 1 : 3;
  const dataDir = temporaryFolder();
  await addSites({ dataDir }, SITES);
  const { tokens, link } = await readersOf(dataDir);
  const service = await startService(dataDir);
  const { pid } = service.child;
  const load = async (way, more = {}) => {
    const options = JSON.stringify({ url: service.url, way, tokens, sites: SITES, watched: WATCHED, ...size, ...more });
    const [hits, pages] = await Promise.all([
      runJson('readers-hits-program.mjs', options),
      runJson('readers-program.mjs', options),
    ]);
    return { ...hits, ...pages };
  };
  await load('none', { seconds: 3 }); // something to read, and compiled code
  const results = [];
  for (let i = 0; i < rounds; i++) {
    for (const way of WAYS) {
      const [result, processors] = await Promise.all([load(way), processorsWhileMeasured(pid, size)]);
      results.push({ way, ...result, ...processors });
      await untilCounted(service);
      await sleep(500);
    }
  }
  const shared = await load('stream', { pages: size.shared, watched: 1, link });
  await stop(service.child);
  return {
    settings: { ...size, sites: SITES, watched: WATCHED, rounds },
    figures: figuresOf(results, shared, size),
  };
}

function figuresOf(results, shared, size) {
  const of = (way) => results.filter((result) => result.way === way);
  const quantileOf = (way, name, part) =>
    of(way).map((result) =>
      quantile(
        result[name].sort((a, b) => a - b),
        part,
      ),
    );
  const ratios = (way, part) => quantileOf(way, 'hitMs', part).map((ms, i) => ms / quantileOf('none', 'hitMs', part)[i]);
  return [
    figure('a page asks: p50, ms', quantileOf('ask', 'refreshMs', 0.5), atMost(10)),
    figure('a page asks: p90, ms', quantileOf('ask', 'refreshMs', 0.9), atMost(30)),
    figure('a page asks: p99, ms', quantileOf('ask', 'refreshMs', 0.99), atMost(100)),
    figure(
      'age of pushed numbers when they arrive: p50, s',
      quantileOf('stream', 'ageMs', 0.5).map((ms) => ms / 1000),
    ),
    figure(
      'age of pushed numbers when they arrive: p99, s',
      quantileOf('stream', 'ageMs', 0.99).map((ms) => ms / 1000),
    ),
    figure(
      'reports pushed to a page, a second',
      of('stream').map(({ ageMs }) => ageMs.length / size.pages / size.seconds),
    ),
    ...WAYS.map((way) =>
      figure(
        `hits/s, ${way}`,
        of(way).map(({ hitMs }) => hitMs.length / size.seconds),
      ),
    ),
    ...WAYS.map((way) => figure(`hits: p99, ms, ${way}`, quantileOf(way, 'hitMs', 0.99))),
    ...WAYS.map((way) =>
      figure(
        `processors used by the service, ${way}`,
        of(way).map(({ cpu }) => cpu),
      ),
    ),
    ...WAYS.map((way) =>
      figure(
        `of these by the thread that answers hits, ${way}`,
        of(way).map(({ cpuOfMain }) => cpuOfMain),
      ),
    ),
    figure('hits: p99 with pages that ask ÷ without readers', ratios('ask', 0.99)),
    figure('hits: p99 with streams ÷ without readers', ratios('stream', 0.99), atMost(2)),
    figure(`${size.shared} readers of one shared link: refused`, shared.refused, exactly(0)),
    figure(
      'the same: age of pushed numbers, p99, s',
      quantile(
        shared.ageMs.sort((a, b) => a - b),
        0.99,
      ) / 1000,
    ),
    figure(
      'pages: refused',
      results.reduce((sum, { refused }) => sum + refused, 0),
      exactly(0),
    ),
  ];
}

/** Teams of five have a token in common; and a link that shows the first site. */
async function readersOf(dataDir) {
  const [{ composeTool }, { createPeople }] = await Promise.all([
    import(join(DIST, 'src/process/compose.js')),
    import(join(DIST, 'src/people/people.js')),
  ]);
  const { accounts, close } = await composeTool({ dataDir });
  const tokens = [];
  for (let i = 0; i < 40; i++) tokens.push((await accounts.addToken({ title: '', sites: 'all', nowMs: Date.now() })).secret);
  const share = { title: 'all', site: 'site-00', password: '', untilMs: undefined, mayBeEmbedded: false };
  const { secret } = await createPeople(accounts, Date.now).shares.create(share);
  await close();
  return { tokens, link: `/share/${secret}` };
}

async function processorsWhileMeasured(pid, { warmUpSeconds, seconds }) {
  const now = () => [cpuSeconds(pid), cpuSeconds(`${pid}/task/${pid}`)];
  await sleep(warmUpSeconds * 1000);
  const before = now();
  await sleep(seconds * 1000);
  const [cpu, cpuOfMain] = now().map((until, i) => (until - before[i]) / seconds);
  return { cpu, cpuOfMain };
}

/** The processor time of a process with all its threads, or of one thread. NaN where there is no /proc. */
function cpuSeconds(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return (user + system) / 100;
  } catch {
    return Number.NaN;
  }
}
