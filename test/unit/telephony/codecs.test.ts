import { describe, expect, it } from 'vitest';
import type { Leg } from '../../../src/telephony/contract.ts';
import { holdOffers } from '../../support/phone-offers.ts';
import { offer, settle, TelephonyBench } from '../../support/telephony-bench.ts';

const toPhone = { kind: 'extension', extensionId: 'anna' } as const;
const toTrunk = { kind: 'trunk', trunkId: 'peer', number: '0612345678' } as const;

/** An offer or answer with these formats. */
const withFormats = (formats: string): string => offer.replace('8 0 101', formats);

/** Formats of the m-line. */
const formatsOf = (body: string | undefined): string | undefined =>
  /m=audio \d+ RTP\/AVP (.*)\r\n/.exec(body ?? '')?.[1];

async function dialled(
  bench: TelephonyBench,
  target: typeof toPhone | typeof toTrunk,
  forLeg?: Leg,
): Promise<{ leg: Leg; formats: string | undefined }> {
  const leg = bench.telephony.dial({
    target,
    callerNumber: '100',
    timeoutMs: 20_000,
    ...(forLeg ? { forLeg } : {}),
  });
  await settle();
  return { leg, formats: formatsOf(bench.sip.last('INVITE').request.body) };
}

async function answered(bench: TelephonyBench, body: string): Promise<Leg> {
  const { call, dialogId } = await bench.phoneCall(body);
  const answering = call.leg.answer();
  await settle();
  bench.sip.receiveIn(dialogId, 'ACK');
  await answering;
  return call.leg;
}

describe('what is offered', () => {
  it('to a phone for nobody yet: G.722 last', async () => {
    const bench = await TelephonyBench.start();
    await bench.register();
    expect((await dialled(bench, toPhone)).formats).toBe('0 8 9 101');
  });

  it('to a phone for a caller: the codec that the caller speaks first', async () => {
    const bench = await TelephonyBench.start();
    await bench.register();
    const caller = await answered(bench, withFormats('9 8 0 101'));
    expect(bench.media.asked('leg.remote').at(-1)?.remote).toMatchObject({ codec: 'G722', payloadType: 9 });
    expect((await dialled(bench, toPhone, caller)).formats).toBe('9 0 8 101');
  });

  it('to a phone for a caller on G.711: nothing that would have to be converted', async () => {
    const bench = await TelephonyBench.start();
    await bench.register();
    const { leg } = await bench.answeredCall();
    expect((await dialled(bench, toPhone, leg)).formats).toBe('8 0 101');
  });

  it('to a trunk: G.711 alone, even for a caller who speaks G.722', async () => {
    const bench = await TelephonyBench.start();
    const caller = await answered(bench, withFormats('9 8 0 101'));
    expect((await dialled(bench, toTrunk, caller)).formats).toBe('0 8 101');
  });

  it('to a trunk for a browser: what browsers speak', async () => {
    const bench = await TelephonyBench.start();
    const { legId } = await bench.telephony.browser.open('anna');
    bench.telephony.browser.dial(legId, '0612345678');
    const [browser] = bench.telephony.legs();
    expect((await dialled(bench, toTrunk, browser)).formats).toBe('0 8 101');
  });
});

describe('what is chosen of an offer', () => {
  it('is what the called party took, whatever the caller likes best', async () => {
    const bench = await TelephonyBench.start();
    const { invite, call } = await bench.phoneCall(withFormats('9 0 8 101'));
    const { leg } = await dialled(bench, toTrunk, call.leg);
    bench.sip.last('INVITE').respond(200, { body: withFormats('8 101') });
    await settle();
    expect(leg.state).toBe('up');
    void call.leg.answer().catch(() => {});
    await settle();
    expect(formatsOf(invite.last?.body)).toBe('8 101');
  });

  it('is that of the early media too', async () => {
    const bench = await TelephonyBench.start();
    const { invite, call } = await bench.phoneCall(withFormats('9 0 8 101'));
    await dialled(bench, toTrunk, call.leg);
    bench.sip.last('INVITE').respond(183, { body: withFormats('8 101') });
    await settle();
    await call.leg.earlyMedia();
    expect(invite.last?.status).toBe(183);
    expect(formatsOf(invite.last?.body)).toBe('8 101');
  });

  it('from a trunk: G.711 where there is any', async () => {
    const bench = await TelephonyBench.start();
    for (const [formats, chosen] of [
      ['9 8 0 101', '8 101'],
      ['9 101', '9 101'],
    ] as const) {
      const { invite, call } = await bench.trunkCall({ body: withFormats(formats), callId: formats });
      void call.leg.answer().catch(() => {});
      await settle();
      expect(formatsOf(invite.last?.body)).toBe(chosen);
    }
  });
});

describe('within a call', () => {
  const change = (from: string, to: string): string =>
    offer
      .replace('o=- 1 1', 'o=- 1 2')
      .replace('8 0 101', from)
      .replace('a=rtpmap:101 telephone-event/8000', to);

  it('payload types may change, and our next offer keeps them', async () => {
    const bench = await TelephonyBench.start();
    const { dialogId } = await bench.answeredCall();
    const body = change('97 98', 'a=rtpmap:97 PCMA/8000\r\na=rtpmap:98 telephone-event/8000');
    const changed = bench.sip.receiveIn(dialogId, 'INVITE', { body });
    await settle();
    expect(formatsOf(changed.last?.body)).toBe('97 98');
    expect(bench.media.asked('leg.remote').at(-1)?.remote).toMatchObject({
      codec: 'PCMA',
      payloadType: 97,
      telephoneEventPayloadType: 98,
    });
    const empty = bench.sip.receiveIn(dialogId, 'INVITE');
    await settle();
    expect(formatsOf(empty.last?.body)).toBe('8 0 98');
  });

  it('what is spoken stays, as long as it is offered at all', async () => {
    const bench = await TelephonyBench.start();
    await answered(bench, withFormats('8 0 101'));
    const dialogId = 'phone-call;from-tag=phone-tag';
    const more = bench.sip.receiveIn(dialogId, 'INVITE', {
      body: change('9 0 8 101', 'a=rtpmap:101 telephone-event/8000\r\na=sendonly'),
    });
    await settle();
    expect(formatsOf(more.last?.body)).toBe('8 101');
    const other = bench.sip.receiveIn(dialogId, 'INVITE', {
      body: change('9 101', 'a=rtpmap:101 telephone-event/8000'),
    });
    await settle();
    expect(formatsOf(other.last?.body)).toBe('9 101');
  });

  it.each(Object.entries(holdOffers))('hold is told: %s', async (_name, { session, medium, direction }) => {
    const bench = await TelephonyBench.start();
    const { dialogId, seen } = await bench.answeredCall();
    const held = [
      ...['v=0', 'o=- 1 2 IN IP4 192.168.1.20', 's=-'],
      ...(session.some((line) => line.startsWith('c=')) ? [] : ['c=IN IP4 192.168.1.20']),
      ...[...session, 't=0 0', 'm=audio 4000 RTP/AVP 8', ...medium, ''],
    ].join('\r\n');
    const invite = bench.sip.receiveIn(dialogId, 'INVITE', { body: held });
    await settle();
    expect(invite.last?.status).toBe(200);
    expect(bench.media.asked('leg.remote').at(-1)?.remote).toMatchObject({
      address: '192.168.1.20',
      port: 4000,
      direction,
    });
    const isHeld = direction === 'recvonly' || direction === 'inactive';
    expect(seen.filter(([name]) => name === 'hold')).toHaveLength(isHeld ? 1 : 0);
    bench.sip.receiveIn(dialogId, 'INVITE', { body: offer.replace('o=- 1 1', 'o=- 1 3') });
    await settle();
    expect(seen.filter(([name]) => name === 'resume')).toHaveLength(isHeld ? 1 : 0);
  });

  it('an offer that begins on hold, at no address, has its media at its signalling', async () => {
    const bench = await TelephonyBench.start();
    await bench.answeredCall({ body: offer.replace('c=IN IP4 192.168.1.20', 'c=IN IP4 0.0.0.0') });
    expect(bench.media.asked('leg.remote')[0]?.remote).toMatchObject({
      address: '203.0.113.5',
      direction: 'recvonly',
    });
  });
});

describe('a leg from afar', () => {
  it('is a trunk outside, also when it names the inside of its NAT', async () => {
    const bench = await TelephonyBench.start();
    for (const address of ['203.0.113.5', '192.168.1.20']) {
      await bench.answeredCall({
        body: offer.replace('c=IN IP4 192.168.1.20', `c=IN IP4 ${address}`),
        callId: address,
      });
      expect(bench.media.asked('leg.remote').at(-1)?.remote).toMatchObject({
        fromAfar: true,
        wantsEven: true,
      });
    }
  });

  it('is judged by where a phone is', async () => {
    const bench = await TelephonyBench.start();
    await answered(bench, offer);
    expect(bench.media.asked('leg.remote')[0]?.remote).toMatchObject({ fromAfar: false, wantsEven: false });
  });
});

it('a host name for an address is followed from where the signalling comes', async () => {
  const bench = await TelephonyBench.start();
  await bench.answeredCall({ body: offer.replace('c=IN IP4 192.168.1.20', 'c=IN IP4 gw.example.net') });
  expect(bench.media.asked('leg.remote')[0]?.remote).toMatchObject({
    address: '203.0.113.5',
    port: 4000,
    symmetric: true,
  });
});

it('a refusal says which codecs would do', async () => {
  const bench = await TelephonyBench.start();
  const { invite } = await bench.trunkCall({ body: offer.replace('8 0 101', '18 4') });
  await settle();
  expect(invite.last?.status).toBe(488);
  expect(invite.last?.headers?.Warning).toMatch(/G729, G723; enable G\.711 \(PCMA or PCMU\) or G\.722/);
});
