/** The built pages in Chromium, over the real API with an office in memory: what tests of the pages stand on. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { places } from '../../web-ui/shell/places.ts';
import { placesFor } from '../../web-ui/shell/way.ts';
import { launchChromium } from './chromium.ts';
import { fixturePassword } from './ui-fixture-office.ts';
import { startUiFixture, type UiFixture } from './ui-fixture-server.ts';

export interface Visit {
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
  locale?: string;
  user?: 'admin' | 'anna';
  /** Console messages that this test provokes. */
  expected?: RegExp;
  at?: UiFixture;
}

/** What stands open in a list, so that its item is visited too. */
const items: Record<string, string> = {
  '/calls': 'past-0',
  '/queues': 'sales',
  '/agents': 'anna',
  '/users': 'new',
  '/extensions': 'anna',
  '/ivr': 'welcome',
  '/trunks': 'carrier',
  '/hours': 'office',
};

/** Every page of the house as an administrator sees it, lists also with an item open. */
export const pagesToVisit = [
  ...placesFor(places, 'admin').flatMap((place) =>
    place.pages.flatMap(({ path }) => (items[path] ? [path, `${path}/${items[path]}`] : [path])),
  ),
  '/nowhere',
];

export class UiVisitor {
  /** Where the pages are built, for an office of a test's own. */
  readonly uiDirectory: string;
  readonly fixture: UiFixture;
  readonly #browser: Browser;
  readonly #faults: string[] = [];
  #context: BrowserContext | undefined;

  private constructor(uiDirectory: string, fixture: UiFixture, browser: Browser) {
    this.uiDirectory = uiDirectory;
    this.fixture = fixture;
    this.#browser = browser;
  }

  /** Builds the pages, starts the office and the browser. */
  static async start(): Promise<UiVisitor> {
    const root = join(import.meta.dirname, '../..');
    const uiDirectory = mkdtempSync(join(tmpdir(), 'cordboard-dist-'));
    execFileSync(process.execPath, [join(root, 'scripts/build-ui.ts')], {
      env: { ...process.env, CORDBOARD_UI_OUT: uiDirectory },
    });
    const browser = await launchChromium();
    return new UiVisitor(uiDirectory, await startUiFixture({ uiDirectory }), browser);
  }

  /** Opens a page as somebody new: a browser without cookies, signed in when a user is named. */
  async visit(path: string, options: Visit = {}): Promise<Page> {
    const { url } = options.at ?? this.fixture;
    this.#context = await this.#browser.newContext({
      ignoreHTTPSErrors: true,
      colorScheme: options.scheme ?? 'light',
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      locale: options.locale ?? 'en-GB',
    });
    const page = await this.#context.newPage();
    page.on('console', (message) => {
      const bad = message.type() === 'error' || message.type() === 'warning';
      if (bad && !options.expected?.test(message.text()))
        this.#faults.push(`${page.url()} ${message.text()}`);
    });
    page.on('pageerror', (error) => this.#faults.push(`${page.url()} ${error.message}`));
    if (options.user) {
      const answer = await page.request.post(`${url}/api/v1/login`, {
        data: { userName: options.user, password: fixturePassword },
        headers: { origin: url },
      });
      if (answer.status() !== 200) throw new Error(`signing in was answered by ${answer.status()}`);
    }
    await page.goto(url + path);
    return page;
  }

  /** Closes what was visited. */
  async leave(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  /** What the browser complained of since it was asked last. */
  takeFaults(): string[] {
    return this.#faults.splice(0);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.fixture.stop();
    rmSync(this.uiDirectory, { recursive: true, force: true });
  }
}

/** The page stands: a heading, and nothing still loading. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('h1');
  await page.waitForFunction(() => !document.querySelector('[aria-busy]'));
}

/** At which of these widths the page scrolls sideways, and by how many pixels; it is left at the last. */
export async function tooWideAt(page: Page, widths: readonly number[]): Promise<string[]> {
  const tooWide: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) tooWide.push(`at ${width} by ${overflow}`);
  }
  return tooWide;
}

/** Those of `pagesToVisit` that scroll sideways at one of these widths. */
export async function tooWidePlaces(
  page: Page,
  fixture: UiFixture,
  widths: readonly number[],
): Promise<string[]> {
  const tooWide: string[] = [];
  for (const path of pagesToVisit) {
    await page.goto(fixture.url + path);
    await settled(page);
    tooWide.push(...(await tooWideAt(page, widths)).map((each) => `${path} ${each}`));
  }
  return tooWide;
}
