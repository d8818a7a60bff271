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
    first.save([contact('e1'), contact('e2', '<urn:uuid:1>')]);
    await first.stop();
    const contacts = (await start()).load();
    expect(contacts).toEqual([contact('e1'), contact('e2', '<urn:uuid:1>')]);
    expect(Object.hasOwn(contacts[0] ?? {}, 'instance')).toBe(true);
  });

  it('are written once for many changes within five seconds, with the last of them', async () => {
    const clock = new VirtualClock();
    const store = await start(clock);
    for (let n = 0; n < 100; n++) store.save([contact(`e${n}`)]);
    clock.advance(4999);
    expect(await readdir(directory)).toEqual([]);
    expect(store.load()).toEqual([contact('e99')]);
    clock.advance(1);
    expect(clock.armed).toBe(0);
    await store.stop();
    expect(JSON.parse(await readFile(join(directory, 'registrations.json'), 'utf8'))).toHaveLength(1);
  });

  it.each(['{', '{}', '[{"extensionId": 5}]'])('in a file that reads %j are given up', async (text) => {
    await writeFile(join(directory, 'registrations.json'), text);
    expect((await start()).load()).toEqual([]);
  });
});
