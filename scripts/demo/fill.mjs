// Fills a data folder with the traffic of the invented sites up to now. What was filled, and up to when, is in its file
// demo.json, so that a later run continues from there.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCUMENT_KINDS } from '../../dist/collections/documents.js';
import { createFold } from '../../dist/src/counting/fold.js';
import { parseRequest } from '../../dist/src/hit/parse.js';
import { createSiteReader } from '../../dist/src/hit/prepared-site.js';
import { allows, foldParsed, SITE_SETTINGS } from '../traffic/population.mjs';
import { readings } from './readers.mjs';
import { SITES } from './sites.mjs';

const DAY_MS = 86_400_000;
/** What is folded at once: more would need more memory. */
const BATCH_MS = 30 * DAY_MS;
/** Since when there is as much traffic as later: the views by minute of half an hour should not begin with the start. */
const LIVE_BEFORE_MS = 15 * 60_000;
/** The node of the segments that fill the documents. */
const NODE = 'demo';

const stateFile = (dataDir) => join(dataDir, 'demo.json');

/**
 * Adds the sites that are missing, and traffic of `days` days, or what is missing since an earlier run. Without
 * `viewsPerMinute`, the live traffic is like that of the days before. Returns the number of hits and, for each site, its
 * requests from then on; `taken` if the folder has a site of that name already which is not the demo's.
 */
export async function fill({ accounts, documents }, { dataDir, days, viewsPerMinute, onFilled }) {
  const begunMs = Date.now();
  const state = existsSync(stateFile(dataDir))
    ? JSON.parse(readFileSync(stateFile(dataDir), 'utf8'))
    : { segments: 0, untilMs: {} };
  const createdAtMs = begunMs - days * DAY_MS;
  for (const site of SITES) {
    const added = await accounts.addSite(settingsOf(site, createdAtMs));
    if (added === 'taken' && state.untilMs[site.id] === undefined) return { taken: site.id };
    state.untilMs[site.id] ??= createdAtMs;
  }
  saveState(dataDir, state);

  const readersPerDay = SITES.reduce((sum, site) => sum + site.readersPerDay, 0);
  const sources = SITES.map((site, index) => {
    const fromMs = state.untilMs[site.id];
    const ownViews = ((viewsPerMinute ?? 0) * site.readersPerDay) / readersPerDay;
    const live = ownViews > 0 ? { fromMs: begunMs - LIVE_BEFORE_MS, viewsPerMinute: ownViews } : undefined;
    const seed = 2026 + index + Math.floor(fromMs / 1000);
    return { site, requests: peekable(readings(site, { fromMs, todayMs: begunMs, live, seed })) };
  });

  let hits = 0;
  const count = async ({ site, requests }, untilMs) => {
    while (state.untilMs[site.id] < untilMs) {
      const batchUntilMs = Math.min(state.untilMs[site.id] + BATCH_MS, untilMs);
      const { fold, folded } = foldUntil(site, requests, batchUntilMs);
      const deltas = fold.deltas();
      state.segments++;
      if (deltas.length > 0) await documents.apply({ node: NODE, number: state.segments, checksum: 0 }, deltas, batchUntilMs);
      state.untilMs[site.id] = batchUntilMs;
      saveState(dataDir, state);
      hits += folded;
    }
  };
  for (const source of sources) {
    const before = hits;
    await count(source, begunMs);
    onFilled(source.site, hits - before);
  }
  const nowMs = Date.now();
  for (const source of sources) await count(source, nowMs); // what has passed meanwhile
  return {
    hits,
    sources: sources.map(({ requests }) => requests),
    /** From now on, the service counts the traffic itself. */
    countedByService() {
      for (const { id } of SITES) state.untilMs[id] = Date.now();
      saveState(dataDir, state);
    },
  };
}

function settingsOf({ id, title, timezone, host }, createdAtMs) {
  return { id, title, timezone, ...SITE_SETTINGS, hosts: [host], signals: 'without-record', createdAtMs };
}

function saveState(dataDir, state) {
  writeFileSync(stateFile(dataDir), `${JSON.stringify(state)}\n`);
}

function foldUntil(site, requests, untilMs) {
  // the readers of the first days have visited before the site was created
  const measured = createSiteReader()(settingsOf(site, 0));
  const surroundings = { site: () => measured, salt: () => Buffer.alloc(32), allows };
  const fold = createFold(DOCUMENT_KINDS);
  let folded = 0;
  for (; requests.first().receivedAtMs < untilMs; requests.shift(), folded++) {
    foldParsed(fold, parseRequest(requests.first(), surroundings));
  }
  return { fold, folded };
}

/** An endless generator of which the first value can be seen before it is taken. */
function peekable(values) {
  let { value } = values.next();
  return {
    first: () => value,
    shift() {
      const taken = value;
      value = values.next().value;
      return taken;
    },
  };
}
