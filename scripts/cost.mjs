#!/usr/bin/env node
// Estimates the cost of a number of sites and hits. Measures the size of one site's documents and how many of them a
// hit touches; computes from these, and from the distribution of traffic over sites, what MongoDB has to store and
// write, and how many processors that takes.
import { BSON } from 'mongodb';
import { DOCUMENT_KINDS } from '../dist/collections/documents.js';
import { compact, isFull, rowsThatFit, sizeOf } from '../dist/src/counters/cap.js';
import { toFields } from '../dist/src/counters/codec/fields.js';
import { updateOf } from '../dist/src/counters/codec/update.js';
import { createFold } from '../dist/src/counting/fold.js';
import { parseRequest } from '../dist/src/hit/parse.js';
import { createSiteReader } from '../dist/src/hit/prepared-site.js';
import { allows, beaconRequest, foldParsed, random, SITE_SETTINGS, siteId, view } from './traffic/population.mjs';

/**
 * How long a segment is open: half a second while MongoDB keeps up; otherwise as long as it takes to count a segment.
 */
const OPEN_SECONDS = [0.5, 10];
/**
 * CPU time of the engine for one guarded update of a document in use; between the measured values, see docs/cost.md.
 */
const ENGINE_US_PER_DOCUMENT = 450;
/**
 * CPU time of a web node for counting one document, likewise. One thread does all of it, so this limits what a node
 * counts.
 */
const WEB_US_PER_DOCUMENT = 300;
/** Hits per second that a web node accepts with room to spare: half of what one core does in docs/performance.md. */
const HITS_PER_NODE = 20_000;
const SITES = [1_000, 100_000, 10_000_000];
const HITS = [1_000, 50_000, 1_000_000];
const VIEWS_A_DAY = [1, 10, 100, 1_000, 10_000, 100_000];
const PAGES = 2_000;
const DAY_SECONDS = 86_400;

const readSite = createSiteReader();
const site = readSite({
  id: siteId(0),
  timezone: 'UTC',
  ...SITE_SETTINGS,
  createdAtMs: 0,
});

/**
 * The documents of one site's day with this many views, distributed over the hours evenly and over the pages
 * unevenly.
 */
function dayOf(views) {
  const next = random(views);
  const fold = createFold(DOCUMENT_KINDS);
  const startMs = Date.UTC(2026, 10, 20);
  for (let n = 0; n < views; n++) {
    const path = `/articles/${Math.floor(PAGES ** next()) - 1}/a-title-of-some-words`;
    const receivedAtMs = startMs + Math.floor(((n + 0.5) / views) * DAY_SECONDS * 1000);
    const request = beaconRequest(view(next, { sites: 1, path }), receivedAtMs);
    foldParsed(fold, parseRequest(request, { site: () => site, salt: () => Buffer.alloc(32), allows }));
  }
  return fold.deltas().map((delta) => ({ ...delta, counters: inCaps(delta) }));
}

/** As the stores keep it. */
function inCaps({ counters, caps }) {
  for (const [map, rowsMax] of Object.entries(caps)) {
    const size = sizeOf(counters.below(map));
    if (isFull(size, rowsMax)) compact(counters.at(map), rowsThatFit(size, rowsMax));
  }
  return counters;
}

/** Where a site has one document for each of several groups of pages, a view touches one of them. */
const GROUPS = DOCUMENT_KINDS.filter(({ shard }) => shard !== undefined).length;

const isDay = ({ id }) => id.length === siteId(0).length + '2026-11-20'.length + 1;
const bytesOf = (delta, isOver) =>
  BSON.calculateObjectSize({ _id: delta.id, k: { n0123456789abcdef: 1 }, c: toFields(delta.counters, isOver) });
const sum = (list, value) => list.reduce((total, one) => total + value(one), 0);

const measured = VIEWS_A_DAY.map((views) => {
  const deltas = dayOf(views);
  const days = deltas.filter(({ id }) => id.endsWith(':2026-11-20'));
  return {
    views,
    documents: days.length,
    open: sum(days, (delta) => bytesOf(delta, false)),
    over: sum(days, (delta) => bytesOf(delta, true)),
  };
});
const one = dayOf(1);
const touched = one.length;
const touchedDays = one.filter(isDay).length;
const fields = sum(one, ({ counters }) => {
  const { $inc, $max } = updateOf(counters, 'c');
  return Object.keys($inc).length + Object.keys($max).length;
});

const text = (n) => n.toLocaleString('en', { maximumFractionDigits: n < 10 ? 3 : 0 });
console.log('Day documents of one site in all collections, bytes as BSON (before compression by MongoDB):\n');
console.log('| views that day | documents | while open | once compacted |\n|---:|---:|---:|---:|');
for (const { views, documents, open, over } of measured)
  console.log(`| ${text(views)} | ${documents} | ${text(open)} | ${text(over)} |`);
console.log(
  `\nOne view touches ${touched} documents (of days: ${touchedDays}; the others are of months), ` +
    `with ${(fields / touched).toFixed(1)} fields each.\n`,
);
console.log(
  "The n-th site has 1/n of the first one's traffic. Web nodes: at least two, and enough that each accepts\n" +
    `at most ${text(HITS_PER_NODE)} hits/s and counts them on one core, at ${WEB_US_PER_DOCUMENT} µs per document. ` +
    `Engine: ${ENGINE_US_PER_DOCUMENT} µs per document.\n`,
);
console.log(
  '| sites | hits/s | web nodes | new day documents a day | GiB of them a day ' +
    '| segment open, s | document writes/s | writes a hit | engine cores |',
);
console.log('|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
for (const sites of SITES)
  for (const hits of HITS) for (const open of OPEN_SECONDS) console.log(`| ${lineOf(sites, hits, open).join(' | ')} |`);

function lineOf(sites, hits, openSeconds) {
  const harmonic = Math.log(sites) + 0.5772 + 1 / (2 * sites);
  const perSecond = (n) => hits / (n * harmonic);
  const writesOfNode = (nodes) =>
    sumOverSites(sites, (n) => documentsOf(touched, (perSecond(n) * openSeconds) / nodes)) / openSeconds;
  const nodes = leastThat(
    Math.max(2, Math.ceil(hits / HITS_PER_NODE)),
    (nodes) => writesOfNode(nodes) * WEB_US_PER_DOCUMENT <= 1_000_000,
  );
  const writes = nodes * writesOfNode(nodes);
  const bytesADay = sumOverSites(sites, (n) => {
    const isActive = 1 - Math.exp(-perSecond(n) * DAY_SECONDS);
    return isActive * bytesAt(perSecond(n) * DAY_SECONDS);
  });
  return [
    sites,
    hits,
    nodes,
    sumOverSites(sites, (n) => documentsOf(touchedDays, perSecond(n) * DAY_SECONDS)),
    bytesADay / 2 ** 30,
    openSeconds,
    writes,
    writes / hits,
    Math.ceil((writes * ENGINE_US_PER_DOCUMENT) / 1_000_000),
  ].map((n) => text(n >= 10 ? Math.round(n) : n));
}

/** Starts at `first`. If `holds` is true for a number, it must be true for all greater ones. */
function leastThat(first, holds) {
  let [below, above] = [first - 1, first];
  while (!holds(above)) [below, above] = [above, above * 2];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** From the hundredth on, neighbouring sites are similar: there, a hundredth of them is computed together. */
function sumOverSites(sites, value) {
  let total = 0;
  for (let n = 1; n <= sites; ) {
    const together = Math.min(Math.max(1, Math.floor(n / 100)), sites - n + 1);
    total += together * value(n + (together - 1) / 2);
    n += together;
  }
  return total;
}

/** The expected number of documents with at least one of these hits, when one hit touches `touched`. */
function documentsOf(touched, hits) {
  return (touched - 1) * (1 - Math.exp(-hits)) + GROUPS * (1 - Math.exp(-hits / GROUPS));
}

/** Interpolates between two measured sizes on a logarithmic scale; above the last one, caps keep it constant. */
function bytesAt(views) {
  if (views <= 1) return measured[0].over;
  for (let i = 1; i < measured.length; i++) {
    const [low, high] = [measured[i - 1], measured[i]];
    if (views > high.views) continue;
    const share = Math.log(views / low.views) / Math.log(high.views / low.views);
    return Math.exp(Math.log(low.over) + share * (Math.log(high.over) - Math.log(low.over)));
  }
  return measured.at(-1).over;
}
