import { describe, expect, it } from 'vitest';
import { eventsOf, settle, TelephonyBench, testSettings } from '../../support/telephony-bench.ts';

const registering = testSettings({
  trunks: [
    {
      id: 'provider',
      name: 'Provider',
      kind: 'register',
      host: '203.0.113.9',
      username: 'acme',
      secret: 'trunk-secret',
      registerExpiresS: 600,
    },
  ],
});
const challenge = {
  headers: { 'WWW-Authenticate': 'Digest realm="p", nonce="n", algorithm=SHA-256, qop="auth"' },
};

describe('a peer trunk', () => {
  it('is asked every 30 s; it is up when it answers anything of its own', async () => {
    const bench = await TelephonyBench.start();
    expect(bench.telephony.trunks()).toMatchObject([{ trunkId: 'peer', state: 'unknown' }]);
    bench.sip.last('OPTIONS').respond(404);
    expect(bench.telephony.trunks()).toMatchObject([{ state: 'up', detail: 'answers' }]);
    bench.clock.advance(30_000);
    expect(bench.sip.all('OPTIONS')).toHaveLength(2);
    bench.sip.last('OPTIONS').respond(408, { source: null });
    expect(bench.telephony.trunks()).toMatchObject([{ state: 'down', detail: 'no answer' }]);
    bench.clock.advance(30_000);
    bench.sip.last('OPTIONS').respond(503);
    expect(bench.telephony.trunks()).toMatchObject([
      { state: 'down', detail: expect.stringContaining('503') },
    ]);
  });

  it('is down after 10 s of silence', async () => {
    const bench = await TelephonyBench.start();
    bench.clock.advance(10_000);
    expect(bench.telephony.trunks()).toMatchObject([{ state: 'down' }]);
    bench.clock.advance(30_000);
    bench.sip.last('OPTIONS').respond(200);
    expect(bench.telephony.trunks()).toMatchObject([{ state: 'up' }]);
  });

  it('switched off is not asked', async () => {
    const settings = testSettings({
      trunks: [{ id: 'off', name: 'Off', kind: 'peer', host: '203.0.113.5', enabled: false }],
    });
    const bench = await TelephonyBench.start({ settings });
    expect(bench.sip.all('OPTIONS')).toEqual([]);
    expect(bench.telephony.trunks()).toMatchObject([{ state: 'disabled' }]);
  });
});

describe('a call over a trunk that says nothing', () => {
  const dialled = async (settings = testSettings(), trunkId = 'peer') => {
    const bench = await TelephonyBench.start({ settings });
    const method = trunkId === 'peer' ? 'OPTIONS' : 'REGISTER';
    bench.sip.last(method).respond(200);
    const leg = bench.telephony.dial({
      target: { kind: 'trunk', trunkId, number: '5551234' },
      callerNumber: '201',
      timeoutMs: 60_000,
    });
    await settle();
    return { bench, seen: eventsOf(leg), invite: bench.sip.last('INVITE'), method };
  };

  it.each([
    ['a peer', testSettings(), 'peer'],
    ['a registrar', registering, 'provider'],
  ])('is given up after 9 s when %s does not answer a question either', async (_, settings, trunkId) => {
    const { bench, seen, invite, method } = await dialled(settings, trunkId);
    const asked = bench.sip.all(method).length;
    bench.clock.advance(4_999);
    expect(bench.sip.all(method)).toHaveLength(asked);
    bench.clock.advance(1);
    expect(bench.sip.all(method)).toHaveLength(asked + 1);
    bench.clock.advance(3_999);
    await settle();
    expect(seen).toEqual([]);
    bench.clock.advance(1);
    await settle();
    expect(seen.at(-1)?.[1]).toMatchObject({ reason: 'unreachable' });
    expect(invite.cancelHeaders).toBeDefined();
    expect(bench.telephony.trunks()).toMatchObject([{ trunkId, state: 'down' }]);
  });

  it('goes on while the trunk answers the question: it is being set up', async () => {
    const { bench, seen, invite } = await dialled();
    bench.clock.advance(5_000);
    bench.sip.last('OPTIONS').respond(200);
    bench.clock.advance(20_000);
    await settle();
    expect(seen).toEqual([]);
    invite.respond(180);
    expect(seen).toEqual([['ringing']]);
  });

  it('asks nothing once it rings, and one question does for several calls', async () => {
    const { bench, invite } = await dialled();
    invite.respond(180);
    bench.clock.advance(5_000);
    expect(bench.sip.all('OPTIONS')).toHaveLength(1);
    for (let i = 0; i < 3; i++)
      bench.telephony.dial({
        target: { kind: 'trunk', trunkId: 'peer', number: '5551234' },
        callerNumber: '201',
        timeoutMs: 60_000,
      });
    await settle();
    bench.clock.advance(5_000);
    expect(bench.sip.all('OPTIONS')).toHaveLength(2);
  });
});

describe('a registering trunk', () => {
  it('registers with digest and refreshes before the expiry that was granted', async () => {
    const bench = await TelephonyBench.start({ settings: registering });
    const first = bench.sip.last('REGISTER');
    expect(first.request).toMatchObject({
      uri: 'sip:203.0.113.9',
      nextHop: 'sip:203.0.113.9;transport=udp',
      headers: { Contact: '<sip:acme@localhost>', Expires: '600', To: '<sip:acme@203.0.113.9>' },
    });
    first.respond(401, challenge);
    const second = bench.sip.last('REGISTER');
    expect(second.header('Authorization')).toContain('algorithm=SHA-256');
    expect(second.header('CSeq')).toBe('2 REGISTER');
    second.respond(200, {
      headers: { Contact: '<sip:other@x>;expires=9, <sip:acme@192.168.1.2>;expires=120' },
    });
    expect(bench.telephony.trunks()).toMatchObject([{ state: 'up', detail: 'registered for 120 s' }]);
    bench.clock.advance(89_000);
    expect(bench.sip.all('REGISTER')).toHaveLength(2);
    bench.clock.advance(1_000);
    const refresh = bench.sip.last('REGISTER');
    expect(refresh.header('CSeq')).toBe('3 REGISTER');
    expect(refresh.header('Call-ID')).toBe(first.header('Call-ID'));
  });

  it('sends calls along the Service-Route that it was given, for as long as it is registered (RFC 3608)', async () => {
    const route = '<sip:edge.provider.test:5062;lr>, <sip:core.provider.test;lr>';
    const bench = await TelephonyBench.start({ settings: registering });
    bench.sip.last('REGISTER').respond(200, { headers: { 'Service-Route': route } });
    const dial = async () => {
      bench.telephony.dial({
        target: { kind: 'trunk', trunkId: 'provider', number: '5551234' },
        callerNumber: '',
        timeoutMs: 60_000,
      });
      await settle();
      return bench.sip.last('INVITE');
    };
    const invite = await dial();
    expect(invite.request.nextHop).toBe('sip:edge.provider.test:5062;lr;transport=udp');
    expect(invite.header('Route')).toBe(route);
    expect(invite.request.uri).toBe('sip:5551234@203.0.113.9');
    bench.clock.advance(600_000);
    bench.sip.last('REGISTER').respond(503);
    const plain = await dial();
    expect(plain.request.nextHop).toBe('sip:203.0.113.9;transport=udp');
    expect(plain.header('Route')).toBeUndefined();
  });

  it('refused tries again after 5 s, doubled up to 120 s, and says why', async () => {
    const bench = await TelephonyBench.start({ settings: registering });
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      bench.sip.last('REGISTER').respond(403, { reason: 'Forbidden' });
      const before = bench.sip.all('REGISTER').length;
      let waitedS = 0;
      while (bench.sip.all('REGISTER').length === before) {
        bench.clock.advance(1_000);
        waitedS++;
      }
      waits.push(waitedS);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 120, 120]);
    bench.sip.last('REGISTER').respond(401, challenge);
    bench.sip.last('REGISTER').respond(401, challenge);
    expect(bench.telephony.trunks()[0]).toMatchObject({
      state: 'down',
      detail: expect.stringMatching(/user name and password; next try in \d+ s/),
    });
  });

  it('takes the minimum that the provider asks for', async () => {
    const bench = await TelephonyBench.start({ settings: registering });
    bench.sip.last('REGISTER').respond(423, { headers: { 'Min-Expires': '1800' } });
    expect(bench.sip.last('REGISTER').header('Expires')).toBe('1800');
  });

  it('registers anew when the SIP engine is back, and unregisters at the end', async () => {
    const bench = await TelephonyBench.start({ settings: registering });
    bench.sip.last('REGISTER').respond(200);
    bench.sip.down();
    expect(bench.telephony.trunks()).toMatchObject([{ state: 'unknown' }]);
    bench.clock.advance(3_600_000);
    expect(bench.sip.all('REGISTER')).toHaveLength(1);
    bench.sip.up();
    bench.sip.last('REGISTER').respond(200);
    expect(bench.telephony.trunks()).toMatchObject([{ state: 'up' }]);
    const stopped = bench.telephony.stop();
    bench.sip.last('REGISTER').respond(401, challenge);
    const unregister = bench.sip.last('REGISTER');
    expect(unregister.header('Expires')).toBe('0');
    expect(unregister.header('Authorization')).toContain('username="acme"');
    expect(bench.sip.isUp).toBe(true);
    unregister.respond(200);
    await settle();
    bench.clock.advance(10);
    await stopped;
    expect(bench.sip.isUp).toBe(false);
  });

  it('is left alone by new settings that do not touch it', async () => {
    const bench = await TelephonyBench.start({ settings: registering });
    bench.sip.last('REGISTER').respond(200);
    bench.telephony.configure({ ...registering, office: { ...registering.office, name: 'New' } });
    expect(bench.sip.all('REGISTER')).toHaveLength(1);
    expect(bench.telephony.trunks()).toMatchObject([{ state: 'up' }]);
    bench.telephony.configure({ ...registering, trunks: [] });
    expect(bench.sip.last('REGISTER').header('Expires')).toBe('0');
    expect(bench.telephony.trunks()).toEqual([]);
  });

  it('gives the numbers dialled: of the request URI, or of To where that names our user', async () => {
    const bench = await TelephonyBench.start({ settings: registering });
    const source = { transport: 'udp' as const, address: '203.0.113.9', port: 5060 };
    bench.sip.receive('INVITE', { uri: 'sip:acme@us', headers: { To: '<sip:4412345@provider>' }, source });
    bench.sip.receive('INVITE', { uri: 'sip:4498765@us', headers: { To: '<sip:acme@provider>' }, source });
    await settle();
    expect(bench.incoming.map(({ to }) => to)).toEqual(['4412345', '4498765']);
  });

  it('tells our public address, which calls outside then carry', async () => {
    const bench = await TelephonyBench.start({ settings: registering, bind: '127.0.0.1' });
    const via = 'SIP/2.0/UDP 192.168.1.2:5060;branch=z9hG4bKx;rport=5060;received=198.51.100.77';
    bench.sip.last('REGISTER').respond(200, { headers: { Via: via } });
    bench.telephony.dial({
      target: { kind: 'trunk', trunkId: 'provider', number: '123' },
      callerNumber: '',
      timeoutMs: 1000,
    });
    await settle();
    expect(bench.sip.last('INVITE').request.body).toContain('c=IN IP4 198.51.100.77\r\n');
  });
});
