import { describe, expect, it } from 'vitest';
import { parseSdp } from '../../../src/codec/sdp.ts';
import type { MediaEncryption } from '../../../src/domain/settings.ts';
import type { SentRequest } from '../../support/fake-sip.ts';
import {
  eventsOf,
  offer,
  settle,
  TelephonyBench,
  testSettings,
  trunkAddress,
} from '../../support/telephony-bench.ts';

const suite = 'AES_CM_128_HMAC_SHA1_80';
const key = (fill: number): string => Buffer.alloc(30, fill).toString('base64');
const crypto = (fill: number, tag = 1): string => `a=crypto:${tag} ${suite} inline:${key(fill)}\r\n`;
const secureOffer = offer.replace('RTP/AVP', 'RTP/SAVP') + crypto(1);

function settings(mediaEncryption: MediaEncryption) {
  const made = testSettings({
    trunks: [{ id: 'peer', name: 'Carrier', kind: 'peer', host: trunkAddress, mediaEncryption }],
  });
  for (const extension of made.extensions) extension.mediaEncryption = mediaEncryption;
  return made;
}

const startWith = (mode: MediaEncryption): Promise<TelephonyBench> =>
  TelephonyBench.start({ settings: settings(mode) });

/** Profile and suites of a description, and the key of the suite above. */
function described(body: string | undefined) {
  const media = parseSdp(body ?? '').media[0];
  return {
    protocol: media?.protocol,
    suites: media?.crypto.map((line) => line.suite),
    key: media?.crypto.find((line) => line.suite === suite)?.keys[0]?.keySalt,
  };
}

describe('an incoming call', () => {
  it.each(['optional', 'required'] as const)(
    'is answered with a key of ours where encryption is %s',
    async (mode) => {
      const bench = await startWith(mode);
      const { invite, call } = await bench.trunkCall({ body: secureOffer });
      void call.leg.answer();
      await settle();
      const answer = described(invite.last?.body);
      expect(answer).toMatchObject({ protocol: 'RTP/SAVP', suites: [suite] });
      expect(bench.media.asked('leg.remote')[0]?.remote.srtp).toEqual({
        suite,
        sendKey: answer.key,
        receiveKey: key(1),
        receiveMkiBytes: 0,
      });
    },
  );

  it.each([
    [
      'plain, where encryption is required',
      'required',
      offer,
      'encryption-required',
      /switch SRTP \(SDES\) on/,
    ],
    [
      'encrypted, where encryption is off',
      'off',
      secureOffer,
      'encryption-refused',
      /set audio encryption to optional/,
    ],
  ] as const)('that is %s gets 488 with a hint', async (_, mode, body, reason, hint) => {
    const bench = await startWith(mode);
    const ended: unknown[] = [];
    bench.telephony.events.on('incoming', ({ leg }) =>
      leg.events.on('ended', (...args) => ended.push(args[0])),
    );
    const { invite } = await bench.trunkCall({ body });
    expect(invite.last?.status).toBe(488);
    expect(invite.last?.headers?.Warning).toMatch(hint);
    expect(ended).toEqual([{ class: 'client', reason, sipStatus: 488 }]);
  });

  it('keeps its key through a re-INVITE, also when the peer changes its own', async () => {
    const bench = await startWith('optional');
    const { invite, call, dialogId } = await bench.trunkCall({ body: secureOffer });
    void call.leg.answer();
    await settle();
    bench.sip.receiveIn(dialogId, 'ACK');
    const first = described(invite.last?.body).key;
    const hold = bench.sip.receiveIn(dialogId, 'INVITE', { body: `${secureOffer}a=sendonly\r\n` });
    await settle();
    const rekey = bench.sip.receiveIn(dialogId, 'INVITE', { body: secureOffer.replace(key(1), key(5)) });
    await settle();
    expect(described(hold.last?.body).key).toBe(first);
    expect(described(rekey.last?.body).key).toBe(first);
    const remotes = bench.media.asked('leg.remote').map(({ remote }) => remote.srtp);
    expect(remotes.map((srtp) => srtp?.sendKey)).toEqual([first, first, first]);
    expect(remotes.map((srtp) => srtp?.receiveKey)).toEqual([key(1), key(1), key(5)]);
  });

  it('never uses a key again after it went without', async () => {
    const bench = await startWith('optional');
    const { invite, call, dialogId } = await bench.trunkCall({ body: secureOffer });
    void call.leg.answer();
    await settle();
    bench.sip.receiveIn(dialogId, 'ACK');
    const bodies: (string | undefined)[] = [invite.last?.body];
    for (const body of [offer, secureOffer]) {
      const again = bench.sip.receiveIn(dialogId, 'INVITE', { body });
      await settle();
      bodies.push(again.last?.body);
    }
    const [before, plain, after] = bodies.map(described);
    expect(plain).toMatchObject({ protocol: 'RTP/AVP', suites: [] });
    expect(after?.key).toBeDefined();
    expect(after?.key).not.toBe(before?.key);
  });

  it('that has become encrypted refuses a plain re-INVITE where encryption is required, and goes on', async () => {
    const bench = await startWith('required');
    const { call, dialogId } = await bench.trunkCall({ body: secureOffer });
    void call.leg.answer();
    await settle();
    bench.sip.receiveIn(dialogId, 'ACK');
    const plain = bench.sip.receiveIn(dialogId, 'INVITE', { body: offer });
    await settle();
    expect(plain.last?.status).toBe(488);
    expect(call.leg.state).toBe('up');
    expect(bench.media.asked('leg.remote')).toHaveLength(1);
  });
});

/** A leg that rings the phone of extension 201. */
async function ringing(mode: MediaEncryption) {
  const bench = await startWith(mode);
  await bench.register();
  const leg = bench.telephony.dial({
    target: { kind: 'extension', extensionId: 'anna' },
    callerNumber: '100',
    timeoutMs: 20_000,
  });
  const seen = eventsOf(leg);
  await settle();
  return { bench, leg, seen, invites: (): SentRequest[] => bench.sip.all('INVITE') };
}

const plainAnswer = offer.replace('8 0 101', '0 101');

describe('an outgoing call', () => {
  it('offers keys beside plain audio where encryption is optional, and takes what is answered', async () => {
    for (const body of [plainAnswer, plainAnswer + crypto(4, 2)]) {
      const { bench, leg, invites } = await ringing('optional');
      const offered = described(invites()[0]?.request.body);
      expect(offered).toMatchObject({ protocol: 'RTP/AVP', suites: ['AEAD_AES_128_GCM', suite] });
      invites()[0]?.respond(200, { body });
      await settle();
      expect(leg.state).toBe('up');
      const srtp = bench.media.asked('leg.remote')[0]?.remote.srtp;
      if (body === plainAnswer) expect(srtp).toBeUndefined();
      else expect(srtp).toMatchObject({ sendKey: offered.key, receiveKey: key(4) });
    }
  });

  it('asks a phone that refuses once with RTP/SAVP and once plain, then gives up', async () => {
    const { seen, invites } = await ringing('optional');
    for (const at of [0, 1, 2]) {
      invites()[at]?.respond(488);
      await settle();
    }
    expect(invites().map(({ request }) => described(request.body).protocol)).toEqual([
      'RTP/AVP',
      'RTP/SAVP',
      'RTP/AVP',
    ]);
    expect(described(invites()[2]?.request.body).suites).toEqual([]);
    expect(new Set(invites().map((invite) => invite.header('Call-ID'))).size).toBe(3);
    expect(seen.map(([name, end]) => [name, end])).toEqual([
      ['ended', { class: 'client', reason: 'no-common-codec', sipStatus: 488 }],
    ]);
  });

  it('is answered by a phone that insists on encryption', async () => {
    const { bench, leg, invites } = await ringing('optional');
    invites()[0]?.respond(488);
    await settle();
    invites()[1]?.respond(200, { body: plainAnswer.replace('RTP/AVP', 'RTP/SAVP') + crypto(4, 2) });
    await settle();
    expect(leg.state).toBe('up');
    expect(bench.media.asked('leg.remote')[0]?.remote.srtp?.receiveKey).toBe(key(4));
    // What it is asked later has the profile that it takes.
    const late = bench.sip.receiveIn(`${leg.sipCallId};from-tag=${fromTagOf(invites()[1])}`, 'INVITE', {
      body: '',
    });
    await settle();
    expect(described(late.last?.body).protocol).toBe('RTP/SAVP');
  });

  it('hung up between two offers sends no other', async () => {
    const { leg, invites } = await ringing('optional');
    invites()[0]?.respond(488);
    await leg.hangUp({ class: 'success', reason: 'caller-left' });
    await settle();
    expect(invites()).toHaveLength(1);
  });

  it('offers RTP/SAVP only where encryption is required, and says so when it is refused', async () => {
    const { seen, invites } = await ringing('required');
    expect(described(invites()[0]?.request.body).protocol).toBe('RTP/SAVP');
    invites()[0]?.respond(488);
    await settle();
    expect(invites()).toHaveLength(1);
    expect(seen.at(-1)?.[1]).toEqual({ class: 'client', reason: 'encryption-required', sipStatus: 488 });
  });

  it('is ended when a plain answer comes where encryption is required', async () => {
    const { bench, seen, invites } = await ringing('required');
    invites()[0]?.respond(200, { body: plainAnswer });
    await settle();
    expect(seen.at(-1)?.[1]).toEqual({ class: 'client', reason: 'encryption-required' });
    expect(bench.sip.all('BYE')).toHaveLength(1);
  });

  it('says nothing of encryption where it is off', async () => {
    const { invites } = await ringing('off');
    expect(described(invites()[0]?.request.body)).toMatchObject({ protocol: 'RTP/AVP', suites: [] });
  });
});

function fromTagOf(invite: SentRequest | undefined): string {
  return /tag=(\w+)/.exec(invite?.header('From') ?? '')?.[1] ?? '';
}
