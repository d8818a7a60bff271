/** IPv6 beside IPv4: one box that listens on both, with real phones on either. */
import { request } from 'node:https';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { TestAuthority } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { office, secrets } from '../support/office.ts';
import { toneShare } from '../support/sound.ts';
import { type App, offer, SipPeer, startEngine, type TestEngine } from './sip-engine-support.ts';

describe('a box bound to IPv4 and IPv6', () => {
  let box: Instance;
  const phones: Baresip[] = [];
  const phone = async (user: '101' | '103', toneHz: number, more: object): Promise<Baresip> => {
    const made = await Baresip.start({ user, password: secrets[user], toneHz, server: box.sip, ...more });
    phones.push(made);
    return made;
  };

  beforeAll(async () => {
    const settings = office(5060, (made) => {
      made.trunks = [];
    });
    box = await Instance.start({ settings, env: { CORDBOARD_BIND: '127.0.0.1,::1' } });
    await box.login();
  });
  afterEach(async () => {
    await Promise.all(phones.splice(0).map((each) => each.stop()));
    await box.assertIdle();
  });
  afterAll(async () => {
    await box?.stop();
  });

  it('serves its pages on both', async () => {
    for (const hostname of ['127.0.0.1', '::1']) {
      const status = await new Promise((resolve, reject) => {
        request({ hostname, port: box.ports.http, rejectUnauthorized: false, path: '/' }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status, hostname).toBe(200);
    }
  });

  it.each(['udp', 'tcp'] as const)(
    'a phone on IPv6 registers over %s, and talks with one on IPv4 both ways',
    async (transport) => {
      const six = await phone('101', 700, { server: `[::1]:${box.ports.sip}`, address: '::1', transport });
      const four = await phone('103', 500, {});
      const { phones: live } = await box.live();
      expect(live.find((each) => each.number === '101')?.contacts).toMatchObject([
        { transport, source: expect.stringMatching(/^\[::1\]:\d+$/) },
      ]);
      for (const [caller, callee, number] of [
        [four, six, '101'],
        [six, four, '103'],
      ] as const) {
        const from = callee.events.length;
        caller.dial(number);
        await callee.waitFor('CALL_INCOMING', { from });
        callee.accept();
        await eventually('they talk', async () => (await box.live()).calls[0]?.phase === 'talking');
        const began = performance.now();
        await eventually('two seconds of talk', () => performance.now() - began > 2000);
        caller.hangUp();
        await callee.waitFor('CALL_CLOSED', { from });
        await box.assertIdle();
      }
      for (const [one, toneHz] of [
        [six, 500],
        [four, 700],
      ] as const) {
        expect(one.heard()).toHaveLength(2);
        for (const heard of one.heard())
          expect(
            toneShare(heard.subarray(heard.length - 12_000, heard.length - 4000), toneHz),
          ).toBeGreaterThan(0.95);
      }
    },
  );
});

describe('an engine on both families', () => {
  let authority: TestAuthority;
  let test: TestEngine;
  let app: App;
  const peers: SipPeer[] = [];

  beforeAll(async () => {
    authority = await TestAuthority.open();
  });
  afterAll(() => authority.remove());
  beforeEach(async () => {
    test = await startEngine({}, { hasTls: true, bind: ['127.0.0.1', '::1'] });
    test.engine.present(await authority.issue({ ips: ['127.0.0.1', '::1'] }));
    app = await test.connect((each) => {
      each.options((_, response) => response.send(200));
      each.invite((request, response) => {
        void each
          .createUAS(request, response, { localSdp: offer })
          .then((dialog) => dialog.on('destroy', () => {}));
      });
    });
  });
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close();
    await test.finish();
  });

  async function open(protocol: 'udp' | 'tcp' | 'tls', host: string): Promise<SipPeer> {
    const port = protocol === 'tls' ? test.sipsPort : test.sipPort;
    const peer = await SipPeer.open(port, protocol, { engine: host, own: host }, authority.ca);
    peers.push(peer);
    return peer;
  }

  it.each(['udp', 'tcp', 'tls'] as const)(
    'answers over %s on either, each with its own address',
    async (protocol) => {
      for (const [host, written] of [
        ['127.0.0.1', '127.0.0.1'],
        ['::1', '[::1]'],
      ] as const) {
        const peer = await open(protocol, host);
        peer.send(peer.request('INVITE', { body: offer }));
        const ok = await peer.hearsStatus(200, 'INVITE');
        const transport = protocol === 'udp' ? '' : `;transport=${protocol}`;
        expect(ok.get('contact')).toBe(`<sip:${written}:${peer.enginePort}${transport}>`);
        expect(ok.get('via')).toContain(`received=${host};`);
        peer.acknowledge(ok);
        peer.send(peer.inDialog('BYE', ok, 2));
        await peer.hearsStatus(200, 'BYE');
      }
    },
  );

  it.each(['127.0.0.1', '::1'])('calls %s from the address of its family', async (host) => {
    const peer = await open('udp', host);
    const call = app.createUAC(peer.contact.slice(1, -1), { localSdp: offer });
    const request = await peer.hearsRequest('INVITE');
    expect(request.topVia).toMatchObject({ host, port: test.sipPort });
    peer.answer(request, 200, offer);
    const dialog = await call;
    await peer.hearsRequest('ACK');
    const gone = dialog.destroy();
    peer.answer(await peer.hearsRequest('BYE'), 200);
    await gone;
  });

  it('knows itself by both', async () => {
    for (const host of ['127.0.0.1', '[::1]']) {
      const told = app.createUAC(`sip:x@${host}:${test.sipPort}`, { localSdp: offer });
      await expect(told).rejects.toThrow('can not send request to myself');
    }
  });
});

it('an engine bound to everything answers each from the address that it was reached at', async () => {
  const test = await startEngine({}, { bind: ['0.0.0.0', '::'] });
  await test.connect((each) => each.options((_, response) => response.send(200)));
  for (const host of ['127.0.0.1', '::1'])
    for (const protocol of ['udp', 'tcp'] as const) {
      const peer = await SipPeer.open(test.sipPort, protocol, { engine: host, own: host });
      peer.send(peer.request('OPTIONS'));
      await peer.hearsStatus(200, 'OPTIONS');
      peer.close();
    }
  await test.finish();
});

it('an engine on IPv4 alone says that there is no way to IPv6', async () => {
  const test = await startEngine();
  const app = await test.connect();
  const failure = await app.createUAC('sip:x@[::1]:9', { localSdp: offer }).catch((error: object) => error);
  expect(failure).toMatchObject({ status: 503, reason: 'No Route' });
  await test.finish();
});
