import { describe, expect, it } from 'vitest';
import { someQuality } from '../../support/fake-media.ts';
import { answerReply } from '../../support/fake-sip.ts';
import { eventsOf, offer, phonePassword, settle, TelephonyBench } from '../../support/telephony-bench.ts';

const g729 = offer.replace('8 0 101', '18').replace(/a=rtpmap.*\r\n/, '');

describe('who may call in', () => {
  it('a trunk, by the address it comes from, with the number it asserts', async () => {
    const bench = await TelephonyBench.start();
    const { call } = await bench.trunkCall();
    expect(call).toMatchObject({
      source: { kind: 'trunk', trunk: { id: 'peer' } },
      from: '+3611111',
      fromName: 'Caller',
      to: '4412345',
    });
    const asserted = await bench.trunkCall({
      headers: { 'P-Asserted-Identity': '<tel:+36-1-2345>' },
      callId: 'other',
    });
    expect(asserted.call.from).toBe('+3612345');
  });

  it.each([
    ['Privacy: id', { Privacy: 'id' }],
    ['an anonymous From', { From: '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=peer-tag' }],
  ])('a caller who withholds the number by %s stays anonymous', async (_name, headers) => {
    const bench = await TelephonyBench.start();
    expect((await bench.trunkCall({ headers })).call).toMatchObject({
      from: 'anonymous',
      fromName: undefined,
    });
  });

  it('nobody else without authenticating as an extension', async () => {
    const bench = await TelephonyBench.start();
    const invite = bench.sip.receive('INVITE', {
      body: offer,
      headers: { From: '<sip:+3611111@carrier>;tag=t' },
      source: { transport: 'udp', address: '203.0.113.66', port: 5060 },
    });
    await settle();
    expect(invite.last?.status).toBe(407);
    expect(bench.incoming).toEqual([]);
  });

  it('an extension as who it authenticated, whatever its From says', async () => {
    const bench = await TelephonyBench.start();
    const uri = 'sip:*43@pbx';
    const headers = { From: '"The boss" <sip:202@pbx>;tag=t' };
    const first = bench.sip.receive('INVITE', { uri, headers, body: offer });
    await settle();
    expect(first.last?.status).toBe(407);
    const wrong = answerReply(first.last, { username: '201', password: 'wrong-one', method: 'INVITE', uri });
    const refused = bench.sip.receive('INVITE', { uri, headers: { ...headers, ...wrong }, body: offer });
    await settle();
    expect(refused.last?.status).toBe(403);
    // 202 is challenged with SHA-256, so the phone of 201 gets its own challenge.
    const own = bench.sip.receive('INVITE', { uri, headers: { From: '<sip:201@pbx>;tag=t' }, body: offer });
    await settle();
    const right = answerReply(own.last, { username: '201', password: phonePassword, method: 'INVITE', uri });
    bench.sip.receive('INVITE', { uri, headers: { ...headers, ...right }, body: offer });
    await settle();
    expect(bench.incoming[0]).toMatchObject({
      source: { kind: 'extension' },
      from: '201',
      fromName: 'Anna',
      to: '*43',
    });
  });

  it('a registered phone that shares its address with a trunk is asked all the same', async () => {
    const bench = await TelephonyBench.start();
    const source = { transport: 'udp' as const, address: '198.51.100.9', port: 61_000 };
    const headers = { To: '<sip:201@pbx>', From: '<sip:201@pbx>;tag=x' };
    const { last } = bench.sip.receive('REGISTER', { uri: 'sip:pbx', headers, source });
    const credentials = answerReply(last, {
      username: '201',
      password: phonePassword,
      method: 'REGISTER',
      uri: 'sip:pbx',
    });
    bench.sip.receive('REGISTER', { uri: 'sip:pbx', headers: { ...headers, ...credentials }, source });
    await settle();
    const invite = bench.sip.receive('INVITE', { body: offer, source });
    await settle();
    expect(invite.last?.status).toBe(407);
    bench.sip.receive('INVITE', { body: offer, source: { ...source, port: 5060 } });
    await settle();
    expect(bench.incoming).toHaveLength(1);
  });

  it.each([
    ['an extension to SIP that we do not speak', { Require: 'gruu, 100rel' }, 420, { Unsupported: 'gruu' }],
    ['a session timer below 90 s', { 'Session-Expires': '60', Supported: 'timer' }, 422, { 'Min-SE': '90' }],
    ['a body that is no SDP', { 'Content-Type': 'text/html' }, 415, {}],
  ])('nobody who asks for %s', async (_name, headers, status, answer) => {
    const bench = await TelephonyBench.start();
    await expect(bench.trunkCall({ headers })).rejects.toThrow(String(status));
    const refused = bench.sip.receive('INVITE', { body: offer, headers, source: trunkSource });
    await settle();
    expect(refused.last).toMatchObject({ status, headers: answer });
  });

  it('nobody while the media engine is away', async () => {
    const bench = await TelephonyBench.start();
    bench.media.down();
    await expect(bench.trunkCall()).rejects.toThrow('503');
  });
});

const trunkSource = { transport: 'udp' as const, address: '203.0.113.5', port: 5060 };

describe('an incoming leg', () => {
  it('rings, gives early media, is answered at the ACK, and ends once with its quality', async () => {
    const bench = await TelephonyBench.start();
    const { invite, call, dialogId } = await bench.trunkCall();
    const { leg } = call;
    const seen = eventsOf(leg);
    await leg.ring();
    await leg.earlyMedia();
    expect(invite.replies.map((reply) => reply.status)).toEqual([180, 183]);
    expect(leg.state).toBe('early');
    let isAnswered = false;
    const answered = leg.answer().then(() => {
      isAnswered = true;
    });
    await settle();
    expect(invite.last?.status).toBe(200);
    expect(invite.last?.body).toBe(invite.replies[1]?.body);
    expect(isAnswered).toBe(false);
    bench.sip.receiveIn(dialogId, 'ACK');
    await answered;
    expect(leg.state).toBe('up');
    const bye = bench.sip.receiveIn(dialogId, 'BYE');
    await settle();
    expect(bye.last?.status).toBe(200);
    expect(seen).toEqual([['answered'], ['ended', { class: 'success', reason: 'hung-up' }, someQuality]]);
    expect(bench.telephony.legs()).toEqual([]);
    expect(bench.media.openLegs.size).toBe(0);
    expect(bench.journal.live.size).toBe(0);
    await leg.hangUp({ class: 'success', reason: 'hung-up' });
    expect(seen).toHaveLength(2);
  });

  it('answers with the address that the caller can reach', async () => {
    const bench = await TelephonyBench.start({ bind: '192.168.1.2' });
    const { invite } = await bench.answeredCall();
    expect(invite.last?.body).toContain('c=IN IP4 192.168.1.2\r\n');
    expect(bench.media.asked('leg.remote')[0]?.remote).toMatchObject({
      address: '192.168.1.20',
      port: 4000,
      codec: 'PCMA',
      payloadType: 8,
      telephoneEventPayloadType: 101,
    });
  });

  it('of a trunk follows media elsewhere only when a private address shows a NAT', async () => {
    const bench = await TelephonyBench.start();
    await bench.answeredCall();
    await bench.answeredCall({ callId: 'gateway', body: offer.replaceAll('192.168.1.20', '203.0.113.99') });
    expect(bench.media.asked('leg.remote').map(({ remote }) => remote.symmetric)).toEqual([true, false]);
  });

  it('of a phone behind a NAT follows its media to where it comes from', async () => {
    const bench = await TelephonyBench.start();
    const uri = 'sip:202@pbx';
    const { last } = bench.sip.receive('INVITE', { uri, headers: { From: '<sip:201@pbx>;tag=t' } });
    const credentials = answerReply(last, {
      username: '201',
      password: phonePassword,
      method: 'INVITE',
      uri,
    });
    bench.sip.receive('INVITE', {
      uri,
      headers: { From: '<sip:201@pbx>;tag=t', ...credentials },
      body: offer.replaceAll('192.168.1.20', '10.0.0.7'),
    });
    await settle();
    void bench.incoming[0]!.leg.answer();
    await settle();
    expect(bench.media.asked('leg.remote')[0]?.remote).toMatchObject({
      address: '10.0.0.7',
      symmetric: true,
    });
  });

  it('is in the journal from its 200 until its BYE is answered', async () => {
    const bench = await TelephonyBench.start();
    const { leg } = await bench.answeredCall({
      headers: { 'Record-Route': '<sip:p1;lr>, <sip:p2;lr>', Contact: '<sip:gw@203.0.113.7:5080>' },
    });
    expect([...bench.journal.live.values()]).toMatchObject([
      {
        legId: leg.legId,
        dialogId: 'trunk-call;from-tag=peer-tag',
        sipCallId: 'trunk-call',
        localTag: 'our-tag',
        remoteTag: 'peer-tag',
        remoteUri: 'sip:+3611111@carrier',
        remoteTarget: 'sip:gw@203.0.113.7:5080',
        routeSet: ['<sip:p1;lr>', '<sip:p2;lr>'],
        source: 'udp/203.0.113.5:5060',
      },
    ]);
    await leg.hangUp({ class: 'success', reason: 'hung-up' });
    expect(bench.journal.live.size).toBe(1);
    const bye = bench.sip.last('BYE');
    expect(bye.header('Reason')).toBe('Q.850;cause=16;text="Normal call clearing"');
    bye.respond(200);
    expect(bench.journal.live.size).toBe(0);
  });

  it('that its caller cancels ends so', async () => {
    const bench = await TelephonyBench.start();
    const { invite, call } = await bench.trunkCall();
    const seen = eventsOf(call.leg);
    await call.leg.ring();
    invite.cancel();
    await settle();
    expect(seen).toEqual([['ended', { class: 'client', reason: 'cancelled', sipStatus: 487 }, null]]);
    await expect(call.leg.answer()).rejects.toMatchObject({ code: 'sip.cancelled' });
    expect(invite.replies.map((reply) => reply.status)).toEqual([180, 487]);
  });

  it.each([
    ['busy', 'client', 486],
    ['rejected', 'client', 603],
    ['not-found', 'client', 404],
    ['caller-left', 'success', 480],
    ['internal', 'server', 503],
  ] as const)('hung up before the answer for %s is rejected with its status', async (reason, cls, status) => {
    const bench = await TelephonyBench.start();
    const { invite, call } = await bench.trunkCall();
    await call.leg.hangUp({ class: cls, reason });
    expect(invite.last?.status).toBe(status);
    expect(bench.telephony.legs()).toEqual([]);
  });

  it('hung up between 200 and ACK ends at once and says BYE after the ACK', async () => {
    const bench = await TelephonyBench.start();
    const { call, dialogId } = await bench.trunkCall();
    const answered = call.leg.answer();
    const rejection = expect(answered).rejects.toMatchObject({ code: 'sip.cancelled' });
    await settle();
    await call.leg.hangUp({ class: 'success', reason: 'hung-up' });
    await rejection;
    expect(bench.sip.all('BYE')).toEqual([]);
    bench.sip.receiveIn(dialogId, 'ACK');
    await settle();
    bench.sip.last('BYE').respond(200);
    expect(bench.journal.live.size).toBe(0);
  });

  it('whose ACK never comes is ended by the engine', async () => {
    const bench = await TelephonyBench.start();
    const { call, dialogId } = await bench.trunkCall();
    const seen = eventsOf(call.leg);
    const rejection = expect(call.leg.answer()).rejects.toMatchObject({ code: 'sip.cancelled' });
    await settle();
    const headers = { Reason: 'SIP ;cause=200 ;text="ACK timeout"' };
    const bye = bench.sip.receiveIn(dialogId, 'BYE', { unsolicited: true, headers });
    await rejection;
    expect(seen).toEqual([['ended', { class: 'client', reason: 'ack-timeout' }, someQuality]]);
    expect(bye.replies).toEqual([]);
  });

  it('without a common codec is refused with a hint, and still seen as a call', async () => {
    const bench = await TelephonyBench.start();
    const ended: unknown[] = [];
    bench.telephony.events.on('incoming', ({ leg }) => leg.events.on('ended', (...args) => ended.push(args)));
    const { invite } = await bench.trunkCall({ body: g729 });
    expect(invite.last?.status).toBe(488);
    expect(invite.last?.headers?.Warning).toMatch(/^305 cordboard ".*G729.*enable G\.711/);
    expect(ended).toEqual([[{ class: 'client', reason: 'no-common-codec', sipStatus: 488 }, null]]);
  });

  it('with a broken description is refused with 400', async () => {
    const bench = await TelephonyBench.start();
    const { invite } = await bench.trunkCall({ body: 'v=1\r\n' });
    expect(invite.last?.status).toBe(400);
  });

  it('without an offer gets ours in the 200 and gives its answer in the ACK', async () => {
    const bench = await TelephonyBench.start();
    const { invite, call, dialogId } = await bench.trunkCall({ body: '' });
    await call.leg.earlyMedia();
    expect(invite.last?.status).toBe(180);
    const answered = call.leg.answer();
    await settle();
    expect(invite.last?.body).toContain('RTP/AVP 0 8 101');
    expect(bench.media.asked('leg.remote')).toEqual([]);
    bench.sip.receiveIn(dialogId, 'ACK', { body: offer.replace('8 0 101', '8 101') });
    await answered;
    expect(bench.media.asked('leg.remote')[0]?.remote.codec).toBe('PCMA');
  });

  it('without an offer whose ACK brings nothing usable is ended with BYE', async () => {
    const bench = await TelephonyBench.start();
    const { call, dialogId } = await bench.trunkCall({ body: '' });
    const seen = eventsOf(call.leg);
    const rejection = expect(call.leg.answer()).rejects.toMatchObject({ code: 'sip.cancelled' });
    await settle();
    bench.sip.receiveIn(dialogId, 'ACK', { body: g729 });
    await rejection;
    expect(seen.map(([name]) => name)).toEqual(['ended']);
    expect(bench.sip.all('BYE')).toHaveLength(1);
  });

  it('that requires reliable ringing is answered only after its PRACK, and not described twice', async () => {
    const bench = await TelephonyBench.start();
    const { invite, call, dialogId } = await bench.trunkCall({ headers: { Require: '100rel' } });
    await call.leg.earlyMedia();
    expect(invite.last?.headers?.Require).toBe('100rel');
    expect(invite.last?.body).toContain('m=audio');
    const answered = call.leg.answer();
    await settle();
    expect(invite.last?.status).toBe(183);
    const prack = bench.sip.receiveIn(dialogId, 'PRACK');
    await settle();
    expect(prack.last?.status).toBe(200);
    expect(invite.last?.status).toBe(200);
    expect([invite.last?.body, invite.last?.headers?.['Content-Type']]).toEqual([undefined, undefined]);
    bench.sip.receiveIn(dialogId, 'ACK');
    await answered;
  });

  it('that requires reliable ringing twice is answered only after both PRACKs', async () => {
    const bench = await TelephonyBench.start();
    const { invite, call, dialogId } = await bench.trunkCall({ headers: { Require: '100rel' } });
    await call.leg.ring();
    await call.leg.earlyMedia();
    expect(invite.replies.map(({ status }) => status)).toEqual([180, 183]);
    const answered = call.leg.answer();
    bench.sip.receiveIn(dialogId, 'PRACK');
    await settle();
    expect(invite.last?.status).toBe(183);
    bench.sip.receiveIn(dialogId, 'PRACK');
    await settle();
    expect(invite.last?.status).toBe(200);
    bench.sip.receiveIn(dialogId, 'ACK');
    await answered;
  });

  it('that requires reliable ringing and offers nothing gets our offer there, and answers in the PRACK', async () => {
    const bench = await TelephonyBench.start();
    const { invite, call, dialogId } = await bench.trunkCall({ headers: { Require: '100rel' }, body: '' });
    await call.leg.ring();
    expect(invite.last).toMatchObject({ status: 180, headers: { Require: '100rel' } });
    expect(invite.last?.body).toContain('m=audio');
    bench.sip.receiveIn(dialogId, 'PRACK', { body: offer });
    await settle();
    expect(bench.media.asked('leg.remote').at(-1)?.remote.port).toBe(4000);
    const answered = call.leg.answer();
    await settle();
    expect([invite.last?.status, invite.last?.body]).toEqual([200, undefined]);
    bench.sip.receiveIn(dialogId, 'ACK');
    await answered;
    expect(call.leg.state).toBe('up');
  });

  it('hung up while a PRACK is awaited leaves no timer, and whoever answers it hears so', async () => {
    const bench = await TelephonyBench.start();
    const before = await bench.trunkCall({ callId: 'before' });
    await before.call.leg.ring();
    await before.call.leg.hangUp({ class: 'success', reason: 'caller-left' });
    const idle = bench.clock.armed;
    const { call } = await bench.trunkCall({ headers: { Require: '100rel' } });
    await call.leg.ring();
    const answered = call.leg.answer();
    await call.leg.hangUp({ class: 'success', reason: 'caller-left' });
    await expect(answered).rejects.toMatchObject({ code: 'sip.cancelled' });
    expect(bench.clock.armed).toBe(idle);
  });

  it('whose PRACK does not answer our offer cannot be answered', async () => {
    const bench = await TelephonyBench.start();
    const { invite, call, dialogId } = await bench.trunkCall({ headers: { Require: '100rel' }, body: '' });
    await call.leg.ring();
    bench.sip.receiveIn(dialogId, 'PRACK');
    await expect(call.leg.answer()).rejects.toMatchObject({ code: 'sdp.invalid' });
    expect(invite.last?.status).toBe(400);
  });

  it('takes another offer before the answer once the first is answered reliably (RFC 3311 §5.2)', async () => {
    const bench = await TelephonyBench.start();
    const { call, dialogId } = await bench.trunkCall({ headers: { Require: '100rel' } });
    const update = async () => {
      const request = bench.sip.receiveIn(dialogId, 'UPDATE', { body: offer.replace('4000', '4400') });
      await settle();
      return request.last;
    };
    const early = await update();
    expect(early?.status).toBe(500); // its own offer is still open
    expect(Number(early?.headers?.['Retry-After'])).toBeLessThanOrEqual(10);
    await call.leg.earlyMedia();
    expect((await update())?.status).toBe(500);
    bench.sip.receiveIn(dialogId, 'PRACK');
    await settle();
    expect((await update())?.status).toBe(200);
    expect(bench.media.asked('leg.remote').at(-1)?.remote.port).toBe(4400);
    const changed = bench.sip.receiveIn(dialogId, 'PRACK', { body: offer.replace('4000', '4500') });
    await settle();
    expect(changed.last?.status).toBe(200);
    expect(changed.last?.body).toContain('m=audio');
  });

  it.each([
    ['1800', 'timer', { 'Session-Expires': '1800;refresher=uac', Require: 'timer' }],
    ['1800;refresher=uac', 'timer', { 'Session-Expires': '1800;refresher=uac', Require: 'timer' }],
    ['1800;refresher=uas', 'timer', { 'Session-Expires': '1800;refresher=uas', Require: 'timer' }],
    // A proxy asked; the caller knows no timer and cannot refresh.
    ['1800', '', { 'Session-Expires': '1800;refresher=uas' }],
    ['60', '', {}],
    ['', 'timer', { 'Session-Expires': '1800;refresher=uas', Require: 'timer' }],
    ['', '', {}],
  ])(
    'asked for a session timer of "%s" (supported: "%s") agrees on it as RFC 4028 §9 says',
    async (expires, supported, expected) => {
      const bench = await TelephonyBench.start();
      const { invite } = await bench.answeredCall({
        headers: { ...(expires ? { 'Session-Expires': expires } : {}), Supported: supported },
      });
      const { 'Session-Expires': timer, Require: require } = invite.last?.headers ?? {};
      expect({
        ...(timer ? { 'Session-Expires': timer } : {}),
        ...(require ? { Require: require } : {}),
      }).toEqual(expected);
    },
  );

  it('that finds no port is refused with 503', async () => {
    const bench = await TelephonyBench.start();
    bench.media.failing.set('leg.create', 'ports-exhausted');
    const { invite, call } = await bench.trunkCall();
    const seen = eventsOf(call.leg);
    await expect(call.leg.answer()).rejects.toMatchObject({ code: 'ports-exhausted' });
    expect(invite.last?.status).toBe(503);
    expect(seen).toEqual([['ended', { class: 'server', reason: 'overloaded', sipStatus: 503 }, null]]);
    expect(bench.telephony.legs()).toEqual([]);
  });
});
