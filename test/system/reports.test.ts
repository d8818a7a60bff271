import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { formatDay } from '../../src/domain/metrics/calendar.ts';
import { metricsOptionsOf } from '../../src/domain/settings/figures.ts';
import { naiveFigures } from '../support/naive-figures.ts';
import { naiveGroups } from '../support/naive-groups.ts';
import { naiveRows } from '../support/naive-metrics.ts';
import { settled, UiVisitor } from '../support/ui-visitor.ts';

const dayMs = 86_400_000;
let ui: UiVisitor;

beforeAll(async () => {
  ui = await UiVisitor.start();
});
afterEach(async () => {
  await ui.leave();
  expect(ui.takeFaults()).toEqual([]);
});
afterAll(async () => {
  await ui.stop();
});

/** The second week before this one, Monday to Sunday: whole, whenever the test runs. */
function week(): { date: string; to: string } {
  const today = Math.floor(Date.now() / dayMs);
  const first = today - ((today + 3) % 7) - 7;
  return { date: formatDay(first), to: formatDay(first + 6) };
}

/** What a naive reading of the raw log says of that week. */
function naiveOf(queueId?: string) {
  const { figures, settings } = ui.fixture.ports;
  const options = metricsOptionsOf(settings.current);
  const { date, to } = week();
  const window = { from: Date.parse(date) - 7_200_000, until: Date.parse(to) + dayMs };
  const until = figures.log.filter(({ at }) => at < window.until);
  const rows = naiveRows(
    until.filter(({ at }) => at >= window.from),
    options,
    window.until,
  );
  const question = { ...window, by: 'all' as const, ...(queueId === undefined ? {} : { queueId }) };
  return naiveFigures(naiveGroups(rows, options.timeZone, question)[''] ?? {});
}

const row = (page: Page, name: string) =>
  page.locator(`.report-table tr:has(th[scope=row]:has-text("${name}"))`);
const cell = (page: Page, name: string, figure: string) =>
  row(page, name).locator(`td[data-label="${figure}"]`);

it('a supervisor reads last week’s figures, how they are computed, the calls behind them, and takes them home', async () => {
  const { date, to } = week();
  const page = await ui.visit(`/reports?period=custom&date=${date}&to=${to}`, { user: 'admin' });
  await settled(page);
  const [all, sales] = [naiveOf(), naiveOf('sales')];

  // The numbers are those of the raw log.
  expect(await cell(page, 'Sales', 'Offered').textContent()).toBe(String(sales.offered));
  expect(await cell(page, 'Total', 'Offered').textContent()).toBe(String(all.offered));
  const level = await cell(page, 'Total', 'Service level').textContent();
  expect(Number.parseFloat(level ?? '')).toBeCloseTo((all['service-level-reached'] ?? 0) * 100, 1);

  // A tile says its formula, its numbers and its window, by the keyboard too.
  await page.locator('.stat', { hasText: 'Service level' }).locator('.stat-figure').focus();
  const tip = await page.getByRole('tooltip').textContent();
  expect(tip).toContain('answered within 20 s');
  expect(tip).toContain(`÷ ${all.offered}`);
  expect(tip).toContain('Europe/Budapest');
  await page.keyboard.press('Escape');

  // Another grouping and the period before, all of it in the address.
  await page.getByRole('tab', { name: 'By hour' }).click();
  await row(page, '09:00').waitFor();
  expect(await page.locator('.report-table tbody tr').count()).toBe(24);
  await page.getByLabel('Compare with the period before').check();
  await page.locator('.report-table tfoot .report-change').first().waitFor();
  expect(new URL(page.url()).search).toContain('by=hour');
  expect(new URL(page.url()).search).toContain('compare=true');

  // The file has the same total.
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as CSV' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n').map((line) => line.split(','));
  const offered = lines[0]?.indexOf('Offered') ?? -1;
  expect(lines.find(([name]) => name === 'Total')?.[offered]).toBe(String(all.offered));

  // From a figure to its calls.
  await page.getByRole('tab', { name: 'By queue' }).click();
  await cell(page, 'Sales', 'Abandoned').getByRole('link').click();
  await page.waitForURL(/\/calls\?/);
  const asked = Object.fromEntries(new URL(page.url()).searchParams);
  expect(asked).toEqual({ from: date, until: to, queueId: 'sales', result: 'abandoned' });
});

it('a period without calls says so, and the way back works', async () => {
  const page = await ui.visit('/reports?period=day&date=2020-01-01', { user: 'admin' });
  await settled(page);
  await page.getByText('Nothing happened in this period').waitFor();
  await page.getByRole('button', { name: 'Later' }).click();
  await page.waitForURL(/date=2020-01-02/);
});

it('while a long log is counted the page says how far that is', async () => {
  ui.fixture.ports.figures.counted = 0.5;
  try {
    const page = await ui.visit('/reports', { user: 'admin' });
    await settled(page);
    await page.getByRole('progressbar').waitFor();
  } finally {
    ui.fixture.ports.figures.counted = 1;
  }
});
