/** Signing in with a second factor, and the list of where one is signed in, as a person meets them. */
import { type Page, request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authenticatorCode } from '../support/authenticator.ts';
import { fixturePassword } from '../support/ui-fixture-office.ts';
import { UiVisitor } from '../support/ui-visitor.ts';

let visitor: UiVisitor;
beforeAll(async () => {
  visitor = await UiVisitor.start();
});
afterAll(() => visitor?.stop());

/** Somebody else's browser: signs in by the API and stays. */
async function elsewhere(recoveryCode: string) {
  const base = `${visitor.fixture.url}/api/v1`;
  const other = await request.newContext({
    ignoreHTTPSErrors: true,
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
  });
  const login = await other.post(`${base}/login`, {
    data: { userName: 'admin', password: fixturePassword },
  });
  const { ticket } = (await login.json()) as { ticket: string };
  const signedIn = await other.post(`${base}/login/code`, { data: { ticket, code: recoveryCode } });
  expect(signedIn.status()).toBe(200);
  return {
    async isIn(): Promise<boolean> {
      return (await other.get(`${base}/account`)).status() === 200;
    },
    leave: () => other.dispose(),
  };
}

async function setUp(page: Page): Promise<{ secret: string; recoveryCode: string }> {
  await page.getByRole('button', { name: 'Set up', exact: true }).click();
  await page.getByLabel('Your password').fill(fixturePassword);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  await page.getByText('The camera does not work').click();
  const secret = ((await page.locator('.copy code').textContent()) ?? '').replaceAll(' ', '');
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  await page.getByLabel('Code', { exact: true }).fill('000000');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('The code is wrong').first().waitFor();
  await page.getByLabel('Code', { exact: true }).fill(authenticatorCode(secret, Date.now()));
  await page.getByRole('button', { name: 'Turn on' }).click();
  const codes = page.locator('.recovery-codes li');
  await codes.first().waitFor();
  expect(await codes.count()).toBe(10);
  const recoveryCode = (await codes.first().textContent()) ?? '';
  await page.getByRole('button', { name: 'I have put them away' }).click();
  await page.getByText('10 recovery codes are left.').waitFor();
  return { secret, recoveryCode };
}

test('a second factor is set up, asked for at the next sign-in, and another session is seen and ended', async () => {
  // The wrong codes tried here are refused, which browsers write into the console.
  const page = await visitor.visit('/account', { user: 'admin', expected: /401|Unauthorized/ });
  const { secret, recoveryCode } = await setUp(page);

  await page.locator('.strip .menu > summary').last().click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Name', { exact: true }).fill('admin');
  await page.getByLabel('Password').fill(fixturePassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Enter the code' }).waitFor();
  // The code of the set-up is used; that of the next step is taken already.
  const next = authenticatorCode(secret, Date.now() + 30_000);
  await page.getByLabel('Code', { exact: true }).fill(next);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'My account', level: 1 }).waitFor();
  await page.getByText('this browser').waitFor();

  const phone = await elsewhere(recoveryCode);
  try {
    expect(await phone.isIn()).toBe(true);
    await page.reload();
    await page.getByText('9 recovery codes are left.').waitFor();
    const line = page.getByRole('listitem').filter({ hasText: 'Safari, iPhone' });
    await line.getByRole('button', { name: 'End the session on Safari, iPhone' }).click();
    await page.getByText('The session on Safari, iPhone is ended.').waitFor();
    await expect.poll(() => line.count(), { timeout: 10_000 }).toBe(0);
    expect(await phone.isIn()).toBe(false);
  } finally {
    await phone.leave();
  }
  await visitor.leave();
  expect(visitor.takeFaults()).toEqual([]);
});
