import { describe, expect, it } from 'vitest';
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

  it('gives early media of a 183 before the answer', async () => {
    const { bench, leg, seen, invites } = await ringing();
    invites[0]!.respond(183, { body: answer });
    await settle();
    expect(leg.state).toBe('early');
    expect(bench.media.asked('leg.remote')).toHaveLength(1);
    invites[0]!.respond(200); // an answer without SDP stands by what the 183 said
    await settle();
    expect(seen).toEqual([['early'], ['answered']]);
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
