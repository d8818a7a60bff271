import { describe, expect, it } from 'vitest';
import type { RegisteredContact, RegistrationStore } from '../../../src/telephony/registration-store.ts';
import { answerReply } from '../../support/fake-sip.ts';
import { phonePassword, settle, TelephonyBench, testSettings } from '../../support/telephony-bench.ts';

const uri = 'sip:pbx';

function contactsOf(bench: TelephonyBench, extensionId = 'anna'): string[] {
  return bench.telephony
    .phones()
    .find((phone) => phone.extensionId === extensionId)!
    .contacts.map((c) => c.uri);
}

describe('registration', () => {
  it('with the right password is kept and listed with its expiry', async () => {
    const bench = await TelephonyBench.start();
    let told = 0;
    bench.telephony.events.on('phones', () => told++);
    const reply = (await bench.register()).last;
    expect(reply?.status).toBe(200);
    expect(reply?.headers?.Contact).toBe('<sip:201@192.168.1.20:5060>;expires=600');
    expect(told).toBe(1);
    expect(bench.telephony.phones()[0]).toMatchObject({
      extensionId: 'anna',
      contacts: [{ source: '192.168.1.20:5060', transport: 'udp' }],
    });
  });

  it('challenges each device once, with the algorithm set for it', async () => {
    const bench = await TelephonyBench.start();
    for (const [number, algorithm] of [
      ['201', 'MD5'],
      ['202', 'SHA-256'],
    ] as const) {
      const headers = { To: `<sip:${number}@pbx>`, From: `<sip:${number}@pbx>;tag=x` };
      const { last } = bench.sip.receive('REGISTER', { uri, headers });
      expect(last?.status).toBe(401);
      expect(last?.headers?.['WWW-Authenticate']?.match(/Digest/g)).toHaveLength(1);
      expect(last?.headers?.['WWW-Authenticate']).toContain(`algorithm=${algorithm},`);
    }
    expect((await bench.register({ number: '202' })).last?.status).toBe(200);
  });

  it('does not tell an unknown number from a wrong password', async () => {
    const bench = await TelephonyBench.start();
    const wrong = await bench.register({ password: 'not-the-password' });
    const unknown = await bench.register({ number: '999', password: 'anything' });
    expect(wrong.last).toEqual({ status: 403 });
    expect(unknown.last).toEqual(wrong.last);
    expect(contactsOf(bench)).toEqual([]);
  });

  it('of one number with the password of another is refused', async () => {
    const bench = await TelephonyBench.start();
    const headers = { To: '<sip:202@pbx>', From: '<sip:202@pbx>;tag=x' };
    const first = bench.sip.receive('REGISTER', { uri, headers: { ...headers, To: '<sip:201@pbx>' } });
    const credentials = answerReply(first.last, {
      username: '201',
      password: phonePassword,
      method: 'REGISTER',
      uri,
    });
    const second = bench.sip.receive('REGISTER', { uri, headers: { ...headers, ...credentials } });
    expect(second.last?.status).toBe(403);
  });

  it('replayed is asked again with stale=true, and so is a nonce that is too old', async () => {
    const bench = await TelephonyBench.start();
    const headers = { To: '<sip:201@pbx>', From: '<sip:201@pbx>;tag=x' };
    const { last } = bench.sip.receive('REGISTER', { uri, headers });
    const answer = (nonceCount: number) =>
      bench.sip.receive('REGISTER', {
        uri,
        headers: {
          ...headers,
          ...answerReply(last, {
            username: '201',
            password: phonePassword,
            method: 'REGISTER',
            uri,
            nonceCount,
          }),
        },
      }).last;
    expect(answer(1)?.status).toBe(200);
    expect(answer(1)?.headers?.['WWW-Authenticate']).toContain('stale=true');
    expect(answer(2)?.status).toBe(200);
    bench.clock.advance(301_000);
    expect(answer(3)?.headers?.['WWW-Authenticate']).toContain('stale=true');
  });

  it('with a nonce that is not ours is asked again', async () => {
    const bench = await TelephonyBench.start();
    const forged = {
      headers: { 'WWW-Authenticate': 'Digest realm="cordboard", nonce="forged", qop="auth"' },
    };
    const credentials = answerReply(forged, {
      username: '201',
      password: phonePassword,
      method: 'REGISTER',
      uri,
    });
    const { last } = bench.sip.receive('REGISTER', { uri, headers: { To: '<sip:201@pbx>', ...credentials } });
    expect(last?.status).toBe(401);
  });

  it('of several phones rings them all; each leaves by itself, `*` removes all', async () => {
    const bench = await TelephonyBench.start();
    await bench.register({ port: 5060 });
    await bench.register({ port: 5070 });
    expect(contactsOf(bench)).toHaveLength(2);
    await bench.register({ port: 5060, expires: '0' });
    expect(contactsOf(bench)).toEqual(['sip:201@192.168.1.20:5070']);
    expect((await bench.register({ contact: '*', expires: '60' })).last?.status).toBe(400);
    expect((await bench.register({ contact: '*', expires: '0' })).last?.status).toBe(200);
    expect(contactsOf(bench)).toEqual([]);
  });

  it('shorter than a minute is told the minimum, longer than an hour is cut', async () => {
    const bench = await TelephonyBench.start();
    const brief = (await bench.register({ expires: '30' })).last;
    expect(brief).toEqual({ status: 423, headers: { 'Min-Expires': '60' } });
    expect((await bench.register({ expires: '86400' })).last?.headers?.Contact).toContain('expires=3600');
    expect(
      (await bench.register({ contact: '<sip:201@192.168.1.20>;expires=120' })).last?.headers?.Contact,
    ).toContain('expires=120');
  });

  it('ends when it expires', async () => {
    const bench = await TelephonyBench.start();
    await bench.register({ expires: '60' });
    bench.clock.advance(59_000);
    expect(contactsOf(bench)).toHaveLength(1);
    bench.clock.advance(7_000);
    expect(contactsOf(bench)).toEqual([]);
  });

  it('refreshed is told with the next round, not at each REGISTER', async () => {
    const bench = await TelephonyBench.start();
    await bench.register();
    let told = 0;
    bench.telephony.events.on('phones', () => told++);
    await bench.register();
    await bench.register();
    expect(told).toBe(0);
    bench.clock.advance(5_000);
    expect(told).toBe(1);
    bench.clock.advance(5_000);
    expect(told).toBe(1);
  });

  it('of a phone that moved replaces the old contact by its instance', async () => {
    const bench = await TelephonyBench.start();
    const instance = ';+sip.instance="<urn:uuid:1>"';
    await bench.register({ contact: `<sip:201@192.168.1.20:5060>${instance}` });
    await bench.register({ contact: `<sip:201@192.168.1.99:5060>${instance}` });
    expect(contactsOf(bench)).toEqual(['sip:201@192.168.1.99:5060']);
  });

  it('outlives a restart', async () => {
    let kept: readonly RegisteredContact[] = [];
    const store: RegistrationStore = { load: () => [...kept], save: (contacts) => (kept = contacts) };
    const before = await TelephonyBench.start({ registrations: store });
    await before.register();
    const after = await TelephonyBench.start({ registrations: store });
    expect(contactsOf(after)).toEqual(['sip:201@192.168.1.20:5060']);
  });

  it('goes when its extension goes', async () => {
    const bench = await TelephonyBench.start();
    await bench.register();
    bench.telephony.configure(testSettings({ extensions: [] }));
    expect(bench.telephony.phones()).toEqual([]);
  });
});

describe('keepalive', () => {
  const behindNat = '<sip:201@10.0.0.7:5060>';

  it('asks a phone behind a NAT every 25 s at the address it came from', async () => {
    const bench = await TelephonyBench.start();
    await bench.register({ contact: behindNat, port: 40_000 });
    const before = bench.sip.all('OPTIONS').length;
    bench.clock.advance(31_000);
    const probes = bench.sip
      .all('OPTIONS')
      .slice(before)
      .filter((sent) => sent.request.uri?.includes('10.0.0.7'));
    expect(probes).toHaveLength(1);
    expect(probes[0]?.request.nextHop).toBe('sip:192.168.1.20:40000;transport=udp');
  });

  it('leaves a phone alone that is where it says it is', async () => {
    const bench = await TelephonyBench.start();
    await bench.register();
    bench.clock.advance(60_000);
    expect(bench.sip.all('OPTIONS').filter((sent) => sent.request.uri?.includes('201@'))).toEqual([]);
  });

  it('takes a phone off after two unanswered probes and back on with the next answer', async () => {
    const bench = await TelephonyBench.start();
    await bench.register({ contact: behindNat, expires: '3600' });
    const probe = async (status: number, answered: boolean): Promise<void> => {
      const before = bench.sip.all('OPTIONS').length;
      bench.clock.advance(25_000);
      const sent = bench.sip
        .all('OPTIONS')
        .slice(before)
        .find((each) => each.request.uri?.includes('10.0.0.7'));
      sent?.respond(status, answered ? {} : { source: null });
      await settle();
    };
    bench.clock.advance(5_000);
    await probe(408, false);
    expect(contactsOf(bench)).toHaveLength(1);
    await probe(408, false);
    expect(contactsOf(bench)).toEqual([]);
    await probe(404, true);
    expect(contactsOf(bench)).toHaveLength(1);
  });
});
