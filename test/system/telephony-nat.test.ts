/** A phone behind a real masquerade: it is rung through the way it opened, and both hear each other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import { Baresip } from '../support/baresip.ts';
import { Engines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { inPhoneNetwork, natAddresses, openNat } from '../support/nat.ts';
import { toneShare } from '../support/sound.ts';
import { eventsOf } from '../support/telephony-bench.ts';

const settings = settingsSchema.parse({
  version: 1,
  extensions: [{ id: 'anna', number: '201', name: 'Anna', secret: 'secret-of-201' }],
});

let engines: Engines;
let closeNat: () => void = () => {};

beforeAll(async () => {
  closeNat = openNat();
  engines = await Engines.start(23_800, settings, natAddresses.server);
});
afterAll(async () => {
  await engines.stop();
  closeNat();
});

describe.each(['udp', 'tcp'] as const)('a phone behind a NAT over %s', (transport) => {
  it('registers from the router, is rung, hears and is heard', async () => {
    const phone = await Baresip.start({
      user: '201',
      server: engines.server,
      password: 'secret-of-201',
      toneHz: 440,
      transport,
      answerMode: 'auto',
      address: natAddresses.phone,
      prefix: [...inPhoneNetwork],
    });
    try {
      const contact = await eventually('it registers', () =>
        engines.room.phones()[0]?.contacts.find((each) => each.transport === transport),
      );
      expect(contact.uri).toContain(natAddresses.phone);
      expect(contact.source).toMatch(new RegExp(`^${natAddresses.router.replaceAll('.', '\\.')}:`));
      const leg = engines.room.dial({
        target: { kind: 'extension', extensionId: 'anna' },
        callerNumber: '100',
        timeoutMs: 8_000,
      });
      const seen = eventsOf(leg);
      await eventually('it is answered', () => leg.state === 'up');
      leg.play([{ kind: 'tone', frequenciesHz: [700], durationMs: 1_500, levelDbm0: -10 }]);
      await eventually('the tone ends', () => seen.some(([name]) => name === 'played'));
      await leg.hangUp({ class: 'success', reason: 'hung-up' });
      const quality = seen.at(-1)?.[2] as { packetsReceived: number };
      expect(quality.packetsReceived).toBeGreaterThan(50);
      await engines.assertIdle();
      const heard = await eventually('the recording is written', () => phone.heard().at(-1));
      expect(toneShare(heard, 700)).toBeGreaterThan(0.5);
    } finally {
      await phone.stop();
    }
  });
});
