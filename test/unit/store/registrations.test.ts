import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { RegistrationFile } from '../../../src/store/registrations.ts';
import type { RegisteredContact } from '../../../src/telephony/registration-store.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cordboard-registrations-'));
});

async function start(clock = new VirtualClock()): Promise<RegistrationFile> {
  const store = new RegistrationFile({
    file: join(directory, 'registrations.json'),
    clock,
    log: silentLogger,
  });
  await store.start();
  return store;
}

function contact(extensionId: string, instance?: string): RegisteredContact {
  return {
    extensionId,
    uri: `sip:${extensionId}@192.0.2.7:5062`,
    instance,
    source: { transport: 'udp', address: '192.0.2.7', port: 5062 },
    callId: 'x@phone',
    cseq: 4,
    registeredAt: 1000,
    expiresAt: 61_000,
    userAgent: 'phone 1.0',
  };
}

describe('registrations', () => {
  it('outlive a restart', async () => {
    const first = await start();
    expect(first.load()).toEqual([]);
    first.save([contact('e1'), contact('e2', '<urn:uuid:1>')], 'places');
    await first.stop();
    const contacts = (await start()).load();
    expect(contacts).toEqual([contact('e1'), contact('e2', '<urn:uuid:1>')]);
    expect(Object.hasOwn(contacts[0] ?? {}, 'instance')).toBe(true);
  });

  it('that are refreshed are written once in five seconds, with the last of them', async () => {
    const clock = new VirtualClock();
    const store = await start(clock);
    for (let n = 0; n < 100; n++) store.save([contact(`e${n}`)], 'expiry');
    clock.advance(4999);
    expect(await readdir(directory)).toEqual([]);
    expect(store.load()).toEqual([contact('e99')]);
    clock.advance(1);
    expect(clock.armed).toBe(0);
    await store.stop();
    expect(JSON.parse(await readFile(join(directory, 'registrations.json'), 'utf8'))).toHaveLength(1);
  });

  it('of a phone that came or moved are written at once, whatever waits already, and many together', async () => {
    const clock = new VirtualClock();
    const store = await start(clock);
    store.save([contact('e1')], 'expiry');
    clock.advance(1000);
    for (let n = 0; n < 20; n++) store.save([contact(`e${n}`)], 'places');
    expect(clock.armed).toBe(1);
    clock.advance(100);
    expect(clock.armed).toBe(0);
    store.save([contact('e20')], 'expiry');
    expect(clock.armed).toBe(1);
    await store.stop();
    expect((await start()).load()).toEqual([contact('e20')]);
  });

  it.each(['{', '{}', '[{"extensionId": 5}]'])('in a file that reads %j are given up', async (text) => {
    await writeFile(join(directory, 'registrations.json'), text);
    expect((await start()).load()).toEqual([]);
  });
});
