/** SIP over TLS: phones that come to us, and hosts that we go to. */
import { connect as connectPlainly, createServer as createPlainServer } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TlsPeer } from '../../src/codec/engine-control.ts';
import { TestAuthority } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { TlsProvider } from '../support/tls-provider.ts';
import { type App, offer, SipPeer, startEngine, type TestEngine } from './sip-engine-support.ts';

const loopback = { dns: ['localhost'], ips: ['127.0.0.1'] };
const hosts = { engine: '127.0.0.1', own: '127.0.0.1' };

let authority: TestAuthority;
let test: TestEngine;
let app: App;

beforeAll(async () => {
  authority = await TestAuthority.open();
});
afterAll(() => authority.remove());
beforeEach(async () => {
  test = await startEngine({}, { hasTls: true });
  app = await test.connect((each) => {
    each.register((request, response) =>
      response.send(200, { headers: { Contact: `${request.get('Contact')};expires=60` } }),
    );
    each.options((_, response) => response.send(200));
    each.invite((request, response) => {
      void each.createUAS(request, response, { localSdp: offer }).then((dialog) => {
        dialog.on('destroy', () => {});
      });
    });
  });
});
afterEach(() => test.finish());

describe('phones over TLS', () => {
  const peers: SipPeer[] = [];

  beforeEach(async () => test.engine.present(await authority.issue(loopback)));
  afterEach(() => {
    for (const peer of peers.splice(0)) peer.close();
  });

  async function open(): Promise<SipPeer> {
    const peer = await SipPeer.open(test.sipsPort, 'tls', hosts, authority.ca);
    peers.push(peer);
    return peer;
  }
  async function register(peer: SipPeer, contact: string): Promise<void> {
    peer.send(peer.request('REGISTER').set('Contact', contact).add('Expires', '60'));
    await peer.hearsStatus(200, 'REGISTER');
  }

  it('are called over the connection they registered over, with Via and Contact that say TLS', async () => {
    const phone = await open();
    await register(phone, '<sip:bob@10.255.0.7:5099;transport=tls>');
    const call = app.createUAC('sip:bob@10.255.0.7:1234', { localSdp: offer });
    const invite = await phone.hearsRequest('INVITE');
    expect(invite.topVia).toMatchObject({ transport: 'TLS', port: test.sipsPort });
    expect(invite.get('contact')).toBe(`<sip:127.0.0.1:${test.sipsPort};transport=tls>`);
    phone.answer(invite, 200, offer);
    const dialog = await call;
    await phone.hearsRequest('ACK');
    const gone = dialog.destroy();
    phone.answer(await phone.hearsRequest('BYE'), 200);
    await gone;
    expect(test.engine.stats().connections).toBe(1);
  });

  it('that call a sips URI get a sips Contact back, and are called by one', async () => {
    const phone = await open();
    const invite = phone.request('INVITE', { body: offer });
    invite.uri = `sips:100@127.0.0.1:${test.sipsPort}`;
    phone.send(invite);
    const ok = await phone.hearsStatus(200, 'INVITE');
    expect(ok.get('contact')).toBe(`<sips:127.0.0.1:${test.sipsPort}>`);
    phone.acknowledge(ok);
    phone.send(phone.inDialog('BYE', ok, 2));
    await phone.hearsStatus(200, 'BYE');

    await register(phone, '<sips:bob@10.255.0.7>');
    app.createUAC('sips:bob@10.255.0.7', { localSdp: offer }).catch(() => {});
    const called = await phone.hearsRequest('INVITE');
    expect(called.get('contact')).toBe(`<sips:127.0.0.1:${test.sipsPort}>`);
    phone.answer(called, 486);
    await phone.hearsRequest('ACK');
  });

  it('that registered over TCP are not reached for a sips URI', async () => {
    const phone = await SipPeer.open(test.sipPort, 'tcp');
    peers.push(phone);
    await register(phone, '<sip:bob@127.0.0.1>');
    const failure = await app
      .createUAC('sips:bob@127.0.0.1:9', { localSdp: offer })
      .catch((error: { status: number }) => error);
    expect(failure).toMatchObject({ status: 503 });
    expect(phone.countOf((each) => each.method === 'INVITE')).toBe(0);
  });

  it('are understood however TLS cuts their bytes, and several messages in one piece', async () => {
    const phone = await open();
    const options = phone.request('OPTIONS').serialise();
    for (const byte of Buffer.from(options)) {
      phone.sendText(Buffer.from([byte]));
      if (byte === 0x0a) await new Promise((resolve) => setImmediate(resolve));
    }
    await phone.hearsStatus(200, 'OPTIONS');
    const more = ['one', 'two', 'three'].map((callId) => phone.request('OPTIONS', { callId }).serialise());
    phone.sendText(more.join('\r\n\r\n'));
    await phone.hears('the last', (each) => each.callId === 'three' && each.status === 200);
    expect(phone.countOf((each) => each.status === 200)).toBe(4);
    phone.sendText('\r\n\r\n');
    await eventually('a pong comes', () => phone.pongs > 0);
  });

  it('keep their connection when the certificate is renewed; new ones see the new one', async () => {
    const before = await open();
    await register(before, '<sip:bob@10.255.0.7;transport=tls>');
    const serial = await serialShown();
    test.engine.present(await authority.issue({ ...loopback, dns: ['localhost', 'renewed.example'] }));
    expect(await serialShown()).not.toBe(serial);
    before.send(before.request('OPTIONS'));
    await before.hearsStatus(200, 'OPTIONS');
    app.createUAC('sip:bob@10.255.0.7', { localSdp: offer }).catch(() => {});
    before.answer(await before.hearsRequest('INVITE'), 486);
    await before.hearsRequest('ACK');
  });

  it('must speak TLS 1.2 or newer', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(handshake(old)).rejects.toThrow(/version|handshake/i);
    await expect(handshake({ maxVersion: 'TLSv1.2' })).resolves.toMatchObject({});
    await expect(handshake({ minVersion: 'TLSv1.3' })).resolves.toMatchObject({});
  });

  it('plain bytes and a handshake broken off do no harm', async () => {
    const noise = connectPlainly(test.sipsPort, '127.0.0.1');
    const closed = new Promise((resolve) => noise.once('close', resolve));
    noise.on('error', () => {}).write(`OPTIONS sip:x SIP/2.0\r\n\r\n${'x'.repeat(2000)}`);
    await closed;
    const phone = await open();
    phone.send(phone.request('OPTIONS'));
    await phone.hearsStatus(200, 'OPTIONS');
  });

  function handshake(options: object): Promise<PeerCertificate> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: test.sipsPort, host: '127.0.0.1', ca: authority.ca, ...options });
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
      });
    });
  }
  async function serialShown(): Promise<string> {
    return (await handshake({})).serialNumber;
  }
});

it('before there is a certificate, connections end at once', async () => {
  await expect(SipPeer.open(test.sipsPort, 'tls', hosts, authority.ca)).rejects.toThrow();
  test.engine.present(await authority.issue(loopback));
  const phone = await SipPeer.open(test.sipsPort, 'tls', hosts, authority.ca);
  phone.close();
});

it('a certificate that cannot be read is refused, and the old one stays', async () => {
  test.engine.present(await authority.issue(loopback));
  expect(() => test.engine.present({ key: 'none', certificate: 'none' })).toThrow(
    expect.objectContaining({ code: 'control.bad-request' }),
  );
  (await SipPeer.open(test.sipsPort, 'tls', hosts, authority.ca)).close();
});

describe('hosts we go to over TLS', () => {
  const others: TestAuthority[] = [];
  let provider: TlsProvider | undefined;

  afterEach(async () => {
    await provider?.close();
    provider = undefined;
    for (const other of others.splice(0)) other.remove();
  });

  async function otherAuthority(ageDays = 0): Promise<TestAuthority> {
    const other = await TestAuthority.open(ageDays);
    others.push(other);
    return other;
  }
  async function start(names: { dns?: string[]; ips?: string[] }, from = authority): Promise<TlsProvider> {
    provider = await TlsProvider.start(await from.issue(names));
    return provider;
  }
  function trust(more: Partial<TlsPeer> = {}): void {
    test.engine.trust([{ host: 'localhost', ca: authority.ca, verify: true, ...more }]);
  }
  /** Final answer to an OPTIONS. */
  function ask(port: number, host = 'localhost'): Promise<{ status: number; reason: string }> {
    return new Promise((resolve, reject) => {
      const uri = `sip:${host}:${port};transport=tls`;
      app.request({ uri, method: 'OPTIONS' }, (error, request) => {
        if (error) reject(error);
        else request.on('response', ({ status, reason }) => resolve({ status, reason }));
      });
    });
  }

  it('prove their name by an authority of the settings, are told it by SNI, and keep one connection', async () => {
    trust();
    const { port } = await start(loopback);
    expect(await ask(port)).toMatchObject({ status: 200 });
    expect(await ask(port)).toMatchObject({ status: 200 });
    expect(provider?.sockets).toHaveLength(1);
    expect(provider?.sockets[0]?.servername).toBe('localhost');
    const heard = provider?.heard[0];
    expect(heard?.topVia).toMatchObject({ transport: 'TLS', port: test.sipsPort });
  });

  it('may be an address instead of a name', async () => {
    test.engine.trust([{ host: '127.0.0.1', ca: authority.ca, verify: true }]);
    const { port } = await start(loopback);
    expect(await ask(port, '127.0.0.1')).toMatchObject({ status: 200 });
    expect(provider?.sockets[0]?.servername).toBe(false);
  });

  it('call us back over the connection we opened', async () => {
    trust();
    const { port } = await start(loopback);
    await ask(port);
    const request = provider?.heard[0];
    if (!request) throw new Error('nothing came');
    provider?.sockets[0]?.write(
      request
        .serialise()
        .replace(/branch=[^;\r]+/, 'branch=z9hG4bK-theirs')
        .replace(/^Call-ID:.*$/im, 'Call-ID: theirs'),
    );
    await eventually('it is answered', () =>
      provider?.answers.find((each) => each.callId === 'theirs' && each.status === 200),
    );
  });

  it.each([
    [
      'an expired certificate',
      'its certificate has expired',
      async () => {
        const old = await otherAuthority(500);
        trust({ ca: old.ca });
        return start(loopback, old);
      },
    ],
    [
      'another name',
      'its certificate is for sip.example, not for localhost',
      async () => {
        trust();
        return start({ dns: ['sip.example'] });
      },
    ],
    [
      'an unknown authority',
      'its certificate comes from an unknown authority',
      async () => {
        trust({ ca: null });
        return start(loopback);
      },
    ],
    [
      'an authority that is not that of the settings',
      'its certificate comes from an unknown authority',
      async () => {
        trust();
        return start(loopback, await otherAuthority());
      },
    ],
    [
      'settings that cannot be read',
      'the authority certificate in the settings of the trunk cannot be read',
      async () => {
        trust({ ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' });
        return start(loopback);
      },
    ],
  ] as const)('with %s are not spoken to, and the reason is told', async (_, reason, prepare) => {
    const { port } = await prepare();
    expect(await ask(port)).toEqual({ status: 503, reason });
    expect(provider?.heard).toEqual([]);
  });

  it('that speak no TLS, or nothing listens there, are told as such', async () => {
    const plain = createPlainServer((socket) => {
      socket
        .on('error', () => {})
        .resume()
        .end('220 mail.example ESMTP\r\n');
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as { port: number };
    expect(await ask(port)).toEqual({ status: 503, reason: 'it does not speak TLS on this port' });
    await new Promise((resolve) => plain.close(resolve));
    expect(await ask(port)).toEqual({ status: 503, reason: 'connection refused' });
  });

  it('are not checked where the settings say so, and checked again when they do', async () => {
    trust({ ca: null, verify: false });
    const { port } = await start({ dns: ['sip.example'] }, await otherAuthority());
    expect(await ask(port)).toMatchObject({ status: 200 });
    trust({ ca: null, verify: true });
    expect(await ask(port), 'the connection of before is not used').toMatchObject({ status: 503 });
  });
});
