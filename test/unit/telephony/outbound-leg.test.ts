import { describe, expect, it } from 'vitest';
import type { Leg } from '../../../src/telephony/contract.ts';
import { someQuality } from '../../support/fake-media.ts';
import { eventsOf, offer, settle, TelephonyBench, testSettings } from '../../support/telephony-bench.ts';

const answer = offer.replace('8 0 101', '0 101');
const target = { kind: 'extension', extensionId: 'anna' } as const;
const busyTone = { target, callerNumber: '100', timeoutMs: 20_000 };

/** A leg that rings one phone (or more) of extension 201. */
async function ringing(ports: number[] = [5060]) {
  const bench = await TelephonyBench.start();
  for (const port of ports) await bench.register({ port });
  const leg = bench.telephony.dial({ ...busyTone, callerName: 'Queue "A"' });
  const seen = eventsOf(leg);
  await settle();
  return { bench, leg, seen, invites: bench.sip.all('INVITE') };
}

function firstPacket(bench: TelephonyBench, leg: Leg): void {
  bench.media.notice('leg.media', { legId: leg.legId, address: '192.168.1.20', port: 4000 });
}

describe('an outgoing leg to an extension', () => {
  it('rings, is answered, and ends once', async () => {
    const { bench, leg, seen, invites } = await ringing();
    const invite = invites[0]!;
    expect(invite.request).toMatchObject({
      uri: 'sip:201@192.168.1.20:5060',
      nextHop: 'sip:192.168.1.20:5060;transport=udp',
    });
    expect(invite.header('From')).toMatch(/^"Queue \\"A\\"" <sip:100@localhost>;tag=\w+$/);
    expect(invite.request.body).toContain('c=IN IP4 192.168.1.2\r\n');
    expect(leg.sipCallId).toBe(invite.header('Call-ID'));
    invite.respond(180);
    invite.respond(180);
    invite.respond(200, { body: answer });
    await settle();
    expect(invite.acknowledged).toHaveLength(1);
    expect(leg.state).toBe('up');
    expect([...bench.journal.live.keys()]).toEqual([leg.legId]);
    await leg.hangUp({ class: 'success', reason: 'caller-hung-up' });
    bench.sip.last('BYE').respond(200);
    expect(seen).toEqual([
      ['ringing'],
      ['answered'],
      ['ended', { class: 'success', reason: 'caller-hung-up' }, someQuality],
    ]);
    expect(bench.journal.live.size).toBe(0);
    expect(bench.telephony.legs()).toEqual([]);
  });

  it('gives early media of a 183 before the answer, once a packet has come', async () => {
    const { bench, leg, seen, invites } = await ringing();
    invites[0]!.respond(183, { body: answer });
    await settle();
    expect(leg.state).toBe('dialling');
    firstPacket(bench, leg);
    expect(leg.state).toBe('early');
    expect(bench.media.asked('leg.remote')).toHaveLength(1);
    invites[0]!.respond(200); // an answer without SDP stands by what the 183 said
    await settle();
    expect(seen).toEqual([['early'], ['answered']]);
    expect(bench.media.asked('leg.remote')).toHaveLength(1);
  });

  it('rings when a 183 announces media and none comes, and is early when it comes after all', async () => {
    const { bench, leg, seen, invites } = await ringing();
    invites[0]!.respond(183, { body: answer });
    await settle();
    bench.clock.advance(599);
    expect(seen).toEqual([]);
    bench.clock.advance(1);
    expect(seen).toEqual([['ringing']]);
    firstPacket(bench, leg);
    expect(seen).toEqual([['ringing'], ['early']]);
    bench.clock.advance(10_000);
    expect(leg.state).toBe('early');
  });

  it.each([
    ['180 then 183', [180, 183], [['ringing'], ['early']]],
    ['183 then 180', [183, 180], [['ringing'], ['early']]],
    ['183 twice, then 180 twice', [183, 183, 180, 180], [['ringing'], ['early']]],
    ['180, 183 and 180 again', [180, 183, 180], [['ringing'], ['early']]],
  ])(
    '%s with media: rings at the 180, and is early with the first packet',
    async (_name, order, expected) => {
      const { bench, leg, seen, invites } = await ringing();
      for (const status of order) {
        invites[0]!.respond(status, status === 183 ? { body: answer } : {});
        await settle();
      }
      firstPacket(bench, leg);
      expect(seen).toEqual(expected);
      expect(bench.media.asked('leg.remote')).toHaveLength(1);
    },
  );

  it('rings again when a 180 follows early media and the media stops, and is early when it comes back', async () => {
    const { bench, leg, seen, invites } = await ringing();
    invites[0]!.respond(183, { body: answer });
    await settle();
    firstPacket(bench, leg);
    bench.media.packetsReceived = 50;
    invites[0]!.respond(180);
    const half = async (packets: number) => {
      bench.clock.advance(500);
      bench.media.packetsReceived += packets;
      await settle();
    };
    await half(25);
    await half(25);
    expect(leg.state).toBe('early');
    await half(0);
    await half(0);
    expect(leg.state).toBe('ringing');
    await half(20);
    await half(20);
    expect(seen).toEqual([['early'], ['ringing'], ['early']]);
    await leg.hangUp({ class: 'success', reason: 'caller-left' });
    invites[0]!.respond(487);
    const idle = await TelephonyBench.start();
    await idle.register();
    expect(bench.clock.armed).toBe(idle.clock.armed);
  });

  it('takes a 183 without SDP as ringing', async () => {
    const { seen, invites } = await ringing();
    invites[0]!.respond(183);
    expect(seen).toEqual([['ringing']]);
  });

  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'rejected'],
    [403, 'rejected'],
    [480, 'no-answer'],
    [404, 'not-found'],
    [408, 'unreachable'],
    [503, 'unreachable'],
    [302, 'rejected'],
    [500, 'upstream-failed'],
  ])('refused with %i ends as %s', async (status, reason) => {
    const { seen, invites } = await ringing();
    invites[0]!.respond(status);
    await settle();
    expect(seen).toEqual([['ended', expect.objectContaining({ reason, sipStatus: status }), someQuality]]);
  });

  it('unanswered is cancelled after its time and ends as no-answer', async () => {
    const { bench, seen, invites } = await ringing();
    bench.clock.advance(20_000);
    await settle();
    expect(invites[0]!.cancelHeaders?.Reason).toContain('No answer');
    expect(seen.at(-1)?.[1]).toMatchObject({ reason: 'no-answer' });
    invites[0]!.respond(487);
    await settle();
    expect(seen).toHaveLength(1);
  });

  it('answered in the moment of our CANCEL is acknowledged and ended with BYE', async () => {
    const { bench, leg, invites } = await ringing();
    await leg.hangUp({ class: 'success', reason: 'caller-left' });
    invites[0]!.respond(200, { body: answer });
    await settle();
    expect(invites[0]!.acknowledged).toHaveLength(1);
    bench.sip.last('BYE').respond(200);
    expect(bench.journal.live.size).toBe(0);
  });

  it('answered without a codec of ours is ended', async () => {
    const { bench, seen, invites } = await ringing();
    invites[0]!.respond(200, { body: answer.replace('RTP/AVP 0 101', 'RTP/AVP 18') });
    await settle();
    expect(seen).toEqual([['ended', { class: 'client', reason: 'no-common-codec' }, someQuality]]);
    expect(bench.sip.all('BYE')).toHaveLength(1);
  });

  it('hung up before its INVITE went out sends none', async () => {
    const bench = await TelephonyBench.start();
    await bench.register();
    const leg = bench.telephony.dial(busyTone);
    await leg.hangUp({ class: 'success', reason: 'caller-left' });
    await settle();
    expect(bench.sip.all('INVITE')).toEqual([]);
    expect(bench.media.openLegs.size).toBe(0);
  });

  it('without a phone ends as no-contact, after its owner could listen', async () => {
    const bench = await TelephonyBench.start();
    const seen = eventsOf(bench.telephony.dial(busyTone));
    expect(seen).toEqual([]);
    await settle();
    expect(seen).toEqual([['ended', { class: 'client', reason: 'no-contact' }, null]]);
  });

  it('asks a phone to pick up by itself only when told to', async () => {
    const { bench, invites } = await ringing();
    expect(invites[0]!.header('Call-Info')).toBeUndefined();
    bench.telephony.dial({ ...busyTone, autoAnswer: true });
    await settle();
    expect(bench.sip.last('INVITE').header('Call-Info')).toContain('answer-after=0');
    expect(bench.sip.last('INVITE').header('Alert-Info')).toContain('info=alert-autoanswer');
  });
});

describe('session timers and reliable ringing of an outgoing leg', () => {
  it('are offered: 1800 s, at least 90 s, whoever refreshes', async () => {
    const { invites } = await ringing();
    expect(invites[0]!.request.headers).toMatchObject({
      Supported: 'timer, 100rel',
      'Session-Expires': '1800',
      'Min-SE': '90',
    });
  });

  it('are asked for anew as a 422 wants them, once', async () => {
    const { bench, seen, invites } = await ringing();
    invites[0]!.respond(422, { headers: { 'Min-SE': '3600' } });
    const again = bench.sip.last('INVITE');
    expect(again.request.headers).toMatchObject({
      'Call-ID': invites[0]!.header('Call-ID'),
      From: invites[0]!.header('From'),
      CSeq: '2 INVITE',
      'Session-Expires': '3600',
      'Min-SE': '3600',
    });
    expect(again.request.body).toBe(invites[0]!.request.body);
    again.respond(422, { headers: { 'Min-SE': '7200' } });
    await settle();
    expect(bench.sip.all('INVITE')).toHaveLength(2);
    expect(seen.at(-1)?.[1]).toMatchObject({ sipStatus: 422 });
  });

  it('are given up when a 422 wants nothing that can be given', async () => {
    const { bench, seen, invites } = await ringing();
    invites[0]!.respond(422);
    await settle();
    expect(bench.sip.all('INVITE')).toHaveLength(1);
    expect(seen.at(-1)?.[1]).toMatchObject({ sipStatus: 422 });
  });

  it('acknowledge each reliable 18x with a PRACK that names it', async () => {
    const { bench, seen, invites } = await ringing();
    const reliable = { RSeq: '7', CSeq: '1 INVITE', Require: '100rel' };
    invites[0]!.respond(180, { headers: reliable });
    invites[0]!.respond(183, { headers: { ...reliable, RSeq: '8' }, body: answer });
    await settle();
    expect(bench.sip.all('PRACK').map((prack) => prack.header('RAck'))).toEqual(['7 1 INVITE', '8 1 INVITE']);
    bench.sip.last('PRACK').respond(200);
    invites[0]!.respond(200);
    await settle();
    expect(seen).toEqual([['ringing'], ['answered']]);
  });

  it('refuse an offer while ours is open (491), and take it once the answer has come reliably', async () => {
    const { bench, leg, invites } = await ringing();
    const dialogId = `${leg.sipCallId};from-tag=${/tag=(\w+)/.exec(invites[0]!.header('From') ?? '')?.[1]}`;
    const update = async () => {
      const request = bench.sip.receiveIn(dialogId, 'UPDATE', { body: offer });
      await settle();
      return request.last?.status;
    };
    invites[0]!.respond(183, { body: answer });
    await settle();
    expect(await update()).toBe(491);
    invites[0]!.respond(183, { body: answer, headers: { RSeq: '1', CSeq: '1 INVITE' } });
    await settle();
    expect(await update()).toBe(200);
  });
});

describe('forks behind one INVITE', () => {
  const at = (tag: string, port = 4000) => ({
    headers: { To: `<sip:201@192.168.1.20:5060>;tag=${tag}` },
    body: answer.replace('4000', String(port)),
  });

  it('ring; the newest that announces media is listened to until one is heard, and who answers is joined', async () => {
    const { bench, leg, seen, invites } = await ringing();
    invites[0]!.respond(183, at('one', 4100));
    await settle();
    invites[0]!.respond(183, at('two', 4200));
    await settle();
    expect(bench.media.asked('leg.remote').map(({ remote }) => remote.port)).toEqual([4100, 4200]);
    firstPacket(bench, leg);
    invites[0]!.respond(183, at('three', 4300));
    await settle();
    expect(bench.media.asked('leg.remote')).toHaveLength(2);
    // The first phone answers, without a word more on its media.
    invites[0]!.respond(200, { headers: { To: '<sip:201@192.168.1.20:5060>;tag=one' } });
    await settle();
    expect(bench.media.asked('leg.remote').at(-1)?.remote.port).toBe(4100);
    expect(seen).toEqual([['early'], ['answered']]);
    expect([...bench.journal.live.values()][0]?.remoteTag).toBe('one');
  });

  it('that answer second change nothing', async () => {
    const { bench, leg, seen, invites } = await ringing();
    invites[0]!.respond(200, at('one', 4100));
    await settle();
    invites[0]!.respond(200, at('two', 4200));
    await settle();
    expect(leg.state).toBe('up');
    expect(bench.sip.all('BYE')).toEqual([]);
    expect(seen).toEqual([['answered']]);
  });

  it('of several phones: one that described its media in a reliable 183 only is joined all the same', async () => {
    const { bench, seen, invites } = await ringing([5060, 5070]);
    invites[1]!.respond(183, {
      ...at('x', 4700),
      headers: { ...at('x').headers, RSeq: '1', CSeq: '1 INVITE' },
    });
    invites[1]!.respond(200, { headers: at('x').headers });
    await settle();
    expect(seen).toEqual([['ringing'], ['answered']]);
    expect(bench.media.asked('leg.remote').at(-1)?.remote.port).toBe(4700);
  });
});

describe('several phones of one extension', () => {
  it('ring together; the first answer wins and the others hear that it was taken elsewhere', async () => {
    const { leg, seen, invites } = await ringing([5060, 5070, 5080]);
    expect(invites).toHaveLength(3);
    expect(new Set(invites.map((invite) => invite.header('Call-ID'))).size).toBe(3);
    invites[1]!.respond(180);
    invites[1]!.respond(200, { body: answer });
    await settle();
    expect(seen).toEqual([['ringing'], ['answered']]);
    expect(leg.sipCallId).toBe(invites[1]!.header('Call-ID'));
    for (const other of [invites[0]!, invites[2]!])
      expect(other.cancelHeaders).toEqual({ Reason: 'SIP;cause=200;text="Call completed elsewhere"' });
    expect(invites[1]!.cancelHeaders).toBeUndefined();
  });

  it('a second answer is ended while the first call stays in the journal', async () => {
    const { bench, leg, invites } = await ringing([5060, 5070]);
    invites[0]!.respond(200, { body: answer });
    await settle();
    invites[1]!.respond(200, { body: answer });
    bench.sip.last('BYE').respond(200);
    expect([...bench.journal.live.keys()]).toEqual([leg.legId]);
    expect(leg.state).toBe('up');
  });

  it('one that refuses leaves the others ringing; at last the most telling refusal counts', async () => {
    const { seen, invites } = await ringing([5060, 5070]);
    invites[0]!.respond(503);
    await settle();
    expect(seen).toEqual([]);
    invites[1]!.respond(486);
    await settle();
    expect(seen.at(-1)?.[1]).toMatchObject({ reason: 'busy' });
  });

  it('a 6xx speaks for the person: the others stop ringing', async () => {
    const { seen, invites } = await ringing([5060, 5070]);
    invites[0]!.respond(603);
    await settle();
    expect(invites[1]!.cancelHeaders).toBeDefined();
    expect(seen.at(-1)?.[1]).toMatchObject({ reason: 'rejected' });
  });

  it('early media of one among several is not played', async () => {
    const { bench, seen, invites } = await ringing([5060, 5070]);
    invites[0]!.respond(183, { body: answer });
    await settle();
    expect(seen).toEqual([['ringing']]);
    expect(bench.media.asked('leg.remote')).toEqual([]);
  });
});

describe('an outgoing leg to a trunk', () => {
  const settings = testSettings({
    trunks: [
      {
        id: 'provider',
        name: 'Provider',
        kind: 'register',
        host: '203.0.113.9',
        port: 5070,
        transport: 'tcp',
        username: 'acme',
        secret: 'trunk-secret',
        callerNumber: '3612345678',
      },
      { id: 'off', name: 'Off', kind: 'peer', host: '203.0.113.10', enabled: false },
    ],
  });
  const dialOut = {
    target: { kind: 'trunk', trunkId: 'provider', number: '+441234' },
    timeoutMs: 30_000,
  } as const;

  it.each([
    ['201', '3612345678'],
    ['', '3612345678'],
    ['+3611111', '+3611111'],
  ])('shows the number of a caller %j as %s', async (callerNumber, shown) => {
    const bench = await TelephonyBench.start({ settings });
    bench.telephony.dial({ ...dialOut, callerNumber });
    await settle();
    const invite = bench.sip.last('INVITE');
    expect(invite.request).toMatchObject({
      uri: 'sip:+441234@203.0.113.9:5070',
      nextHop: 'sip:203.0.113.9:5070;transport=tcp',
    });
    expect(invite.header('From')).toContain(`<sip:${shown}@203.0.113.9>;tag=`);
    expect(invite.header('P-Asserted-Identity')).toBeUndefined();
  });

  it('answers a challenge with the same Call-ID and tag and the next CSeq, by SHA-256', async () => {
    const bench = await TelephonyBench.start({ settings });
    const leg = bench.telephony.dial({ ...dialOut, callerNumber: '' });
    const seen = eventsOf(leg);
    await settle();
    const first = bench.sip.last('INVITE');
    const challenge =
      'Digest realm="acme", nonce="n1", algorithm=MD5, qop="auth", Digest realm="acme", nonce="n2", algorithm=SHA-256, qop="auth"';
    first.respond(407, { headers: { 'Proxy-Authenticate': challenge } });
    const second = bench.sip.last('INVITE');
    expect(second.header('Call-ID')).toBe(first.header('Call-ID'));
    expect(second.header('From')).toBe(first.header('From'));
    expect(second.header('CSeq')).toBe('2 INVITE');
    expect(second.header('Proxy-Authorization')).toContain('algorithm=SHA-256');
    expect(second.header('Proxy-Authorization')).toContain('uri="sip:+441234@203.0.113.9:5070"');
    second.respond(407, { headers: { 'Proxy-Authenticate': challenge } });
    await settle();
    expect(bench.sip.all('INVITE')).toHaveLength(2);
    expect(seen.at(-1)?.[1]).toMatchObject({ class: 'upstream', reason: 'auth-failed' });
  });

  it('tries a third time only for a stale nonce', async () => {
    const bench = await TelephonyBench.start({ settings });
    bench.telephony.dial({ ...dialOut, callerNumber: '' });
    await settle();
    for (const nonce of ['n1', 'n2", stale=true, x="', 'n3", stale=true, x="'])
      bench.sip
        .last('INVITE')
        .respond(401, { headers: { 'WWW-Authenticate': `Digest realm="a", nonce="${nonce}"` } });
    expect(bench.sip.all('INVITE')).toHaveLength(3);
  });

  it('answers a challenge to its BYE', async () => {
    const bench = await TelephonyBench.start({ settings });
    const leg = bench.telephony.dial({ ...dialOut, callerNumber: '' });
    await settle();
    bench.sip.last('INVITE').respond(200, { body: answer });
    await settle();
    await leg.hangUp({ class: 'success', reason: 'hung-up' });
    bench.sip.last('BYE').respond(401, { headers: { 'WWW-Authenticate': 'Digest realm="a", nonce="b"' } });
    expect(bench.sip.last('BYE').header('Authorization')).toContain('username="acme"');
    expect(bench.sip.last('BYE').header('CSeq')).toBeUndefined();
    bench.sip.last('BYE').respond(200);
    expect(bench.journal.live.size).toBe(0);
  });

  it.each([
    ['unknown', 'x', '123', 'no-trunk'],
    ['switched off', 'off', '123', 'no-trunk'],
    ['given a number that is none', 'provider', '12 3;x', 'bad-number'],
  ])('%s ends at once', async (_name, trunkId, number, reason) => {
    const bench = await TelephonyBench.start({ settings });
    const leg = bench.telephony.dial({
      target: { kind: 'trunk', trunkId, number },
      callerNumber: '',
      timeoutMs: 1,
    });
    const seen = eventsOf(leg);
    await settle();
    expect(seen).toEqual([['ended', expect.objectContaining({ reason }), null]]);
  });

  it('finds its dialog whatever the trunk answers from, and ends when it hangs up', async () => {
    const bench = await TelephonyBench.start({ settings });
    const leg = bench.telephony.dial({ ...dialOut, callerNumber: '' });
    await settle();
    const invite = bench.sip.last('INVITE');
    invite.respond(200, { body: answer });
    await settle();
    const localTag = /tag=(\w+)/.exec(invite.header('From') ?? '')?.[1];
    bench.sip.receiveIn(`${leg.sipCallId};from-tag=${localTag}`, 'BYE');
    await settle();
    expect(leg.state).toBe('ended');
  });
});
