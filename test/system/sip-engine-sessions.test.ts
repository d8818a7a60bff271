import { createSocket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { SipEngine } from '../../src/sip-engine/sip-engine.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import {
  type App,
  type AppDialog,
  type AppRequest,
  type AppResponse,
  offer,
  SipPeer,
  sdp,
  secret,
  startEngine,
  type TestEngine,
} from './sip-engine-support.ts';

describe('sessions', () => {
  let test: TestEngine;
  let peer: SipPeer;
  let app: App;
  let sessionExpires: string | undefined;
  let dialogs: AppDialog[];
  let ends: string[];

  beforeEach(async () => {
    test = await startEngine();
    dialogs = [];
    ends = [];
    sessionExpires = undefined;
    app = await test.connect((each) => {
      each.invite((request: AppRequest, response: AppResponse) => {
        const headers = sessionExpires === undefined ? {} : { 'Session-Expires': sessionExpires };
        void each.createUAS(request, response, { localSdp: offer, headers }).then((dialog) => {
          dialog.on('destroy', (_: unknown, reason: string) => ends.push(reason));
          dialogs.push(dialog);
        });
      });
    });
    peer = await SipPeer.open(test.sipPort);
  });
  afterEach(async () => {
    await test.finish();
    peer.close();
  });

  async function call(): Promise<Awaited<ReturnType<SipPeer['hearsStatus']>>> {
    peer.send(peer.request('INVITE', { body: offer }).add('Supported', 'timer'));
    const ok = await peer.hearsStatus(200, 'INVITE');
    peer.acknowledge(ok);
    await eventually('the application has the dialog', () => dialogs[0]);
    return ok;
  }

  it('are refreshed by the engine with the last session description when that is its part (RFC 4028)', async () => {
    sessionExpires = '2;refresher=uas';
    const ok = await call();
    const refresh = await peer.hearsRequest('INVITE');
    expect(refresh.body).toBe(offer);
    expect(refresh.get('session-expires')).toBe('2;refresher=uac');
    peer.answer(refresh, 200, offer, [['Session-Expires', '2;refresher=uac']]);
    await peer.hearsRequest('ACK');
    const again = await peer.hearsRequest('INVITE');
    expect(again.cseq?.number).toBe((refresh.cseq?.number ?? 0) + 1);
    peer.answer(again, 200, offer);
    await peer.hearsRequest('ACK');
    peer.send(peer.inDialog('BYE', ok, 2));
    await peer.hearsStatus(200, 'BYE');
    expect(ends).toEqual(['normal release']);
  });

  it('that the peer does not refresh are ended before they expire', async () => {
    sessionExpires = '2;refresher=uac';
    await call();
    peer.answer(await peer.hearsRequest('BYE'), 200);
    await eventually('the end is told', () => ends.length === 1);
    expect(ends).toEqual(['Session timer expired']);
  });

  it('offered from both sides at once are refused with 491', async () => {
    const ok = await call();
    const held = dialogs[0]!.modify(sdp('sendonly', 4000));
    const ours = await peer.hearsRequest('INVITE');
    const theirs = peer.send(peer.inDialog('INVITE', ok, 2));
    const refused = await peer.hearsStatus(491, 'INVITE');
    peer.send(peer.inDialog('ACK', refused, 2).set('Via', theirs.get('via') ?? ''));
    peer.answer(ours, 200, sdp('recvonly', 5000));
    await held;
    await peer.hearsRequest('ACK');
    peer.send(peer.inDialog('BYE', ok, 3));
    await peer.hearsStatus(200, 'BYE');
  });

  it('answered without a Contact are acknowledged and ended, as no dialog can be had of them', async () => {
    const failure = app
      .createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: offer })
      .catch((error: { status: number }) => error);
    const invite = await peer.hearsRequest('INVITE');
    const ok = peer.answer(invite, 100);
    ok.status = 200;
    ok.remove('contact');
    peer.send(ok.set('To', `${invite.get('to')};tag=peer`));
    await peer.hearsRequest('ACK');
    peer.answer(await peer.hearsRequest('BYE'), 200);
    expect(await failure).toMatchObject({ status: 500 });
  });

  it('subscribed to end with the last NOTIFY', async () => {
    app.subscribe((request: AppRequest, response: AppResponse) => {
      void app
        .createUAS(request, response, { headers: { Expires: '60' } })
        .then((dialog) => dialogs.push(dialog));
    });
    await eventually('SUBSCRIBE is taken', async () => {
      peer.send(peer.request('SUBSCRIBE').add('Event', 'dialog').add('Expires', '60'));
      const answer = await peer.hears('an answer', (each) => each.cseq?.method === 'SUBSCRIBE');
      return answer.status === 202 && answer;
    });
    const dialog = await eventually('the application has the dialog', () => dialogs[0]);
    const first = dialog.request({
      method: 'NOTIFY',
      headers: { Event: 'dialog', 'Subscription-State': 'active', 'Content-Type': 'text/plain' },
      body: 'x',
    });
    const notify = await peer.hearsRequest('NOTIFY');
    expect(notify.has('contact')).toBe(true);
    peer.answer(notify, 200);
    expect((await first).status).toBe(200);
    expect(test.engine.stats().dialogs).toBe(1);
    const last = dialog.request({
      method: 'NOTIFY',
      headers: { Event: 'dialog', 'Subscription-State': 'terminated;reason=timeout' },
    });
    peer.answer(await peer.hearsRequest('NOTIFY'), 200);
    expect((await last).status).toBe(200);
    expect(test.engine.stats().dialogs).toBe(0);
  });

  it('subscribed to by the application take a NOTIFY that overtakes the answer (RFC 6665 §4.1.2.4)', async () => {
    const notified: string[] = [];
    app.use((request: AppRequest, response: AppResponse) => {
      if (request.method !== 'NOTIFY') return;
      notified.push(request.stackDialogId);
      response.send(200);
    });
    const subscription = app.createUAC(`sip:bob@127.0.0.1:${peer.port}`, {
      method: 'SUBSCRIBE',
      headers: { From: '<sip:bob@127.0.0.1>', Event: 'dialog', Expires: '60' },
    });
    const subscribe = await peer.hearsRequest('SUBSCRIBE');
    const notify = (state: string, cseq: number) =>
      peer.send(
        peer.inDialogOf('NOTIFY', subscribe, cseq).add('Event', 'dialog').add('Subscription-State', state),
      );
    notify('active', 1);
    await peer.hearsStatus(200, 'NOTIFY');
    peer.answer(subscribe, 200, '', [['Expires', '60']]);
    const dialog = await subscription;
    expect(notified).toEqual([dialog.id]);
    expect(test.engine.stats().dialogs).toBe(1);
    notify('terminated', 2);
    await peer.hearsStatus(200, 'NOTIFY');
    expect(test.engine.stats().dialogs).toBe(0);
  });
});

describe('over IPv6', () => {
  it('requests are answered and addresses stand in brackets', async () => {
    const port = await freePorts(2);
    const engine = new SipEngine({
      bind: ['::1'],
      sipPort: port,
      drachtioPort: port + 1,
      drachtioSecret: secret,
      clock: systemClock,
      log: silentLogger,
    });
    await engine.start();
    const socket = createSocket('udp6');
    await new Promise<void>((resolve) => socket.bind(0, '::1', resolve));
    const answer = new Promise<string>((resolve) =>
      socket.once('message', (data) => resolve(data.toString())),
    );
    const peerPort = socket.address().port;
    socket.send(
      [
        `OPTIONS sip:1@[::1]:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP [::1]:${peerPort};branch=z9hG4bKsix;rport`,
        'From: <sip:a@[::1]>;tag=a',
        `To: <sip:1@[::1]:${port}>`,
        'Call-ID: six',
        'CSeq: 1 OPTIONS',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
      port,
      '::1',
    );
    expect(await answer).toMatch(/^SIP\/2\.0 503 [\s\S]*received=::1;rport=\d+/);
    socket.close();
    await engine.stop();
  });
});
