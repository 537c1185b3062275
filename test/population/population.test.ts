// Thousands of simulated browsers visit six sites for sixty days, with the built tracker in each of their pages. What
// they really do is recorded beside it, and every number of every report is compared with that record. `POPULATION=4`
// makes them four times as many, `POPULATION_SEED` others.
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type DocumentKind, grainsOf, kindsByReport } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { resolvePeriod } from '../../src/time/period.js';
import { createRandom } from '../simulator/random.js';
import type { Journal } from './beacon.js';
import { type Counted, count } from './counted.js';
import { differences } from './differences.js';
import { clockOf, daysFrom } from './local-time.js';
import { type Simulated, simulate } from './population.js';
import { SETUPS, type SiteSetup } from './sites.js';
import { buildTracker } from './tracker-script.js';
import { monthRange, type Range, yearRange } from './truth/ranges.js';
import { rare } from './truth/rare.js';
import { REPORTS, type Report, type Truth, truthOf } from './truth/truth.js';

const SCALE = Number(process.env.POPULATION ?? 1);
const SEED = Number(process.env.POPULATION_SEED ?? 1);
/** It takes most of a minute, and longer on a busy machine. */
jest.setTimeout(600_000 * Math.max(1, SCALE));
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const SHOWN_MAX = 20;

const isDaily = (report: Report) => grainsOf(kindsByReport(DOCUMENT_KINDS).get(report) as DocumentKind).length === 1;

describe(`a simulated population (seed ${SEED})`, () => {
  const truths = new Map<SiteSetup, Truth>();
  const counted = new Map<SiteSetup, Counted>();
  let simulated: Simulated;

  beforeAll(async () => {
    simulated = await simulate(SETUPS, buildTracker(), SEED, SCALE);
    for (const setup of SETUPS) {
      truths.set(setup, truthOf(setup, simulated.views.get(setup.site.id) ?? []));
      counted.set(setup, count(setup, journalOf(setup), createRandom(SEED)));
    }
  });

  const journalOf = (setup: SiteSetup) => simulated.beacon.journals.get(setup.site.id) as Journal;
  const truthIn = (setup: SiteSetup) => truths.get(setup) as Truth;
  const countedIn = (setup: SiteSetup) => counted.get(setup) as Counted;

  /** The differences between the reports of these ranges and the truth. */
  const wrongIn = async (setup: SiteSetup, report: Report, ranges: readonly Range[], answers = countedIn(setup)) => {
    const wrong: string[] = [];
    for (const range of ranges) {
      const answer = bodyOf(await answers.report(report, range.from, range.to));
      wrong.push(...differences(truthIn(setup).report(report, range), answer, `${range.from} to ${range.to}: `));
    }
    return wrong.slice(0, SHOWN_MAX);
  };

  it('is large enough, and contains every rare case', () => {
    expect(simulated.people).toBeGreaterThanOrEqual(2000 * SCALE);
    expect(Object.entries(rare(SETUPS.map(truthIn))).filter(([, times]) => times === 0)).toEqual([]);
  });

  it.each([
    ['with a record, over some days', (setup: SiteSetup) => setup.allRecorded, 10],
    ['without one, on a day', (setup: SiteSetup) => setup.site.storage === 'none', 1],
  ])('is estimated without bias and within the stated error: %s', async (_, isOf, daysMax) => {
    const random = createRandom(SEED);
    const off: number[] = [];
    for (const setup of SETUPS.filter(isOf)) {
      const days = daysFrom(setup.firstDay, setup.days);
      for (let start = 0; start < 50; start++) {
        const range = { from: days[start] as string, to: days[start + random.below(daysMax)] as string };
        const { visitors, error } = (await countedIn(setup).report('traffic', range.from, range.to)).total;
        if (error !== undefined) off.push((visitors - truthIn(setup).visitors(range)) / error);
      }
    }
    const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    expect(off.length).toBeGreaterThanOrEqual(50);
    expect(Math.abs(mean(off))).toBeLessThan(0.5);
    expect(Math.sqrt(mean(off.map((errors) => errors ** 2)))).toBeLessThan(1.2);
  });

  describe.each(SETUPS.map((setup) => [setup.site.timezone, setup] as const))('in %s', (_, setup) => {
    const random = createRandom(SEED);
    const days = daysFrom(setup.firstDay, setup.days + 3);
    const isRare = (day: string) =>
      clockOf(setup.site.timezone).hoursOf(day).length !== 24 || day.slice(5) > '12-30' || day.slice(5) < '01-02';
    const months = [...new Set(days.map((day) => day.slice(0, 7)))];
    const years = [...new Set(days.map((day) => day.slice(0, 4)))];
    const whole = [...months.map(monthRange), ...years.map(yearRange)];
    const between = Array.from({ length: 7 }, () => [random.pick(days), random.pick(days)].sort() as [string, string]);
    const ranges: Range[] = [
      ...days.filter((day, i) => i % 2 === 0 || isRare(day)).map((day) => ({ from: day, to: day })),
      ...whole,
      ...between.map(([from, to]) => ({ from, to })),
      { from: `${months[0]}-01`, to: monthRange(months.at(-1) as string).to },
      { from: '2026-11-01', to: '2027-12-31' },
      { from: '2026-01-01', to: '2027-12-31' },
    ];

    it.each(REPORTS)('reports every number of "%s" correctly', async (report) => {
      const short = ranges.filter(({ from, to }) => !isDaily(report) || Date.parse(to) - Date.parse(from) < 40 * DAY_MS);
      expect(await wrongIn(setup, report, short)).toEqual([]);
    });

    it('reports every number of single pages correctly', async () => {
      const wrong: string[] = [];
      const isShort = ({ from, to }: Range) => from.slice(0, 7) === to.slice(0, 7);
      const some = ranges.filter((range, i) => (range.from === range.to ? i % 12 === 0 : isShort(range)));
      for (const path of setup.paths.filter((_, i) => i < 60 && i % 4 === 0)) {
        for (const range of some) {
          const answer = bodyOf(await countedIn(setup).report('pages', range.from, range.to, { page: path }));
          wrong.push(...differences(truthIn(setup).page(path, range), answer, `${range.from} to ${range.to}, ${path}: `));
        }
      }
      expect(wrong.slice(0, SHOWN_MAX)).toEqual([]);
    });

    it('reports correctly who is here now, at any time', async () => {
      const random = createRandom(SEED);
      const { hits } = journalOf(setup);
      const wrong: string[] = [];
      for (let i = 0; i < 60; i++) {
        const nowMs = random.pick(hits).atMs + random.below(12 * MINUTE_MS);
        const soFar = hits.filter(({ atMs }) => atMs < nowMs && atMs > nowMs - 30 * MINUTE_MS);
        const { from, to } = resolvePeriod('now', undefined, setup.site.timezone, nowMs);
        const { online } = await count(setup, { hits: soFar, points: [] }, random).report('minutes', from, to, { asOfMs: nowMs });
        wrong.push(...differences(truthIn(setup).online(nowMs), online, new Date(nowMs).toISOString()));
      }
      expect(wrong).toEqual([]);
    });

    it('reports the compared period as that period itself', async () => {
      const month = months[1] as string;
      const [a, b] = [days[20] as string, days[26] as string];
      const cases: Array<[Range, Range]> = [
        [monthRange(month), monthRange(months[0] as string)],
        [
          { from: a, to: b },
          { from: days[13] as string, to: days[19] as string },
        ],
        [
          { from: b, to: b },
          { from: days[25] as string, to: days[25] as string },
        ],
      ];
      for (const [range, before] of cases) {
        const { compared } = await countedIn(setup).report('visits', range.from, range.to, { compare: 'previous' });
        expect(compared).toMatchObject(before);
        expect(differences(truthIn(setup).report('visits', before), bodyOf(compared))).toEqual([]);
      }
    });

    it('reports the same from months merged from their days, and years merged from these', async () => {
      const fromDays = countedIn(setup).fromDays();
      const reports = REPORTS.filter((report) => !isDaily(report) && (setup.capsDividedBy === 1 || !isCapped(report)));
      for (const report of reports) expect(await wrongIn(setup, report, whole, fromDays)).toEqual([]);
    });
  });
});

/** Lists that evict rows evict others in months than in their days. */
function isCapped(report: Report): boolean {
  return report === 'content' || report === 'engagement';
}

/** Without the fields that describe the range. */
function bodyOf(answer: Record<string, unknown>): object {
  const { site, timezone, from, to, resolution, asOf, until, ...body } = answer;
  return body;
}
