import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { eventually } from '../support/eventually.ts';
import {
  type App,
  type AppResponse,
  offer,
  SipPeer,
  startEngine,
  type TestEngine,
} from './sip-engine-support.ts';

describe('connections and datagrams', () => {
  let test: TestEngine;
  let app: App;
  let peers: SipPeer[];
  let isThinking: boolean;
  let held: AppResponse[];

  beforeEach(async () => {
    test = await startEngine();
    peers = [];
    isThinking = false;
    held = [];
    app = await test.connect((each) => {
      each.register((request, response) =>
        response.send(200, {
          headers: { Contact: `${request.get('Contact')};expires=${request.get('Expires')}` },
        }),
      );
      each.options((_, response) => {
        if (isThinking) held.push(response);
        else response.send(200);
      });
    });
  });
  afterEach(async () => {
    for (const peer of peers) peer.close();
    await test.finish();
  });

  async function open(protocol: 'udp' | 'tcp'): Promise<SipPeer> {
    const peer = await SipPeer.open(test.sipPort, protocol);
    peers.push(peer);
    return peer;
  }
  /** A phone behind a NAT: what it believes its address to be is not where it is. */
  const natContact = '<sip:bob@10.255.0.7:5099;transport=tcp>';
  function register(peer: SipPeer, expires: number): Promise<SipMessage> {
    peer.send(peer.request('REGISTER').set('Contact', natContact).add('Expires', String(expires)));
    return peer.hearsStatus(200, 'REGISTER');
  }

  it('a phone that registered over TCP is called over the same connection, whatever its Contact', async () => {
    const phone = await open('tcp');
    await register(phone, 60);
    const call = app.createUAC('sip:bob@10.255.0.7:1234', { localSdp: offer });
    const invite = await phone.hearsRequest('INVITE');
    expect(invite.topVia?.transport).toBe('TCP');
    phone.answer(invite, 200, offer);
    const dialog = await call;
    await phone.hearsRequest('ACK');
    const gone = dialog.destroy();
    phone.answer(await phone.hearsRequest('BYE'), 200);
    await gone;
    expect(test.engine.stats().connections).toBe(1);
  });

  it('a phone that comes back over another connection gets its BYE there', async () => {
    const before = await open('tcp');
    await register(before, 60);
    const call = app.createUAC('sip:bob@10.255.0.7', { localSdp: offer });
    const invite = await before.hearsRequest('INVITE');
    before.answer(invite, 200, offer, [['Contact', natContact]]);
    const dialog = await call;
    await before.hearsRequest('ACK');
    before.close();
    const after = await open('tcp');
    await register(after, 60);
    const gone = dialog.destroy();
    after.answer(await after.hearsRequest('BYE'), 200);
    await gone;
  });

  it('a phone that left is not looked for on its old connection', async () => {
    const phone = await open('tcp');
    await register(phone, 60);
    await register(phone, 0);
    const failure = await app
      .createUAC('sip:bob@127.0.0.1:9;transport=tcp', { localSdp: offer })
      .catch((error: { status: number }) => error);
    expect(failure).toMatchObject({ status: 503 });
    expect(phone.countOf((each) => each.method === 'INVITE')).toBe(0);
  });

  it('a TCP stream is understood however it is cut, and keepalives are answered', async () => {
    const phone = await open('tcp');
    const options = phone.request('OPTIONS').serialise();
    for (const part of [options.slice(0, 1), options.slice(1, 60), options.slice(60)]) {
      phone.sendText(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await phone.hearsStatus(200, 'OPTIONS');
    phone.sendText('\r\n\r\n');
    await eventually('a pong comes', () => phone.pongs === 1);
  });

  it('a TCP message without Content-Length is refused and the connection closed', async () => {
    const phone = await open('tcp');
    phone.sendText(
      phone
        .request('OPTIONS')
        .serialise()
        .replace(/Content-Length: 0\r\n/, ''),
    );
    await phone.hearsStatus(400, 'OPTIONS');
    await eventually('it is closed', () => phone.isClosed);
    expect(test.engine.stats().malformed).toBe(1);
  });

  it('a UDP answer goes where the request came from, with received and rport, whatever Via says', async () => {
    const phone = await open('udp');
    phone.send(phone.request('OPTIONS').set('Via', 'SIP/2.0/UDP 10.255.0.7:5099;branch=z9hG4bKnat'));
    const ok = await phone.hearsStatus(200, 'OPTIONS');
    expect(ok.get('via')).toContain(`received=127.0.0.1;rport=${phone.port}`);
  });

  it('a UDP phone behind a NAT is called where it is, and its dialog’s requests go there too', async () => {
    const phone = await open('udp');
    const call = app.createUAC('sip:bob@10.255.0.7:5099', {
      localSdp: offer,
      proxy: `sip:127.0.0.1:${phone.port}`,
    });
    const invite = await phone.hearsRequest('INVITE');
    const natted = phone.contact;
    expect(invite.uri).toBe('sip:bob@10.255.0.7:5099');
    phone.answer(invite, 200, offer);
    const dialog = await call;
    const ack = await phone.hearsRequest('ACK');
    expect(`<${ack.uri}>`).toBe(natted);
    const gone = dialog.destroy();
    phone.answer(await phone.hearsRequest('BYE'), 200);
    await gone;
  });

  it('repeated requests are absorbed while the application thinks and answered alike afterwards', async () => {
    const phone = await open('udp');
    isThinking = true;
    const options = phone.send(phone.request('OPTIONS'));
    const thinking = await eventually('the application is asked', () => held[0]);
    phone.send(options);
    phone.send(phone.request('OPTIONS', { callId: 'another' }));
    await eventually('what came behind has been handled', () => held.length === 2);
    thinking.send(404);
    held[1]?.send(200);
    await phone.hearsStatus(404, 'OPTIONS');
    phone.send(options);
    await phone.hearsStatus(404, 'OPTIONS');
    expect(held).toHaveLength(2);
  });

  it('the same request by two ways is refused the second time (§8.2.2.2)', async () => {
    const phone = await open('udp');
    const first = phone.request('OPTIONS', { callId: 'twice' });
    phone.send(first);
    await phone.hearsStatus(200, 'OPTIONS');
    phone.send(phone.request('OPTIONS', { callId: 'twice' }));
    await phone.hearsStatus(482, 'OPTIONS');
  });

  it('what nobody takes is answered: 405 with Allow, 503 for what should have a taker, 481 for dialogs', async () => {
    const phone = await open('udp');
    phone.send(phone.request('REFER'));
    expect((await phone.hearsStatus(405, 'REFER')).get('allow')).toContain('OPTIONS');
    phone.send(phone.request('MESSAGE'));
    await phone.hearsStatus(503, 'MESSAGE');
    phone.send(phone.request('BYE'));
    await phone.hearsStatus(481, 'BYE');
    phone.send(phone.request('CANCEL'));
    await phone.hearsStatus(481, 'CANCEL');
    phone.send(phone.request('OPTIONS').add('Require', 'telepathy'));
    expect((await phone.hearsStatus(420, 'OPTIONS')).get('unsupported')).toBe('telepathy');
  });

  it('a flood of malformed messages is counted and survived', async () => {
    const phone = await open('udp');
    const good = phone.request('OPTIONS').serialise();
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      return seed % below;
    };
    const before = test.engine.stats().malformed;
    for (let i = 0; i < 500; i++) {
      const bytes = [...good];
      for (let j = 0; j < 12; j++) bytes[random(bytes.length)] = String.fromCharCode(random(256));
      phone.sendText(bytes.join('').slice(0, 1 + random(good.length)));
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    phone.send(phone.request('OPTIONS', { callId: 'still there' }));
    await phone.hears('200', (each) => each.callId === 'still there' && each.status === 200);
    expect(test.engine.stats().malformed).toBeGreaterThan(before + 100);
  });
});
