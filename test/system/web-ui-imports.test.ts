/** Imports from CSV files in a real browser, over the real API with an office in memory. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { UiVisitor, type Visit } from '../support/ui-visitor.ts';

let visitor: UiVisitor;
const visit = (path: string, options?: Visit): Promise<Page> => visitor.visit(path, options);

beforeAll(async () => {
  visitor = await UiVisitor.start();
});

afterAll(() => visitor?.stop());

afterEach(async () => {
  await visitor.leave();
  expect(visitor.takeFaults()).toEqual([]);
});

async function choose(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
}

const threeCx = [
  'Number;FirstName;LastName;EmailAddress;AuthID;AuthPassword',
  '150;Dóra;Kőszegi;d@example.org;xYz150;dora-titkos-szava',
  '151;<img src=x onerror=alert(1)>;;;;short',
  '101;Anna;Nagy;;;',
  ';Nobody;;;;',
  '150;Twice;;;;',
].join('\r\n');

test('extensions from another system are looked at, corrected, imported at once and taken back by one press', async () => {
  const page = await visit('/extensions', { user: 'admin' });
  const { settings } = visitor.fixture.ports;
  const before = settings.current;
  await page.getByRole('link', { name: 'Import', exact: true }).click();

  await choose(page, 'list.xlsx.csv', 'PK\x03\x04');
  await page.getByText('This is a workbook, not a CSV file.').waitFor();
  await page.getByRole('button', { name: 'Choose another file' }).click();

  await choose(page, '3cx.csv', threeCx);
  await page.getByRole('heading', { name: '3cx.csv' }).waitFor();
  const preview = page.getByRole('table', { name: 'What will happen' });
  await preview.getByText('Dóra Kőszegi').waitFor();
  await preview.getByText('AuthID: the phone signs in as the number here, not as xYz150').waitFor();
  await preview.getByText('AuthPassword: the secret has fewer than 8 characters').waitFor();
  await preview.getByText('Number: there is no number').waitFor();
  await preview.getByText('Number: the same number is in line 2').waitFor();
  await preview.getByText('<img src=x onerror=alert(1)>').waitFor();

  await page.getByLabel('What LastName holds').selectOption('');
  await preview.getByText('Dóra Kőszegi').waitFor({ state: 'detached' });
  await page.getByLabel('What LastName holds').selectOption('Last name');
  await preview.getByText('Dóra Kőszegi').waitFor();
  await page.getByLabel('Numbers that exist already').selectOption('Skip them');
  await page.getByLabel('Make an agent for each extension').check();
  await page.getByText('1 skipped').waitFor();
  expect(settings.current).toBe(before);

  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the 2 rows left out' }).click();
  const file = await (await saved).createReadStream();
  const text = Buffer.concat(await file.toArray()).toString('utf8');
  expect(text.split('\r\n').slice(0, 3)).toEqual([
    '\ufeffNumber,FirstName,LastName,EmailAddress,AuthID,AuthPassword,Line,Reason',
    ',Nobody,,,,,5,Number: there is no number',
    '150,Twice,,,,,6,Number: the same number is in line 2',
  ]);

  await page.getByRole('button', { name: 'Import 2 extensions' }).click();
  await page.getByRole('heading', { name: '2 extensions are imported.' }).waitFor();
  expect(settings.revealed.extensions.find(({ number }) => number === '150')).toMatchObject({
    name: 'Dóra Kőszegi',
    secret: 'dora-titkos-szava',
  });
  expect(settings.current.agents.length).toBe(before.agents.length + 2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('The import is undone.').waitFor();
  expect(settings.current.extensions).toEqual(before.extensions);
});
