/** Pictures of the real pages: the API over an office in memory, Chromium, one PNG for each page, width and scheme. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { fixturePassword } from '../../test/support/ui-fixture-office.ts';
import { startUiFixture } from '../../test/support/ui-fixture-server.ts';
import { pagesToVisit, settled } from '../../test/support/ui-visitor.ts';

const heights: Record<string, number> = { 360: 740, 1280: 800, 1920: 1080 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true },
    width: { type: 'string', multiple: true },
    scheme: { type: 'string', multiple: true },
    language: { type: 'string', default: 'en' },
    /** The whole page, not only what a window of that size shows. */
    whole: { type: 'boolean', default: false },
  },
});
const [directory] = positionals;
if (!directory) {
  console.error('Say where the pictures go: scripts/screenshots DIRECTORY');
  process.exit(2);
}
mkdirSync(directory, { recursive: true });
const widths = (values.width ?? Object.keys(heights)).map(Number);
const schemes = values.scheme ?? ['light', 'dark'];
const paths = pagesToVisit.filter(
  (path) => !values.only || values.only.some((beginning) => path.startsWith(beginning)),
);

function nameOf(path: string, width: number, scheme: string): string {
  const page = path === '/' ? 'live' : path.slice(1).replaceAll('/', '-');
  return join(directory ?? '', `${page}-${width}-${scheme}.png`);
}

const fixture = await startUiFixture();
const browser = await launchChromium();
try {
  for (const width of widths)
    for (const scheme of schemes) {
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        colorScheme: scheme === 'dark' ? 'dark' : 'light',
        viewport: { width, height: heights[width] ?? 900 },
        locale: values.language,
        reducedMotion: 'reduce',
      });
      await context.request.post(`${fixture.url}/api/v1/login`, {
        data: { userName: 'admin', password: fixturePassword },
        headers: { origin: fixture.url },
      });
      const page = await context.newPage();
      for (const path of paths) await take(page, path, nameOf(path, width, scheme));
      await context.close();
    }
  console.log(`${paths.length * widths.length * schemes.length} pictures in ${directory}`);
} finally {
  await browser.close();
  await fixture.stop();
}

async function take(page: Page, path: string, file: string): Promise<void> {
  await page.goto(fixture.url + path);
  await settled(page);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path: file, fullPage: values.whole });
}
