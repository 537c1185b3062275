// Compares what was counted with what was sent, hit by hit: acknowledged hits exactly once, others at most once,
// refused ones never.
import { ACKNOWLEDGED, isBot, limitsOf, OUTCOMES, UNANSWERED } from './hits.mjs';

export async function compareWithDocuments(documents, site, days) {
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
    const counted = sum([...views.values()], (n) => n);
    const sums = {
      'views of all pages': sum(content, (document) => document.get('v')),
      'views of all days': sum(traffic, (document) => document.get('v')),
      'views of all hours': sum(traffic, sumOfHours),
      'views by browser': sum(await read('technology', keys), (document) => document.get('v')),
      'views by referrer': sum(await read('referrers', keys), (document) => document.get('v')),
      'counted hits': sum(traffic, (document) => document.get('k')),
    };
    for (const [what, value] of Object.entries(sums)) {
      if (value !== counted) problems.push(`${site.id}, ${grain}: ${value} ${what}, but the pages add up to ${counted}`);
    }
    const bots = sum(traffic, (document) => document.below('r').get('bot'));
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

export async function compareWithApi(port, secret, site) {
  const ask = async (report) => {
    const url = `http://127.0.0.1:${port}/api/v1/sites/${site.id}/${report}`;
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${secret}` } });
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
    return answer.json();
  };
  const content = await ask('content?period=28d&limit=1000');
  const { total } = await ask('traffic?period=28d');
  const { people } = limitsOf(site);
  const { problems } = comparePaths(site, new Map(content.rows.map(({ key, views }) => [key, views])), 'the API');
  if (total.views < people.least || total.views > people.most) {
    problems.push(`${site.id}, the API: ${total.views} views, not ${people.least} to ${people.most}`);
  }
  return problems;
}

function sumOfHours(document) {
  let total = 0;
  for (const day of document.below('D').fields.values()) {
    for (const hour of day.below('h').fields.values()) total += hour.get('v');
  }
  return total;
}

export function today() {
  return new Date().toISOString().slice(0, 10);
}

export function daysFrom(first) {
  const days = [];
  for (let at = Date.parse(first); at <= Date.now(); at += 86_400_000) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
