/** A wallboard on a screen of its own: by its link alone, live, and honest when the box is not heard. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { UiVisitor } from '../support/ui-visitor.ts';

let visitor: UiVisitor;
let link: string;

const patience = { timeout: 15_000 };
/** While the box is away the browser says so in its console. */
const away = /Failed to load resource|net::|SSE|EventSource|401|403/;
const tile = (page: Page, name: string) =>
  page.locator('.wall-cell', { hasText: name }).locator('.wall-value');
const waiting = (count: number) => {
  const { ports } = visitor.fixture;
  const [queue] = ports.live.snapshot().queues;
  if (queue) ports.live.set({ at: Date.now(), queues: [{ ...queue, waiting: count, waitingThreshold: 3 }] });
};

beforeAll(async () => {
  visitor = await UiVisitor.start();
  const { url } = visitor.fixture;
  const admin = await visitor.visit('/', { user: 'admin' });
  const answer = await admin.request.post(`${url}/api/v1/wallboards`, {
    data: { name: 'Office wall' },
    headers: { origin: url },
  });
  const { wallboard, token } = (await answer.json()) as { wallboard: { id: string }; token: string };
  link = `/wall/${wallboard.id}#${token}`;
  await visitor.leave();
});
afterEach(async () => {
  await visitor.leave();
  expect(visitor.takeFaults()).toEqual([]);
});
afterAll(() => visitor?.stop());

test('a wallboard opens by its link, fills the screen and follows what happens', async () => {
  waiting(1);
  const page = await visitor.visit(link, { width: 1920, height: 1080 });
  await expect.poll(() => tile(page, 'Waiting').first().textContent(), patience).toBe('1');
  // The token is not left in the address of a screen that everybody sees.
  expect(page.url()).not.toContain('#');
  waiting(12);
  await expect.poll(() => tile(page, 'Waiting').first().textContent(), patience).toBe('12');
  expect(await page.locator('.wall-figure-over').count()).toBeGreaterThan(0);
  const overflow = await page.evaluate(() => {
    const { scrollHeight, scrollWidth, clientHeight, clientWidth } = document.documentElement;
    return [scrollHeight - clientHeight, scrollWidth - clientWidth];
  });
  expect(overflow).toEqual([0, 0]);
  await page.reload();
  await expect.poll(() => tile(page, 'Waiting').first().textContent(), patience).toBe('12');
});

test('when the box falls silent it says since when, and goes on by itself when it is back', async () => {
  waiting(2);
  const page = await visitor.visit(link, { width: 1920, height: 1080, expected: away });
  await expect.poll(() => tile(page, 'Waiting').first().textContent(), patience).toBe('2');
  const restarted = visitor.fixture.restart();
  await page.getByText(/^Stale since \d\d:\d\d:\d\d$/).waitFor(patience);
  expect(await page.locator('.wall-board-stale').count()).toBe(1);
  await restarted;
  waiting(5);
  await expect.poll(() => tile(page, 'Waiting').first().textContent(), patience).toBe('5');
  expect(await page.locator('.wall-stale').count()).toBe(0);
});

test('a link that was taken back shows nothing of the office', async () => {
  const page = await visitor.visit(link.replace(/#.*/, '#not-the-token'), { expected: away });
  await page.getByRole('heading', { name: 'This wallboard is not open' }).waitFor(patience);
  expect(await page.locator('.wall-board').count()).toBe(0);
});
