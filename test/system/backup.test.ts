import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { Instance } from '../support/instance.ts';
import { office, secrets } from '../support/office.ts';

/** A backup of a running office, brought back after the office went on without it. */
const passphrase = 'seven tall herons';
let box: Instance;
const phones: Baresip[] = [];

beforeAll(async () => {
  box = await Instance.start({ settings: office(await freePorts(1)) });
  await box.login();
});
afterAll(async () => {
  for (const phone of phones) await phone.stop();
  await box?.stop();
});

/** A call from 101 to a phone that is not there; resolves when it is in the log. */
async function call(number: string, calls: number): Promise<void> {
  const phone = await Baresip.start({
    user: '101',
    password: secrets['101'],
    server: box.sip,
    toneHz: 500,
  });
  phones.push(phone);
  phone.dial(number);
  await phone.waitFor('CALL_CLOSED', { timeoutMs: 15_000 });
  await eventually('the call is in the log', async () => (await calledNumbers()).length === calls);
  await phone.stop();
}

async function calledNumbers(): Promise<string[]> {
  const { json } = await box.api('GET', '/calls');
  return (json.items as { to: string; phase: string }[])
    .filter(({ phase }) => phase === 'ended')
    .map(({ to }) => to);
}

async function nameOfDesk(): Promise<string> {
  return (await box.api('GET', '/extensions/desk')).json.name;
}

/** The box starts anew; signed in again. */
async function restarted(act: () => Promise<unknown>): Promise<void> {
  const before = box.pids.appliance;
  await act();
  await eventually('the box started anew', () => box.pids.appliance !== before, 20_000);
  await eventually(
    'one can sign in again',
    () =>
      box.login().then(
        () => true,
        () => false,
      ),
    10_000,
  );
}

it('a backup brings settings, secrets, sign-ins and the call log back, and the restore can be undone', async () => {
  await call('103', 1);
  const made = await box.api('POST', '/system/backup', { passphrase, recordings: true });
  expect(made.status).toBe(201);
  const { body: archive } = await box.api('GET', `/system/backup/${made.json.id}`);

  const desk = (await box.api('GET', '/extensions/desk')).json;
  await box.api('PUT', '/extensions/desk', { ...desk, name: 'Renamed afterwards' });
  const anna = (await box.api('GET', '/extensions/anna')).json;
  await box.api('PUT', '/extensions/anna', { ...anna, secret: 'another-secret-of-101' });
  expect(await nameOfDesk()).toBe('Renamed afterwards');

  const { json: begun } = await box.api('POST', '/system/restore', { bytes: archive.length });
  const path = `/system/restore/${begun.id}`;
  for (let offset = 0; offset < archive.length; offset += begun.maxPieceBytes) {
    const piece = archive.subarray(offset, offset + begun.maxPieceBytes);
    expect(
      (await box.api('PUT', `${path}?offset=${offset}`, piece, { 'content-type': 'application/x-tar' }))
        .status,
    ).toBe(204);
  }
  const wrong = await box.api('POST', `${path}/check`, { passphrase: 'seven tall storks' });
  expect([wrong.status, wrong.json.code]).toEqual([422, 'backup.passphrase']);
  const { json: preview } = await box.api('POST', `${path}/check`, { passphrase });
  expect(preview).toMatchObject({
    officeName: 'Test office',
    unlocked: true,
    lostSecrets: [],
    after: { extensions: 3, calls: 1, users: 1 },
  });
  await restarted(() => box.api('POST', `${path}/apply`, {}));

  expect(await nameOfDesk()).toBe('Front desk');
  expect((await box.api('GET', '/system/backup')).json).toMatchObject({
    outcome: 'restored',
    undo: { officeName: 'Test office' },
  });
  expect(await calledNumbers()).toEqual(['103']);
  // Its old password registers the phone again, and the log goes on after the calls it had.
  await call('102', 2);
  expect(await calledNumbers()).toEqual(['102', '103']);

  await restarted(() => box.api('POST', '/system/restore/undo', {}));
  expect(await nameOfDesk()).toBe('Renamed afterwards');
  expect(await calledNumbers()).toEqual(['103']);
}, 60_000);
