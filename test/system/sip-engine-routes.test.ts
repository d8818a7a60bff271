/** Calls through proxies that stay in their way: loose and strict ones, several, and behind a maddr (RFC 3261 §12, §16). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { eventually } from '../support/eventually.ts';
import {
  type App,
  type AppDialog,
  type AppRequest,
  offer,
  SipPeer,
  sdp,
  startEngine,
  type TestEngine,
} from './sip-engine-support.ts';

let test: TestEngine;
let app: App;
/** Proxy and phone behind it in one. */
let peer: SipPeer;

beforeEach(async () => {
  test = await startEngine();
  app = await test.connect();
  peer = await SipPeer.open(test.sipPort);
});
afterEach(async () => {
  await test.finish();
  peer.close();
});

const far = '<sip:far.test;lr>';
const target = 'sip:bob@phone.test:5066';

describe('requests in a dialog that we began', () => {
  it.each<[string, () => string[], () => { uri: string; route: string[] }]>([
    [
      'go to a loose proxy with the target in the Request-URI',
      () => [far, `<sip:127.0.0.1:${peer.port};lr>`],
      () => ({ uri: target, route: [`<sip:127.0.0.1:${peer.port};lr>`, far] }),
    ],
    [
      'go to a strict proxy with that in the Request-URI and the target last',
      () => [far, `<sip:127.0.0.1:${peer.port}>`],
      () => ({ uri: `sip:127.0.0.1:${peer.port}`, route: [far, `<${target}>`] }),
    ],
    [
      'go where the maddr of a proxy says',
      () => [`<sip:proxy.test:${peer.port};maddr=127.0.0.1;lr>`],
      () => ({ uri: target, route: [`<sip:proxy.test:${peer.port};maddr=127.0.0.1;lr>`] }),
    ],
  ])('%s', async (_, recordRoutes, expected) => {
    const call = app.createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: offer });
    peer.answer(await peer.hearsRequest('INVITE'), 200, sdp('sendrecv', 5000), [
      ['Contact', `<${target}>`],
      ['Record-Route', recordRoutes().join(', ')],
    ]);
    const dialog = await call;
    const seen = (message: SipMessage) => ({ uri: message.uri, route: message.list('route') });
    expect(seen(await peer.hearsRequest('ACK'))).toEqual(expected());
    const gone = dialog.destroy();
    const bye = await peer.hearsRequest('BYE');
    expect(seen(bye)).toEqual(expected());
    peer.answer(bye, 200);
    await gone;
  });
});

describe('requests in a dialog that the other side began', () => {
  it('go back by its Record-Routes in their order, strictly where the first is strict', async () => {
    const dialogs: AppDialog[] = [];
    app.invite((request, response) => {
      void app.createUAS(request, response, { localSdp: sdp('sendrecv', 5000) }).then((each) => {
        dialogs.push(each);
      });
    });
    const invite = peer.request('INVITE', { body: offer });
    invite.set('Contact', `<${target}>`).add('Record-Route', `<sip:127.0.0.1:${peer.port}>, ${far}`);
    peer.send(invite);
    const answered = await peer.hearsStatus(200, 'INVITE');
    expect(answered.list('record-route')).toEqual([`<sip:127.0.0.1:${peer.port}>`, far]);
    peer.acknowledge(answered);
    const dialog = await eventually('the application has the call', () => dialogs[0]);
    const gone = dialog.destroy();
    const bye = await peer.hearsRequest('BYE');
    expect([bye.uri, bye.list('route')]).toEqual([`sip:127.0.0.1:${peer.port}`, [far, `<${target}>`]]);
    peer.answer(bye, 200);
    await gone;
  });
});

describe('a request of a proxied dialog', () => {
  it('that a strict router sends on to us reaches its target (§16.4)', async () => {
    app.invite((request) => {
      const proxying = request as AppRequest & { proxy(options: object): Promise<unknown> };
      void proxying.proxy({ destination: [`sip:bob@127.0.0.1:${callee.port}`], remainInDialog: true });
    });
    const callee = await SipPeer.open(test.sipPort);
    peer.send(peer.request('INVITE', { body: offer }));
    const invite = await callee.hearsRequest('INVITE');
    callee.answer(invite, 200, sdp('sendrecv', 5000), [['Record-Route', invite.get('record-route') ?? '']]);
    const answered = await peer.hearsStatus(200, 'INVITE');
    const ours = answered.get('record-route')?.slice(1, -1) ?? '';
    const strictly = (method: string, cseq: number): void => {
      const request = peer.inDialog(method, answered, cseq).add('Route', callee.contact);
      request.uri = ours;
      peer.send(request);
    };
    strictly('ACK', 1);
    const ack = await callee.hearsRequest('ACK');
    expect([ack.uri, ack.list('route')]).toEqual([callee.contact.slice(1, -1), []]);
    strictly('BYE', 2);
    const bye = await callee.hearsRequest('BYE');
    expect([bye.uri, bye.list('route')]).toEqual([callee.contact.slice(1, -1), []]);
    callee.answer(bye, 200);
    await peer.hearsStatus(200, 'BYE');
    callee.close();
  });
});
