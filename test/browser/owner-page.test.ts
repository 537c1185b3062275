// The owner's page in a real browser: its numbers agree with each other, and it shows nothing from before the site existed.

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { baseName } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { FIELD_KEYS, KEYS } from '../../src/browser/dashboard/choices.js';
import { rangeName } from '../../src/browser/dashboard/format.js';
import { PERIODS } from '../../src/browser/dashboard/ranges.js';
import { PERIODS as PERIOD_NAMES } from '../../src/browser/dashboard/texts.js';
import type { NotCounted } from '../../src/hit/hit.js';
import type { Site } from '../../src/hit/site.js';
import type { DayRange } from '../../src/time/day-range.js';
import { resolvePeriod } from '../../src/time/period.js';
import { expiredWork } from '../../src/upkeep/expired.js';
import { plainHit } from '../fixtures/hits.js';
import { memoryLedger } from '../fixtures/ledger.js';
import type { Counted } from '../fixtures/reporting.js';
import { until } from '../fixtures/until.js';
import { obstacles } from './axe.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';
import { history, type Owned, startOwned, viewOf } from './owner.js';

const BERLIN = 'Europe/Berlin';
const made = (day: string): Partial<Site> => ({ createdAtMs: Date.parse(`${day}T09:00:00Z`) });

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

(browser === undefined ? describe.skip : describe)("the owner's page", () => {
  const owners: Owned[] = [];
  const pageErrors: string[] = [];

  afterEach(async () => {
    await Promise.all(owners.splice(0).map((owned) => owned.close()));
    expect(pageErrors.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function own(changes: Partial<Site>, counted: Counted, now: string): Promise<Owned> {
    const owned = await startOwned(browser as NonNullable<typeof browser>, changes, counted, now);
    owners.push(owned);
    return owned;
  }

  /** A page that shows its numbers and lists. */
  async function opened(owned: Owned, hash = ''): Promise<Page> {
    const page = await owned.page({}, hash);
    page.on('pageerror', (error) => pageErrors.push(error.message));
    await page.locator('.retention .hint', { hasNotText: 'Loading' }).waitFor();
    return page;
  }

  /** A page of a site without a view. */
  async function waiting(owned: Owned): Promise<Page> {
    const page = await owned.page({}, '');
    page.on('pageerror', (error) => pageErrors.push(error.message));
    await page.locator('#waiting').waitFor();
    await page.locator('.main-chart').waitFor({ state: 'detached' });
    return page;
  }

  const text = async (page: Page, selector: string) =>
    ((await page.locator(selector).first().textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();
  const before = (page: Page) => page.locator('.before').allInnerTexts();
  const heads = (page: Page) => page.locator('#lists .columns .aside').allInnerTexts();
  const refused = (reason: NotCounted, hits: number) => ({ site: 'one', day: '2026-11-20', receivedAtMs: 0, reason, hits });

  describe('of a site that nobody has viewed', () => {
    it('lists the hits that arrived, why they were not counted and what to do, until the first view arrives', async () => {
      const refusals = [refused('bot', 10), refused('local-page', 3), refused('foreign-host', 1)];
      const owned = await own(
        { ...made('2026-11-20'), hosts: ['garden.example', 'xn--mller-kva.example'] },
        { refusals },
        '2026-11-20T10:00:00Z',
      );
      const page = await waiting(owned);
      await page.getByText('14 hits arrived but were not counted').waitFor();
      const shown = await text(page, '#waiting-refused');
      expect(shown).toMatch(/10 × Bots: .*ordinary browser/);
      expect(shown).toMatch(/3 × Local pages: .*localhost.* unless the settings list their host/);
      expect(shown).toMatch(/1 × From another host: .* only pages on garden.example, müller.example\./);
      expect(await page.locator('.main-chart, #just-now, .list, .retention').count()).toBe(0);

      owned.counted = { refusals, hits: [viewOf(owned.nowMs - 1000, BERLIN, '/')] };
      await page.locator('#waiting').waitFor({ state: 'hidden' });
      expect(await text(page, '#views')).toBe('1');
      await page.locator('#lists .rows .name', { hasText: '/' }).first().waitFor();
    });

    it('never shows the cards of a site with views, while it asks whether there were any', async () => {
      const owned = await own(made('2026-11-20'), {}, '2026-11-20T10:00:00Z');
      const page = await owned.page({}, '');
      await page.addInitScript(() => {
        new MutationObserver(() => {
          if (document.querySelector('#lists .card .empty') !== null) Object.assign(window, { hadEmptyCards: true });
        }).observe(document, { childList: true, subtree: true });
      });
      await page.route(/traffic\?period=/, async (route) => {
        await delay(2_000);
        await route.continue();
      });
      await page.reload();
      await page.locator('#waiting').waitFor();
      expect(await page.evaluate(() => 'hadEmptyCards' in window)).toBe(false);
    });

    it('mentions no refusals if nothing arrived at all', async () => {
      const page = await waiting(await own(made('2026-11-20'), {}, '2026-11-20T10:00:00Z'));
      expect(await page.locator('#waiting-refused').isHidden()).toBe(true);
      expect(await text(page, '#waiting')).toContain('data-site="one"');
    });

    it('does not wait if an old log was imported', async () => {
      const hits = [plainHit(Date.parse('2015-05-18T10:00:00Z'))];
      const owned = await own(made('2026-11-20'), { hits }, '2026-11-20T10:00:00Z');
      const page = await opened(owned);
      await until(() => owned.asked.some((one) => /^content 20(?:0\d|1[0-5])-01-01 20(?:1[5-9]|2\d)-12-31$/.test(one)));
      expect(await page.locator('#waiting').isHidden()).toBe(true);
    });
  });

  describe('of a site that is younger than the period', () => {
    it.each(['', '#month', '#year'])('compares with nothing before it was created: %s', async (hash) => {
      const from = hash === '' ? '2026-11-20' : '2026-11-12';
      const hits = history(BERLIN, from, '2026-11-20', () => 2, '2026-11-20 10');
      const page = await opened(await own(made(from), { hits }, '2026-11-20T09:30:00Z'), hash);
      expect(new Set(await before(page))).toEqual(new Set(['']));
      expect(await text(page, '#compared')).toMatch(/^Nothing to compare with: there are no numbers before \d+ Nov\.$/);
      expect(await heads(page)).not.toContain('change');
      if (hash === '') return;
      expect(await text(page, '#chart-table tbody th')).toBe('Thu 12 November');
    });

    it('compares with imported history', async () => {
      const hits = history(BERLIN, '2026-10-01', '2026-11-20', (day) => (day < '2026-11' ? 2 : 3), '2026-11-20 10');
      const page = await opened(await own(made('2026-11-19'), { hits }, '2026-11-20T09:30:00Z'), '#month');
      expect(await text(page, '#views-before')).toBe('+50%');
      expect(await heads(page)).toContain('change');
    });
  });

  describe('compared with another period', () => {
    const hits = history(BERLIN, '2026-10-01', '2026-11-20', (day) => (day < '2026-11' ? 2 : 3), '2026-11-20 08');
    const old = () => own(made('2025-01-01'), { hits }, '2026-11-20T07:10:00Z');

    it('compares the hours of a morning with the same hours, and no list with a whole day', async () => {
      const page = await opened(await old());
      expect(await text(page, '#views-before')).toBe('no change');
      expect(await text(page, '#compared')).toBe('Compared with yesterday until 08:00. Visitors of each hour are added up.');
      expect(await text(page, '#visitors-before')).toBe('no change');
      expect(await text(page, 'button.visitors .was')).toBe('24');
      expect(await text(page, 'button.visitors .visually-hidden')).toBe(
        'Visitors of each hour are added up. No change from the same hours of yesterday (24). All visitors of yesterday: 72',
      );
      expect(await heads(page)).not.toContain('change');
      expect((await heads(page)).filter((head) => /yesterday/.test(head))).toEqual([]);
      await page.locator('.rows a', { hasText: '/1' }).first().click();
      await page.locator('.panel .facts', { hasText: 'of the site' }).waitFor();
      expect(await text(page, '.panel .facts')).toMatch(/; (\d+) → \1 \(same hours of yesterday\)/);
    });

    it('shows the numbers themselves if they are too small for a percentage', async () => {
      const few = history(BERLIN, '2026-11-18', '2026-11-20', (day) => (day < '2026-11-20' ? 1 : 2), '2026-11-20 05');
      const page = await opened(await own(made('2026-11-01'), { hits: few }, '2026-11-20T04:10:00Z'));
      expect(await text(page, '#views-before')).toBe('+5');
      expect(await text(page, 'button.views')).toContain('5 more than the same hours of yesterday (5)');
      expect(await text(page, '#compared')).toBe('Compared with yesterday until 05:00. Visitors of each hour are added up.');
    });

    it('shows the same change of a month at the head, in each list and in the panel of a page', async () => {
      const page = await opened(await old(), '#month');
      expect(await text(page, '#views-before')).toBe('+50%');
      expect(await text(page, '#compared')).toBe('Compared with the same days of October, without today.');
      const changes = await page
        .locator('#lists .card:first-child .rows li:not(.columns):not(.rest) .cell:nth-child(4)')
        .allInnerTexts();
      expect(changes.length).toBeGreaterThan(5);
      expect(new Set(changes.map((change) => change.split(/\s/)[0]))).toEqual(new Set(['+50%']));
      // the head says it once for all
      expect(await page.locator('#lists .list .hint', { hasText: 'Change:' }).count()).toBe(0);
      await page.locator('.rows a', { hasText: '/1' }).first().click();
      await page.locator('.panel .facts', { hasText: '; +50% (same days of October)' }).waitFor();
    });

    it('compares no part of the period on the first day of a month or year', async () => {
      const owned = await own(
        made('2025-01-01'),
        { hits: history(BERLIN, '2026-12-01', '2027-01-01', () => 1, '2027-01-01 02') },
        '2027-01-01T00:30:00Z',
      );
      const month = await opened(owned, '#month');
      expect(await text(month, '#views-before')).toMatch(/^all of Dec 2026: /);
      expect(await heads(month)).not.toContain('change');
      const year = await opened(owned, '#year');
      expect(await text(year, '#views-before')).toMatch(/^all of 2026: /);
      expect(await heads(year)).not.toContain('change');
    });

    it('shows a new day as empty while nothing of it is counted', async () => {
      const owned = await own(made('2025-01-01'), { hits }, '2026-11-19T23:00:00.100Z');
      const page = await opened(owned); // counted until just before midnight in Berlin
      expect(await text(page, '#views')).toBe(String(8 * 3));
      owned.counted = { hits: hits.filter(([{ at }]) => at.day < '2026-11-20') };
      await page.reload();
      await until(async () => (await text(page, '#views')) === '0');
      expect(await text(page, '#views-before')).toBe(`all of yesterday: ${24 * 3}`);
      expect(await text(page, '#chart-empty')).toBe('Nothing yet today.');
    });
  });

  describe('with any range', () => {
    const NOW = '2026-11-20T07:10:00Z';
    const TODAY = '2026-11-20';
    /** From the first month with a view. */
    const WHOLE = { from: '2026-08-01', to: TODAY };
    const hits = history(BERLIN, '2026-08-25', TODAY, (day) => 1 + (Number(day.slice(8)) % 2), '2026-11-20 08');
    const viewsIn = ({ from, to }: DayRange) => hits.filter(([{ at }]) => from <= at.day && at.day <= to).length;
    const counted = (views: number) => new Intl.NumberFormat('en').format(views);
    const old = () => own(made('2025-01-01'), { hits }, NOW);
    const hash = (page: Page) => new URL(page.url()).hash;

    async function settled(page: Page, wanted: string): Promise<void> {
      await page.waitForFunction((one) => location.hash === one, wanted);
      await page.locator('.main-chart[aria-busy=false]').waitFor();
    }

    it('shows each period from the list and by its key, under its own address to which Back returns', async () => {
      const page = await opened(await old());
      await page.selectOption('#compare', 'nothing');
      for (const name of [...PERIODS.slice(1), 'today' as const]) {
        await page.selectOption('#period', name);
        await settled(page, `#${name === 'today' ? '' : `${name}&`}compare=nothing`);
        const range = resolvePeriod(name, undefined, BERLIN, Date.parse(NOW));
        expect([name, await text(page, '#views')]).toEqual([name, counted(viewsIn(range))]);
        expect(await text(page, '.steps .range')).toBe(rangeName(name === 'all' ? WHOLE : range, TODAY));
        expect(await text(page, '#chart-table caption')).toMatch(new RegExp(`, ${PERIOD_NAMES[name]}$`));
      }
      await page.goBack();
      await settled(page, '#all&compare=nothing');
      await page.goBack();
      await settled(page, '#last-year&compare=nothing');
      expect(await page.inputValue('#period')).toBe('last-year');
      expect(await text(page, '#chart-empty')).toBe('Nothing last year.');
      await page.locator('#show-month').focus(); // in a list, keys choose
      for (const [name, key] of Object.entries(KEYS)) {
        await page.keyboard.press(key);
        await settled(page, `#${name === 'today' ? '' : `${name}&`}compare=nothing`);
      }
      expect(await page.locator('#show-year').getAttribute('aria-pressed')).toBe('false');
      await page.keyboard.press('Control+y');
      await page.keyboard.press('Shift+ArrowLeft');
      await page.keyboard.press('ArrowLeft'); // there is nothing before all time
      expect(hash(page)).toBe('#all&compare=nothing');
    });

    it('shows a range between two dates that are typed, moves by its length, and shows it again after a reload', async () => {
      const page = await opened(await old());
      const { keyboard } = page;
      await page.focus('#period');
      await keyboard.press('End');
      const dates = [
        ['to', '10202026'], // in either order
        ['from', '11182026'],
      ] as const;
      for (const [name, digits] of dates) {
        await page.locator(`.from-to [name=${name}]`).focus();
        await keyboard.type(digits);
      }
      await keyboard.press('ArrowLeft'); // within the date
      expect(hash(page)).toBe('');
      await keyboard.press('Enter');
      await settled(page, '#from=2026-10-20&to=2026-11-18');
      expect(await text(page, '#views')).toBe(counted(viewsIn({ from: '2026-10-20', to: '2026-11-18' })));
      expect(await text(page, '#compared')).toBe('Change: 20 October – 18 November, compared with 20 September – 19 October.');
      expect(await text(page, '#visitors-before')).toMatch(/%|no change/);
      expect(await page.locator('#chart-table tbody tr').count()).toBe(30);
      expect((await heads(page)).filter((head) => head === 'change').length).toBeGreaterThan(1);
      expect(await page.locator('.from-to').count()).toBe(0);
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('period');

      await page.getByRole('button', { name: 'Earlier' }).click();
      await settled(page, '#from=2026-09-20&to=2026-10-19');
      await keyboard.press('ArrowRight');
      await settled(page, '#from=2026-10-20&to=2026-11-18');
      await keyboard.press('ArrowRight'); // it has begun
      await settled(page, '#from=2026-11-19&to=2026-12-18');
      expect(await page.getByRole('button', { name: 'Later' }).getAttribute('aria-disabled')).toBe('true');
      await keyboard.press('ArrowRight');
      expect(hash(page)).toBe('#from=2026-11-19&to=2026-12-18');
      await page.goBack();
      await page.reload();
      await settled(page, '#from=2026-10-20&to=2026-11-18');
      expect(await text(page, '#period option:checked')).toBe('20 October – 18 November');
      expect(await text(page, '.steps .range')).toBe('20 October – 18 November');
      expect(await text(page, '#views')).toBe(counted(viewsIn({ from: '2026-10-20', to: '2026-11-18' })));
    });

    it('opens two dates over the page, and closes them by Escape, by a click elsewhere and without the focus', async () => {
      const page = await opened(await old());
      const { keyboard } = page;
      const top = async () => (await page.locator('.main-chart').boundingBox())?.y;
      const before = await top();
      for (const list of ['#period', '#compare']) {
        const chosen = await page.inputValue(list);
        const open = async () => {
          await page.selectOption(list, 'from-to');
          expect(await page.locator('.from-to').count()).toBe(1);
          expect(await top()).toBe(before);
        };
        await open();
        await page.locator('.from-to [name=from]').focus();
        await keyboard.press('Escape');
        expect(await page.locator(`${list}:focus`).count()).toBe(1);
        expect([await page.locator('.from-to').count(), await page.inputValue(list)]).toEqual([0, chosen]);
        await open();
        await page.locator('.from-to button').focus();
        await keyboard.press('Tab');
        expect(await page.locator('.from-to').count()).toBe(0);
        await open();
        await page.mouse.click(5, 5);
        expect([await page.locator('.from-to').count(), hash(page)]).toEqual([0, '']);
      }
      await page.selectOption('#period', 'from-to');
      for (const wide of [360, 620, 1000, 1280]) {
        await page.setViewportSize({ width: wide, height: 700 });
        const { x, width, height } = (await page.locator('.from-to').boundingBox()) as Record<'x' | 'width' | 'height', number>;
        expect({ wide, fits: x >= 0 && x + width <= wide && height < 120 }).toEqual({ wide, fits: true });
      }
    });

    it('compares days with days, and counts nothing of today in them', async () => {
      const page = await opened(await old(), '#7d');
      expect(await text(page, '#compared')).toBe('Change: 14–19 November, compared with 7–12 November.');
      const [now, before] = [
        viewsIn({ from: '2026-11-14', to: '2026-11-19' }),
        viewsIn({ from: '2026-11-07', to: '2026-11-12' }),
      ];
      const part = new Intl.NumberFormat('en', { style: 'percent' }).format(Math.abs(now / before - 1));
      const words = now > before ? 'more' : 'fewer';
      const sentence = now === before ? 'No change from' : `${part} ${words} than`;
      expect(await text(page, 'button.views')).toContain(
        `14–19 November: ${counted(now)}. ${sentence} 7–12 November (${counted(before)})`,
      );
      expect(await text(page, 'button.views .was')).toBe(`${counted(before)} → ${counted(now)}`);
      await page.keyboard.press('e');
      await settled(page, '#yesterday');
      expect(await text(page, '#compared')).toBe('Change: Thu 19 November, compared with Wed 18 November.');
      expect(await page.locator('#chart-table tbody tr').count()).toBe(24);
    });

    it('draws the number that is clicked, beside what it was, and says the same in a table', async () => {
      const page = await opened(await old(), '#7d');
      const row = (at: number) => page.locator('#chart-table tbody tr').nth(at).locator('th, td').allInnerTexts();
      expect(await row(0)).toEqual(['Sat 14 November', '24', '48']);
      await page.getByRole('button', { name: /^Bounce rate/ }).click();
      expect(hash(page)).toBe('#7d&tab-number=bounce-rate');
      expect(await page.getAttribute('button.bounce-rate', 'aria-pressed')).toBe('true');
      expect(await page.locator('#chart-table th[scope=col]').allInnerTexts()).toEqual(['When', 'Bounce rate', '7–13 November']);
      expect(await row(0)).toEqual(['Sat 14 November', '100%', '100%']);
      await page.reload();
      await page.locator('.legend', { hasText: 'Bounce rate' }).waitFor();
      await page.getByRole('button', { name: /^Reading time/ }).click();
      expect(await row(0)).toEqual(['Sat 14 November', '–', '–']);
      await page.selectOption('#period', '30d');
      await settled(page, '#30d&tab-number=reading-time');
      expect(await page.locator('.no-weeks').count()).toBe(0);
      await page.getByRole('button', { name: /^Visitors/ }).click();
      expect(await text(page, '.no-weeks')).toContain('There are no weeks for visitors');
    });

    it('shows the hours of two to seven days, each of which opens its day', async () => {
      const page = await opened(await old(), '#from=2026-11-18&to=2026-11-19');
      const bars = page.locator('#chart-table tbody tr');
      expect(await text(page, '.main-chart .bars [aria-pressed=true]')).toBe('Hours');
      expect(await bars.count()).toBe(48);
      await page.getByRole('button', { name: 'Days', exact: true }).click();
      await settled(page, '#from=2026-11-18&to=2026-11-19&tab-chart=days');
      expect(await bars.count()).toBe(2);
      await page.getByRole('button', { name: 'Hours', exact: true }).click();
      await page.locator('#chart [role=group]').focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await settled(page, '#yesterday&tab-chart=hours');
      expect(await bars.count()).toBe(24);
    });

    it('opens a month, a day and an hour by keys and by clicks, and returns by Escape and Back', async () => {
      const page = await opened(await old(), '#year&tab-chart=months');
      const { keyboard } = page;
      await page.locator('#chart [role=group]').focus();
      await keyboard.press('Home');
      await keyboard.press('Shift+ArrowRight');
      await keyboard.press('Tab'); // what was selected is so no more
      await keyboard.press('Shift+Tab');
      await page.locator('#chart .plot').hover();
      await keyboard.press('Enter');
      await settled(page, '#from=2026-06-01&to=2026-06-30&tab-chart=months');
      await page.goBack();
      await settled(page, '#year&tab-chart=months');
      await page.locator('#chart [role=group]').focus();
      await keyboard.press('End');
      await keyboard.press('ArrowLeft');
      expect(await text(page, '.tooltip strong')).toBe('October');
      await keyboard.press('Enter');
      await settled(page, '#last-month&tab-chart=months');
      await keyboard.press('Home');
      await keyboard.press('Shift+ArrowRight');
      await keyboard.press('Shift+ArrowRight');
      await keyboard.press('Enter');
      await settled(page, '#from=2026-10-01&to=2026-10-03&tab-chart=months');
      // the chart has not moved
      expect(await page.locator('.from-to').count()).toBe(0);
      expect(await text(page, '#period option:checked')).toBe('1–3 October');
      const plot = page.locator('#chart .plot');
      await plot.click();
      await settled(page, '#from=2026-10-02&to=2026-10-02&tab-chart=months');
      expect(await page.locator('#chart-table tbody tr').count()).toBe(24);
      await plot.scrollIntoViewIfNeeded();
      const { x, y, width, height } = (await plot.boundingBox()) as { x: number; y: number; width: number; height: number };
      await page.mouse.move(x + width * 0.26, y + height / 2); // from the hour 06 to 11
      await page.mouse.down();
      await page.mouse.move(x + width * 0.49, y + height / 2, { steps: 4 });
      await page.mouse.up();
      await page.waitForFunction(() => location.hash.includes('hours=06-11'));
      await page.mouse.move(x + width / 2, y - 60); // pressed beside the chart, such as to select a text
      await page.mouse.down();
      await page.mouse.move(x + width * 0.8, y + height / 2, { steps: 4 });
      expect(await page.locator('#chart .selected').count()).toBe(0);
      await page.mouse.up();
      expect(await page.evaluate(() => location.hash)).toContain('hours=06-11');
      await page.getByRole('button', { name: 'Hours' }).click();
      expect(await page.locator('#chart-table tbody tr').count()).toBe(6);
      await page.getByRole('button', { name: '5 minutes' }).click();
      await until(async () => (await page.locator('#chart-table tbody tr').count()) === 72);
      await page.reload();
      await until(async () => (await page.locator('#chart-table tbody tr').count()) === 72);
      await page.locator('#chart [role=group]').focus();
      await keyboard.press('Escape');
      await page.waitForFunction(() => !location.hash.includes('hours'));
      await keyboard.press('Escape');
      await page.waitForFunction(() => location.hash.startsWith('#from=2026-10-01&to=2026-10-03'));
      await page.goBack();
      await page.waitForFunction(() => location.hash.startsWith('#last-month'));
    });

    it('compares with days that are chosen, and with the same days of the week', async () => {
      const page = await opened(await old(), '#from=2026-11-09&to=2026-11-12');
      await page.selectOption('#compare', 'from-to');
      const dates = page.locator('.from-to').last();
      await dates.locator('[name=from]').fill('2026-09-01');
      await dates.locator('[name=to]').fill('2026-09-04');
      await dates.getByRole('button', { name: 'Compare' }).click();
      await settled(page, '#from=2026-11-09&to=2026-11-12&compare=2026-09-01..2026-09-04');
      expect(await text(page, '#compared')).toBe('Change: 9–12 November, compared with 1–4 September.');
      await page.locator('#by-weekday').check(); // from a Tuesday to a Monday
      await settled(page, '#from=2026-11-09&to=2026-11-12&compare=2026-09-01..2026-09-04&match=weekdays');
      expect(await text(page, '#compared')).toBe('Change: 9–12 November, compared with 31 August – 3 September.');
      expect(await text(page, '#compare option:checked')).toBe('1–4 September');
      expect(await text(page, '.legend .key-before')).toBe('31 August – 3 September');
      const was = viewsIn({ from: '2026-08-31', to: '2026-09-03' });
      expect(await text(page, 'button.views .was')).toBe(counted(was));
    });

    it('shows notes in the chart and below it, and adds, changes and removes them by keys', async () => {
      const owned = await old();
      await owned.signInAsEditor();
      const page = await opened(owned, '#7d');
      const { keyboard } = page;
      const notes = page.locator('.notes li');
      await page.getByRole('button', { name: 'Add a note' }).press('Enter');
      await keyboard.type('Deployed <b>2.1</b>'); // the text has the focus
      await page.locator('.note-form [name=day]').fill('2026-11-18');
      await page.locator('.note-form [name=time]').fill('14:05');
      await keyboard.press('Enter');
      await notes.waitFor();
      expect(await text(page, '.notes li')).toContain('18 Nov 14:05Deployed <b>2.1</b>');
      await page.waitForFunction(() => document.activeElement?.classList.contains('add-note'));
      await page.locator('#chart [role=group]').focus();
      for (const key of ['End', 'ArrowLeft', 'ArrowLeft']) await keyboard.press(key);
      expect(await text(page, '.tooltip .note')).toBe('14:05 Deployed <b>2.1</b>');
      await page.getByRole('button', { name: 'Change the note' }).press('Enter');
      await keyboard.press('ControlOrMeta+a');
      await keyboard.type('Rolled back');
      await keyboard.press('Enter');
      await notes.filter({ hasText: 'Rolled back' }).waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Remove the note “Rolled back”' }).press('Enter');
      await notes.waitFor({ state: 'detached' });
      await page.waitForFunction(() => document.activeElement?.classList.contains('add-note'));
    });

    it('lists its keys in a dialog, which gives the focus back', async () => {
      const page = await opened(await old());
      await page.locator('#show-month').focus();
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Keys' });
      await dialog.waitFor();
      for (const key of [...Object.values(KEYS), ...Object.values(FIELD_KEYS), '←', '→', '?'])
        expect(await dialog.locator('kbd').allInnerTexts()).toContain(key);
      await page.keyboard.press('y');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('show-month');
      for (const id of ['period', 'compare'] as const) {
        await page.locator('#show-month').focus();
        await page.keyboard.press(FIELD_KEYS[id]);
        expect(await page.evaluate(() => document.activeElement?.id)).toBe(id);
      }
      expect(hash(page)).toBe('');
    });

    it('downloads the shown range of each list as CSV', async () => {
      const page = await opened(await old(), '#from=2026-11-10&to=2026-11-12');
      const link = page.getByRole('link', { name: 'CSV: Pages' });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(download.suggestedFilename()).toMatch(/content.*\.csv$/);
      const lines = readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\r\n');
      expect(lines).toHaveLength(1 + 12);
      const column = (lines[0] as string).split(',').indexOf('"views"');
      const views = lines.slice(1).map((line) => Number(line.split(',')[column]));
      expect(views.reduce((sum, one) => sum + one, 0)).toBe(viewsIn({ from: '2026-11-10', to: '2026-11-12' }));

      const names = new Set<string>();
      for (const tabs of await page.locator('#page .tabs').all()) {
        for (const tab of await tabs.getByRole('button').all()) {
          await tab.click();
          for (const one of await page.locator('a.csv').all())
            names.add(`${await one.getAttribute('aria-label')} ${await one.getAttribute('href')}`);
        }
      }
      for (const [format, type] of Object.entries({ CSV: 'text/csv', JSON: 'application/json' })) {
        const links = [...names].filter((name) => name.startsWith(format));
        expect(links.length).toBeGreaterThan(10);
        const types = await page.evaluate(
          (hrefs) => Promise.all(hrefs.map(async (href) => (await fetch(href)).headers.get('content-type'))),
          links.map((name) => name.split(' ').at(-1) as string),
        );
        expect(new Set(types)).toEqual(new Set([`${type}; charset=utf-8`]));
      }
    });

    it('shows of which days a list is where days are no longer kept, and that a page has no details', async () => {
      const ledger = memoryLedger();
      const kinds = DOCUMENT_KINDS.filter((kind) => ['content', 'pages'].includes(baseName(kind)));
      for (const { name } of kinds) {
        await ledger.add(expiredWork('day', name), 'one', { from: '2026-09-01', to: '2026-10-31' });
      }
      const page = await opened(await own(made('2025-01-01'), { hits, ledger }, NOW), '#from=2026-10-10&to=2026-10-12');
      expect(await text(page, '#views')).toBe(counted(viewsIn({ from: '2026-10-10', to: '2026-10-12' })));
      const notes = await page.locator('.kept-note').allInnerTexts();
      expect(notes).toEqual(['The days of this period are no longer kept one by one. These numbers are of October.']);
      await page.locator('.list', { hasText: 'Entry pages' }).locator('.kept-note').waitFor();
      await page.locator('.rows a', { hasText: '/1' }).first().click();
      await page.locator('.panel', { hasText: 'There are none of these days.' }).waitFor();
    });

    it('shows live views in a range that is today, and in no other', async () => {
      const owned = await old();
      const page = await opened(owned, '#from=2026-11-20&to=2026-11-20');
      const past = await owned.page({}, '#yesterday');
      await past.locator('#views', { hasText: String(viewsIn({ from: '2026-11-19', to: '2026-11-19' })) }).waitFor();
      owned.counted = { hits: [...hits, viewOf(Date.parse(NOW) - 60_000, BERLIN, '/new')] };
      const views = String(viewsIn({ from: TODAY, to: TODAY }) + 1);
      await until(async () => (await text(page, '#views')) === views);
      expect(await text(past, '#views')).toBe(String(viewsIn({ from: '2026-11-19', to: '2026-11-19' })));
    });

    it('keeps the chosen tabs after a reload, and leaves the panel of a page by Back', async () => {
      const page = await opened(await old(), '#28d');
      await page.getByRole('button', { name: 'Operating systems' }).click();
      await page.reload();
      await page.locator('.rows a', { hasText: '/1' }).first().waitFor();
      expect(await page.getByRole('button', { name: 'Operating systems' }).getAttribute('aria-pressed')).toBe('true');
      await page.locator('.rows a', { hasText: '/1' }).first().click();
      await page.locator('.panel .plot').waitFor();
      await page.goBack();
      await page.locator('.panel:visible').waitFor({ state: 'detached' });
      expect(hash(page)).toBe('#28d&tab-technology=platforms');

      await page.locator('.rows a', { hasText: '/1' }).first().click();
      await page.locator('.panel .plot').waitFor();
      await page.keyboard.press('y');
      // a year is more than what is kept of a page
      await page.locator('.panel', { hasText: 'Timeline, sources and devices: ' }).waitFor();
      await page.locator('.panel .plot').waitFor();
      await page.locator('.panel h2', { hasText: 'Sources' }).waitFor();
      await page.keyboard.press('Escape');
      await settled(page, '#year&tab-technology=platforms');
      await page.goBack();
      await page.locator('.panel .plot').waitFor();
      await page.keyboard.press('Escape');
      await settled(page, '#28d&tab-technology=platforms');
    });
  });

  describe('with its card of retention', () => {
    it('loads it without scrolling, and again after the first visitor', async () => {
      const withoutRecord = plainHit(Date.parse('2026-11-20T09:00:00Z'));
      const owned = await own(made('2026-11-20'), { hits: [withoutRecord] }, '2026-11-20T10:00:00Z');
      const page = await opened(owned);
      expect(await text(page, '.retention')).toContain('No visitor with a record in their browser yet');
      owned.counted = { hits: history(BERLIN, '2026-11-20', '2026-11-20', () => 1, '2026-11-20 04') };
      await page.locator('.retention .size', { hasText: '4' }).waitFor({ timeout: 20_000 });
      expect(await page.evaluate(() => scrollY)).toBe(0);
      await page.emulateMedia({ media: 'print' });
      expect(await text(page, '.retention')).toContain('16 Nov');
    });

    it.each([
      ['Pacific/Honolulu', '2026-11-30T06:00:00Z', '30 Nov'], // Sunday evening there, Monday in UTC
      ['Pacific/Kiritimati', '2026-11-29T20:00:00Z', '23 Nov'], // Monday there, Sunday in UTC
    ])('shows the new visitors of today even if UTC has another day: %s', async (timezone, now, week) => {
      const hits = [1, 2, 3, 4].map((minutes) => viewOf(Date.parse(now) - minutes * 60_000, timezone, '/'));
      const page = await opened(await own({ ...made('2026-11-20'), timezone }, { hits }, now));
      expect(await page.locator('.list li', { hasText: 'New' }).first().textContent()).toMatch(/^New\s*4/);
      expect(await text(page, '.retention tbody')).toBe(`${week}4`);
    });

    it('explains why nothing is known if no browser keeps a record', async () => {
      const hits = [1, 2, 3].map((minutes) => plainHit(Date.parse('2026-11-20T10:00:00Z') - minutes * 60_000));
      const points = [5, 6].map((register) => ({
        site: 'one',
        day: '2026-11-20',
        receivedAtMs: 0,
        sketch: 'second' as const,
        register,
        rank: 1,
      }));
      const page = await opened(await own(made('2026-11-19'), { hits, points }, '2026-11-20T10:00:00Z'));
      expect(await text(page, '.retention')).toContain('No visitor with a record in their browser yet');
      expect(await page.locator('#lists').textContent()).toContain(
        'Visitors without a record in their browser, who cannot be told apart as new or returning: 2.',
      );
      expect(await text(page, '#visitors')).toBe('2');
    });
  });

  describe('that gets no more answers', () => {
    it('shows that it is signed out when its token is revoked, and offers to sign in', async () => {
      const owned = await own(
        made('2026-11-01'),
        { hits: history(BERLIN, '2026-11-20', '2026-11-20', () => 1, '2026-11-20 10') },
        '2026-11-20T09:30:00Z',
      );
      const page = await opened(owned);
      await page.locator('#state', { hasText: 'Live' }).waitFor();
      const states: string[] = [];
      await page.exposeFunction('stateIs', (state: string) => states.push(state));
      await page.evaluate(() => {
        const state = document.getElementById('state') as HTMLElement;
        const told = (window as unknown as { stateIs(text: string): void }).stateIs;
        new MutationObserver(() => told(state.textContent ?? '')).observe(state, {
          childList: true,
          characterData: true,
          subtree: true,
        });
      });
      await owned.revoke();
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor({ timeout: 15_000 });
      expect(await text(page, '#state')).toBe('Signed out');
      expect(states.filter((state) => /Updated|Cannot reach/.test(state))).toEqual([]);
      expect(await text(page, '#signed-out')).toContain('The token was revoked');
      const asked = owned.asked.length;
      await page.keyboard.press('m');
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.locator('input[name=password]').waitFor();
      expect(owned.asked.length).toBe(asked);
    });

    it('shows how often it is updated if only the live feed is refused', async () => {
      const hits = [viewOf(Date.parse('2026-11-20T09:00:00Z'), BERLIN, '/')];
      const owned = await own(made('2026-11-01'), { hits }, '2026-11-20T09:30:00Z');
      const page = await owned.page();
      await page.route(/\/live\?/, (route) => route.fulfill({ status: 503 }));
      await page.reload();
      await page.locator('#state', { hasText: 'Updated every 15 seconds' }).waitFor();
      await page.locator('.minutes').waitFor();
      expect(await page.locator('#signed-out').isHidden()).toBe(true);
      expect(await obstacles(page)).toEqual([]);
    });
  });
});
