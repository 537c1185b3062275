// Thousands of browsers live for sixty days in six towns, with the tracker as it is built for browsers in each of
// their pages; what they really did is written down beside it; and every number of every report is held against that.
// `POPULATION=4` makes them four times as many, `POPULATION_SEED` others.
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type DocumentKind, grainsOf, kindsByReport } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { resolvePeriod } from '../../src/time/period.js';
import { createRandom } from '../simulator/random.js';
import type { Journal } from './beacon.js';
import { type Counted, count } from './counted.js';
import { differences } from './differences.js';
import { clockOf, daysFrom } from './local-time.js';
import { type Lived, live } from './population.js';
import { TOWNS, type Town } from './sites.js';
import { buildTracker } from './tracker-script.js';
import { monthRange, type Range, yearRange } from './truth/ranges.js';
import { rare } from './truth/rare.js';
import { REPORTS, type Report, type Truth, truthOf } from './truth/truth.js';

const SCALE = Number(process.env.POPULATION ?? 1);
const SEED = Number(process.env.POPULATION_SEED ?? 1);
/** It takes most of a minute, and more on a busy machine. */
jest.setTimeout(600_000 * Math.max(1, SCALE));
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const SHOWN_MAX = 20;

const isDaily = (report: Report) => grainsOf(kindsByReport(DOCUMENT_KINDS).get(report) as DocumentKind).length === 1;

describe(`a population (seed ${SEED})`, () => {
  const truths = new Map<Town, Truth>();
  const counted = new Map<Town, Counted>();
  let lived: Lived;

  beforeAll(async () => {
    lived = await live(TOWNS, buildTracker(), SEED, SCALE);
    for (const town of TOWNS) {
      truths.set(town, truthOf(town, lived.views.get(town.site.id) ?? []));
      counted.set(town, count(town, journalOf(town), createRandom(SEED)));
    }
  });

  const journalOf = (town: Town) => lived.door.journals.get(town.site.id) as Journal;
  const truthIn = (town: Town) => truths.get(town) as Truth;
  const countedIn = (town: Town) => counted.get(town) as Counted;

  /** What is not as it was in a report of these ranges. */
  const wrongIn = async (town: Town, report: Report, ranges: readonly Range[], answers = countedIn(town)) => {
    const wrong: string[] = [];
    for (const range of ranges) {
      const answer = bodyOf(await answers.report(report, range.from, range.to));
      wrong.push(...differences(truthIn(town).report(report, range), answer, `${range.from} to ${range.to}: `));
    }
    return wrong.slice(0, SHOWN_MAX);
  };

  it('is large enough, and everything that is rare happens in it', () => {
    expect(lived.people).toBeGreaterThanOrEqual(2000 * SCALE);
    expect(Object.entries(rare(TOWNS.map(truthIn))).filter(([, times]) => times === 0)).toEqual([]);
  });

  it.each([
    ['with a record, over some days', (town: Town) => town.allRecorded, 10],
    ['without one, on a day', (town: Town) => town.site.storage === 'none', 1],
  ])('is estimated too high as often as too low, and no further off than is said: %s', async (_, isOf, daysMax) => {
    const random = createRandom(SEED);
    const off: number[] = [];
    for (const town of TOWNS.filter(isOf)) {
      const days = daysFrom(town.firstDay, town.days);
      for (let start = 0; start < 50; start++) {
        const range = { from: days[start] as string, to: days[start + random.below(daysMax)] as string };
        const { visitors, error } = (await countedIn(town).report('traffic', range.from, range.to)).total;
        if (error !== undefined) off.push((visitors - truthIn(town).visitors(range)) / error);
      }
    }
    const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    expect(off.length).toBeGreaterThanOrEqual(50);
    expect(Math.abs(mean(off))).toBeLessThan(0.5);
    expect(Math.sqrt(mean(off.map((errors) => errors ** 2)))).toBeLessThan(1.2);
  });

  describe.each(TOWNS.map((town) => [town.site.timezone, town] as const))('in %s', (_, town) => {
    const random = createRandom(SEED);
    const days = daysFrom(town.firstDay, town.days + 3);
    const isRare = (day: string) =>
      clockOf(town.site.timezone).hoursOf(day).length !== 24 || day.slice(5) > '12-30' || day.slice(5) < '01-02';
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

    it.each(REPORTS)('every number of the report "%s" is as it was', async (report) => {
      const short = ranges.filter(({ from, to }) => !isDaily(report) || Date.parse(to) - Date.parse(from) < 40 * DAY_MS);
      expect(await wrongIn(town, report, short)).toEqual([]);
    });

    it('every number of single pages is as it was', async () => {
      const wrong: string[] = [];
      const isShort = ({ from, to }: Range) => from.slice(0, 7) === to.slice(0, 7);
      const some = ranges.filter((range, i) => (range.from === range.to ? i % 12 === 0 : isShort(range)));
      for (const path of town.paths.filter((_, i) => i < 60 && i % 4 === 0)) {
        for (const range of some) {
          const answer = bodyOf(await countedIn(town).report('pages', range.from, range.to, { page: path }));
          wrong.push(...differences(truthIn(town).page(path, range), answer, `${range.from} to ${range.to}, ${path}: `));
        }
      }
      expect(wrong.slice(0, SHOWN_MAX)).toEqual([]);
    });

    it('who is here now is as it is, at any moment', async () => {
      const random = createRandom(SEED);
      const { hits } = journalOf(town);
      const wrong: string[] = [];
      for (let i = 0; i < 60; i++) {
        const nowMs = random.pick(hits).atMs + random.below(12 * MINUTE_MS);
        const soFar = hits.filter(({ atMs }) => atMs < nowMs && atMs > nowMs - 30 * MINUTE_MS);
        const { from, to } = resolvePeriod('now', undefined, town.site.timezone, nowMs);
        const { online } = await count(town, { hits: soFar, points: [] }, random).report('minutes', from, to, { asOfMs: nowMs });
        wrong.push(...differences(truthIn(town).online(nowMs), online, new Date(nowMs).toISOString()));
      }
      expect(wrong).toEqual([]);
    });

    it('what stands beside a range for comparison is as it was before', async () => {
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
        const { compared } = await countedIn(town).report('visits', range.from, range.to, { compare: 'previous' });
        expect(compared).toMatchObject(before);
        expect(differences(truthIn(town).report('visits', before), bodyOf(compared))).toEqual([]);
      }
    });

    it('months put together from their days, and years from these, say the same', async () => {
      const fromDays = countedIn(town).fromDays();
      const reports = REPORTS.filter((report) => !isDaily(report) && (town.capsDividedBy === 1 || !isCapped(report)));
      for (const report of reports) expect(await wrongIn(town, report, whole, fromDays)).toEqual([]);
    });
  });
});

/** Lists that drop rows have dropped others in months than in their days. */
function isCapped(report: Report): boolean {
  return report === 'content' || report === 'engagement';
}

/** Without what says which range it is of. */
function bodyOf(answer: Record<string, unknown>): object {
  const { site, timezone, from, to, resolution, asOf, ...body } = answer;
  return body;
}
