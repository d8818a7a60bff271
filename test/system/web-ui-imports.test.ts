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

const people = [
  'Name,Mobile,Spare,City',
  'Éva,06 30 123 4567,061 234 5678,Pécs',
  'Géza,+36 30 123 4568,,Győr',
  'Ica,12,,',
  'Éva again,0630 123 4567,,',
  '"Kft, ""Zrt""",=1+1,,',
].join('\n');

test('a list is imported with its errors, a campaign made of it and started, and the page says why it dials nothing', async () => {
  const page = await visit('/lists', { user: 'admin', locale: 'hu-HU' });
  const { leads, live } = visitor.fixture.ports;
  await page.getByRole('link', { name: 'Lista importálása' }).click();
  await choose(page, 'tavasz.csv', people);
  await page.getByRole('heading', { name: 'tavasz.csv' }).waitFor();
  // The wrong column first: every row is refused, and nothing is stored.
  await page.getByLabel('Mit tartalmaz: Spare').selectOption('Hívandó szám');
  await page.getByRole('button', { name: 'Fájl ellenőrzése' }).click();
  await page.getByRole('table', { name: 'Amit találtunk' }).getByText('nincs szám').waitFor();
  await page.getByRole('button', { name: 'Vissza az oszlopokhoz' }).click();
  await page.getByLabel('Mit tartalmaz: Mobile').selectOption('Hívandó szám');
  await page.getByLabel('Mit tartalmaz: Spare').selectOption('Második szám');
  await page.getByRole('button', { name: 'Fájl ellenőrzése' }).click();
  const bad = page.getByRole('table', { name: 'Az első kihagyott sorok' });
  await bad.getByText('Mobile: ilyen szám nem létezhet az országában').waitFor();
  await bad.getByText('Mobile: ugyanez a szám a(z) 2. sorban is van').waitFor();
  await bad.getByText('Mobile: nem telefonszám').waitFor();
  await page.getByRole('table', { name: 'Az első ügyfelek' }).getByText('+36301234567').waitFor();
  expect((await leads.lists()).map(({ counts }) => counts.total)).toEqual([0]);

  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: '3 kihagyott sor letöltése' }).click();
  const text = Buffer.concat(await (await (await saved).createReadStream()).toArray()).toString('utf8');
  expect(text.split('\r\n').at(-2)).toBe('"Kft, ""Zrt""";\'=1+1;;;6;Mobile: nem telefonszám');

  await page.getByRole('button', { name: '2 sor importálása' }).click();
  await page.getByRole('heading', { name: '2 sor importálva' }).waitFor();
  await page.getByRole('link', { name: 'Lista megnyitása' }).click();
  await page.getByRole('button', { name: 'Géza' }).click();
  await page.getByRole('article', { name: 'Kit hívunk' }).getByText('Győr').waitFor();

  await page.goto(`${visitor.fixture.url}/campaigns/new`);
  await page.getByLabel('Név').fill('Tavaszi ajánlat');
  await page.getByLabel('tavasz', { exact: true }).check();
  const agent = live.snapshot().agents[0]?.name ?? '';
  await page.getByLabel(agent, { exact: true }).check();
  await page.getByLabel('Szöveg').fill('Jó napot kívánok');
  await page.getByRole('button', { name: 'Mentés' }).click();
  const why = page.getByRole('region', { name: 'Miért nem tárcsáz' });
  await why.getByText('A kampány még nem indult el').waitFor();
  await page.getByRole('button', { name: 'Indítás' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Indítás' }).click();
  await page.getByRole('button', { name: 'Szünet', exact: true }).waitFor();
  await why.getByText('A kampány még nem indult el').waitFor({ state: 'detached' });
  await why.getByText('Egyetlen fővonal sem működik').waitFor();
});
